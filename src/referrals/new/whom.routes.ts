// From a service to a referral: whom to refer there. Names are searched by a form that posts, so that none stands in an address.

import { z } from 'zod'
import { recentClients, searchClients } from '#clients/index.ts'
import { findService } from '#directory/index.ts'
import { idOf, notFound, page, textOf, type Routes } from '#platform/http/index.ts'
import { whomPage } from './pages/whom.page.ts'

const ofService = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'service'>() }) } as const
const template = 'referrals/new/pages/whom.njk'
const mostFound = 20

export function whomRoutes(routes: Routes): void {
  routes.staff('GET', '/services/:id/refer', ofService, async (scene, { params }) => {
    const service = (await findService(scene.db, params.id)) ?? notFound()
    const recent = await recentClients(scene.db, scene.actor.id)
    return page(template, whomPage(scene, { service, recent, q: '', found: null }))
  })

  routes.staff('POST', '/services/:id/refer', ofService, async (scene, { params, body }) => {
    const service = (await findService(scene.db, params.id)) ?? notFound()
    const q = textOf(body, 'q').slice(0, 200)
    const found = q === '' ? null : await searchClients(scene.db, q, mostFound)
    const recent = found === null ? await recentClients(scene.db, scene.actor.id) : []
    return page(template, whomPage(scene, { service, recent, q, found }))
  })
}
