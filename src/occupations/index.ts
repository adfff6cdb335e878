// Occupations and skills, imported or shipped, and what is said of their labour market. The front door.

export type {
  LabourMarket,
  NeededSkill,
  Occupation,
  OccupationId,
  Skill,
  SkillId,
  SkillKind,
  Source,
} from './occupation.ts'
export { foldedWords } from './word.ts'
export { searchOccupations, type Found, type FoundOccupation } from './occupation-search.store.ts'
export {
  labourMarketOf,
  namedOccupations,
  namedSkills,
  relatedOccupations,
  skillsOfOccupation,
  type RelatedOccupation,
} from './occupations.store.ts'
export { installShippedOccupations } from './shipped.store.ts'
export { importOccupations } from './import/import-occupations.run.ts'
export { importLabourMarket } from './import/labour-market.run.ts'
export { licencePanel } from './panels/licence.panel.ts'
export { occupationRoutes } from './occupations.routes.ts'
