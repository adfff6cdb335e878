// The demonstration: an invented network, reproducible by its seed. Used by the command alone.

export { demoSlug, fillDemo, isDemoEmpty } from './fill.ts'
export { demoPartnerLink } from './partner-link.ts'
export type { DemoSignIn } from './staff.ts'
export { approveDemoModel, askForDemoModel } from './model.ts'
