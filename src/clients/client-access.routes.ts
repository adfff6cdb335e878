// Opening a file of another site, and who opened one.

import { z } from 'zod'
import { idOf, notAllowed, notFound, page, readForm, redirect, type Routes, type Work } from '#platform/http/index.ts'
import { insertVisit, openingsOf, visitsOf } from './client-access.store.ts'
import type { ClientHooks } from './client-hooks.ts'
import { findClient, idsOfFile } from './clients.store.ts'
import { inFile, mustGiveReason } from './open-file.guard.ts'
import { maySeeOpenings, openingsPage } from './pages/openings.page.ts'
import { reasonForm, reasonPage } from './pages/reason.page.ts'
import { handOf, surroundingsOf } from './surroundings.scene.ts'

const options = { params: z.object({ id: idOf<'client'>() }), roles: ['adviser', 'manager'] } as const

export function accessRoutes(routes: Routes, { partnerNames }: ClientHooks<Work>): void {
  routes.staff('GET', '/clients/:id/reason', options, async (scene, { params }) => {
    const client = (await findClient(scene.db, params.id)) ?? notFound()
    if (!(await mustGiveReason(scene, client))) return redirect(`/clients/${client.id}`)
    return page('clients/pages/reason.njk', reasonPage(scene, client, { surroundings: await surroundingsOf(scene) }))
  })

  routes.staff('POST', '/clients/:id/reason', options, async (scene, { params, body }) => {
    const client = (await findClient(scene.db, params.id)) ?? notFound()
    const form = readForm(reasonForm, body)
    if (!form.ok) {
      const again = reasonPage(scene, client, {
        surroundings: await surroundingsOf(scene),
        body,
        problems: form.problem,
      })
      return page('clients/pages/reason.njk', again, { status: 400 })
    }
    await insertVisit(scene.db, handOf(scene), client, form.value)
    await scene.record('client.reason_given', { clientId: client.id, facts: { reason: form.value.reason } })
    return redirect(`/clients/${client.id}`)
  })

  routes.staff('GET', '/clients/:id/openings', options, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      if (!maySeeOpenings(scene, client)) notAllowed()
      const ids = await idsOfFile(scene.db, client.id)
      const [openings, visits] = [await openingsOf(scene.db, ids), await visitsOf(scene.db, ids)]
      const surroundings = await surroundingsOf(scene)
      const atPartners = openings.flatMap(({ actorKind, actorId }) => (actorKind === 'partner' && actorId) || [])
      const partners = (await partnerNames?.(scene, [...new Set(atPartners)])) ?? new Map<string, string>()
      const model = openingsPage(scene, client, { openings, visits, surroundings, partners })
      return page('clients/pages/openings.njk', model)
    }),
  )
}
