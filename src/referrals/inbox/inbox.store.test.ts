import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Db } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { newId } from '#platform/ids.ts'
import { draft } from '../referral.ts'
import { dayOfText, mara } from '../referral.factory.ts'
import { clockFor } from '../referral-clocks.store.ts'
import type { Happening } from '../event.ts'
import { actOn } from '../referrals.acts.ts'
import { onConsentWithdrawn } from '../referrals.hooks.ts'
import { findReferral, insertReferral, type KeptReferral } from '../referrals.store.ts'
import { findShare, insertShare } from '../sharing/referral-shares.store.ts'
import { aWorld, sendOne, workFor, type World } from '../world.testing.ts'
import { receivedSince } from './figures.store.ts'
import { readInboxFilter } from './inbox-filter.ts'
import { inboxCounts, inboxRows } from './inbox.store.ts'
import { partnersTurn } from './turn.ts'

let database: TestDatabase
let world: World
const monday = new Date('2026-03-02T09:00:00Z')
const me = newId<'contact'>()
const asker = (day = '2026-03-02') => ({ contactId: me, today: dayOfText(day) })

beforeAll(async () => {
  database = await testDatabase()
  world = await aWorld(database)
})
afterAll(() => database.drop())

const asAdviser = <T>(work: (db: Db) => Promise<T>) =>
  database.as({ networkId: world.networkId, actorId: world.adviser.id, roles: ['adviser'] }, work)
const asPartner = <T>(work: (db: Db) => Promise<T>, { id = world.partner.id, contactId = me } = {}) =>
  database.as({ networkId: world.networkId, role: 'partner', organizationId: id, actorId: contactId, roles: [] }, work)
const send = (now = monday, partner = world.partner) =>
  asAdviser((db) => sendOne(world, workFor(world, db, now), { partner }))
const byInbox = (happening: Happening, actorId: string = me) => ({
  ...happening,
  id: newId<'referral_event'>(),
  actor: { kind: 'partner', id: actorId, name: 'Petra' } as const,
  channel: 'inbox' as const,
})
const act = ({ file }: KeptReferral, happening: Happening, now = monday) =>
  asPartner((db) => actOn(workFor(world, db, now), file.id, byInbox(happening)))

/** A referral that nobody has sent yet, with what would be shared. */
async function keepDraft(): Promise<KeptReferral> {
  return asAdviser(async (db) => {
    const work = workFor(world, db, monday)
    const drafted = {
      kind: 'drafted',
      id: newId<'referral_event'>(),
      actor: mara,
      channel: 'page',
      at: monday,
    } as const
    const { networkId, siteId, client, partner, adviser } = world
    const about = {
      ...{ networkId, id: newId<'referral'>(), clientId: client.id, siteId, restrictedTo: null, adviserId: adviser.id },
      ...{ organizationId: partner.id, organizationName: partner.name, serviceId: partner.serviceId },
      ...{ serviceName: partner.serviceName, serviceType: null },
    }
    const referral = draft(drafted)
    const choice = { recommendationId: null, reason: null, follows: null }
    const file = await insertReferral(db, { file: about, referral, choice }, await clockFor(work, about))
    const sender = { senderName: adviser.name, senderEmail: adviser.email, siteName: 'North centre' }
    await insertShare(db, file, { entries: [{ field: 'name', lines: ['Noor'] }], consentId: null, ...sender }, monday)
    return { file, referral }
  })
}

const seenOf = (db: Db, id: string) =>
  Promise.all([
    db.selectFrom('referrals').select('id').where('id', '=', id).execute(),
    db.selectFrom('referral_events').select('id').where('referral_id', '=', id).execute(),
    db.selectFrom('referral_shares').select('id').where('referral_id', '=', id).execute(),
  ]).then((lists) => lists.map((list) => list.length))

describe('what a signed-in partner sees of the database', () => {
  test('its own referrals once they were sent, nothing of another organisation, and no draft', async () => {
    const { file } = await send()
    const drafted = await keepDraft()
    expect(await asPartner((db) => seenOf(db, file.id))).toEqual([1, 2, 1])
    expect(await asPartner((db) => seenOf(db, file.id), { id: world.otherPartner.id })).toEqual([0, 0, 0])
    expect(await asPartner((db) => seenOf(db, drafted.file.id))).toEqual([0, 0, 0])
    const sent = { kind: 'sent', id: newId<'referral_event'>(), actor: mara, channel: 'page' } as const
    await asAdviser((db) => actOn(workFor(world, db, monday), drafted.file.id, sent, { words: 'Please.' }))
    expect(await asPartner((db) => seenOf(db, drafted.file.id))).toEqual([1, 2, 1])
    const words = (db: Db) =>
      db.selectFrom('referral_messages').select('words').where('referral_id', '=', drafted.file.id).execute()
    expect(await asPartner(words)).toEqual([{ words: 'Please.' }])
  })

  test.each(['clients', 'client_notes', 'assessments', 'client_consents', 'referral_links'])(
    'never %s: there is no grant',
    async (table) => {
      await expect(asPartner((db) => sql`SELECT 1 FROM ${sql.table(table)}`.execute(db))).rejects.toThrow(
        'permission denied',
      )
    },
  )

  test('no columns that lead to the client’s consent, and no change but its own doing', async () => {
    const { file } = await send()
    const tried = (statement: ReturnType<typeof sql>) => expect(asPartner((db) => statement.execute(db))).rejects
    await tried(sql`SELECT consent_id FROM referral_shares`).toThrow('permission denied')
    await tried(sql`UPDATE referrals SET organization_id = ${newId()} WHERE id = ${file.id}`).toThrow(
      'permission denied',
    )
    await tried(sql`UPDATE referral_shares SET fields = '[]'`).toThrow('permission denied')
    await tried(sql`UPDATE services SET name = 'x'`).toThrow('permission denied')
    await tried(sql`DELETE FROM referral_events`).toThrow('permission denied')
  })

  test('it says nothing in the name of a colleague, of an adviser, or by another channel', async () => {
    const { file } = await send()
    const say = (event: Parameters<typeof actOn>[2]) =>
      asPartner((db) => actOn(workFor(world, db, monday), file.id, event))
    await expect(say(byInbox({ kind: 'opened' }, newId()))).rejects.toThrow('row-level security')
    await expect(say({ ...byInbox({ kind: 'opened' }), channel: 'page' })).rejects.toThrow('row-level security')
    const adviser = { kind: 'adviser', id: me, name: 'Mara' } as const
    await expect(say({ ...byInbox({ kind: 'message' }), actor: adviser })).rejects.toThrow('row-level security')
    expect((await say(byInbox({ kind: 'opened' }))).ok).toBe(true)
  })

  test('it sets the places of its own services alone', async () => {
    const set = (id: string) => (db: Db) =>
      db.updateTable('services').set({ places_free: 4 }).where('id', '=', id).executeTakeFirst()
    expect((await asPartner(set(world.partner.serviceId))).numUpdatedRows).toBe(1n)
    expect((await asPartner(set(world.otherPartner.serviceId))).numUpdatedRows).toBe(0n)
  })

  test('withdrawn consent leaves neither name nor words', async () => {
    const kept = await send()
    const { client, partner } = world
    const find = () =>
      asPartner((db) => inboxRows(db, readInboxFilter({ view: 'all', q: kept.file.reference }), asker()))
    expect((await find()).rows[0]?.sharedName).toBe('Noor Haddad')
    const withdrawn = {
      clientIds: [client.id],
      consentId: newId<'consent'>(),
      purpose: 'share_for_referral',
      organizationId: partner.id,
      referralId: null,
      recipient: null,
    } as const
    await asAdviser((db) => onConsentWithdrawn(workFor(world, db, monday), withdrawn))
    expect((await find()).rows[0]?.sharedName).toBeNull()
    expect((await asPartner((db) => findShare(db, kept.file.id)))?.entries).toBeNull()
    const byName = readInboxFilter({ view: 'all', q: 'Haddad' })
    const others = (await asPartner((db) => inboxRows(db, byName, asker()))).rows.map(({ file }) => file.id)
    expect(others).not.toContain(kept.file.id)
  })
})

describe('the list', () => {
  let mine: World
  beforeAll(async () => {
    mine = world
    world = await aWorld(database)
  })
  afterAll(() => {
    world = mine
  })

  test('puts what waits for an answer first, then by what is due; each tab counts its own', async () => {
    const late = await send(new Date('2026-02-16T09:00:00Z'))
    const accepted = await send(new Date('2026-02-17T09:00:00Z'))
    await act(accepted, { kind: 'accepted', appointment: null }, new Date('2026-02-18T09:00:00Z'))
    const fresh = await send()
    const waiting = await send()
    await act(waiting, { kind: 'waiting_list', expectedOn: dayOfText('2026-04-01') })
    const asked = await send()
    await act(asked, { kind: 'more_information_asked' })
    const declined = await send()
    await act(declined, { kind: 'declined', by: 'partner', reason: 'no_places' })
    const list = (query: Record<string, string>, day?: string) =>
      asPartner(async (db) => (await inboxRows(db, readInboxFilter(query), asker(day))).rows.map(({ file }) => file.id))
    expect(await list({})).toEqual([late.file.id, fresh.file.id, accepted.file.id])
    expect(await list({}, '2026-04-01')).toContain(waiting.file.id)
    expect(await list({ view: 'waiting' })).toEqual([waiting.file.id, asked.file.id])
    expect(await list({ view: 'ended' })).toEqual([declined.file.id])
    expect(await list({ q: fresh.file.reference.toLowerCase().replaceAll('-', ' ') })).toEqual([fresh.file.id])
    expect(await list({ view: 'ended', q: 'Haddad' })).toEqual([])
    expect(await list({ q: '%' })).toEqual([])
    expect(await list({ service: newId() })).toEqual([])
    expect(await asPartner((db) => inboxCounts(db, readInboxFilter({}), asker()))).toEqual({
      ...{ needs_us: 3, waiting: 2, under_way: 1, ended: 1, all: 6 },
    })
  })

  test('is read page by page and leaves nothing out', async () => {
    const whole = await asPartner((db) => inboxRows(db, readInboxFilter({ view: 'all' }), asker()))
    const pages = await Promise.all(
      [1, 2, 3].map((page) =>
        asPartner((db) => inboxRows(db, { ...readInboxFilter({ view: 'all' }), page }, asker(), { take: 2 })),
      ),
    )
    expect(pages.flatMap(({ rows }) => rows.map(({ file }) => file.id))).toEqual(whole.rows.map(({ file }) => file.id))
    expect(pages.map(({ hasMore }) => hasMore)).toEqual([true, true, false])
  })

  test('rests on columns that say what the events say', async () => {
    const { rows } = await asPartner((db) => inboxRows(db, readInboxFilter({ view: 'all' }), asker()))
    for (const { file, referral, turnOn, dueOn } of rows) {
      const clock = await asAdviser((db) => clockFor(workFor(world, db, monday), file))
      const turn = partnersTurn(referral, clock)
      expect({ turnOn, dueOn }).toEqual({ turnOn: turn?.from ?? null, dueOn: turn?.by ?? null })
    }
    expect(rows).toHaveLength(6)
  })
})

test('the figures rest on first answers that stand, by the partner or recorded for it, of what was sent in the period', async () => {
  const before = world
  world = await aWorld(database)
  const tuesday = new Date('2026-03-03T09:00:00Z')
  await send(new Date('2026-02-27T09:00:00Z'))
  const undone = await send()
  const answer = await act(undone, { kind: 'accepted', appointment: null }, tuesday)
  const corrects = answer.ok ? answer.value.referral.ledHere.id : newId<'referral_event'>()
  await act(undone, { kind: 'corrected', corrects }, tuesday)
  const actor = { kind: 'adviser', id: world.adviser.id, name: 'Mara' } as const
  const byAdviser = ({ file }: KeptReferral, happening: Happening) =>
    asAdviser((db) => {
      const event = { ...happening, id: newId<'referral_event'>(), actor, channel: 'phone' as const }
      return actOn(workFor(world, db, tuesday), file.id, event)
    })
  await byAdviser(await send(), { kind: 'accepted', appointment: null })
  await byAdviser(await send(), { kind: 'withdrawn', reason: 'partner_silent' })
  await act(await send(), { kind: 'declined', by: 'client', reason: 'too_far' }, tuesday)
  const received = await asPartner((db) => receivedSince(db, dayOfText('2026-03-01'), 'Europe/Zurich'))
  const told = received.map(({ answeredOn, endedUnansweredOn, wasAccepted, declinedFor }) =>
    [answeredOn, endedUnansweredOn, wasAccepted, declinedFor].join(),
  )
  expect(told.sort()).toEqual([',,false,', ',2026-03-03,false,', '2026-03-03,,false,too_far', '2026-03-03,,true,'])
  expect(await asPartner((db) => receivedSince(db, null, 'Europe/Zurich'))).toHaveLength(5)
  world = before
})

test('a referral that is found by the partner is the one that the adviser has', async () => {
  const { file } = await send()
  const seen = await asPartner((db) => findReferral(db, file.id))
  expect(seen).toEqual(await asAdviser((db) => findReferral(db, file.id)))
})
