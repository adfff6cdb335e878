// Checks of predictions against scores they have not seen.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestLinearPredictor, calibrationBins, calibrationTest, makeRandom, meanOf, targetingCurve } from '../index.ts'

/** True effects spread evenly over 0..2, and scores that are they with noise. */
function scored(rows: number, seed: number, noise = 1) {
  const random = makeRandom(seed, 0)
  const truth = Float64Array.from({ length: rows }, () => 2 * random.uniform())
  return { truth, effect: truth.map((value) => value + noise * random.normal()) }
}

const seeds = fc.integer({ min: 0, max: 1e9 })
const shares = [0.1, 0.5, 1]

describe('calibration test', () => {
  test('right predictions have both coefficients at one, and half as large ones at two', () => {
    const { truth, effect } = scored(5000, 1)
    const right = calibrationTest(effect, truth)
    expect(right.mean.estimate).toBeCloseTo(1, 1)
    expect(right.differential.estimate).toBeCloseTo(1, 1)
    expect(right.differential.p).toBeLessThan(1e-6)
    const timid = calibrationTest(
      effect,
      truth.map((value) => value / 2),
    )
    expect(timid.mean.estimate).toBeCloseTo(2 * right.mean.estimate, 10)
    expect(timid.differential.estimate).toBeCloseTo(2 * right.differential.estimate, 10)
  })

  test('predictions by chance do not pass, predictions turned round least of all', () => {
    const { truth, effect } = scored(2000, 2)
    const random = makeRandom(3, 0)
    const noise = calibrationTest(
      effect,
      truth.map(() => 1 + random.normal()),
    )
    expect(noise.differential.p).toBeGreaterThan(0.05)
    const turned = calibrationTest(
      effect,
      truth.map((value) => -value),
    )
    expect(turned.differential.p).toBeGreaterThan(0.99)
    expect(turned.mean.estimate).toBeLessThan(0)
    expect(turned.mean.p).toBeGreaterThan(0.99)
    expect(turned.mean.low).toBeLessThan(turned.mean.high)
  })

  test('a prediction that is the same for all tests the mean alone', () => {
    const { effect } = scored(300, 4)
    const flat = calibrationTest(effect, new Float64Array(300).fill(0.5))
    const mean = meanOf(effect)
    expect(flat.mean.estimate).toBeCloseTo(2 * mean.estimate, 10)
    expect(flat.differential).toMatchObject({ estimate: NaN, p: NaN })
    expect(flat.differential.p < 0.05).toBe(false)
    expect(calibrationTest(effect, new Float64Array(300)).mean.estimate).toBeNaN()
  })

  test('rounding noise in a constant prediction is no difference between people', () => {
    const { effect } = scored(200, 5)
    const dusty = Float64Array.from({ length: 200 }, (_, i) => (i % 2 ? 0.1 + 0.2 : 0.3))
    expect(calibrationTest(effect, dusty).differential.estimate).toBeNaN()
  })

  test('constant effects under varying predictions have a slope of 0 that passes nothing', () => {
    const { truth } = scored(100, 6)
    const { differential } = calibrationTest(new Float64Array(100).fill(1), truth)
    expect(differential.estimate).toBeCloseTo(0, 12)
    expect(differential.p < 0.05 && differential.estimate > 1e-9).toBe(false)
  })
})

describe('best straight line', () => {
  test('finds the line, in the columns’ own units, wherever they are centred', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: -1000, max: 1000, noNaN: true }), (seed, by) => {
        const random = makeRandom(seed, 0)
        const column = Float64Array.from({ length: 80 }, () => random.normal())
        const effect = column.map((x) => 2 + 3 * x + random.normal())
        const plain = bestLinearPredictor(effect, column)
        const moved = bestLinearPredictor(
          effect,
          column.map((x) => 10 * x + by),
        )
        expect(moved[1]!.estimate).toBeCloseTo(plain[1]!.estimate / 10, 8)
        expect(moved[1]!.se).toBeCloseTo(plain[1]!.se / 10, 8)
        expect(moved[0]!.estimate + moved[1]!.estimate * by).toBeCloseTo(plain[0]!.estimate, 6)
      }),
      { numRuns: 25 },
    )
  })

  test('each row as its own cluster is no cluster, and a weight counts as repeated rows of one', () => {
    const { truth, effect } = scored(40, 7)
    const own = Int32Array.from({ length: 40 }, (_, i) => i)
    const plain = bestLinearPredictor(effect, truth)
    bestLinearPredictor(effect, truth, { cluster: own }).forEach(({ se }, j) =>
      expect(se).toBeCloseTo(plain[j]!.se, 10),
    )
    const weight = Float64Array.from({ length: 40 }, (_, i) => 1 + (i % 3))
    const places = Int32Array.from(Array.from(weight, (w, i) => new Array<number>(w).fill(i)).flat())
    const weighted = bestLinearPredictor(effect, truth, { weight })
    const repeated = bestLinearPredictor(
      Float64Array.from(places, (i) => effect[i]!),
      Float64Array.from(places, (i) => truth[i]!),
      { cluster: places },
    )
    repeated.forEach(({ estimate, se }, j) => {
      expect(estimate).toBeCloseTo(weighted[j]!.estimate, 10)
      expect(se).toBeCloseTo(weighted[j]!.se, 10)
    })
  })

  test('what one cluster alone determines is in no end of doubt', () => {
    const { effect } = scored(30, 8)
    const lone = Float64Array.from({ length: 30 }, (_, i) => Number(i === 4))
    const [, slope] = bestLinearPredictor(effect, lone)
    expect(slope).toMatchObject({ se: Infinity, low: -Infinity, high: Infinity, p: 0.5 })
    const cluster = Int32Array.from({ length: 30 }, (_, i) => i % 3)
    const [, byCluster] = bestLinearPredictor(effect, lone, { cluster })
    expect(byCluster!.se).toBe(Infinity)
  })

  test('columns that say nothing, or the same, or no number are refused', () => {
    const { effect, truth } = scored(20, 9)
    const twice = Float64Array.from([...truth, ...truth.map((x) => 5 - 2 * x)])
    expect(() => bestLinearPredictor(effect, twice)).toThrow('depend on each other')
    expect(() => bestLinearPredictor(effect, new Float64Array(20).fill(3))).toThrow('does not vary')
    expect(() => bestLinearPredictor(effect, new Float64Array(20).fill(NaN))).toThrow('not a finite number')
    expect(() => bestLinearPredictor(effect.fill(NaN, 0, 1), truth)).toThrow('not a finite number')
    expect(() => bestLinearPredictor(new Float64Array(1), new Float64Array(1))).toThrow('too few')
    expect(() => bestLinearPredictor(effect, new Float64Array(7))).toThrow(RangeError)
  })
})

describe('calibration bins', () => {
  test('hold all people, in the order of their predictions, with the scores’ mean beside', () => {
    const { truth, effect } = scored(5000, 10)
    const bins = calibrationBins(effect, truth, 5)
    expect(bins.map(({ rows }) => rows)).toEqual([1000, 1000, 1000, 1000, 1000])
    bins.forEach(({ predicted, found }, at) => {
      expect(predicted).toBeCloseTo(0.2 + 0.4 * at, 1)
      expect(Math.abs(found.estimate - predicted)).toBeLessThan(4 * found.se)
    })
  })

  test('equal predictions stay together, by weight, and rows of weight 0 are left out', () => {
    const predicted = Float64Array.from([1, 1, 1, 1, 1, 1, 2, 3, 3, 4])
    const effect = predicted.map((value) => 2 * value)
    expect(calibrationBins(effect, predicted, 5).map(({ rows }) => rows)).toEqual([6, 3, 1])
    expect(
      calibrationBins(
        effect,
        predicted.map(() => 1),
        5,
      ),
    ).toHaveLength(1)
    const weight = Float64Array.from([0, 0, 0, 0, 0, 1, 1, 0, 1, 1])
    const bins = calibrationBins(effect, predicted, 2, { weight })
    expect(bins.map(({ rows, predicted: mean }) => [rows, mean])).toEqual([
      [2, 1.5],
      [2, 3.5],
    ])
    expect(() => calibrationBins(effect, predicted, 0)).toThrow('at least one bin')
    expect(() =>
      calibrationBins(
        effect,
        predicted.map(() => NaN),
        2,
      ),
    ).toThrow(RangeError)
  })
})

describe('targeting curve', () => {
  test('a right order gains what the truth says, and its area is known', () => {
    const { truth, effect } = scored(20_000, 11)
    const { rate, points } = targetingCurve(effect, truth, { seed: 1, shares })
    // Uniform effects on 0..2: the best share u gains 1 - u over the mean, whose area is a half.
    expect(Math.abs(rate.estimate - 0.5)).toBeLessThan(3 * rate.se)
    points.forEach(({ share, gain, se }) => expect(Math.abs(gain - (1 - share))).toBeLessThanOrEqual(3.5 * se))
    expect(points[2]).toEqual({ share: 1, gain: 0, se: 0 })
    expect(rate.p).toBeLessThan(1e-6)
  })

  test('the standard error is about that of repeated samples', () => {
    const found = Array.from({ length: 60 }, (_, seed) => {
      const { truth, effect } = scored(300, 100 + seed, 2)
      return targetingCurve(effect, truth, { seed, draws: 60, shares: [] }).rate
    })
    const mean = found.reduce((sum, { estimate }) => sum + estimate, 0) / 60
    const spread = Math.sqrt(found.reduce((sum, { estimate }) => sum + (estimate - mean) ** 2, 0) / 59)
    const told = found.reduce((sum, { se }) => sum + se, 0) / 60
    expect(told / spread).toBeGreaterThan(0.75)
    expect(told / spread).toBeLessThan(1.3)
  })

  test('an order by chance gains nothing, the same seed gives the same doubt, another about the same', () => {
    const { effect, truth } = scored(1000, 12)
    const random = makeRandom(12, 1)
    const priority = truth.map(() => random.uniform())
    const one = targetingCurve(effect, priority, { seed: 5, shares })
    expect(Math.abs(one.rate.estimate)).toBeLessThan(2.5 * one.rate.se)
    expect(targetingCurve(effect, priority, { seed: 5, shares })).toEqual(one)
    const other = targetingCurve(effect, priority, { seed: 6, shares })
    expect(other.rate.se).not.toBe(one.rate.se)
    expect(other.rate.se / one.rate.se).toBeCloseTo(1, 0)
  })

  test('only the order of priorities counts, and a weight is that many rows of one cluster', () => {
    const { effect, truth } = scored(60, 13)
    const plain = targetingCurve(effect, truth, { seed: 1, shares })
    expect(targetingCurve(effect, truth.map(Math.exp), { seed: 1, shares })).toEqual(plain)
    const weight = Float64Array.from({ length: 60 }, (_, i) => 1 + (i % 3))
    const places = Int32Array.from(Array.from(weight, (w, i) => new Array<number>(w).fill(i)).flat())
    const weighted = targetingCurve(effect, truth, { seed: 1, shares, weight })
    const repeated = targetingCurve(
      Float64Array.from(places, (i) => effect[i]!),
      Float64Array.from(places, (i) => truth[i]!),
      { seed: 1, shares, cluster: places },
    )
    expect(repeated.rate.estimate).toBeCloseTo(weighted.rate.estimate, 10)
    expect(repeated.rate.se).toBeCloseTo(weighted.rate.se, 10)
    repeated.points.forEach(({ gain }, at) => expect(gain).toBeCloseTo(weighted.points[at]!.gain, 10))
  })

  test('the doubt of five units is that of all ways to draw three, corrected for the uneven half', () => {
    const { effect, truth } = scored(5, 14)
    const all = Array.from({ length: 32 }, (_, ways) => Float64Array.from({ length: 5 }, (_, i) => (ways >> i) & 1))
    const threes = all.filter((weight) => weight.reduce((sum, w) => sum + w, 0) === 3)
    const found = threes.map((weight) => targetingCurve(effect, truth, { seed: 1, shares: [], weight }).rate.estimate)
    const mean = found.reduce((sum, value) => sum + value, 0) / 10
    const variance = found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 10
    const { rate } = targetingCurve(effect, truth, { seed: 1, draws: 4000, shares: [] })
    expect(rate.se / Math.sqrt(variance * (3 / 2))).toBeCloseTo(1, 1)
  })

  test('equal priorities gain exactly nothing, and few units leave no end of doubt', () => {
    const { effect } = scored(50, 15)
    const flat = targetingCurve(effect, new Float64Array(50), { seed: 1, shares })
    expect(flat.rate.estimate).toBeCloseTo(0, 12)
    expect(flat.rate.p < 0.05).toBe(false)
    const cluster = Int32Array.from({ length: 50 }, (_, i) => i % 3)
    expect(targetingCurve(effect, effect, { seed: 1, shares, cluster }).rate.se).toBe(Infinity)
    expect(targetingCurve(effect.slice(0, 1), effect.slice(0, 1), { seed: 1, shares }).rate).toMatchObject({
      estimate: 0,
      se: Infinity,
    })
  })

  test('what cannot be drawn is refused', () => {
    const { effect, truth } = scored(20, 16)
    expect(() => targetingCurve(effect, truth, { seed: 1, shares: [0] })).toThrow('above 0 and up to 1')
    expect(() => targetingCurve(effect, truth, { seed: 1, shares, draws: 1 })).toThrow('two draws')
    expect(() => targetingCurve(effect, truth.slice(1), { seed: 1, shares })).toThrow('differ in length')
    expect(() => targetingCurve(effect, truth.fill(NaN, 0, 1), { seed: 1, shares })).toThrow(RangeError)
  })
})
