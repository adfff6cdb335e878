import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { timeUntil, type Durations } from './duration.ts'
import { wilson } from './interval.ts'

const over = (...days: number[]): Durations[] => days.map((each) => ({ days: each, over: 1, waiting: 0 }))
const waiting = (...days: number[]): Durations[] => days.map((each) => ({ days: each, over: 0, waiting: 1 }))

describe('time until a share is over', () => {
  test('is the plain median and ninetieth percentile where all is over', () => {
    expect(timeUntil(0.5, over(1, 2, 3, 4, 100))).toBe(3)
    expect(timeUntil(0.9, over(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))).toBe(9)
  })

  test('what still waits makes it longer, never shorter', () => {
    expect(timeUntil(0.5, [...over(1, 2, 3), ...waiting(9, 9)])).toBe(3)
    expect(timeUntil(0.5, over(1, 2, 3))).toBe(2)
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 1 }), fc.array(fc.integer({ min: 31, max: 60 })), (done, open) => {
        const plain = timeUntil(0.5, over(...done))!
        const honest = timeUntil(0.5, [...over(...done), ...waiting(...open)])
        expect(honest === null || honest >= plain).toBe(true)
      }),
    )
  })

  test('is not known while too many wait', () => {
    expect(timeUntil(0.5, [...over(1), ...waiting(5, 5, 5)])).toBeNull()
    expect(timeUntil(0.5, [])).toBeNull()
  })

  test('agrees with the worked example of the textbooks', () => {
    // Freireich and others 1963, 6-mercaptopurine: median of remission 23 weeks (as in Cox and Oakes 1984, Analysis of Survival Data).
    const weeks = [...over(6, 6, 6, 7, 10, 13, 16, 22, 23), ...waiting(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)]
    expect(timeUntil(0.5, weeks)).toBe(23)
    expect(timeUntil(0.9, weeks)).toBeNull()
  })
})

describe('the interval of a rate', () => {
  test('agrees with the published example', () => {
    // 81 of 263: Newcombe 1998, Statistics in Medicine 17, 857–872, table I, method 3.
    const { low, high } = wilson(81, 263)
    expect(low).toBeCloseTo(0.2553, 4)
    expect(high).toBeCloseTo(0.3662, 4)
  })

  test('holds the rate, stays between nothing and all, and narrows with more people', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (of, seed) => {
        const count = seed % (of + 1)
        const { low, high } = wilson(count, of)
        expect(low).toBeLessThanOrEqual(count / of + 1e-12)
        expect(high).toBeGreaterThanOrEqual(count / of - 1e-12)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        const more = wilson(count * 4, of * 4)
        expect(more.high - more.low).toBeLessThan(high - low)
      }),
    )
  })

  test('of nobody there is none', () => {
    expect(() => wilson(0, 0)).toThrow(RangeError)
  })
})
