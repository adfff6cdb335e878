import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeRandom } from '../rng.ts'
import { assignWithPlaces } from './assign.ts'

/** The largest sum by trying every way; gains by row. */
function largestSum(gains: readonly (readonly number[])[], places: readonly number[], row = 0): number {
  if (row === gains.length) return 0
  let best = -Infinity
  gains[row]!.forEach((gain, arm) => {
    if (places[arm]! < 1) return
    const left = places.map((count, a) => (a === arm ? count - 1 : count))
    best = Math.max(best, gain + largestSum(gains, left, row + 1))
  })
  return best
}

const columnMajor = (gains: readonly (readonly number[])[]) =>
  Float64Array.from(gains[0]!.flatMap((_, a) => gains.map((row) => row[a]!)))

const sumOf = (gains: readonly (readonly number[])[], chosen: Uint8Array) =>
  gains.reduce((sum, row, i) => sum + row[chosen[i]!]!, 0)

const cases = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 4 })).chain(([rows, arms]) =>
  fc.record({
    gains: fc.array(fc.array(fc.integer({ min: -6, max: 6 }), { minLength: arms, maxLength: arms }), {
      minLength: rows,
      maxLength: rows,
    }),
    places: fc
      .array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(Infinity)), { minLength: arms, maxLength: arms })
      .filter((places) => places.reduce((sum, count) => sum + count, 0) >= rows),
  }),
)

describe('an assignment with places', () => {
  test('has the largest sum there is, and no arm is over', () => {
    fc.assert(
      fc.property(cases, ({ gains, places }) => {
        const { chosen } = assignWithPlaces(columnMajor(gains), gains.length, Float64Array.from(places))
        expect(sumOf(gains, chosen)).toBe(largestSum(gains, places))
        places.forEach((count, a) => expect(chosen.filter((arm) => arm === a).length).toBeLessThanOrEqual(count))
      }),
      { numRuns: 300 },
    )
  })

  test('a price is what one place more would add, and nothing where places are left', () => {
    fc.assert(
      fc.property(cases, ({ gains, places }) => {
        const { prices } = assignWithPlaces(columnMajor(gains), gains.length, Float64Array.from(places))
        places.forEach((count, a) => {
          const more = places.map((other, b) => (b === a ? count + 1 : other))
          expect(prices[a]).toBe(largestSum(gains, more) - largestSum(gains, places))
        })
      }),
      { numRuns: 200 },
    )
  })

  test('at its prices nobody would rather have another arm', () => {
    const [rows, arms] = [3000, 5]
    const random = makeRandom(4, 1)
    const gains = Float64Array.from({ length: rows * arms }, () => random.normal())
    const places = Float64Array.of(Infinity, 300, 200, 100, 50)
    const { chosen, prices } = assignWithPlaces(gains, rows, places)
    for (let i = 0; i < rows; i++) {
      const net = (arm: number) => gains[arm * rows + i]! - prices[arm]!
      for (let a = 0; a < arms; a++) expect(net(chosen[i]!)).toBeGreaterThanOrEqual(net(a) - 1e-9)
    }
    for (let a = 1; a < arms; a++) expect(chosen.filter((arm) => arm === a).length).toBe(places[a])
  })

  test('without limits everybody gets the best arm and all prices are zero', () => {
    const gains = [
      [0, 3, 1],
      [2, 1, 0],
      [-1, -2, 5],
    ]
    const { chosen, prices } = assignWithPlaces(columnMajor(gains), 3, new Float64Array(3).fill(Infinity))
    expect([[...chosen], [...prices]]).toEqual([
      [1, 0, 2],
      [0, 0, 0],
    ])
  })

  test('too few places, a gain that is no number, and a wrong shape are refused', () => {
    const two = new Float64Array(4)
    expect(() => assignWithPlaces(two, 2, Float64Array.of(1, 0.9))).toThrow('fewer people')
    expect(() => assignWithPlaces(Float64Array.of(1, NaN, 0, 0), 2, Float64Array.of(2, 2))).toThrow('no finite number')
    expect(() => assignWithPlaces(two, 3, Float64Array.of(2, 2))).toThrow('rows by arms')
    expect(() => assignWithPlaces(two, 2, Float64Array.of(-1, 4))).toThrow('0 or more')
  })
})
