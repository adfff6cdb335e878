// Insights, first version: plain counts of what the person may read, each with the sentence that it says.

import { countClients } from '#clients/index.ts'
import { searchServices } from '#directory/index.ts'
import { sitesOf } from '#networks/index.ts'
import { page, type Routes, type Scene } from '#platform/http/index.ts'
import { insightsPage } from './pages/insights.page.ts'

/** "Lately": a quarter, long enough that small sites have something to show. */
const recentDays = 90

export function insightsRoutes(routes: Routes): void {
  routes.staff('GET', '/insights', { roles: ['manager', 'evaluator', 'administrator'] }, async (scene) => {
    const sites = await sitesOf(scene.db)
    // Only a manager sees people's figures here, and only of the sites managed.
    const managed = sites.filter(({ id }) => scene.actor.managedSiteIds.includes(id))
    const since = new Date(scene.now.getTime() - recentDays * 86_400_000)
    const counted = await countClients(
      scene.db,
      managed.map(({ id }) => id),
      since,
    )
    const model = { managed, counted, days: recentDays, services: await countServices(scene) }
    return page('casefile/pages/insights.njk', insightsPage(scene, model))
  })
}

async function countServices(scene: Scene): Promise<{ all: number; withPlaces: number }> {
  const count = async (wish: { hasPlaces?: boolean }) =>
    (await searchServices(scene.db, wish, { page: 1, size: 1, today: scene.today })).total
  return { all: await count({}), withPlaces: await count({ hasPlaces: true }) }
}
