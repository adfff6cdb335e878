import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Facts } from '#directory/index.ts'
import { makeRandom } from '#numerics/index.ts'
import type { Db } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { newId, type NetworkId, type StaffId } from '#platform/ids.ts'
import { insertStaff } from '#staff/index.ts'
import { networkEngine } from './engine/network-engine.run.ts'
import { estimatesForClient, keepFitted, keepStep, learn, learnedInputs, type KeptEngineModel } from './index.ts'
import { engineBytes } from './life/life.store.ts'
import { turnSwitch } from './life/switch.store.ts'
import { packModelBytes, unpackModelBytes } from './model-file/index.ts'

let database: TestDatabase
let networkId: NetworkId
let staffId: StaffId
const now = new Date('2026-03-04T09:00:00Z')

const asJob = <T>(work: (db: Db) => Promise<T>) => database.as({ networkId, role: 'job' }, work)
const asAdviser = <T>(work: (db: Db) => Promise<T>) =>
  database.as({ networkId, roles: ['adviser'], actorId: staffId }, work)

/** The same for everybody: people of whom fewer facts are known are like nobody. */
const others = { driving_licence: true, caring_duties: false, receives_benefit: true }
const helps: Readonly<Record<string, number>> = { A1: 0.5, A2: 0.3, B1: -0.1 }

/** Language training helps those of low level, and nobody above B1 took it; vocational training helps nobody. Women get less of
 *  the one and more of the other. */
function past(random = makeRandom(1, 0)) {
  return Array.from({ length: 1800 }, (_, at) => {
    const level = ['A1', 'A2', 'B1', 'B2', 'C1'][random.below(5)]!
    const facts = { age: 20 + random.below(40), sex: random.below(2) ? 'female' : 'male', language_level: level }
    const isHigh = level === 'B2' || level === 'C1'
    const drawn = random.uniform() + (facts.sex === 'female' ? 0.1 : 0)
    const taken = drawn < 0.35 && !isHigh ? 'language_training' : drawn < 0.6 ? 'vocational_training' : 'none'
    const chance = 0.35 + (taken === 'language_training' ? (helps[level] ?? 0) : 0)
    return {
      ...{ network_id: networkId, id: newId(), source: 'test', source_key: String(at), content_hash: 'x', taken },
      facts: JSON.stringify({ ...facts, ...others, months_unemployed: random.below(30), children: random.below(4) }),
      ...{ working_at_365: random.uniform() < chance, imported_at: now },
    }
  })
}

beforeAll(async () => {
  database = await testDatabase()
  networkId = await database.addNetwork()
  const person = { name: 'Eva', email: 'eva@example.org', locale: 'en', languages: ['en'] }
  const engine = networkEngine(2)
  const table = await asJob(async (db) => {
    staffId = await insertStaff(
      db,
      networkId,
      { ...person, siteIds: [], managedSiteIds: [], roles: ['evaluator', 'adviser'] },
      now,
    )
    await db.insertInto('evidence_episodes').values(past()).execute()
    await learn(db, { networkId, now, draws: 20 })
    return engine.read(db)
  })
  const { signal } = new AbortController()
  const learned = await engine.learn(table, { seed: 1, signal, onProgress: () => undefined })
  card = learned.card
  kept = await asJob((db) =>
    keepFitted(db, networkId, { ...learned, inputs: learnedInputs(table), askedBy: staffId, now }),
  )
}, 60_000)
afterAll(() => database.drop())

let kept: KeptEngineModel
let card: KeptEngineModel['card']
const putInUse = (modelId = kept.id) =>
  asJob((db) =>
    keepStep(db, networkId, { modelId, to: 'in_use', event: 'put_in_use', actorId: staffId, note: 'yes', now }),
  )

const low: Facts = { age: 30, sex: 'female', language_level: 'A2', months_unemployed: 6, children: 1, ...others }
const high: Facts = { ...low, language_level: 'C1' }
const ask = (facts: Facts) => asAdviser((db) => estimatesForClient(db, facts))

describe('what the past says of one client', () => {
  test('is said by the classic model until the model of the engine is put in use', async () => {
    const before = await ask(low)
    expect(before.modelId).not.toBe(kept.id)
    expect(before.estimates.map(({ type }) => type).sort()).toEqual(['language_training', 'vocational_training'])
    expect(card.usedForRanking).toBe(true)
    await putInUse()
    expect((await ask(low)).modelId).toBe(kept.id)
  })

  test('is an effect with its interval between the chances with and without, and how many past clients were alike', async () => {
    const { estimates, rankedBy, averages } = await ask(low)
    expect({ rankedBy, averages }).toEqual({ rankedBy: 'model', averages: [] })
    const language = estimates.find(({ type }) => type === 'language_training')!
    expect(language.gain).toBeGreaterThan(0.1)
    expect(language.low).toBeLessThan(language.gain)
    expect(language.high).toBeGreaterThan(language.gain)
    expect(language.chanceWith - language.chanceWithout).toBeCloseTo(language.gain, 12)
    expect(language.similar).toBeGreaterThan(10)
  })

  test('counts as similar those whom the engine weighs, and fewer of a service where fewer like this client took it', async () => {
    const similarOf = async (level: string) => {
      const { estimates } = await ask({ ...low, language_level: level })
      return estimates.map(({ type, similar, similarWithout }) => ({
        type,
        similar: similar!,
        similarWithout: similarWithout!,
      }))
    }
    const [atLow, atHigh] = [await similarOf('A2'), await similarOf('C1')]
    const taken = new Map(card.arms.map(({ arm, rows }) => [arm, rows]))
    for (const { type, similar, similarWithout } of [...atLow, ...atHigh]) {
      expect(similar).toBeLessThanOrEqual(taken.get(type)!)
      expect(similarWithout).toBeLessThanOrEqual(taken.get('none')!)
    }
    // Nobody at C1 took language training, so more of them took none.
    expect(atHigh[0]!.similarWithout).toBeGreaterThan(atLow[0]!.similarWithout)
  })

  test('tells how much more each service adds than another, for those with support', async () => {
    const { estimates, differences } = await ask(low)
    expect(differences).toHaveLength(1)
    const [{ type, other, low: least, high: most }] = differences as [(typeof differences)[number]]
    const [one, two] = [type, other].map((name) => estimates.find((estimate) => estimate.type === name)!)
    expect((least + most) / 2).toBeCloseTo(one!.gain - two!.gain, 12)
    // Wider than either doubt alone would be nothing new; narrower than nothing would be no doubt.
    expect(most - least).toBeGreaterThan(0)
    expect(most - least).toBeLessThan(1.5 * Math.hypot(one!.high - one!.low, two!.high - two!.low))
    expect((await ask(high)).differences).toEqual([])
  })

  test('names what the nearest past clients have in common: what moves the effects, nothing protected', async () => {
    const steps = ['A1', 'A2', 'B1', 'B2', 'C1']
    const { nearest } = await ask(high)
    const level = nearest.find(({ feature }) => feature === 'language_level')!
    if (level.kind !== 'steps') throw new Error('a level is told by its steps')
    expect(steps.indexOf(level.from)).toBeGreaterThan(0)
    expect(level.to).toBe('C1')
    for (const facts of [low, high]) {
      const named = (await ask(facts)).nearest.map(({ feature }) => feature)
      expect(named.length).toBeGreaterThan(0)
      expect(named.length).toBeLessThanOrEqual(3)
      for (const feature of ['sex', 'age', 'disability']) expect(named).not.toContain(feature)
    }
  })

  test('has no number where nobody like this client took a service', async () => {
    const { estimates, unsupported } = await ask(high)
    expect(unsupported).toEqual(['language_training'])
    expect(estimates.map(({ type }) => type)).toEqual(['vocational_training'])
  })

  test('flip test: no protected fact changes anything', async () => {
    for (const facts of [low, high]) {
      const said = await ask(facts)
      for (const flip of [
        { sex: 'male' },
        { sex: 'other' },
        { age: 64 },
        { age: 18, sex: 'male' },
        { disability: true },
      ])
        expect(await ask({ ...facts, ...flip })).toEqual(said)
    }
  })

  test('the same facts get the same answer', async () => {
    expect(await ask(low)).toEqual(await ask({ ...low }))
  })

  test('is nothing but averages while ranking by model is switched off', async () => {
    const turn = (isOn: boolean, at: Date) =>
      database.as({ networkId, roles: ['manager'], actorId: staffId }, (db) =>
        turnSwitch(db, networkId, { isOn, at, by: staffId, reason: 'We look into it.' }),
      )
    await turn(false, now)
    expect(await ask(low)).toMatchObject({ rankedBy: 'switched_off', estimates: [], unsupported: [], modelId: kept.id })
    expect((await ask(low)).averages).toHaveLength(2)
    await turn(true, new Date(now.getTime() + 1))
    expect((await ask(low)).modelId).toBe(kept.id)
  })

  test('comes from the classic model while the bytes in use are of another version of the engine', async () => {
    const bytes = await asJob((db) => engineBytes(db, kept.id))
    const inputs = learnedInputs(await asJob((db) => networkEngine(0).read(db)))
    const file = unpackModelBytes(bytes!)
    if (!file.ok) throw new Error(file.problem.reason)
    const other = packModelBytes({ ...file.value, manifest: { ...file.value.manifest, engineVersion: '0' } })
    const older = await asJob((db) => keepFitted(db, networkId, { card, bytes: other, inputs, askedBy: null, now }))
    await putInUse(older.id)
    const said = await ask(low)
    expect([kept.id, older.id]).not.toContain(said.modelId)
    expect(said.estimates).toHaveLength(2)
  })
})
