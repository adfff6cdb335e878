import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { newId, type NetworkId } from '#platform/ids.ts'
import { learn, prospectsForClient } from '../index.ts'

let database: TestDatabase
let networkId: NetworkId
const now = new Date('2026-03-04T09:00:00Z')
const person = { children: 1, months_unemployed: 4, earlier_spells: 1, driving_licence: true, caring_duties: false }

beforeAll(async () => {
  database = await testDatabase()
  networkId = await database.addNetwork()
})
afterAll(() => database.drop())

const asJob = <T>(work: (db: Db) => Promise<T>) => database.as({ networkId, role: 'job' }, work)
const asAdviser = <T>(work: (db: Db) => Promise<T>) =>
  database.as({ networkId, roles: ['adviser'], actorId: newId<'staff'>() }, work)

test('learning keeps what became of those who took no service, for advisers to see, and a later one takes its place', async () => {
  expect(await asAdviser((db) => prospectsForClient(db, person))).toBe(null)
  await asJob(async (db) => {
    const past = Array.from({ length: 600 }, (_, index) => ({
      ...{ network_id: networkId, id: newId(), source: 'test', source_key: String(index), content_hash: 'x' },
      facts: JSON.stringify({ ...person, children: index % 3, months_unemployed: index % 12 }),
      taken: index % 2 === 0 ? 'none' : 'mentoring',
      ...{ working_at_365: index % 4 === 0 || index % 2 === 1, working_at_180: index % 8 === 0 },
      ...{ earnings_at_365_cents: index % 4 === 0 ? 180_000 + index : null, imported_at: now },
    }))
    await db.insertInto('evidence_episodes').values(past).execute()
    await learn(db, { networkId, now, draws: 20 })
    await learn(db, { networkId, now, draws: 20 })
  })
  const prospects = await asAdviser((db) => prospectsForClient(db, person))
  // Half of those who took none worked a year later, a quarter half a year later; those who were helped all did.
  expect(Math.abs(prospects!.at365!.chance - 0.5)).toBeLessThan(0.12)
  expect(Math.abs(prospects!.at180!.chance - 0.25)).toBeLessThan(0.12)
  expect(prospects!.earnings!.middle).toBeGreaterThan(180_000)
  const states = await asJob((db) =>
    db
      .selectFrom('evidence_models')
      .select(['version', 'state'])
      .where('kind', '=', 'prospects')
      .orderBy('version')
      .execute(),
  )
  expect(states).toEqual([
    { version: 1, state: 'retired' },
    { version: 2, state: 'in_use' },
  ])
})
