import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestBrowser } from '#app.testing.ts'
import { parseId } from '#platform/ids.ts'
import { completeRequests } from './incoming.hooks.ts'
import { workFor } from '../world.testing.ts'
import { spreadMarks } from '../referral-marks.store.ts'
import { anExchange, aRequest, type ExchangeWorld } from './exchange.testing.ts'

let exchange: ExchangeWorld
let adviser: TestBrowser & { readonly staffId: string }

beforeAll(async () => {
  exchange = await anExchange()
  adviser = await exchange.app.signIn({ siteIds: [exchange.world.siteId], name: 'Mara Lind' })
})
afterAll(() => exchange.app.close())

async function arrive(): Promise<string> {
  return (await exchange.call('POST', '/ServiceRequest', aRequest())).json<{ id: string }>().id
}

const statusSeen = async (id: string) => (await exchange.call('GET', `/Task/${id}`)).json<{ status: string }>().status
const clientOf = (id: string) =>
  exchange.asJob((db) =>
    db
      .selectFrom('incoming_referrals')
      .select(['client_id', 'fields', 'status'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
  )

describe('somebody sent to us', () => {
  test('is listed for advisers and managers, on Today too, and for nobody else', async () => {
    const id = await arrive()
    for (const path of ['/referrals/incoming', '/today'])
      expect((await adviser.get(path)).body).toContain('Amal Nasser')
    const evaluator = await exchange.app.signIn({ roles: ['evaluator'] })
    expect((await evaluator.get(`/referrals/incoming/${id}`)).statusCode).toBe(403)
    const page = await adviser.get(`/referrals/incoming/${id}`)
    expect(page.body).toContain('Looks for work in a kitchen.')
    expect(page.body).toMatch(/<title>[^<]*<\/title>/)
    expect(/<title>([^<]*)</.exec(page.body)?.[1]).not.toContain('Amal')
  })

  test('is registered when an adviser says so; the sender sees it taken up, and completed once assessed', async () => {
    const id = await arrive()
    expect(await statusSeen(id)).toBe('received')
    const form = { who: 'new', siteId: exchange.world.siteId }
    const done = await adviser.post(`/referrals/incoming/${id}/take-up`, form)
    const clientId = parseId<'client'>((await clientOf(id)).client_id)
    if (!clientId) throw new Error('no file was made')
    expect(done.headers.location).toBe(`/clients/${clientId}`)
    expect(await statusSeen(id)).toBe('accepted')
    const file = await adviser.get(`/clients/${clientId}`)
    expect(file.body).toContain('Amal Nasser')
    // Twice is once.
    expect((await adviser.post(`/referrals/incoming/${id}/take-up`, form)).statusCode).toBe(409)
    const notes = await exchange.asJob((db) =>
      db.selectFrom('client_notes').select('words').where('client_id', '=', clientId).execute(),
    )
    expect(notes).toHaveLength(1)
    await exchange.asJob((db) => completeRequests(workFor(exchange.world, db, exchange.now), [clientId]))
    expect(await statusSeen(id)).toBe('completed')
  })

  test('who has a file already is joined to it, found by likeness or by its reference', async () => {
    const first = await arrive()
    await adviser.post(`/referrals/incoming/${first}/take-up`, { who: 'new', siteId: exchange.world.siteId })
    const { client_id: known } = await clientOf(first)
    const again = await arrive()
    expect((await adviser.get(`/referrals/incoming/${again}`)).body).toContain(`value="${known}"`)
    await adviser.post(`/referrals/incoming/${again}/take-up`, { who: String(known) })
    expect((await clientOf(again)).client_id).toBe(known)
    const third = await arrive()
    const { reference } = exchange.world.client
    await adviser.post(`/referrals/incoming/${third}/take-up`, { who: 'other', reference })
    expect((await clientOf(third)).client_id).toBe(exchange.world.client.id)
  })

  test('stays where it is until it is said who this is', async () => {
    const id = await arrive()
    for (const [form, words] of [
      [{}, 'Say who this is'],
      [{ who: 'other', reference: 'Amal' }, 'Enter the reference of a file'],
      [{ who: 'new', siteId: 'x' }, 'Choose a site'],
    ] as const) {
      const answer = await adviser.post(`/referrals/incoming/${id}/take-up`, form)
      expect(answer.statusCode).toBe(400)
      expect(answer.body).toContain(words)
    }
    expect((await clientOf(id)).status).toBe('received')
  })

  test('is declined with a reason that the sender reads', async () => {
    const id = await arrive()
    expect((await adviser.post(`/referrals/incoming/${id}/decline`)).statusCode).toBe(400)
    await adviser.post(`/referrals/incoming/${id}/decline`, { reason: 'outside_our_area' })
    expect((await exchange.call('GET', `/Task/${id}`)).json()).toMatchObject({
      status: 'rejected',
      statusReason: { coding: [{ code: 'outside_our_area' }] },
    })
    const twin = await arrive()
    await adviser.post(`/referrals/incoming/${twin}/decline`, { reason: 'duplicate' })
    expect((await exchange.call('GET', `/Task/${twin}`)).json()).toMatchObject({
      status: 'rejected',
      businessStatus: { coding: [{ code: 'duplicate' }] },
    })
  })

  test('is forgotten thirty days after it was decided, and not before', async () => {
    const [waiting, declined] = [await arrive(), await arrive()]
    await adviser.post(`/referrals/incoming/${declined}/decline`, { reason: 'not_for_us' })
    const after = async (days: number) => {
      exchange.app.setNow(new Date(exchange.now.getTime() + days * 86_400_000))
      await exchange.app.application.runJob('referrals.exchange_forget')
      exchange.app.setNow(exchange.now)
    }
    await after(29)
    expect((await clientOf(declined)).fields).not.toBeNull()
    await after(31)
    expect((await clientOf(declined)).fields).toBeNull()
    expect((await clientOf(waiting)).fields).not.toBeNull()
    expect((await adviser.get(`/referrals/incoming/${declined}`)).body).toContain('no longer kept')
  })

  test('is hidden with the file that it became', async () => {
    const id = await arrive()
    await adviser.post(`/referrals/incoming/${id}/take-up`, {
      who: 'other',
      reference: exchange.world.client.reference,
    })
    const { adviser: other, client, siteId } = exchange.world
    await exchange.asJob((db) => spreadMarks(db, [client.id], { siteId, restrictedTo: [other.id] }))
    expect((await adviser.get(`/referrals/incoming/${id}`)).statusCode).toBe(404)
    expect((await adviser.get('/referrals/incoming')).body).not.toContain(id)
    await exchange.asJob((db) => spreadMarks(db, [client.id], { siteId, restrictedTo: null }))
  })
})
