// Today: what waits for this person, across all features.

import { recentClients } from '#clients/index.ts'
import { followUpsPanel } from '#outcomes/index.ts'
import { page, type Routes } from '#platform/http/index.ts'
import { todayPanel } from '#referrals/index.ts'
import { todayPage } from './pages/today.page.ts'

export function todayRoutes(routes: Routes): void {
  routes.staff('GET', '/today', { roles: ['adviser', 'manager'] }, async (scene) => {
    const main = [await todayPanel(scene), await followUpsPanel(scene)]
    return page(
      'casefile/pages/today.njk',
      todayPage(scene, { main, recent: await recentClients(scene.db, scene.actor.id) }),
    )
  })
}
