// People whom partners send to us: a list of who waits, and one page each on which a person of ours decides.

import { z } from 'zod'
import {
  addNote,
  findClient,
  inFile,
  registerClient,
  searchClients,
  type Circumstances,
  type Client,
} from '#clients/index.ts'
import { sitesOf } from '#networks/index.ts'
import {
  idOf,
  notFound,
  page,
  redirect,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { parseId, type ClientId, type SiteId } from '#platform/ids.ts'
import { announceRequest } from './announce.acts.ts'
import { personOf } from './incoming.person.ts'
import { incomingDeclineReasons, type IncomingFields, type IncomingFile } from './incoming-referral.ts'
import { decideIncoming, holdIncoming, incomingForStaff } from './incoming.store.ts'
import { incomingListPage, incomingPage, noteWords } from './pages/incoming.page.ts'

const advisers = { roles: ['adviser', 'manager'] } as const
const one = { ...advisers, params: z.object({ id: idOf<'incoming_referral'>() }) }

export function incomingRoutes(routes: Routes): void {
  routes.staff('GET', '/referrals/incoming', advisers, async (scene) => {
    const waiting = await incomingForStaff(scene.db, true)
    const decided = await incomingForStaff(scene.db, false, 30)
    return page('referrals/exchange/pages/incoming-list.njk', incomingListPage(scene, { waiting, decided }))
  })

  routes.staff('GET', '/referrals/incoming/:id', one, async (scene, { params }) => {
    const request = (await holdIncoming(scene.db, params.id)) ?? notFound()
    await scene.record('referrals.incoming_opened', { subjectId: request.id })
    return shown(scene, request, { body: {}, problems: [] })
  })

  routes.staff('POST', '/referrals/incoming/:id/take-up', one, async (scene, { params, body }) => {
    const request = (await holdIncoming(scene.db, params.id)) ?? notFound()
    // Somebody was quicker, or the sender took it back: the page says so.
    if (request.status !== 'received' || !request.fields) return shown(scene, request, { body: {}, problems: [] }, 409)
    const who = textOf(body, 'who')
    if (who === 'new') return register(scene, { request, fields: request.fields, body })
    const known = who === 'other' ? await clientOfReference(scene, textOf(body, 'reference')) : parseId<'client'>(who)
    if (known) return inFile(scene, known, (client) => takeUp(scene, request, client))
    const problem =
      who === 'other'
        ? { field: 'reference', key: 'referrals.exchange.incoming.reference_unknown' }
        : { field: 'who', key: 'referrals.exchange.incoming.who_missing' }
    return shown(scene, request, { body, problems: [problem] }, 400)
  })

  routes.staff('POST', '/referrals/incoming/:id/decline', one, async (scene, { params, body }) => {
    const request = (await holdIncoming(scene.db, params.id)) ?? notFound()
    if (request.status !== 'received') return shown(scene, request, { body: {}, problems: [] }, 409)
    const said = textOf(body, 'reason')
    const reason = incomingDeclineReasons.find((code) => code === said) ?? null
    if (reason === null && said !== 'duplicate') {
      const problem = { field: 'reason', key: 'referrals.exchange.incoming.reason_missing' }
      return shown(scene, request, { body, problems: [problem] }, 400)
    }
    const decision =
      reason === null ? ({ status: 'duplicate', reason } as const) : ({ status: 'declined', reason } as const)
    await decideIncoming(scene.db, request.id, decision, { by: scene.actor.id, now: scene.now })
    await scene.record('referrals.incoming_declined', { subjectId: request.id, facts: { reason: said } })
    await announceRequest(scene, request, 'request.declined')
    return redirect('/referrals/incoming', scene.t('referrals.exchange.incoming.declined_done'))
  })
}

interface Filling {
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

async function shown(scene: Scene, request: IncomingFile, filling: Filling, status = 200): Promise<Answer> {
  const sites = (await sitesOf(scene.db)).filter(({ isActive }) => isActive)
  const candidates = request.status === 'received' && request.fields ? await likeThem(scene, request.fields) : []
  const model = incomingPage(scene, { request, candidates, sites, ...filling })
  return page('referrals/exchange/pages/incoming.njk', model, { status })
}

/** Files that may be the same person's: by the name, the birth date or a phone number that was sent. */
async function likeThem({ db }: Scene, fields: IncomingFields): Promise<readonly Client[]> {
  const sought = [`${fields.name} ${fields.familyName ?? ''}`, fields.birthDate, ...fields.phones]
  const found = new Map<ClientId, Client>()
  for (const text of sought) {
    if (text === null || text.trim() === '') continue
    for (const client of await searchClients(db, text, 5)) found.set(client.id, client)
  }
  return [...found.values()].slice(0, 8)
}

async function clientOfReference({ db }: Scene, text: string): Promise<ClientId | null> {
  if (!/^\s*C-?[0-9A-Z]{4}-?[0-9A-Z]{2}\s*$/i.test(text)) return null
  const [client] = await searchClients(db, text, 1)
  return client?.id ?? null
}

async function register(
  scene: Scene,
  { request, fields, body }: { request: IncomingFile; fields: IncomingFields; body: FormBody },
): Promise<Answer> {
  const said = parseId<'site'>(textOf(body, 'siteId'))
  const siteId: SiteId | null = (await sitesOf(scene.db)).find((site) => site.id === said)?.id ?? null
  if (!siteId) {
    const problem = { field: 'siteId', key: 'referrals.exchange.incoming.site_missing' }
    return shown(scene, request, { body, problems: [problem] }, 400)
  }
  const person: Circumstances = personOf(fields)
  const hand = { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now }
  const client = await registerClient(scene.db, hand, { person, siteId, adviserId: scene.actor.id })
  await scene.record('client.registered', { clientId: client.id, facts: { incoming: request.id } })
  return takeUp(scene, request, client)
}

/** The request is this person's from now on, and what was said with it stands in their file. */
async function takeUp(scene: Scene, request: IncomingFile, { id }: Client): Promise<Answer> {
  const client = (await findClient(scene.db, id)) ?? notFound()
  await decideIncoming(scene.db, request.id, { status: 'taken_up', client }, { by: scene.actor.id, now: scene.now })
  if (request.fields)
    await addNote(scene, client, { about: scene.today, words: noteWords(scene, request, request.fields) })
  await scene.record('referrals.incoming_taken_up', { clientId: client.id, subjectId: request.id })
  await announceRequest(scene, request, 'request.taken_up')
  return redirect(`/clients/${client.id}`, scene.t('referrals.exchange.incoming.taken_up_done'))
}
