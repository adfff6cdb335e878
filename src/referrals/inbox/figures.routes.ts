// The partner's own figures, by service and period.

import { z } from 'zod'
import { page, type Routes } from '#platform/http/index.ts'
import { periods, periodStart } from './figures.ts'
import { receivedSince } from './figures.store.ts'
import { figuresPage } from './pages/figures.page.ts'

const query = z.object({ period: z.enum(periods).catch('quarter').default('quarter') })

export function figuresRoutes(routes: Routes): void {
  routes.partner('GET', '/inbox/figures', { query }, async (scene, { query: { period } }) => {
    const since = periodStart(period, scene.today)
    const received = await receivedSince(scene.db, since, scene.network.timeZone)
    return page('referrals/inbox/pages/figures.njk', figuresPage(scene, { period, received }))
  })
}
