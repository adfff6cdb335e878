import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addCrossProduct,
  addWeightedGram,
  choleskyFactor,
  choleskySolve,
  linearPredictor,
  makeRandom,
} from './index.ts'

function matrix(rows: number, columns: number, seed: number): Float64Array {
  const random = makeRandom(seed, 1)
  return Float64Array.from({ length: rows * columns }, () => random.normal())
}

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 700 }),
  columns: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 0, max: 1e9 }),
})

test('the weighted gram is X W X for any shape, odd or even, above and below the block', () => {
  fc.assert(
    fc.property(shapes, ({ rows, columns, seed }) => {
      const x = matrix(rows, columns, seed)
      const weight = matrix(rows, 1, seed + 1).map(Math.abs)
      const gram = new Float64Array(columns * columns)
      // In two parts, so that the sums really add up.
      const middle = Math.floor(rows / 3)
      addWeightedGram(x, rows, columns, weight, gram, 0, middle)
      addWeightedGram(x, rows, columns, weight, gram, middle, rows)
      for (let j = 0; j < columns; j++) {
        for (let k = 0; k < columns; k++) {
          let sum = 0
          for (let i = 0; i < rows; i++) sum += weight[i]! * x[j * rows + i]! * x[k * rows + i]!
          expect(gram[j * columns + k]).toBeCloseTo(k >= j ? sum : 0, 8)
        }
      }
    }),
    { numRuns: 40 },
  )
})

test('predictor and cross product are X b and X r, on a part of the rows alone', () => {
  const rows = 300
  const x = matrix(rows, 3, 5)
  const b = Float64Array.from([1, 0, -2])
  const out = new Float64Array(rows).fill(7)
  linearPredictor(x, rows, b, out, null, 100, 200)
  expect(out[99]).toBe(7)
  expect(out[150]).toBeCloseTo(x[150]! - 2 * x[2 * rows + 150]!, 12)
  const sums = new Float64Array(3)
  addCrossProduct(x, rows, out, sums, 100, 200)
  let expected = 0
  for (let i = 100; i < 200; i++) expected += x[rows + i]! * out[i]!
  expect(sums[1]).toBeCloseTo(expected, 10)
})

test('a positive definite system is solved, and any other is told', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 1e9 }), (size, seed) => {
      const x = matrix(size + 3, size, seed)
      const gram = new Float64Array(size * size)
      addWeightedGram(x, size + 3, size, new Float64Array(size + 3).fill(1), gram)
      for (let j = 0; j < size; j++) gram[j * size + j]! += 0.5
      const whole = gram.map(
        (_, at) =>
          gram[Math.min(at % size, Math.floor(at / size)) * size + Math.max(at % size, Math.floor(at / size))]!,
      )
      const wanted = matrix(size, 1, seed + 9)
      const rhs = new Float64Array(size)
      for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) rhs[i]! += whole[j * size + i]! * wanted[j]!
      expect(choleskyFactor(gram, size)).toBe(true)
      choleskySolve(gram, size, rhs)
      wanted.forEach((value, j) => expect(rhs[j]).toBeCloseTo(value, 6))
    }),
    { numRuns: 40 },
  )
  expect(choleskyFactor(Float64Array.from([1, 2, 2, 1]), 2)).toBe(false)
  expect(choleskyFactor(Float64Array.from([NaN]), 1)).toBe(false)
  expect(() => choleskyFactor(new Float64Array(3), 2)).toThrow(RangeError)
})
