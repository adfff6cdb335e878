import os from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listNetworks } from '#networks/index.ts'
import { inScope, type Db } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { Network } from '#platform/http/index.ts'
import { readKeys } from '#platform/secrets.ts'
import { findClient } from '#clients/index.ts'
import { definitionOf, factCodes, type Facts } from '#directory/index.ts'
import { engineInUse, estimateChances, findModelInUse } from '#evidence/index.ts'
import { offerNow } from '#matching/catalogues.store.ts'
import { stableOrder } from '#matching/order.ts'
import { rankOffer } from '#matching/rank-offer.run.ts'
import { personOf } from '#matching/recommend-client.run.ts'
import { dayIn } from '#platform/dates.ts'
import type { ClientId } from '#platform/ids.ts'
import { aCard, aTable } from '#evidence/engine/card.factory.ts'
import { demoPartnerLink, fillDemo, isDemoEmpty, type DemoSignIn } from './index.ts'

const keys = readKeys(os.tmpdir(), 'a secret that is long enough for the test')
const now = new Date('2026-11-23T09:00:00Z')
let database: TestDatabase
let signIns: DemoSignIn[]
let network: Network

beforeAll(async () => {
  database = await testDatabase()
  const open = {
    kysely: database.kysely,
    pool: database.pool,
    ownerConnection: database.ownerConnection,
    isEmbedded: true,
    close: async () => undefined,
  }
  const engine = {
    read: () => Promise.resolve(aTable()),
    learn: () => Promise.resolve({ card: aCard(), bytes: Buffer.from('bytes') }),
    foretell: () => Promise.resolve(null),
  }
  signIns = await fillDemo(open, { seed: 1, now, keys, clients: 25, episodes: 900, engine })
  network = (await listNetworks(database.kysely))[0]!
}, 120_000)

afterAll(() => database.drop())

const inDemo = <T>(work: (db: Db) => Promise<T>) =>
  inScope(database.kysely, { role: 'job', networkId: network.id }, work)

async function count(
  table: 'organizations' | 'services' | 'clients' | 'episodes' | 'evidence_episodes' | 'sites' | 'staff' | 'referrals',
): Promise<number> {
  const row = await inDemo((db) =>
    db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow(),
  )
  return Number(row.n)
}

describe('the demonstration network', () => {
  test('has what it promises', async () => {
    expect(network).toMatchObject({ isDemo: true, slug: 'riverside' })
    expect(signIns.map(({ role }) => role)).toEqual(['adviser', 'manager', 'administrator', 'evaluator', 'partner'])
    expect(await count('organizations')).toBe(40)
    expect(await count('services')).toBe(100)
    expect(await count('staff')).toBe(12)
    expect(await count('clients')).toBe(25)
    expect(await count('evidence_episodes')).toBe(900)
    expect(await count('referrals')).toBeGreaterThan(5)
  })

  test('ranks each client the same, whatever a protected fact of theirs were', async () => {
    const others: Facts = { age: 63, sex: 'other', born_abroad: true, disability: true }
    const named = factCodes.filter((code) => definitionOf(code).isProtected === true)
    expect(Object.keys(others).filter((code) => !named.some((one) => one === code))).toEqual([])
    await inDemo(async (db) => {
      const today = dayIn(network.timeZone, now)
      const offer = await offerNow(db, {
        ...{ networkId: network.id, timeZone: network.timeZone, today, modelId: null },
      })
      const learned = (await findModelInUse(db))!
      const ids = await db.selectFrom('clients').select('id').execute()
      for (const { id } of ids) {
        const client = (await findClient(db, id as ClientId))!
        const person = await personOf(db, client, { now, today })
        const open = (facts: Facts) =>
          rankOffer(offer, {
            ...{ rankedBy: 'model', unsupported: [], differences: [], order: stableOrder(client.id) },
            ...{ estimates: estimateChances(learned.model, facts), person: { ...person, facts } },
          }).services.flatMap(({ id: service, rank }) => (rank === null ? [] : [service]))
        const made = open(person.facts)
        for (const [code, value] of Object.entries(others)) {
          const flipped = open({ ...person.facts, [code]: value })
          const both = new Set(made).intersection(new Set(flipped))
          expect(flipped.filter((service) => both.has(service))).toEqual(made.filter((service) => both.has(service)))
        }
      }
    })
  })

  test('has its model reviewed and approved by two of its people', async () => {
    expect(await inDemo(engineInUse)).toMatchObject({ version: 1, state: 'in_use' })
    const steps = await inDemo((db) =>
      db
        .selectFrom('evidence_model_events')
        .innerJoin('staff', 'staff.id', 'evidence_model_events.actor_id')
        .select(['kind', 'roles'])
        .orderBy('seq')
        .execute(),
    )
    expect(steps.map(({ kind, roles }) => [kind, roles[0]])).toEqual([
      ['fitted', 'evaluator'],
      ['reviewed', 'evaluator'],
      ['put_in_use', 'administrator'],
    ])
  })

  test('nobody registered later than they were referred, and every referral replays to its state', async () => {
    const late = await inDemo((db) =>
      db
        .selectFrom('referrals')
        .innerJoin('clients', (join) =>
          join.onRef('clients.network_id', '=', 'referrals.network_id').onRef('clients.id', '=', 'referrals.client_id'),
        )
        .whereRef('referrals.created_at', '<', 'clients.created_at')
        .select('referrals.id')
        .execute(),
    )
    expect(late).toEqual([])
  })

  test('is told apart from one that a killed start only began', async () => {
    const open = {
      kysely: database.kysely,
      pool: database.pool,
      ownerConnection: database.ownerConnection,
      isEmbedded: true,
      close: async () => undefined,
    }
    expect(await isDemoEmpty(open, network)).toBe(false)
  })

  test("gives a partner's link that is new at each start", async () => {
    const order = { network, keys, publicUrl: 'http://localhost:3000', now }
    const first = await demoPartnerLink(database.kysely, order)
    const second = await demoPartnerLink(database.kysely, order)
    expect(first).toMatch(/^http:\/\/localhost:3000\/r\//)
    expect(second).not.toBe(first)
  })
})
