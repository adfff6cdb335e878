import { describe, expect, test } from 'vitest'
import { makeRandom } from '#numerics/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import { otherLevels } from '../dataset/levels.ts'
import { driftSince, fewestRows, indexByChance, learnedInputs, stabilityIndex } from './drift.ts'

interface World {
  readonly seed: number
  readonly rows?: number
  readonly age?: (uniform: number) => number
  readonly training?: number
  readonly working?: number
  readonly levels?: readonly string[]
}

function people({
  seed,
  rows = 4000,
  age = (u) => 20 + 40 * u,
  training = 0.3,
  working = 0.4,
  levels = ['low', 'high'],
}: World) {
  const random = makeRandom(seed, 0)
  const ages = Float64Array.from({ length: rows }, () => (random.uniform() < 0.05 ? NaN : age(random.uniform())))
  const schooling = Float64Array.from({ length: rows }, () => levels.indexOf(random.uniform() < 0.5 ? 'low' : 'high'))
  const arm = Uint8Array.from({ length: rows }, () => Number(random.uniform() < training))
  const outcome = Float64Array.from({ length: rows }, () =>
    random.uniform() < 0.1 ? NaN : Number(random.uniform() < working),
  )
  const table: LearningTable = {
    rows,
    features: [
      { name: 'age', kind: 'number', levels: [], isProtected: true, values: ages },
      { name: 'schooling', kind: 'ordered', levels, isProtected: false, values: schooling },
    ],
    treatment: 'service',
    arms: ['none', 'training'],
    arm,
    outcome: { name: 'working', kind: 'yes_no', values: outcome },
    weight: null,
    cluster: null,
    knownPropensity: null,
    span: null,
    provider: null,
  }
  return table
}

const then = learnedInputs(people({ seed: 1 }))
const levelOf = (report: ReturnType<typeof driftSince>, name: string) =>
  report.inputs.find((input) => input.name === name)?.level

describe('later episodes', () => {
  test('of the same people, services and outcomes are steady', () => {
    const report = driftSince(then, people({ seed: 2, rows: 1500 }))
    expect(report).toMatchObject({ rows: 1500, level: 'steady' })
    expect(report.inputs.map(({ level }) => level)).toEqual(['steady', 'steady'])
    expect(report.outcomes.map(({ arm }) => arm)).toEqual(['none', 'training'])
  })

  test('of younger people have moved in age alone', () => {
    const report = driftSince(then, people({ seed: 3, age: (u) => 20 + 40 * u * u }))
    expect(levelOf(report, 'age')).toBe('moved')
    expect(levelOf(report, 'schooling')).toBe('steady')
    expect(report.level).toBe('moved')
  })

  test('in which another service is taken have moved in services', () => {
    const report = driftSince(then, people({ seed: 4, training: 0.6 }))
    expect(report.services).toMatchObject({ level: 'moved' })
    expect(report.services?.shares[1]?.now).toBeCloseTo(0.6, 1)
  })

  test('of whom fewer come to work have moved in outcomes', () => {
    const report = driftSince(then, people({ seed: 5, working: 0.25 }))
    expect(report.outcomes.map(({ level }) => level)).toEqual(['moved', 'moved'])
    expect(report.outcomes[0]?.then).toBeCloseTo(0.4, 1)
  })

  test('that are few say nothing', () => {
    const report = driftSince(then, people({ seed: 6, rows: fewestRows - 1, training: 0.9 }))
    expect(report).toEqual({
      ...{ rows: fewestRows - 1, level: null, inputs: [], services: null, outcomes: [], calibration: null },
    })
  })

  test('whose levels stand in another order are the same people', () => {
    const report = driftSince(then, people({ seed: 7, levels: ['new', 'high', 'low'] }))
    expect(levelOf(report, 'schooling')).toBe('steady')
  })

  test('that no longer tell a fact have moved in it; a rare yes or no that is gone is not told', () => {
    const now = people({ seed: 8 })
    expect(levelOf(driftSince(then, { ...now, features: now.features.slice(0, 1) }), 'schooling')).toBe('moved')
    const table = people({ seed: 1 })
    const need = {
      ...table.features[0]!,
      name: 'needs: housing',
      values: table.features[0]!.values.map((age) => Number(age < 21)),
    }
    const withNeed = learnedInputs({ ...table, features: [...table.features, need] })
    expect(driftSince(withNeed, now).inputs.map(({ name }) => name)).toEqual(['age', 'schooling'])
  })

  test('that are few, and so have their rare levels put together, have not moved for that', () => {
    const areas = (rows: number, seed: number, levels: readonly string[], other: number): LearningTable => {
      const table = people({ seed, rows })
      const random = makeRandom(seed, 5)
      // Ten areas of a twentieth each beside one of a half.
      const values = Float64Array.from({ length: rows }, () => {
        const place = random.uniform() < 0.5 ? 0 : 1 + random.below(10)
        return place < other ? place : other
      })
      return { ...table, features: [{ name: 'area', kind: 'category', levels, isProtected: false, values }] }
    }
    const names = Array.from({ length: 11 }, (_, at) => `area ${at}`)
    const before = learnedInputs(areas(4000, 1, names, 99))
    const after = areas(400, 2, [...names.slice(0, 2), otherLevels], 2)
    expect(driftSince(before, after).inputs).toMatchObject([{ name: 'area', level: 'steady' }])
  })

  test('in which a rule that almost all met is met by half have moved in it', () => {
    const yesNo = (rows: number, every: number): LearningTable => {
      const table = people({ seed: 3, rows })
      const values = Float64Array.from({ length: rows }, (_, at) => Number(at % every !== 0))
      return { ...table, features: [{ name: 'licence', kind: 'number', levels: [], isProtected: false, values }] }
    }
    expect(driftSince(learnedInputs(yesNo(4000, 50)), yesNo(400, 2)).inputs).toMatchObject([{ level: 'moved' }])
  })

  test('in which a few took a service do not show how many', () => {
    const now = people({ seed: 9, rows: 500, training: 0 })
    now.arm.fill(1, 0, 3)
    const report = driftSince(then, now)
    expect(report.services?.shares.map((share) => share.now)).toEqual([null, null])
    expect(report.outcomes.map(({ arm }) => arm)).toEqual(['none'])
  })
})

test('the index is nothing for equal shares, and as worked out by hand for others', () => {
  expect(stabilityIndex([0.5, 0.5], [0.5, 0.5])).toBe(0)
  // (0.6 − 0.5) ln(0.6/0.5) + (0.4 − 0.5) ln(0.4/0.5)
  expect(stabilityIndex([0.5, 0.5], [0.6, 0.4])).toBeCloseTo(0.1 * Math.log(1.2) - 0.1 * Math.log(0.8), 12)
})

test('two samples of one population stay below the chance mark in about nineteen of twenty', () => {
  const random = makeRandom(11, 0)
  const draw = (n: number) => {
    const shares = new Array<number>(10).fill(0)
    for (let i = 0; i < n; i++) shares[random.below(10)]! += 1 / n
    return shares
  }
  const tries = 400
  let above = 0
  for (let i = 0; i < tries; i++) {
    if (stabilityIndex(draw(600), draw(400)) > indexByChance(10, { then: 600, now: 400 })) above++
  }
  expect(above / tries).toBeGreaterThan(0.02)
  expect(above / tries).toBeLessThan(0.09)
})
