import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NetworkId } from '../ids.ts'
import { testDatabase, type TestDatabase } from '../db/testing.ts'
import { makeBoss, sendWith } from './queue.ts'
import { makeQueues } from './worker.ts'

let database: TestDatabase
let networkId: NetworkId
let boss: ReturnType<typeof makeBoss>

beforeAll(async () => {
  database = await testDatabase()
  networkId = await database.addNetwork()
  boss = makeBoss(database.pool, { working: false })
  await boss.start()
  await makeQueues(boss, [{ name: 'test.job', run: async () => undefined }])
})

afterAll(async () => {
  await boss.stop({ graceful: false, close: false })
  await database.drop()
})

const waiting = async () => (await boss.findJobs('test.job')).length

test('a job is saved exactly when the change that asks for it is', async () => {
  const queue = sendWith(boss)
  const undone = database.as({ networkId }, async (db) => {
    await queue.send(db, 'test.job', { networkId })
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  expect(await waiting()).toBe(0)
  await database.as({ networkId }, (db) => queue.send(db, 'test.job', { networkId }))
  expect(await waiting()).toBe(1)
})

test('a key keeps a job single while one of that key waits; jobs without one are all kept', async () => {
  const queue = sendWith(boss)
  const before = await waiting()
  await database.as({ networkId }, async (db) => {
    await queue.send(db, 'test.job', { networkId }, { key: 'same' })
    await queue.send(db, 'test.job', { networkId }, { key: 'same' })
    await queue.send(db, 'test.job', { networkId })
    await queue.send(db, 'test.job', { networkId })
  })
  expect(await waiting()).toBe(before + 3)
})

test('every role that enqueues may, and none may change a job', async () => {
  const queue = sendWith(boss)
  for (const role of ['door', 'staff', 'partner', 'link', 'client', 'job'] as const) {
    await database.as({ networkId, role }, (db) => queue.send(db, 'test.job', { networkId }))
  }
  const change = database.as({ networkId, role: 'link' }, (db) => sql`DELETE FROM pgboss.job`.execute(db))
  await expect(change).rejects.toThrow(/permission denied/)
})
