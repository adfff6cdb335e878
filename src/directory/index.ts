// The directory: organisations, their services, where these are given and what they ask of people. The front door.

export { definitionOf, factCodes, facts, languageLevels, levelOfBenchmark, schoolingLevels } from './fact.ts'
export type { FactCode, FactDefinition, FactKind, Facts, FactValue } from './fact.ts'
export { checkAll, checkRequirement, factsOf, type Check, type Rule, type RuleKind, type Unmet } from './requirement.ts'
export { parseRequirement, type RuleProblem } from './rule-json.ts'
export { factInWords, ruleInWords, speechOf, unmetInWords, type Speech } from './requirement-words.ts'
export { addRequirement, requirementsOf, type Requirement } from './requirements.store.ts'
export { isServiceType, serviceTypeKey, serviceTypes, type ServiceType } from './service-type.ts'
export { accessibilityCodes, accessibilityKey, type AccessibilityCode } from './accessibility.ts'
export { commonLanguages, languageName, languageTag } from './language.ts'
export { boxAround, kilometresBetween, parsePosition, type Position } from './place.ts'
export { addLocations, addOrganizations, addServices } from './additions.store.ts'
export type { NewLocation, NewOrganization, NewService } from './additions.store.ts'
export { servicesForMatching } from './matching.store.ts'
export type { OpeningToMatch, PlaceToMatch, ServiceToMatch } from './matching.store.ts'
export { searchOrganizations, searchServices, type FoundService } from './search.store.ts'
export {
  findOrganization,
  findService,
  hoursOfService,
  placesOfService,
  servicesOfOrganization,
  setPlaces,
} from './services.store.ts'
export type { Organization, Service, ServicePlace } from './services.store.ts'
export { importDirectory, type ImportOrder, type ImportProgress } from './import/import.run.ts'
export type { FileProblem, ImportReport } from './import/row.ts'
export { exportDirectory, type ExportReport } from './export/export.run.ts'
export { servicePanel, type ServicePanel } from './panels/service.panel.ts'
export { organizationPanel, type OrganizationPanel } from './panels/organization.panel.ts'
export { directoryRoutes } from './directory.routes.ts'
export { directoryJobs } from './directory.jobs.ts'
