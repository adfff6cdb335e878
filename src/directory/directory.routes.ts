// The pages of the directory, in reading order.

import type { Routes } from '#platform/http/index.ts'
import { importsRoutes } from './imports.routes.ts'
import { requirementsRoutes } from './requirements.routes.ts'
import { servicesRoutes } from './services.routes.ts'
import { updateRoutes } from './update.routes.ts'

export function directoryRoutes(routes: Routes): void {
  servicesRoutes(routes)
  updateRoutes(routes)
  requirementsRoutes(routes)
  importsRoutes(routes)
}
