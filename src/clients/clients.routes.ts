// The clients' room and the door into it: the list, and registering.

import { z } from 'zod'
import { page, redirect, textOf, type Routes, type Scene } from '#platform/http/index.ts'
import type { Answer, FormBody } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import { registerClient } from './client-file.store.ts'
import { duplicateCandidates, listClients, recentClients, waitForTwin } from './client-search.store.ts'
import { isNothing, readSearch } from './client-search.ts'
import type { Circumstances } from './client.ts'
import { likelyDuplicates } from './duplicate.ts'
import { readCircumstances, waysAsTyped } from './pages/circumstances.page.ts'
import { listPage, type ListQuery } from './pages/list.page.ts'
import { registerPage, wasShown } from './pages/register.page.ts'
import { chosenOf, handOf, surroundingsOf } from './surroundings.scene.ts'

const clientRoles = { roles: ['adviser', 'manager'] } as const

const listQuery = z.object({
  q: z.string().max(200).catch(''),
  site: z.string().catch(''),
  adviser: z.string().optional().catch(''),
  status: z.string().optional().catch(''),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
})

export function roomRoutes(routes: Routes): void {
  routes.staff('GET', '/clients', { ...clientRoles, query: listQuery }, async (scene, { query }) => {
    // A search looks at everyone; without one, the room shows one's own open files.
    const isSearch = query.q.trim() !== ''
    const { adviser = isSearch ? '' : 'me', status = isSearch ? 'any' : 'open' } = query
    return clientsPage(scene, { ...query, adviser, status })
  })

  routes.staff('GET', '/clients/new', clientRoles, async (scene) =>
    page('clients/pages/register.njk', registerPage(scene, { body: {}, surroundings: await surroundingsOf(scene) })),
  )

  routes.staff('POST', '/clients', clientRoles, async (scene, { body }) => register(scene, waysAsTyped(body)))
}

async function clientsPage(scene: Scene, query: ListQuery): Promise<Answer> {
  const sought = readSearch(query.q)
  const isUnreadable = query.q.trim() !== '' && isNothing(sought)
  const filter = {
    sought,
    siteId: parseId<'site'>(query.site),
    adviserId: query.adviser === 'me' ? scene.actor.id : parseId<'staff'>(query.adviser),
    status: query.status === 'open' || query.status === 'closed' ? query.status : null,
  } as const
  const found = isUnreadable
    ? { clients: [], hasMore: false }
    : await listClients(scene.db, filter, { page: query.page })
  const recent = await recentClients(scene.db, scene.actor.id)
  const surroundings = await surroundingsOf(scene)
  return page('clients/pages/list.njk', listPage(scene, { query, found, recent, surroundings }))
}

async function register(scene: Scene, body: FormBody): Promise<Answer> {
  const surroundings = await surroundingsOf(scene)
  const again = (more: Partial<Parameters<typeof registerPage>[1]>, status: number) =>
    page('clients/pages/register.njk', registerPage(scene, { body, surroundings, ...more }), { status })
  const person = readCircumstances(body, scene.today)
  if (!person.ok) return again({ problems: person.problem }, 400)
  const siteId = chosenOf<'site'>(
    textOf(body, 'siteId'),
    surroundings.sites.map(({ id }) => id),
  )
  if (!siteId) return again({ problems: [{ field: 'siteId', key: 'clients.register.site_missing' }] }, 400)
  await waitForTwin(scene.db, scene.network.id, person.value)
  const duplicates = await duplicatesOf(scene, person.value)
  // 200: nothing is wrong with the form; it asks a question before saving.
  if (duplicates.length > 0 && !wasShown(body, duplicates)) return again({ duplicates }, 200)
  const client = await registerClient(scene.db, handOf(scene), {
    person: person.value,
    siteId,
    adviserId: scene.actor.id,
  })
  await scene.record('client.registered', {
    clientId: client.id,
    facts: { duplicates_shown: duplicates.length },
  })
  return redirect(`/clients/${client.id}`, scene.t('clients.register.done', { reference: client.reference }))
}

async function duplicatesOf(scene: Scene, person: Circumstances) {
  return likelyDuplicates(person, await duplicateCandidates(scene.db, person))
}
