// The front door of outcomes: all that other features may use.

export type { OutcomeKind } from './statement.ts'
export { onAccessChanged, openEpisode, recordOutcome } from './outcomes.acts.ts'
export { findFollowUp, followUpLinkOfSecret, type FollowUpLink } from './follow-ups.store.ts'
export { answerByLink } from './follow-up-links.acts.ts'
export { readSince } from './outcome.form.ts'
export { sinceParts } from './pages/outcome.page.ts'
export { wageMapping } from './wage-record.ts'
export { importWageRecords } from './wage-records.import.ts'
export { clientOutcomesPanel, followUpItems } from './panels/outcomes.panel.ts'
export { outcomeMails } from './outcomes.mails.ts'
export { outcomeJobs } from './outcomes.jobs.ts'
export { outcomesRoutes } from './outcomes.routes.ts'
