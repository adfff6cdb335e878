// The front door of the joining screens: only the application mounts them.

import type { Routes } from '#platform/http/index.ts'
import { clientFileRoutes } from './client-file.routes.ts'
import { insightsRoutes } from './insights.routes.ts'
import { searchRoutes } from './search.routes.ts'
import { todayRoutes } from './today.routes.ts'

export function casefileRoutes(routes: Routes): void {
  todayRoutes(routes)
  clientFileRoutes(routes)
  searchRoutes(routes)
  insightsRoutes(routes)
}
