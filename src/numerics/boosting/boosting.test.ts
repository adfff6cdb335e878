import { describe, expect, test } from 'vitest'
import { binTable, cutColumn, type BinnedTable, type RawColumn } from '../bins/bins.ts'
import { makeRandom } from '../rng.ts'
import { predictBoosted } from './boosted-trees.ts'
import { fitBoosting } from './boosting.ts'
import type { BoostingProblem } from './boosting-problem.ts'

const number = (values: ArrayLike<number>): RawColumn => ({ kind: 'number', levels: 0, values })
const category = (values: ArrayLike<number>, levels: number): RawColumn => ({ kind: 'category', levels, values })

function tableOf(columns: readonly RawColumn[]): BinnedTable {
  return binTable(
    columns.map((column) => cutColumn(column, 32)),
    columns.map((column) => column.values),
    columns[0]!.values.length,
  )
}

/** Rows with two numbers (the first not known for some), a category, a yes/no outcome, a class and weights. */
function some(rows: number, seed = 1) {
  const random = makeRandom(seed, 0)
  const draw = (f: () => number) => Float64Array.from({ length: rows }, f)
  const a = draw(() => (random.uniform() < 0.1 ? NaN : random.normal()))
  const b = draw(() => random.normal())
  const c = draw(() => random.below(4))
  const score = a.map((v, i) => (Number.isNaN(v) ? 1 : v) + (c[i] === 2 ? 1 : 0) - b[i]! * (c[i] === 1 ? 1 : 0))
  const yes = score.map((s) => (random.uniform() < 1 / (1 + Math.exp(-s)) ? 1 : 0))
  const classOf = score.map((s) => (s > 1 ? 2 : s > 0 ? 1 : 0))
  const amount = score.map((s) => s + 0.3 * random.normal())
  const weight = draw(() => 1 + random.below(3))
  return { table: tableOf([number(a), number(b), category(c, 4)]), a, b, c, yes, classOf, amount, weight }
}

const problem = (table: BinnedTable, rest: Partial<BoostingProblem>): BoostingProblem => ({
  table,
  loss: 'squared',
  outputs: 1,
  y: new Float64Array(table.rows),
  rows: null,
  weight: null,
  offset: null,
  ...rest,
})

const meanSquare = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0) / a.length

describe('boosting', () => {
  test('each round lowers the loss on the rows that train', () => {
    const { table, yes, classOf, amount } = some(600)
    const all = Uint32Array.from({ length: 600 }, (_, i) => i)
    for (const p of [
      problem(table, { y: amount }),
      problem(table, { loss: 'logistic', y: yes }),
      problem(table, { loss: 'softmax', y: classOf, outputs: 3 }),
    ]) {
      const { heldOutLoss } = fitBoosting(p, { rounds: 20, heldOut: { rows: all } })
      expect(heldOutLoss.length).toBe(21)
      for (let r = 1; r <= 20; r++) expect(heldOutLoss[r]).toBeLessThan(heldOutLoss[r - 1]!)
    }
  })

  test('finds the shape that made the data', () => {
    const { table, amount } = some(4000)
    const { model } = fitBoosting(problem(table, { y: amount }), { rounds: 150, learningRate: 0.2 })
    const variance = meanSquare(
      amount,
      amount.map(() => amount.reduce((s, v) => s + v, 0) / amount.length),
    )
    expect(meanSquare(predictBoosted(model, table), amount)).toBeLessThan(0.12 * variance)
  })

  test('a strictly rising change of scale changes no prediction', () => {
    const { table, a, b, c, amount } = some(500)
    const scaled = tableOf([number(a.map((v) => Math.exp(v) * 3)), number(b.map((v) => v ** 3)), category(c, 4)])
    const fit = (t: BinnedTable) => predictBoosted(fitBoosting(problem(t, { y: amount }), { rounds: 30 }).model, t)
    expect(fit(scaled)).toEqual(fit(table))
  })

  test('relabelled classes give the same chances under their new names', () => {
    const { table, classOf } = some(500)
    const fit = (y: Float64Array) =>
      predictBoosted(fitBoosting(problem(table, { loss: 'softmax', outputs: 3, y }), { rounds: 10 }).model, table)
    const before = fit(classOf)
    const after = fit(classOf.map((k) => (k + 1) % 3))
    for (let k = 0; k < 3; k++) {
      for (let i = 0; i < 500; i++) expect(after[((k + 1) % 3) * 500 + i]).toBeCloseTo(before[k * 500 + i]!, 10)
    }
  })

  test('a weight of two is two equal rows', () => {
    const { table, a, b, c, yes, amount, weight } = some(300)
    const copies: number[] = []
    weight.forEach((w, i) => copies.push(...Array.from({ length: w }, () => i)))
    const repeat = (values: Float64Array) => Float64Array.from(copies, (i) => values[i]!)
    const bins = new Uint8Array(copies.length * 3)
    for (let j = 0; j < 3; j++) copies.forEach((i, at) => (bins[j * copies.length + at] = table.bins[j * 300 + i]!))
    const repeated = { rows: copies.length, columns: table.columns, bins }
    expect(repeat(a).length + repeat(b).length + repeat(c).length).toBe(3 * copies.length)
    for (const [loss, y] of [
      ['squared', amount],
      ['logistic', yes],
    ] as const) {
      const options = { rounds: 15, minRows: 1, minHessian: 6 }
      const weighted = fitBoosting(problem(table, { loss, y, weight }), options).model
      const plain = fitBoosting(problem(repeated, { loss, y: repeat(y) }), options).model
      const expected = predictBoosted(plain, table)
      // The half event of the starting log odds is of mean weight in one and of one row in the other.
      const digits = loss === 'squared' ? 9 : 1.5
      predictBoosted(weighted, table).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, digits))
    }
  })

  test('rows that do not train are never read', () => {
    const { table, amount } = some(400)
    const rows = Uint32Array.from({ length: 250 }, (_, i) => i + (i >= 100 ? 50 : 0))
    const trains = new Set(rows)
    const torn = amount.map((v, i) => (trains.has(i) ? v : NaN))
    const weight = amount.map((_, i) => (trains.has(i) ? 1 : NaN))
    const { model } = fitBoosting(problem(table, { y: torn, weight, rows }), { rounds: 10 })
    const other = fitBoosting(problem(table, { y: amount, rows }), { rounds: 10 }).model
    predictBoosted(model, table).forEach((v, i) => expect(v).toBeCloseTo(predictBoosted(other, table)[i]!, 9))
  })

  test('scores known beforehand are added to and not learned again', () => {
    const { table, amount } = some(500)
    const { model } = fitBoosting(problem(table, { y: amount, offset: amount.slice() }), { rounds: 5 })
    expect(Math.max(...predictBoosted(model, table).map(Math.abs))).toBeLessThan(1e-12)
  })

  test('several targets are learned as if each were alone', () => {
    const { table, amount, b, weight } = some(400)
    const y = new Float64Array(800)
    y.set(amount)
    y.set(b, 400)
    const both = predictBoosted(fitBoosting(problem(table, { y, outputs: 2, weight }), { rounds: 12 }).model, table)
    const alone = (one: Float64Array) =>
      predictBoosted(fitBoosting(problem(table, { y: one, weight }), { rounds: 12 }).model, table)
    expect(both.slice(0, 400)).toEqual(alone(amount))
    expect(both.slice(400)).toEqual(alone(b))
  })

  test('stops where held-out rows no longer gain, and predicts with the best rounds', () => {
    const { table, yes } = some(400)
    const rows = Uint32Array.from({ length: 200 }, (_, i) => i)
    const heldOut = { rows: rows.map((i) => i + 200), patience: 5, keepAfter: [0, 4, 1000] }
    const options = { rounds: 400, learningRate: 0.5, minRows: 2 }
    const fit = fitBoosting(problem(table, { loss: 'logistic', y: yes, rows }), { ...options, heldOut })
    const best = fit.heldOutLoss.indexOf(Math.min(...fit.heldOutLoss))
    expect(fit.heldOutLoss.length).toBeLessThan(400)
    expect(fit.model.roots.length).toBe(best)
    expect(fit.kept.length).toBe(3)
    const after4 = predictBoosted(
      fitBoosting(problem(table, { loss: 'logistic', y: yes, rows }), { ...options, rounds: 4 }).model,
      table,
      heldOut.rows,
    )
    fit.kept[1]?.forEach((score, i) => expect(score).toBeCloseTo(after4[i]!, 10))
  })

  test('the same seed draws the same rows and columns, another seed others', () => {
    const { table, amount } = some(500)
    const fit = (seed: number) =>
      predictBoosted(
        fitBoosting(problem(table, { y: amount }), { rounds: 8, rowShare: 0.5, columnShare: 0.7, seed }).model,
        table,
      )
    expect(fit(7)).toEqual(fit(7))
    expect(fit(7)).not.toEqual(fit(8))
  })
})

describe('boosting on degenerate data', () => {
  const { table, amount, classOf } = some(60)

  test('a constant outcome is predicted as it is, without a tree', () => {
    const { model } = fitBoosting(problem(table, { y: new Float64Array(60).fill(3) }), { rounds: 10 })
    expect(model.roots.length).toBe(0)
    expect(predictBoosted(model, table)).toEqual(new Float64Array(60).fill(3))
  })

  test('one class alone, and a class that nobody has, stay finite', () => {
    for (const y of [new Float64Array(60), classOf.map((k) => (k === 2 ? 0 : k))]) {
      const { model } = fitBoosting(problem(table, { loss: 'softmax', outputs: 3, y }), { rounds: 30, minRows: 1 })
      expect(predictBoosted(model, table).every(Number.isFinite)).toBe(true)
    }
    const yes = problem(table, { loss: 'logistic', y: new Float64Array(60).fill(1) })
    const scores = predictBoosted(fitBoosting(yes, { rounds: 30 }).model, table)
    expect(scores.every((s) => s > 2 && Number.isFinite(s))).toBe(true)
  })

  test('a column of which nothing is known is never split', () => {
    const empty = tableOf([number(new Float64Array(60).fill(NaN)), number(amount)])
    const { model } = fitBoosting(problem(empty, { y: amount }), { rounds: 5, minRows: 5 })
    expect(model.roots.length).toBe(5)
    for (let i = 0; i < model.left.length; i++) if (model.left[i] !== 0) expect(model.column[i]).toBe(1)
  })

  test('two rows give their mean', () => {
    const two = tableOf([number([1, 2])])
    const { model } = fitBoosting(problem(two, { y: Float64Array.of(0, 1) }), { rounds: 5 })
    expect([...predictBoosted(model, two)]).toEqual([0.5, 0.5])
  })

  test('no columns at all give the mean', () => {
    const none = { rows: 3, columns: [], bins: new Uint8Array(0) }
    const { model } = fitBoosting(problem(none, { y: Float64Array.of(0, 1, 2) }), { rounds: 5, minRows: 1 })
    expect([...predictBoosted(model, none)]).toEqual([1, 1, 1])
  })

  test('what cannot be learned is refused with its reason', () => {
    const y = amount
    expect(() => fitBoosting(problem(table, { y, rows: new Uint32Array(0) }), { rounds: 1 })).toThrow(/no row/)
    expect(() => fitBoosting(problem(table, { y: y.map(() => NaN) }), { rounds: 1 })).toThrow(/no number/)
    expect(() => fitBoosting(problem(table, { y, weight: new Float64Array(60) }), { rounds: 1 })).toThrow(/nothing/)
    expect(() => fitBoosting(problem(table, { loss: 'logistic', y }), { rounds: 1 })).toThrow(/between 0 and 1/)
    expect(() => fitBoosting(problem(table, { loss: 'softmax', outputs: 2, y: classOf }), { rounds: 1 })).toThrow(
      /class/,
    )
    expect(() => fitBoosting(problem(table, { y, rows: Uint32Array.of(60) }), { rounds: 1 })).toThrow(
      /not in the table/,
    )
    const { model } = fitBoosting(problem(table, { y }), { rounds: 1 })
    expect(() => predictBoosted(model, tableOf([number([1, 2])]))).toThrow(/other columns/)
  })
})
