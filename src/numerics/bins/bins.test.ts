import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binInto, binTable, cutColumn, missingBin, mostBins } from './bins.ts'

const numbers = (values: readonly number[]) => ({ kind: 'number' as const, levels: 0, values })
const binned = (values: readonly number[], wanted = 128) => {
  const out = new Uint8Array(values.length)
  binInto(cutColumn(numbers(values), wanted), values, out)
  return [...out]
}

describe('bins', () => {
  test('a strictly rising change of scale gives the same bins', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 400 }), (values) => {
        expect(
          binned(
            values.map((v) => Math.exp(v / 100) * 3 - 7),
            16,
          ),
        ).toEqual(binned(values, 16))
      }),
    )
  })

  test('a larger value never lies in a lower bin, and equal values share one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 2, maxLength: 300 }),
        (values) => {
          const bins = binned(values, 8)
          values.forEach((a, i) =>
            values.forEach((b, j) => {
              if (a < b) expect(bins[i]).toBeLessThanOrEqual(bins[j]!)
              if (a === b) expect(bins[i]).toBe(bins[j])
            }),
          )
        },
      ),
      { numRuns: 40 },
    )
  })

  test('few distinct values get a bin each', () => {
    expect(binned([3, 1, 2, 2, 1, 5])).toEqual([2, 0, 1, 1, 0, 3])
  })

  test('a rare low value keeps its bin', () => {
    expect(new Set(binned(Array.from({ length: 1000 }, (_, i) => (i < 3 ? 0 : 1)))).size).toBe(2)
  })

  test('a rhythm in the order of many rows hides no value', () => {
    const values = Float64Array.from({ length: 400_000 }, (_, i) => i % 2)
    expect(cutColumn({ kind: 'number', levels: 0, values }).bins).toBe(2)
  })

  test('what is not known, or no finite number, has a bin of its own', () => {
    expect(binned([1, NaN, 2, Infinity])).toEqual([0, missingBin, 1, missingBin])
    expect(binned([NaN, NaN])).toEqual([missingBin, missingBin])
  })

  test('a category is its level, and a level past the last is not known', () => {
    const cut = cutColumn({ kind: 'category', levels: 3, values: [0, 1, 2] })
    const out = new Uint8Array(4)
    binInto(cut, [2, 0, 3, NaN], out)
    expect([...out]).toEqual([2, 0, missingBin, missingBin])
  })

  test('never more bins than a byte can name', () => {
    const values = Array.from({ length: 5000 }, (_, i) => i)
    const cut = cutColumn(numbers(values), 1000)
    expect(cut.bins).toBe(mostBins)
    expect(cut.centres.length).toBe(mostBins)
  })

  test('a column of another length is refused', () => {
    expect(() => binTable([cutColumn(numbers([1, 2]))], [[1, 2, 3]], 2)).toThrow(RangeError)
  })
})
