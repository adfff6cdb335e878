import { expect, test } from 'vitest'
import { binSample, drawSample } from '../forest/sample.factory.ts'
import { makeRandom } from '../rng.ts'
import { planBasis, termsOfRow } from './basis.ts'
import { addMoments, gatherMoments, type Moments, type MomentsInput } from './moments.ts'

const rows = 300
const folds = 3

/** Rows with missing answers in every column, weights (some nought) and folds. */
function someRows(): MomentsInput {
  const { values, y, arm, arms } = drawSample(rows, 2)
  const random = makeRandom(2, 1)
  const table = binSample(values.map((column) => column.map((value) => (random.uniform() < 0.1 ? NaN : value))))
  return {
    ...{ table, basis: planBasis(table, { steps: 3, weight: null, rows: null }), y, arm, arms, folds },
    weight: Float64Array.from({ length: rows }, () => random.below(4) / 2),
    fold: Uint8Array.from({ length: rows }, () => random.below(folds)),
  }
}

const input = someRows()

/** X'WX, X'Wy and y'Wy by the terms of each row. */
function bruteForce({ basis, table, y, weight }: MomentsInput, isIn: (row: number) => boolean): Moments {
  const size = basis.terms + 1
  const gram = new Float64Array(size * size)
  const cross = new Float64Array(size)
  const x = new Float64Array(size)
  let [squares, total, count] = [0, 0, 0]
  for (let row = 0; row < table.rows; row++) {
    const w = weight?.[row] ?? 1
    if (!isIn(row) || w === 0) continue
    termsOfRow(basis, table, row, x, null)
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) gram[i * size + j]! += w * x[i]! * x[j]!
      cross[i]! += w * x[i]! * y[row]!
    }
    squares += w * y[row]! ** 2
    total += w
    count++
  }
  return { size, gram, cross, squares, weight: total, rows: count }
}

function expectSame(one: Moments, other: Moments) {
  expect([one.size, one.rows]).toStrictEqual([other.size, other.rows])
  expect(one.weight).toBeCloseTo(other.weight, 9)
  expect(one.squares).toBeCloseTo(other.squares, 9)
  const far = (a: Float64Array, b: Float64Array) => a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0)
  expect(far(one.gram, other.gram)).toBeLessThan(1e-9)
  expect(far(one.cross, other.cross)).toBeLessThan(1e-9)
}

test('the sums of each fold and arm are those of the rows’ own terms', () => {
  const found = gatherMoments(input)
  expect(found).toHaveLength(folds * input.arms)
  found.forEach((moments, group) => {
    const isIn = (row: number) => input.fold[row]! * input.arms + input.arm[row]! === group
    expectSame(moments, bruteForce(input, isIn))
  })
})

test('the sums of the folds are the sums of all rows', () => {
  expectSame(
    addMoments(gatherMoments(input)),
    bruteForce(input, () => true),
  )
})

test('a row of no weight counts for nothing, whatever its outcome', () => {
  const y = input.y.map((value, i) => (input.weight![i] === 0 ? NaN : value))
  const [found, before] = [gatherMoments({ ...input, y }), gatherMoments(input)]
  expect(found).toStrictEqual(before)
})

test('a row that counts twice is a row that is there twice', () => {
  const whole = { ...input, weight: null, fold: new Uint8Array(rows), folds: 1 }
  const weight = Float64Array.from({ length: rows }, (_, i) => (i < 100 ? 2 : 1))
  const [first, once] = [gatherMoments({ ...whole, weight }), gatherMoments(whole)]
  const early = gatherMoments({ ...whole, weight: weight.map((w) => w - 1) })
  first.forEach((moments, arm) => {
    const summed = addMoments([once[arm]!, early[arm]!])
    expectSame({ ...moments, rows: summed.rows }, summed)
  })
})
