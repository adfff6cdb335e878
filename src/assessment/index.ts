// The front door of assessment: all that other features may use.

export { stateOf, type Assessment } from './assessment.ts'
export type { Answer, Answers } from './answers.ts'
export { isOnlyAtDesk } from './desk.ts'
export {
  assessmentsOf,
  completeAnswers,
  findAssessment,
  followFile,
  saveDraft,
  startAssessment,
} from './assessments.store.ts'
export { assessmentRoutes } from './assessments.routes.ts'
export {
  importInstrument,
  installShippedInstruments,
  offeredInstruments,
  type StoredInstrument,
} from './instruments.store.ts'
export { instrumentRoutes } from './instruments.routes.ts'
export { refusalRow } from './pages/instruments.page.ts'
export { assessmentPanel } from './panels/assessment.panel.ts'
export { assessmentTimeline } from './panels/timeline.panel.ts'
export { profileOf } from './profile.store.ts'
export { skillsPanel } from './skills/panels/skills.panel.ts'
export { addSkillEntry, followSkills } from './skills/skills.store.ts'
export { told } from './skills/skill-entry.ts'
export { skillRoutes } from './skills/skills.routes.ts'
