import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { newId } from '#platform/ids.ts'
import { nextDueAt } from './clock.ts'
import type { Happening, ReferralActor, ReportedEvent } from './event.ts'
import { dayOfText } from './referral.factory.ts'
import { findLink, liveLinkOf } from './link/referral-links.store.ts'
import { conversationOf, insertMessage } from './conversation/referral-messages.store.ts'
import { findShare } from './sharing/referral-shares.store.ts'
import { clockFor } from './referral-clocks.store.ts'
import { actOn, renewLink } from './referrals.acts.ts'
import { onConsentWithdrawn } from './referrals.hooks.ts'
import { struckBy, unclosedOfAdviser } from './find-referrals.store.ts'
import { spreadMarks } from './referral-marks.store.ts'
import { findReferral, keptColumns, saveReferral } from './referrals.store.ts'
import { aWorld, sendOne, testKeys, workFor, type World } from './world.testing.ts'

let database: TestDatabase
let world: World
const monday = new Date('2026-03-02T09:00:00Z')

beforeAll(async () => {
  database = await testDatabase()
  world = await aWorld(database)
})
afterAll(() => database.drop())

const asAdviser = <T>(work: (db: Parameters<typeof findReferral>[0]) => Promise<T>) =>
  database.as({ networkId: world.networkId, actorId: world.adviser.id, roles: ['adviser'] }, work)
const partnerOf = (): ReferralActor => ({ kind: 'partner', id: world.partner.id, name: world.partner.name })
const adviserOf = (): ReferralActor => ({ kind: 'adviser', id: world.adviser.id, name: world.adviser.name })
const reported = (actor: ReferralActor, happening: Happening): ReportedEvent => ({
  ...happening,
  actor,
  id: newId<'referral_event'>(),
  channel: actor.kind === 'partner' ? 'link' : 'page',
})
const send = (now = monday) => asAdviser((db) => sendOne(world, workFor(world, db, now)))
const linkScope = (referralId: string, organizationId: string = world.partner.id) =>
  ({ networkId: world.networkId, role: 'link', organizationId, referralId }) as const

describe('what is kept', () => {
  test('a sent referral has its reference, its share and a link whose secret is a hash', async () => {
    const { file, referral } = await send()
    expect(file.reference).toMatch(/^R-[0-9A-Z]{4}-[0-9A-Z]{2}$/)
    expect(referral.state).toBe('sent')
    await asAdviser(async (db) => {
      expect((await findShare(db, file.id))?.entries).toEqual([{ field: 'name', lines: ['Noor Haddad'] }])
      expect(await liveLinkOf(db, file.id, monday)).toMatchObject({ recipient: 'desk@partner.example', keyId: 'test' })
      expect(await findReferral(db, file.id)).toEqual({ file, referral })
    })
  })

  test('state, due time, first attendance and version equal what the events replay to, whatever happened', async () => {
    const days = fc.integer({ min: 0, max: 30 }).map((day) => dayOfText(`2026-03-${String(day + 1).padStart(2, '0')}`))
    const happening = fc.oneof(
      ...(['sent', 'more_information_asked', 'opened', 'message'] as const).map((kind) =>
        fc.constant<Happening>({ kind }),
      ),
      fc.option(days).map((expectedOn): Happening => ({ kind: 'waiting_list', expectedOn })),
      fc.constant<Happening>({ kind: 'accepted', appointment: null }),
      days.map((on): Happening => ({ kind: 'attended', on })),
      days.map((on): Happening => ({ kind: 'completed', on, result: 'achieved' })),
      fc.constant<Happening>({ kind: 'declined', by: 'partner', reason: 'no_places' }),
      fc.constant<Happening>({ kind: 'next_step_recorded', step: 'working' }),
    )
    const histories = fc.array(fc.tuple(fc.boolean(), happening), { minLength: 3, maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const { file } = await send()
        let now = new Date('2026-04-01T09:00:00Z')
        for (const [isPartner, each] of history) {
          now = new Date(now.getTime() + 3_600_000)
          const event = reported(isPartner ? partnerOf() : adviserOf(), each)
          const say = () => asAdviser((db) => actOn(workFor(world, db, now), file.id, event))
          await say()
          await say()
        }
        await asAdviser(async (db) => {
          const kept = await findReferral(db, file.id)
          if (!kept) throw new Error('lost')
          const { referral } = kept
          expect(await keptColumns(db, file.id)).toEqual({
            state: referral.state,
            nextDueAt: nextDueAt(referral, await clockFor(workFor(world, db, now), file)),
            firstAttendedOn: referral.firstAttendedOn,
            version: referral.events.length,
          })
        })
      }),
      { numRuns: 25 },
    )
  })

  test('the same event twice is kept once, and what was written with it too', async () => {
    const { file } = await send()
    const event = reported(partnerOf(), { kind: 'more_information_asked' })
    for (let time = 0; time < 2; time++) {
      const done = await asAdviser((db) => actOn(workFor(world, db, monday), file.id, event, { words: 'Which shift?' }))
      expect(done.ok).toBe(true)
    }
    await asAdviser(async (db) => {
      expect(
        (await findReferral(db, file.id))?.referral.events.filter(({ kind }) => kind === 'more_information_asked'),
      ).toHaveLength(1)
      expect(await conversationOf(db, file.id, 'partner')).toHaveLength(1)
    })
  })

  test('columns cannot be written on a version that is gone', async () => {
    const { file, referral } = await send()
    await asAdviser((db) => actOn(workFor(world, db, monday), file.id, reported(partnerOf(), { kind: 'opened' })))
    const later = { ...referral, events: [...referral.events] }
    await expect(
      asAdviser(async (db) =>
        saveReferral(db, file, { before: referral, after: later }, await clockFor(workFor(world, db, monday), file)),
      ),
    ).rejects.toThrow('held')
  })
})

describe('two at once', () => {
  test('of two answers at the same moment one counts, and the other hears who was first', async () => {
    const { file } = await send()
    const accept = reported(partnerOf(), { kind: 'accepted', appointment: null })
    const decline = reported(adviserOf(), { kind: 'declined', by: 'client', reason: 'too_far' })
    const results = await Promise.all(
      [accept, decline].map((event) => asAdviser((db) => actOn(workFor(world, db, monday), file.id, event))),
    )
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    const refused = results.find((result) => !result.ok)
    expect(refused).toMatchObject({ problem: { by: { name: expect.any(String) as string } } })
    await asAdviser(async (db) => expect((await findReferral(db, file.id))?.referral.events).toHaveLength(3))
  })

  test('a page drawn before somebody else acted saves nothing', async () => {
    const { file, referral } = await send()
    const seen = referral.events.length
    await asAdviser((db) =>
      actOn(workFor(world, db, monday), file.id, reported(partnerOf(), { kind: 'accepted', appointment: null })),
    )
    const late = reported(adviserOf(), { kind: 'withdrawn', reason: 'partner_silent' })
    const done = await asAdviser((db) => actOn(workFor(world, db, monday), file.id, late, { seen }))
    expect(done).toMatchObject({ ok: false, problem: { code: 'changed_meanwhile', by: { name: 'Bakery School' } } })
  })
})

describe('the bearer of a link', () => {
  test('reads its referral and what was shared, and adds what the partner says', async () => {
    const { file } = await send()
    await database.as(linkScope(file.id), async (db) => {
      expect((await findReferral(db, file.id))?.file.reference).toBe(file.reference)
      expect((await findShare(db, file.id))?.entries).toHaveLength(1)
      const work = workFor(world, db, monday)
      const done = await actOn(work, file.id, reported(partnerOf(), { kind: 'accepted', appointment: null }), {
        words: 'Welcome.',
      })
      expect(done.ok).toBe(true)
    })
  })

  test('has no way to a client, to their assessment or to staff', async () => {
    const { file } = await send()
    for (const table of [
      'clients',
      'client_notes',
      'client_keys',
      'client_consents',
      'episodes',
      'outcome_statements',
      'referral_links',
    ]) {
      const read = database.as(linkScope(file.id), (db) => sql`SELECT * FROM ${sql.table(table)}`.execute(db))
      await expect(read, table).rejects.toThrow('permission denied')
    }
    const address = database.as(linkScope(file.id), (db) => sql`SELECT email FROM staff`.execute(db))
    await expect(address).rejects.toThrow('permission denied')
    const choice = database.as(linkScope(file.id), (db) => sql`SELECT choice_reason FROM referrals`.execute(db))
    await expect(choice).rejects.toThrow('permission denied')
  })

  test('sees no other referral, not even of its own partner, and another partner’s link sees nothing of this one', async () => {
    const mine = await send()
    const other = await send()
    await database.as(linkScope(mine.file.id), async (db) => {
      expect(await findReferral(db, other.file.id)).toBeUndefined()
      expect(await findShare(db, other.file.id)).toBeUndefined()
      expect(await conversationOf(db, other.file.id, 'partner')).toEqual([])
    })
    await database.as(linkScope(mine.file.id, world.otherPartner.id), async (db) => {
      expect(await findReferral(db, mine.file.id)).toBeUndefined()
    })
  })

  test('cannot speak as somebody else, nor change or delete what happened', async () => {
    const { file } = await send()
    const asLink = (work: Parameters<typeof asAdviser>[0]) => database.as(linkScope(file.id), work)
    const forged = asLink((db) =>
      actOn(workFor(world, db, monday), file.id, reported(adviserOf(), { kind: 'withdrawn', reason: 'adviser_other' })),
    )
    await expect(forged).rejects.toThrow('row-level security')
    await expect(asLink((db) => sql`UPDATE referral_events SET actor_name = 'x'`.execute(db))).rejects.toThrow(
      'permission denied',
    )
    await expect(asLink((db) => sql`DELETE FROM referral_events`.execute(db))).rejects.toThrow('permission denied')
    await expect(asLink((db) => sql`UPDATE referral_shares SET fields = '[]'`.execute(db))).rejects.toThrow(
      'permission denied',
    )
    await expect(asLink((db) => sql`UPDATE referrals SET client_id = id`.execute(db))).rejects.toThrow(
      'permission denied',
    )
  })
})

describe('staff', () => {
  test('of another network, and whoever has no role with clients, see nothing', async () => {
    const { file } = await send()
    const elsewhere = await database.addNetwork()
    expect(await database.as({ networkId: elsewhere }, (db) => findReferral(db, file.id))).toBeUndefined()
    expect(
      await database.as({ networkId: world.networkId, roles: ['administrator'] }, (db) => findReferral(db, file.id)),
    ).toBeUndefined()
  })

  test('see a restricted client’s referral only when they are named, its history and messages alike', async () => {
    const { file } = await send()
    const [named, stranger] = [world.adviser.id, newId<'staff'>()]
    await asAdviser((db) => spreadMarks(db, [world.client.id], { siteId: world.siteId, restrictedTo: [named] }))
    expect(
      await database.as({ networkId: world.networkId, actorId: stranger }, (db) => findReferral(db, file.id)),
    ).toBeUndefined()
    expect(
      await database.as({ networkId: world.networkId, actorId: stranger }, (db) =>
        conversationOf(db, file.id, 'partner'),
      ),
    ).toEqual([])
    expect(await asAdviser((db) => findReferral(db, file.id))).toBeDefined()
    await asAdviser((db) => spreadMarks(db, [world.client.id], { siteId: world.siteId, restrictedTo: null }))
  })
})

test('withdrawn consent takes open referrals back, and nothing that was shared is left', async () => {
  const open = await send()
  const ended = await send()
  await asAdviser(async (db) => {
    const work = workFor(world, db, monday)
    await actOn(work, ended.file.id, reported(partnerOf(), { kind: 'declined', by: 'partner', reason: 'no_places' }))
    const asked = await actOn(work, open.file.id, reported(partnerOf(), { kind: 'more_information_asked' }))
    if (asked.ok)
      await insertMessage(db, open.file, asked.value.referral.ledHere, { words: 'About Noor', audience: 'partner' })
  })
  const told = { jobs: [], mails: [] as string[] }
  await asAdviser((db) =>
    onConsentWithdrawn(workFor(world, db, monday, told), {
      clientIds: [world.client.id],
      consentId: newId<'consent'>(),
      purpose: 'share_for_referral',
      organizationId: world.partner.id,
      referralId: null,
      recipient: null,
    }),
  )
  for (const { file } of [open, ended]) {
    await database.as(linkScope(file.id), async (db) => {
      expect((await findShare(db, file.id))?.entries).toBeNull()
      expect(await conversationOf(db, file.id, 'partner')).toEqual([])
    })
  }
  await asAdviser(async (db) => {
    expect((await findReferral(db, open.file.id))?.referral.state).toBe('withdrawn')
    expect((await findReferral(db, ended.file.id))?.referral.state).toBe('declined')
    expect(await conversationOf(db, open.file.id, 'adviser')).toHaveLength(1)
  })
  expect(told.mails).toContain('referrals.news desk@partner.example')
})

test('consent for another organisation, typed by its name, touches nothing here', async () => {
  const { file } = await send()
  const withdraw = (recipient: string) =>
    asAdviser((db) =>
      onConsentWithdrawn(workFor(world, db, monday), {
        clientIds: [world.client.id],
        consentId: newId<'consent'>(),
        purpose: 'share_for_referral',
        organizationId: null,
        referralId: null,
        recipient,
      }),
    )
  const stateNow = async () => (await asAdviser((db) => findReferral(db, file.id)))?.referral.state
  await withdraw('Some Other Organisation')
  expect(await stateNow()).toBe('sent')
  await withdraw(` ${file.organizationName.toUpperCase()} `)
  expect(await stateNow()).toBe('withdrawn')
})

test('a renewed link makes the old one useless', async () => {
  const { file } = await send()
  await asAdviser(async (db) => {
    const old = await liveLinkOf(db, file.id, monday)
    await renewLink(workFor(world, db, new Date('2026-03-02T10:00:00Z')), testKeys, {
      id: file.id,
      recipient: 'new@partner.example',
      actor: adviserOf(),
    })
    expect(old && (await findLink(db, old.id))?.revokedAt).toEqual(new Date('2026-03-02T10:00:00Z'))
    expect((await liveLinkOf(db, file.id, monday))?.recipient).toBe('new@partner.example')
  })
})

test('without an address the referral is kept, and the adviser is to ring the partner today', async () => {
  const { file, referral } = await asAdviser((db) => sendOne(world, workFor(world, db, monday), { recipient: null }))
  expect(referral.deliveryFailed).toBe(true)
  const afternoon = new Date('2026-03-02T16:00:00Z')
  expect(await asAdviser((db) => struckBy(db, afternoon))).toContain(file.id)
  const list = await asAdviser((db) => unclosedOfAdviser(db, world.adviser.id, []))
  expect(list[0]?.referral.deliveryFailed).toBe(true)
})
