import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { insertStaff } from '#staff/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { NetworkId, StaffId } from '#platform/ids.ts'
import type { StaffRole } from '#platform/db/index.ts'
import { aCard, aTable } from '../engine/card.factory.ts'
import { learnedInputs } from './drift.ts'
import { replay } from './life.ts'
import { engineBytes, engineInUse, engineModels, keepFitted, keepStep, lifeEventsOf } from './life.store.ts'
import { isRankingByModelOn, rankingNow, turnings, turnSwitch } from './switch.store.ts'

let database: TestDatabase
let networkId: NetworkId
let staffId: StaffId
const now = new Date('2026-03-04T09:00:00Z')
const later = new Date('2026-03-05T09:00:00Z')

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

beforeEach(async () => {
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
    insertStaff(db, networkId, { ...person, roles: ['evaluator', 'administrator'] }, now),
  )
})

const asJob = <T>(work: Parameters<typeof database.as<T>>[1]) => database.as({ networkId, role: 'job' }, work)
const as = <T>(roles: StaffRole[], work: Parameters<typeof database.as<T>>[1]) =>
  database.as({ networkId, roles, actorId: staffId }, work)

const fit = (said = {}) =>
  asJob((db) => {
    const bytes = Buffer.from('the model itself')
    return keepFitted(db, networkId, {
      ...{ card: aCard(said), bytes, inputs: learnedInputs(aTable()), askedBy: staffId, now },
    })
  })

const step = (modelId: Awaited<ReturnType<typeof fit>>['id'], event: 'reviewed' | 'put_in_use' | 'retired') =>
  as(['evaluator', 'administrator'], (db) => {
    const to = event === 'put_in_use' ? 'in_use' : event
    return keepStep(db, networkId, { to, event, modelId, actorId: staffId, note: 'It holds.', now: later })
  })

describe('a fitted model', () => {
  test('changes nothing that ranks', async () => {
    await fit({ usedForRanking: false })
    expect(await as(['adviser'], engineInUse)).toBeNull()
    expect(await as(['adviser'], rankingNow)).toEqual({ by: 'model', averages: [], modelId: null })
  })

  test('put in use retires the one that was, and the state is the one that its events lead to', async () => {
    const [first, second] = [await fit(), await fit()]
    for (const { id } of [first, second]) {
      await step(id, 'reviewed')
      await step(id, 'put_in_use')
    }
    await as(['evaluator'], async (db) => {
      const kept = await engineModels(db)
      expect(kept.map(({ version, state }) => [version, state])).toEqual([
        [2, 'in_use'],
        [1, 'retired'],
      ])
      for (const { id, state } of kept)
        expect(replay((await lifeEventsOf(db, [id])).map(({ kind }) => kind))).toBe(state)
    })
  })

  test('is read by its card by who reviews and approves, and by its bytes by nobody but who estimates', async () => {
    const { id } = await fit()
    for (const role of ['evaluator', 'administrator'] as const) {
      expect(await as([role], engineModels)).toHaveLength(1)
      expect(await as([role], (db) => engineBytes(db, id))).toBeNull()
    }
    for (const role of ['adviser', 'manager'] as const)
      expect((await as([role], (db) => engineBytes(db, id)))?.toString()).toBe('the model itself')
  })

  test('is nothing to another network, and no adviser takes a step with it', async () => {
    const { id } = await fit()
    const other = await database.addNetwork()
    expect(await database.as({ networkId: other, roles: ['evaluator', 'manager'] }, engineModels)).toEqual([])
    await expect(
      as(['adviser'], (db) =>
        keepStep(db, networkId, { to: 'reviewed', event: 'reviewed', modelId: id, actorId: staffId, note: 'x', now }),
      ),
    ).rejects.toThrow(/row-level security/)
  })
})

describe('the switch', () => {
  const turn = (isOn: boolean, at: Date) =>
    as(['manager'], (db) =>
      turnSwitch(db, networkId, { isOn, at, by: staffId, reason: 'The labour market has turned.' }),
    )

  test('is on until somebody turns it off, and says who, when and why', async () => {
    expect(await as(['adviser'], isRankingByModelOn)).toBe(true)
    await turn(false, now)
    expect(await as(['adviser'], isRankingByModelOn)).toBe(false)
    expect(await asJob(isRankingByModelOn)).toBe(false)
    await turn(true, later)
    expect(await as(['adviser'], isRankingByModelOn)).toBe(true)
    expect(await as(['evaluator'], (db) => turnings(db))).toMatchObject([
      { isOn: true, by: staffId },
      { isOn: false, at: now, reason: 'The labour market has turned.' },
    ])
  })

  test('leaves the averages of the model in use, and so do failed checks', async () => {
    const { id } = await fit({ usedForRanking: false })
    await step(id, 'reviewed')
    await step(id, 'put_in_use')
    const failed = await as(['adviser'], rankingNow)
    expect(failed.by).toBe('checks_failed')
    expect(failed.averages[0]).toMatchObject({ type: 'language_training', gain: 0.062 })
    await turn(false, now)
    expect(await as(['adviser'], rankingNow)).toMatchObject({ by: 'switched_off', averages: failed.averages })
  })

  test('is not turned by who only reads, and not for another network', async () => {
    await expect(
      as(['evaluator'], (db) => turnSwitch(db, networkId, { isOn: false, at: now, by: staffId, reason: 'x' })),
    ).rejects.toThrow(/row-level security/)
    await turn(false, now)
    const other = await database.addNetwork()
    expect(await database.as({ networkId: other }, isRankingByModelOn)).toBe(true)
  })
})
