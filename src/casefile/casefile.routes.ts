// The screens that join features. Nobody imports this room.

import type { Routes } from '#platform/http/index.ts'
import { clientFileRoutes } from './client-file.routes.ts'
import { searchRoutes } from './search.routes.ts'

export function casefileRoutes(routes: Routes): void {
  clientFileRoutes(routes)
  searchRoutes(routes)
}
