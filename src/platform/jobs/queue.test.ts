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
  await makeQueues(
    boss,
    ['test.job', 'referrals.test'].map((name) => ({ name, run: async () => undefined })),
  )
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

test('every role that enqueues may, and none may read, change or take away a job', async () => {
  const queue = sendWith(boss)
  for (const role of ['door', 'staff', 'partner', 'client', 'job', 'link'] as const) {
    const name = role === 'link' ? 'referrals.test' : 'test.job'
    await database.as({ networkId, role }, (db) => queue.send(db, name, { networkId }))
  }
  for (const table of ['pgboss.job', 'pgboss.job_common']) {
    for (const what of [`DELETE FROM ${table}`, `UPDATE ${table} SET data = '{}'`, `SELECT data FROM ${table}`]) {
      const change = database.as({ networkId, role: 'link' }, (db) => sql.raw(what).execute(db))
      await expect(change, what).rejects.toThrow(/permission denied/)
    }
  }
})

test('nobody starts work in another network', async () => {
  const other = await database.addNetwork()
  for (const role of ['door', 'staff', 'partner', 'client', 'job', 'link'] as const) {
    const tried = database.as({ networkId, role }, (db) =>
      sendWith(boss).send(db, 'referrals.test', { networkId: other }),
    )
    await expect(tried, role).rejects.toThrow(/row-level security/)
  }
})

test('the bearer of a link starts nothing but mail and what a referral starts', async () => {
  const before = await waiting()
  const tried = database.as({ networkId, role: 'link' }, (db) => sendWith(boss).send(db, 'test.job', { networkId }))
  await expect(tried).rejects.toThrow(/row-level security/)
  expect(await waiting()).toBe(before)
})
