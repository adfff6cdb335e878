import { beforeAll, describe, expect, test } from 'vitest'
import { Stopped } from '#compute/index.ts'
import { cardShape, type Card } from './card.ts'
import { drawTable, withFeature } from './learning-table.factory.ts'
import { learnEvidence } from './learn.run.ts'
import type { EngineModel, Predictions } from './model.ts'
import { predictEvidence } from './predict-evidence.ts'

const order = { seed: 1, threads: 0, trees: 12, now: new Date(0) }
const { table, effects } = drawTable({ rows: 500, isProtected: true, effect: 0.5 })

const columnsOf = (one: typeof table) => one.features.map(({ values }) => values)

describe('learned from five hundred people', () => {
  let learned: { model: EngineModel; card: Card }
  let predicted: Predictions
  const told: number[] = []
  beforeAll(async () => {
    learned = await learnEvidence(table, { ...order, onProgress: (done) => told.push(done) })
    predicted = predictEvidence(learned.model, columnsOf(table), table.rows)
  })

  test('the card says all that it promises to', () => {
    expect(cardShape.parse(learned.card)).toStrictEqual(learned.card)
    expect(learned.card.arms.map(({ arm }) => arm)).toStrictEqual(['none', 'course', 'talk'])
    expect(learned.card.values.map(({ rule }) => rule)).toStrictEqual([
      ...['as_it_was', 'random', 'best_single', 'classic', 'engine', 'policy_tree'],
    ])
    expect(learned.card.limits).toContain('few_rows')
  })

  test('progress rises to the whole', () => {
    expect(told).toStrictEqual([...told].sort((a, b) => a - b))
    expect(told.at(-1)).toBe(100)
    expect(told.length).toBeGreaterThan(10)
  })

  test('those whom the course helps are told so, those whom it does not are told less', () => {
    const mean = (isIn: (row: number) => boolean) => {
      const rows = [...Array(500).keys()].filter(isIn)
      return rows.reduce((sum, row) => sum + predicted.tau[row]!, 0) / rows.length
    }
    const helped = mean((row) => effects[row] === 0.5)
    expect(helped).toBeGreaterThan(0.2)
    expect(mean((row) => effects[row] === 0)).toBeLessThan(helped - 0.15)
  })

  test('an estimate lies in its interval, and the interval within what a chance can change by', () => {
    predicted.tau.forEach((tau, at) => {
      expect(predicted.lo[at]).toBeGreaterThanOrEqual(-1)
      expect(predicted.hi[at]).toBeLessThanOrEqual(1)
      expect(predicted.lo[at]).toBeLessThan(tau)
      expect(predicted.hi[at]).toBeGreaterThan(tau)
    })
  })

  test('what held-out groups miss widens every interval, in the outcome’s own units', () => {
    const { model } = learned
    const widthWith = (misfit: number) => {
      const { lo, hi } = predictEvidence(
        { ...model, outcome: { ...model.outcome, kind: 'number' }, interval: { ...model.interval, misfit } },
        columnsOf(table),
        table.rows,
      )
      return hi.map((value, at) => value - lo[at]!)
    }
    const [narrow, wide] = [widthWith(0), widthWith(0.04)]
    wide.forEach((width, at) => {
      expect(width ** 2 - narrow[at]! ** 2).toBeCloseTo((2 * 1.959964 * model.scale * 0.2) ** 2, 9)
    })
  })

  test('a protected fact, flipped or not known, changes no estimate, no interval and no choice', () => {
    for (const flip of [(value: number) => 1 - value, () => NaN]) {
      const flipped = predictEvidence(learned.model, columnsOf(withFeature(table, 'sex', flip)), table.rows)
      const { tau, lo, hi, policy } = flipped
      expect({ tau, lo, hi, policy }).toStrictEqual({
        ...{ tau: predicted.tau, lo: predicted.lo, hi: predicted.hi, policy: predicted.policy },
      })
    }
  })

  test('people asked about one by one get the answers they get together', () => {
    for (const row of [0, 17, 499]) {
      const alone = predictEvidence(
        learned.model,
        columnsOf(table).map((values) => values.slice(row, row + 1)),
        1,
      )
      for (const what of ['tau', 'lo', 'hi', 'support'] as const) {
        expect([...alone[what]]).toStrictEqual([predicted[what][row], predicted[what][500 + row]])
      }
      expect(alone.policy[0]).toBe(predicted.policy[row])
    }
  })

  test('somebody of whom nothing is known, or nothing usual, still gets an answer', () => {
    const strange = [NaN, Infinity, -1e300, 9].map((value) => columnsOf(table).map(() => Float64Array.of(value)))
    for (const columns of strange) {
      const { tau, lo, hi } = predictEvidence(learned.model, columns, 1)
      for (const values of [tau, lo, hi]) expect(values.every(Number.isFinite)).toBe(true)
    }
  })

  test('a person described by another number of facts is refused', () => {
    expect(() => predictEvidence(learned.model, columnsOf(table).slice(1), table.rows)).toThrow()
  })
})

test('stopped before or on the way, learning ends as stopped and gives nothing', async () => {
  await expect(learnEvidence(table, { ...order, signal: AbortSignal.abort() })).rejects.toThrow(Stopped)
  const stop = new AbortController()
  const onTheWay = learnEvidence(table, {
    ...order,
    signal: stop.signal,
    onProgress: (done) => done > 20 && stop.abort(),
  })
  await expect(onTheWay).rejects.toThrow(Stopped)
})
