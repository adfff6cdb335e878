// The front door of the joining screens: only the application mounts them.

export { casefileRoutes } from './casefile.routes.ts'
