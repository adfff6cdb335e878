import fc from 'fast-check'
import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { effectsByProvider, effectsOnTreated, makeRandom, poolFamily, type ProviderProblem } from '../index.ts'

const cells = z.array(z.number())
const oracle = z
  .object({
    pooling: z.array(
      z.object({ estimates: cells, ses: cells, pooled: z.array(cells), mean: cells, next: z.array(z.number()) }),
    ),
  })
  .parse(JSON.parse(fs.readFileSync(`${import.meta.dirname}/../oracle/doubly-robust-scores.json`, 'utf8')))

function family(estimates: readonly number[], ses: readonly number[]) {
  return poolFamily({ estimates: Float64Array.from(estimates), ses: Float64Array.from(ses) })
}

describe('a family of figures', () => {
  test.each(oracle.pooling)('agrees with a dense grid on another scale', ({ estimates, ses, pooled, mean }) => {
    const found = family(estimates, ses)
    ;[...found.pooled, found.mean].forEach(({ estimate, se, low, high }, at) => {
      const wanted = [...pooled, mean][at]!
      ;[estimate, se, low, high].forEach((value, part) =>
        expect(Math.abs(value - wanted[part]!)).toBeLessThan(0.01 * wanted[1]!),
      )
    })
  })

  const figures = fc.array(
    fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0.1, max: 3, noNaN: true })),
    { minLength: 1, maxLength: 12 },
  )

  test('every figure moves towards the mean, never past the others, and keeps an interval around it', () => {
    fc.assert(
      fc.property(figures, (pairs) => {
        const found = family(
          pairs.map(([estimate]) => estimate),
          pairs.map(([, se]) => se),
        )
        const least = Math.min(...pairs.map(([estimate]) => estimate))
        const most = Math.max(...pairs.map(([estimate]) => estimate))
        for (const { estimate, low, high } of found.pooled) {
          expect(estimate).toBeGreaterThanOrEqual(least - 1e-9)
          expect(estimate).toBeLessThanOrEqual(most + 1e-9)
          expect(low).toBeLessThan(estimate)
          expect(high).toBeGreaterThan(estimate)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('scale, shift and order of the figures carry over', () => {
    fc.assert(
      fc.property(figures, fc.double({ min: 0.01, max: 100, noNaN: true }), (pairs, scale) => {
        const estimates = pairs.map(([estimate]) => estimate)
        const ses = pairs.map(([, se]) => se)
        const found = family(estimates, ses)
        const other = family(
          estimates.map((value) => scale * value + 7).reverse(),
          ses.map((se) => scale * se).reverse(),
        )
        other.pooled.toReversed().forEach(({ estimate, high }, i) => {
          expect((estimate - 7) / scale).toBeCloseTo(found.pooled[i]!.estimate, 6)
          expect((high - 7) / scale).toBeCloseTo(found.pooled[i]!.high, 6)
        })
      }),
      { numRuns: 20 },
    )
  })

  test('the surer a figure, the less it moves; far apart and sure, figures stay as they are', () => {
    const unsure = family([2, 0, 0, 0], [1, 1, 1, 1]).pooled[0]!.estimate
    const surer = family([2, 0, 0, 0], [0.2, 1, 1, 1]).pooled[0]!.estimate
    expect(unsure).toBeLessThan(surer)
    const apart = family([-50, 0, 50], [0.1, 0.1, 0.1])
    expect(apart.pooled[0]!.estimate).toBeCloseTo(-50, 2)
    expect(apart.between.estimate).toBeGreaterThan(20)
  })

  test('equal figures are not taken for certain equality', () => {
    const same = family([1, 1, 1, 1], [0.5, 0.5, 0.5, 0.5])
    expect(same.pooled[0]!.estimate).toBeCloseTo(1, 10)
    expect(same.pooled[0]!.se).toBeGreaterThan(same.mean.se)
    expect(same.between.high).toBeGreaterThan(0.1)
  })

  test('a figure of infinite doubt is the family’s next, and a single one keeps itself', () => {
    const found = family([1, 2, 9], [0.5, 0.5, Infinity])
    expect(found.pooled[2]!.estimate).toBeCloseTo(found.next.estimate, 10)
    expect(found.pooled[2]!.high).toBeCloseTo(found.next.high, 8)
    const single = family([3], [0.5])
    expect(single.pooled[0]!.estimate).toBeCloseTo(3, 10)
    expect(single.pooled[0]!.se).toBeCloseTo(0.5, 10)
    expect(single.next.se).toBe(Infinity)
  })

  test('what is no family is refused', () => {
    expect(() => family([], [])).toThrow(RangeError)
    expect(() => family([1], [1, 2])).toThrow(RangeError)
    expect(() => family([NaN], [1])).toThrow('not a finite number')
    expect(() => family([1], [0])).toThrow('not above 0')
    expect(() => family([1], [Infinity])).toThrow('finite standard error')
  })
})

/** Providers 0 to 9 of arm 1, provider p worth `(p - 4.5) × apart` beside the type's effect of 1. */
function served(rows: number, seed: number, apart: number): ProviderProblem {
  const random = makeRandom(seed, 0)
  const arm = Uint8Array.from({ length: rows }, () => random.below(2))
  const provider = Int32Array.from(arm, (k) => (k === 1 ? random.below(10) : -1))
  const y = Float64Array.from(arm, (k, i) => (k === 1 ? 1 + (provider[i]! - 4.5) * apart : 0) + random.normal())
  const outcome = new Float64Array(2 * rows).fill(1, rows)
  const propensity = new Float64Array(2 * rows).fill(0.5)
  return { arm, y, outcome, propensity, provider, providers: 10, compared: 1, minimumRows: 20 }
}

describe('providers of one type', () => {
  test('that are alike are told alike, whatever their raw means', () => {
    const found = effectsByProvider(served(1000, 1, 0))
    const raws = found.providers.map(({ raw }) => raw)
    const pooled = found.providers.map(({ effect }) => effect.estimate)
    const reach = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
    expect(reach(pooled)).toBeLessThan(0.5 * reach(raws))
    for (const { effect } of found.providers) expect(effect.low).toBeLessThan(1)
  })

  test('that differ keep their differences, around the type’s own effect', () => {
    const problem = served(20_000, 2, 0.3)
    const found = effectsByProvider(problem)
    expect(found.type).toEqual(effectsOnTreated(problem)[0])
    found.providers.forEach(({ effect }, p) => {
      expect(Math.abs(effect.estimate - (1 + (p - 4.5) * 0.3))).toBeLessThan(4 * effect.se)
    })
    expect(found.between!.estimate).toBeGreaterThan(0.5)
  })

  test('one with too few clients gets the type’s effect, wider by what providers differ', () => {
    const problem = served(4000, 3, 0.3)
    const provider = problem.provider.map((p, i) => (p === 9 && i > 100 ? 8 : p))
    const found = effectsByProvider({ ...problem, provider })
    const few = found.providers[9]!
    expect(few.isOwn).toBe(false)
    expect(few.rows).toBeLessThan(20)
    expect(few.effect.estimate).toBe(found.type.estimate)
    expect(few.effect.se).toBeGreaterThan(found.providers[0]!.effect.se)
  })

  test('a provider that nobody went to has the type’s effect and no mean of its own', () => {
    const found = effectsByProvider({ ...served(1000, 4, 0), providers: 11 })
    expect(found.providers[10]).toMatchObject({ rows: 0, raw: NaN, isOwn: false })
    expect(found.providers[10]!.effect.estimate).toBe(found.type.estimate)
  })

  test('with nothing to compare, all have the type’s effect', () => {
    const alone = served(300, 5, 0)
    const one = effectsByProvider({ ...alone, provider: alone.provider.map((p) => Math.min(p, 0)), providers: 1 })
    expect(one.between).toBeNull()
    expect(one.providers[0]!.effect).toEqual(one.type)
    const flat = effectsByProvider({ ...alone, y: new Float64Array(300).fill(2) })
    expect(flat.between).toBeNull()
  })

  test('a problem that fits no rows is refused', () => {
    const problem = served(100, 6, 0)
    expect(() => effectsByProvider({ ...problem, providers: 3 })).toThrow('beyond the 3')
    expect(() => effectsByProvider({ ...problem, minimumRows: 0 })).toThrow('at least one row')
    expect(() => effectsByProvider({ ...problem, compared: 5 })).toThrow('no arm 5')
    expect(() => effectsByProvider({ ...problem, provider: new Int32Array(4) })).toThrow('differ in length')
  })
})
