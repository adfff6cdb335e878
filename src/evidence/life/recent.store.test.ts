import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { newId } from '#platform/ids.ts'
import { readEpisodesTable } from '../dataset.store.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

test('the look at what has changed since reads only what became known since', async () => {
  const networkId = await database.addNetwork()
  const learned = new Date('2026-03-04T09:00:00Z')
  const later = new Date('2026-04-01T09:00:00Z')
  await database.as({ networkId, role: 'job' }, async (db) => {
    const moments = [...Array<Date>(30).fill(learned), ...Array<Date>(40).fill(later)]
    const past = moments.map((imported_at, at) => ({
      ...{ network_id: networkId, id: newId(), source: 'test', source_key: String(at), content_hash: 'x' },
      ...{
        facts: JSON.stringify({ age: imported_at === learned ? 30 : 50 }),
        taken: 'mentoring',
        working_at_365: true,
        imported_at,
      },
    }))
    await db.insertInto('evidence_episodes').values(past).execute()
    expect((await readEpisodesTable(db)).table.rows).toBe(70)
    const { table } = await readEpisodesTable(db, { since: learned })
    expect(table.features.find(({ name }) => name === 'age')?.values).toEqual(new Float64Array(40).fill(50))
    expect((await readEpisodesTable(db, { since: later })).table.rows).toBe(0)
  })
})
