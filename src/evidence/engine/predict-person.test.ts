import { beforeAll, expect, test } from 'vitest'
import { learnEvidence } from './learn.run.ts'
import { drawTable } from './learning-table.factory.ts'
import type { EngineModel } from './model.ts'
import { predictEvidence } from './predict-evidence.ts'
import { predictPerson } from './predict-person.ts'

const { table } = drawTable({ rows: 1500, isProtected: true })
let model: EngineModel

beforeAll(async () => {
  model = (await learnEvidence(table, { seed: 1, threads: 0, trees: 20 })).model
})

const cellsOf = (row: number) => Float64Array.from(table.features, ({ values }) => values[row]!)
const sex = table.features.findIndex(({ isProtected }) => isProtected)
const flipped = (cells: Float64Array, value: number) => cells.with(sex, value)

test('flip test: a protected answer changes neither effect, interval, support nor what is expected without', () => {
  for (let row = 0; row < 60; row++) {
    const cells = cellsOf(row)
    const said = predictPerson(model, cells)
    for (const value of [0, 1, NaN]) expect(predictPerson(model, flipped(cells, value))).toEqual(said)
  }
})

test('effects and intervals are those that the same person has among many', () => {
  const columns = table.features.map(({ values }) => values.slice(0, 40))
  const many = predictEvidence(model, columns, 40)
  for (let row = 0; row < 40; row++) {
    const { tau, lo, hi } = predictPerson(model, cellsOf(row))
    for (const [own, all] of [
      [tau, many.tau],
      [lo, many.lo],
      [hi, many.hi],
    ] as const) {
      own.forEach((value, k) => expect(value).toBeCloseTo(all[k * 40 + row]!, 12))
    }
  }
})

test('what is expected without any service is right on average, and more for who starts out better', () => {
  // By the table's making, a chance of 0.2 and three in a hundred more with each of ten years; half of them 0.05 more.
  const expected = (row: number) => predictPerson(model, cellsOf(row)).without
  const rows = Array.from({ length: 300 }, (_, row) => row)
  expect(rows.reduce((sum, row) => sum + expected(row), 0) / rows.length).toBeCloseTo(0.375, 1)
  const years = (value: number) => predictPerson(model, Float64Array.of(value, 1, 0, 0)).without
  expect(years(9)).toBeGreaterThan(years(1) + 0.05)
})

test('where nobody of the same answers took a service, it has no support, whatever the protected ones', async () => {
  // The second service is for region c alone.
  const arm = table.arm.map((place, row) => (place === 2 && table.features[2]!.values[row] !== 2 ? 0 : place))
  const { model: narrow } = await learnEvidence({ ...table, arm }, { seed: 1, threads: 0, trees: 20 })
  expect(predictPerson(narrow, Float64Array.of(5, 1, 0, NaN)).support[1]).toBe(0)
  expect(predictPerson(narrow, Float64Array.of(5, 1, 2, NaN)).support[1]).toBe(1)
})

test('another number of answers is refused', () => {
  expect(() => predictPerson(model, Float64Array.of(1))).toThrow(RangeError)
})
