import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Stopped } from '#compute/index.ts'
import { insertStaff } from '#staff/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { NetworkId, StaffId } from '#platform/ids.ts'
import { aCard, aTable } from '../engine/card.factory.ts'
import type { Engine } from './engine.ts'
import { evidenceJobs, lookForDrift } from './evidence.jobs.ts'
import { latestDrift } from './drift.store.ts'
import { askForLearning, isSilent, latestLearning, stopLearning, type LearningId } from './learnings.store.ts'
import { engineModels, lifeEventsOf } from './life.store.ts'

let database: TestDatabase
let networkId: NetworkId
let staffId: StaffId
let clock = new Date('2026-03-04T09:00:00Z')

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

async function newNetwork() {
  networkId = await database.addNetwork()
  const person = {
    name: 'Eva',
    email: 'eva@example.org',
    locale: 'en',
    languages: ['en'],
    siteIds: [],
    managedSiteIds: [],
  }
  staffId = await database.as({ networkId, role: 'job' }, (db) =>
    insertStaff(db, networkId, { ...person, roles: ['evaluator'] }, clock),
  )
}

const asEvaluator = <T>(work: Parameters<typeof database.as<T>>[1]) =>
  database.as({ networkId, roles: ['evaluator'], actorId: staffId }, work)
const ask = () => {
  // Nobody asks twice at the very same moment.
  clock = new Date(clock.getTime() + 1)
  return asEvaluator((db) => askForLearning(db, networkId, { askedBy: staffId, now: clock }))
}

/** Learns when it is let, and can be stopped. */
function anEngine(said: Partial<Engine> = {}): Engine {
  const learn: Engine['learn'] = (table, { onProgress }) => {
    onProgress(1, 2)
    return Promise.resolve({
      card: aCard({ data: { ...aCard().data, rows: table.rows } }),
      bytes: Buffer.from('bytes'),
    })
  }
  const foretell: Engine['foretell'] = (_, { rows, arms, arm }) =>
    Promise.resolve({
      ...{ rows, arms, arm, expected: new Float64Array(rows).fill(0.4), tau: new Float64Array(2 * rows) },
      ...{ support: new Uint8Array(2 * rows).fill(1), chances: new Float64Array(3 * rows).fill(1 / 3) },
    })
  return { read: () => Promise.resolve(aTable()), learn, foretell, ...said }
}

async function runLearning(engine: Engine, learningId: LearningId) {
  const [job] = evidenceJobs({ kysely: database.kysely, now: () => clock, engine, beatMs: 10 })
  if (!job || !('isLong' in job)) throw new Error('There is no job that learns.')
  await job.run({ networkId, learningId })
}

/** Learns until it is stopped. */
const endless: Engine['learn'] = (_, { signal, onProgress }) =>
  new Promise((_resolve, reject) => {
    onProgress(3, 10)
    signal.addEventListener('abort', () => reject(new Error('stopped')))
  })

const until = async (isSo: () => Promise<boolean>) => {
  for (let tries = 0; tries < 200 && !(await isSo()); tries++) await new Promise((done) => setTimeout(done, 10))
  expect(await isSo()).toBe(true)
}

describe('learning on request', () => {
  test('ends in a fitted model by the name of who asked', async () => {
    await newNetwork()
    const id = (await ask())!
    await runLearning(anEngine(), id)
    await asEvaluator(async (db) => {
      const [model, ...others] = await engineModels(db)
      expect(others).toEqual([])
      expect(model).toMatchObject({ state: 'fitted', version: 1, card: { data: { rows: 600 } } })
      expect(await latestLearning(db)).toMatchObject({ id, result: 'learned', modelId: model?.id })
      expect(await lifeEventsOf(db, [model!.id])).toMatchObject([{ kind: 'fitted', actorId: staffId }])
    })
  })

  test('goes on once at a time, also when two ask at once', async () => {
    await newNetwork()
    const asked = await Promise.all([ask(), ask(), ask()])
    expect(asked.filter((id) => id !== null)).toHaveLength(1)
    expect(await ask()).toBeNull()
  })

  test('shows how far it is, and a stop leaves no model', async () => {
    await newNetwork()
    const id = (await ask())!
    const running = runLearning(anEngine({ learn: endless }), id)
    await until(async () => (await asEvaluator(latestLearning))?.of === 10)
    expect(await asEvaluator((db) => stopLearning(db, id, { stoppedBy: staffId, now: clock }))).toBe(true)
    await running
    expect(await asEvaluator(latestLearning)).toMatchObject({ result: 'stopped', modelId: null, done: 3 })
    expect(await asEvaluator(engineModels)).toEqual([])
    expect(await ask()).not.toBeNull()
  })

  test('stopped before it began never begins, and one that ends as it is stopped is not kept', async () => {
    await newNetwork()
    const first = (await ask())!
    await asEvaluator((db) => stopLearning(db, first, { stoppedBy: staffId, now: clock }))
    await runLearning(anEngine(), first)
    const second = (await ask())!
    const deaf: Engine['learn'] = async (table, options) => {
      await asEvaluator((db) => stopLearning(db, second, { stoppedBy: staffId, now: clock }))
      return anEngine().learn(table, options)
    }
    await runLearning(anEngine({ learn: deaf }), second)
    expect(await asEvaluator(latestLearning)).toMatchObject({ id: second, result: 'stopped' })
    expect(await asEvaluator(engineModels)).toEqual([])
  })

  test('whose server ends is stopped, not failed, and keeps what was said of costs and places', async () => {
    await newNetwork()
    const terms = [{ arm: 'mentoring', cost: 0.03, capacity: 0.2 }]
    clock = new Date(clock.getTime() + 1)
    const said = { askedBy: staffId, now: clock, terms }
    const id = (await asEvaluator((db) => askForLearning(db, networkId, said)))!
    const heard: unknown[] = []
    const ending: Engine['learn'] = (_, options) => {
      heard.push(options.terms)
      return Promise.reject(new Stopped())
    }
    await runLearning(anEngine({ learn: ending }), id)
    expect(heard).toEqual([terms])
    const last = await asEvaluator(latestLearning)
    expect(last).toMatchObject({ result: 'stopped', isStopping: false, modelId: null, terms })
    expect(await asEvaluator(engineModels)).toEqual([])
  })

  test('that fails says so, and leaves no model', async () => {
    await newNetwork()
    const id = (await ask())!
    const failing = anEngine({ learn: () => Promise.reject(new Error('Out of memory.')) })
    await expect(runLearning(failing, id)).rejects.toThrow('Out of memory.')
    expect(await asEvaluator(latestLearning)).toMatchObject({ result: 'failed', modelId: null })
  })

  test('whose process was killed gives way to the next after two minutes of silence', async () => {
    await newNetwork()
    const id = (await ask())!
    const running = runLearning(anEngine({ learn: endless }), id)
    await until(async () => (await asEvaluator(latestLearning))?.seenAt !== null)
    const last = (await asEvaluator(latestLearning))!
    expect(isSilent(last, clock)).toBe(false)
    const before = clock
    const later = new Date(clock.getTime() + 150_000)
    expect(isSilent(last, later)).toBe(true)
    const next = await asEvaluator((db) => askForLearning(db, networkId, { askedBy: staffId, now: later }))
    expect(next).not.toBeNull()
    const [first] = await asEvaluator((db) =>
      db.selectFrom('evidence_learnings').select('result').where('id', '=', id).execute(),
    )
    expect(first).toEqual({ result: 'stopped' })
    clock = before
    await running
  })
})

test('the weekly look keeps figures, no rows, of each model that is not retired', async () => {
  await newNetwork()
  await runLearning(anEngine(), (await ask())!)
  const asked: (Date | undefined)[] = []
  const engine = anEngine({
    read: (_, options) => {
      asked.push(options?.since)
      return Promise.resolve(aTable({ seed: 2, working: 0.2 }))
    },
  })
  const network = { id: networkId } as Parameters<typeof lookForDrift>[0]['network']
  await database.as({ networkId, role: 'job' }, (db) =>
    lookForDrift({ db, network, now: clock } as Parameters<typeof lookForDrift>[0], engine),
  )
  expect(asked).toEqual([clock])
  await asEvaluator(async (db) => {
    const [model] = await engineModels(db)
    const drift = (await latestDrift(db, [model!.id])).get(model!.id)
    expect(drift?.report).toMatchObject({ rows: 600, level: 'moved' })
    expect(drift?.report.inputs).toMatchObject([{ name: 'age', level: 'steady' }])
    expect(drift?.report.calibration).toMatchObject({ looks: 1, verdict: 'drifts' })
    expect(drift?.report.calibration?.figures[0]).toMatchObject({ of: 'outcome', arm: null, verdict: 'drifts' })
  })
})
