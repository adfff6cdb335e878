import { describe, expect, test } from 'vitest'
import { makeRandom } from '#numerics/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import type { Foretold } from '../engine/foretell.ts'
import { aTable } from '../engine/card.factory.ts'
import { calibrationSince, type Calibration } from './calibration.ts'
import { learnedInputs } from './drift.ts'

interface World {
  readonly seed: number
  readonly rows?: number
  /** Added to everybody's true chance, beyond what is told of them. */
  readonly shift?: number
  /** Added to the true effect of language training. */
  readonly effect?: number
  /** By how much true chances lie apart where those told lie apart by one. */
  readonly slope?: number
}

const effects = [0.1, 0] as const

/** People of whom a model tells chances between 0.2 and 0.5, more with the first service; by default it is right. */
function people({ seed, rows = 1500, shift = 0, effect = 0, slope = 1 }: World): {
  table: LearningTable
  foretold: Foretold
} {
  const random = makeRandom(seed, 0)
  const arm = Uint8Array.from({ length: rows }, () => random.below(3))
  const without = Float64Array.from({ length: rows }, () => 0.2 + 0.3 * random.uniform())
  const expected = without.map((chance, i) => chance + (arm[i] === 0 ? 0 : effects[arm[i]! - 1]!))
  const values = expected.map((told, i) => {
    const chance = 0.4 + slope * (told - 0.4) + shift + (arm[i] === 1 ? effect : 0)
    return random.uniform() < 0.1 ? NaN : Number(random.uniform() < chance)
  })
  const base = aTable()
  const table = { ...base, rows, features: [], arm, outcome: { ...base.outcome, values } }
  return {
    table,
    foretold: {
      ...{ rows, arms: base.arms, arm, expected },
      tau: Float64Array.from({ length: 2 * rows }, (_, at) => effects[Math.floor(at / rows)]!),
      support: new Uint8Array(2 * rows).fill(1),
      chances: new Float64Array(3 * rows).fill(1 / 3),
    },
  }
}

const then = learnedInputs(people({ seed: 1, rows: 8000 }).table)
function since(world: World, looks = 1): Calibration {
  const { table, foretold } = people(world)
  return calibrationSince(then, table, { foretold, looks })
}
const figure = ({ figures }: Calibration, of: string, arm: string | null = null) =>
  figures.find((each) => each.of === of && each.arm === arm)!

describe('what a model told', () => {
  test('holds where outcomes are as it told', () => {
    const found = since({ seed: 2, rows: 3000 })
    expect(found.verdict).toBe('holds')
    expect(found.figures.map(({ of, arm }) => [of, arm])).toEqual([
      ['outcome', null],
      ['slope', null],
      ['outcome', 'none'],
      ['outcome', 'language_training'],
      ['outcome', 'vocational_training'],
      ['effect', 'language_training'],
      ['effect', 'vocational_training'],
    ])
    for (const { low, high, told, verdict } of found.figures) {
      expect(low < told && told < high).toBe(true)
      expect(verdict).not.toBe('drifts')
    }
  })

  test('drifts where fewer come to work than it told, for each service, and effects are as they were', () => {
    const found = since({ seed: 3, rows: 3000, shift: -0.12 })
    expect(found.verdict).toBe('drifts')
    for (const arm of [null, 'none', 'language_training'])
      expect(figure(found, 'outcome', arm)).toMatchObject({ verdict: 'drifts' })
    expect(figure(found, 'outcome').found - figure(found, 'outcome').told).toBeCloseTo(-0.12, 1)
    expect(figure(found, 'effect', 'language_training').verdict).not.toBe('drifts')
  })

  test('drifts where a service no longer adds what it told', () => {
    const found = since({ seed: 4, rows: 6000, effect: -0.2 })
    expect(figure(found, 'effect', 'language_training')).toMatchObject({ told: expect.closeTo(0.1, 9) as number })
    expect(figure(found, 'effect', 'language_training').found).toBeCloseTo(-0.1, 1)
    expect(figure(found, 'effect', 'language_training').verdict).toBe('drifts')
    expect(figure(found, 'effect', 'vocational_training').verdict).not.toBe('drifts')
    expect(figure(found, 'outcome', 'none').verdict).not.toBe('drifts')
  })

  test('drifts where those it told apart are alike', () => {
    const found = since({ seed: 5, rows: 8000, slope: 0 })
    expect(figure(found, 'slope')).toMatchObject({ told: 1, verdict: 'drifts' })
    expect(figure(found, 'slope').high).toBeLessThan(0.6)
  })

  test('cannot be told of a few', () => {
    expect(since({ seed: 6, rows: 60 })).toEqual({ looks: 1, verdict: 'too_few', figures: [] })
    const few = since({ seed: 7, rows: 140 })
    expect(few.figures.filter(({ of }) => of === 'effect')).toEqual([])
    expect(few.verdict).toBe('too_few')
  })

  test('of a service that the model does not know says nothing', () => {
    const { table, foretold } = people({ seed: 8 })
    const expected = foretold.expected.map((told, i) => (foretold.arm[i] === 2 ? NaN : told))
    const arm = foretold.arm.map((place) => (place === 2 ? 255 : place))
    const found = calibrationSince(then, table, { foretold: { ...foretold, arm, expected }, looks: 1 })
    expect(found.figures.some((each) => each.arm === 'vocational_training')).toBe(false)
    expect(found.verdict).toBe('holds')
  })

  test('needs more to be said to drift at each further look', () => {
    const width = (looks: number) => {
      const { low, high } = figure(since({ seed: 9 }, looks), 'outcome')
      return high - low
    }
    expect(width(1)).toBeLessThan(width(2))
    expect(width(2)).toBeLessThan(width(50))
  })

  test('is wrongly said to drift for at most one of twenty models over ten looks', () => {
    let alarms = 0
    const models = 40
    for (let model = 0; model < models; model++) {
      const learnedFrom = learnedInputs(people({ seed: 1000 + model, rows: 2000 }).table)
      const all = people({ seed: 2000 + model, rows: 2000 })
      const isAlarm = Array.from({ length: 10 }, (_, look) => {
        const rows = 200 * (look + 1)
        const part = firstRows(all, rows)
        return calibrationSince(learnedFrom, part.table, { foretold: part.foretold, looks: look + 1 }).verdict
      }).includes('drifts')
      alarms += Number(isAlarm)
    }
    expect(alarms / models).toBeLessThanOrEqual(0.05)
  })
})

function firstRows({ table, foretold }: { table: LearningTable; foretold: Foretold }, rows: number) {
  const cut = (values: Float64Array) =>
    Float64Array.from({ length: (values.length / table.rows) * rows }, (_, at) => {
      return values[Math.floor(at / rows) * table.rows + (at % rows)]!
    })
  const arm = table.arm.slice(0, rows)
  return {
    table: { ...table, rows, arm, outcome: { ...table.outcome, values: table.outcome.values.slice(0, rows) } },
    foretold: {
      ...{ rows, arms: foretold.arms, arm, expected: foretold.expected.slice(0, rows), tau: cut(foretold.tau) },
      ...{ support: new Uint8Array(2 * rows).fill(1), chances: cut(foretold.chances) },
    },
  }
}
