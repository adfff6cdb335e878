// The front door of the joining screens: only the application mounts them.

import type { Routes } from '#platform/http/index.ts'
import { clientFileRoutes } from './client-file.routes.ts'
import { entryRoutes } from './entries.routes.ts'
import { insightsRoutes } from './insights.routes.ts'
import { partnersRoutes } from './partners.routes.ts'
import { searchRoutes } from './search.routes.ts'
import { todayRoutes } from './today.routes.ts'

export function casefileRoutes(routes: Routes): void {
  todayRoutes(routes)
  clientFileRoutes(routes)
  entryRoutes(routes)
  partnersRoutes(routes)
  searchRoutes(routes)
  insightsRoutes(routes)
}
