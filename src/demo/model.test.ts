import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { engineModels, keepFitted, learnedInputs, learnJob } from '#evidence/index.ts'
import { aCard, aTable } from '#evidence/engine/card.factory.ts'
import { endLearning, latestLearning, stopLearning } from '#evidence/life/learnings.store.ts'
import { listNetworks } from '#networks/index.ts'
import type { Db } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { Network } from '#platform/http/index.ts'
import { insertStaff } from '#staff/index.ts'
import { approveDemoModel, askForDemoModel } from './model.ts'

let database: TestDatabase
let network: Network
let sent: string[]
const now = new Date('2026-03-04T09:00:00Z')

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  sent = []
  const networkId = await database.addNetwork()
  network = { ...(await listNetworks(database.kysely)).find(({ id }) => id === networkId)!, isDemo: true }
  const common = { locale: 'en', languages: ['en'], siteIds: [], managedSiteIds: [] }
  await asJob(async (db) => {
    for (const role of ['evaluator', 'administrator'] as const)
      await insertStaff(db, networkId, { ...common, name: role, email: `${role}@example.org`, roles: [role] }, now)
  })
})
afterAll(() => database.drop())

const asJob = <T>(work: (db: Db) => Promise<T>) => database.as({ networkId: network.id, role: 'job' }, work)
const queue = {
  send(_: Db, name: string) {
    sent.push(name)
    return Promise.resolve()
  },
}
// Nobody asks twice at the very same moment.
let asked = now.getTime()
const ask = () => asJob((db) => askForDemoModel(db, network, { queue, now: new Date(asked++) }))
const keep = (of = network) =>
  asJob(async (db) => {
    const fitted = { card: aCard(), bytes: Buffer.from('bytes'), inputs: learnedInputs(aTable()), askedBy: null, now }
    const model = await keepFitted(db, network.id, fitted)
    await approveDemoModel(db, of, { model, now })
  })
const states = () => asJob(async (db) => (await engineModels(db)).map(({ state }) => state))

describe("the demonstration's model", () => {
  test('is asked for once', async () => {
    expect([await ask(), await ask()]).toEqual([true, false])
    expect(sent).toEqual([learnJob])
  })

  test('is asked for again where learning was cut short, and not where somebody stopped it', async () => {
    const end = (result: 'failed' | 'stopped') =>
      asJob(async (db) => endLearning(db, (await latestLearning(db))!.id, { result, modelId: null, now }))
    await ask()
    await end('failed')
    expect(await ask()).toBe(true)
    // By its server, which ended.
    await end('stopped')
    expect(await ask()).toBe(true)
    await asJob(async (db) => {
      const { id, askedBy } = (await latestLearning(db))!
      await stopLearning(db, id, { stoppedBy: askedBy, now })
    })
    expect(await ask()).toBe(false)
  })

  test('is not asked for where there is one, and only the first is put in use by itself', async () => {
    await keep()
    expect(await ask()).toBe(false)
    await keep()
    expect(await states()).toEqual(['fitted', 'in_use'])
  })

  test('of a real network waits for its people', async () => {
    await keep({ ...network, isDemo: false })
    expect(await states()).toEqual(['fitted'])
  })
})
