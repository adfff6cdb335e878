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
} from './assessments.store.ts'
export type { FileMarks, Hand } from './assessment-events.store.ts'
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
export { refusalRow } from './pages/instruments.page.ts'
export { assessmentPanel } from './panels/assessment.panel.ts'
export { summaryForSharing } from './panels/sharing.panel.ts'
export { assessmentTimeline } from './panels/timeline.panel.ts'
export type { FactSource, Profile } from './profile.ts'
export { profileOf, type ProfileMoment } from './profile.store.ts'
