// The front door of the directory: all that other features may use.

export { accessibilityCodes, accessibilityKey, type AccessibilityCode } from './accessibility.ts'
export {
  addLocations,
  addOrganizations,
  addServices,
  type NewLocation,
  type NewOrganization,
  type NewService,
} from './additions.store.ts'
export {
  definitionOf,
  factCodes,
  facts,
  languageLevels,
  schoolingLevels,
  type FactCode,
  type FactDefinition,
  type Facts,
  type FactValue,
} from './fact.ts'
export { importDirectory, type ImportOrder, type ImportProgress } from './import/import.run.ts'
export { languageName, languageTag } from './language.ts'
export { servicesForMatching, type OpeningToMatch, type PlaceToMatch, type ServiceToMatch } from './matching.store.ts'
export { boxAround, kilometresBetween, parsePosition, type Position } from './place.ts'
export { checkAll, checkRequirement, factsOf, type Check, type Rule, type Unmet } from './requirement.ts'
export { factInWords, ruleInWords, speechOf, unmetInWords, type Speech } from './requirement-words.ts'
export { addRequirement, requirementsOf, type Requirement } from './requirements.store.ts'
export { searchOrganizations, searchServices } from './search.store.ts'
export {
  findOrganization,
  findService,
  hoursOfService,
  placesOfService,
  servicesOfOrganization,
  setPlaces,
  type Organization,
  type Service,
} from './services.store.ts'
export { isServiceType, serviceTypeKey, serviceTypes, type ServiceType } from './service-type.ts'
