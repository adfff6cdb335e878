import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { importOccupations } from './import/import-occupations.run.ts'
import { searchOccupations } from './occupation-search.store.ts'
import { installShippedOccupations } from './shipped.store.ts'

// A real part of ESCO's release, 2,942 occupations with 30,000 labels, where that folder is there.
const folder = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'esco')

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

test.skipIf(!fs.existsSync(folder))('the real part of ESCO goes in whole, and twice is once', async () => {
  const now = new Date('2026-03-02T09:00:00Z')
  const networkId = await database.addNetwork()
  const transact = <T>(work: (db: Db) => Promise<T>) => database.as({ networkId, role: 'job' }, work)
  await transact((db) => installShippedOccupations(db, networkId, now))
  const order = { transact, networkId, paths: [folder], now }
  const first = await importOccupations(order)
  expect(first).toMatchObject({ ok: true, value: { refusedCount: 0, occupations: { added: 2942 } } })
  const second = await importOccupations(order)
  expect(second).toMatchObject({ value: { occupations: { added: 0, changed: 0, gone: 0, unchanged: 2942 } } })
  const found = (text: string) => database.as({ networkId }, (db) => searchOccupations(db, text, { wished: ['en'] }))
  expect((await found('nursing assitant')).occupations.map(({ name }) => name)).toContain('nurse assistant')
  // This part says nothing of needed skills: the own list, which does, stays beside it.
  expect((await found('cook')).occupations.map(({ source }) => source)).toContain('waypost')
})
