// The front door of assessment: all that other features may use.

export { manners, stateOf, type Assessment, type InstrumentId, type Manner } from './assessment.ts'
export type { Answer, Answers } from './answers.ts'
export {
  assessmentsOf,
  completeAnswers,
  findAssessment,
  followFile,
  saveDraft,
  startAssessment,
  type Hand,
} from './assessments.store.ts'
export { assessmentRoutes, type AssessmentHooks, type CompletedAssessment } from './assessments.routes.ts'
export {
  importInstrument,
  installShippedInstruments,
  offeredInstruments,
  type Imported,
  type ImportProblem,
  type StoredInstrument,
} from './instruments.store.ts'
export { instrumentRoutes } from './instruments.routes.ts'
export { assessmentPanel } from './panels/assessment.panel.ts'
export type { FactSource, Profile } from './profile.ts'
export { profileOf, type ProfileMoment } from './profile.store.ts'
