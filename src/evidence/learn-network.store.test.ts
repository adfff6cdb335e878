import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Stopped } from '#compute/index.ts'
import type { Db } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { NetworkId } from '#platform/ids.ts'
import { NothingToLearn } from './engine/prepared.ts'
import { findModelInUse, learnInNetwork, type Engine } from './index.ts'
import { aCard, aTable } from './engine/card.factory.ts'
import { engineModels, lifeEventsOf } from './life/life.store.ts'

let database: TestDatabase
let networkId: NetworkId

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  networkId = await database.addNetwork()
})
afterAll(() => database.drop())

const asJob = <T>(work: (db: Db) => Promise<T>) => database.as({ networkId, role: 'job' }, work)
const kept = () => asJob(async (db) => ({ classic: await findModelInUse(db), engine: await engineModels(db) }))

function learnWith(learn: Engine['learn'], signal = new AbortController().signal) {
  const engine = { foretell: () => Promise.resolve(null), read: () => Promise.resolve(aTable()), learn }
  return learnInNetwork({ networkId, engine, signal, now: () => new Date('2026-03-04T09:00:00Z'), act: asJob })
}

const learned = () => Promise.resolve({ card: aCard(), bytes: Buffer.from('bytes') })

describe("learning from a network's own episodes", () => {
  test('puts the classic model in use, and leaves the model of the engine waiting for its review', async () => {
    const { classic, engine, whyNot } = await learnWith(learned)
    expect(whyNot).toBe(null)
    const found = await kept()
    expect(found.classic?.id).toBe(classic.id)
    expect(found.engine).toMatchObject([{ id: engine?.id, version: 1, state: 'fitted' }])
    const events = await asJob((db) => lifeEventsOf(db, [engine!.id]))
    expect(events).toMatchObject([{ kind: 'fitted', actorId: null }])
  })

  test('with too few episodes says why the engine learned nothing', async () => {
    const found = await learnWith(() => Promise.reject(new NothingToLearn('There are 2 rows.')))
    expect(found).toMatchObject({ engine: null, whyNot: 'There are 2 rows.', classic: { version: 1 } })
    expect((await kept()).engine).toEqual([])
  })

  test('stopped on the way keeps nothing, the classic model neither', async () => {
    const stop = new AbortController()
    const work = learnWith(() => {
      stop.abort()
      return learned()
    }, stop.signal)
    await expect(work).rejects.toThrow(Stopped)
    expect(await kept()).toEqual({ classic: null, engine: [] })
  })

  test('that fails keeps nothing', async () => {
    await expect(learnWith(() => Promise.reject(new Error('out of memory')))).rejects.toThrow('out of memory')
    expect(await kept()).toEqual({ classic: null, engine: [] })
  })
})
