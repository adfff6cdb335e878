import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  averageEffects,
  averageOutcomes,
  doublyRobustScores,
  effectsByGroup,
  effectsInOverlap,
  effectsOnTreated,
  makeRandom,
  meanDifference,
  meanOf,
  overlapWeights,
  ruleDifference,
  ruleValue,
  scoresAsItWas,
  type ScoreProblem,
} from '../index.ts'

const arms = 3

/** Rows with a confounder x; effects 1 + x for arm 1 and -0.5 for arm 2; the regression is as wrong as asked. */
function episodes(rows: number, seed: number, wrongBy = 0): ScoreProblem & { readonly x: Float64Array } {
  const random = makeRandom(seed, 0)
  const x = new Float64Array(rows)
  const arm = new Uint8Array(rows)
  const y = new Float64Array(rows)
  const outcome = new Float64Array(rows * arms)
  const propensity = new Float64Array(rows * arms)
  for (let i = 0; i < rows; i++) {
    x[i] = random.uniform()
    const taken = [1 - 0.6 * x[i]! - 0.2, 0.6 * x[i]! + 0.1, 0.1]
    const means = [2 * x[i]!, 3 * x[i]! + 1, 2 * x[i]! - 0.5]
    const drawn = random.uniform()
    arm[i] = i < arms ? i : drawn < taken[0]! ? 0 : drawn < taken[0]! + taken[1]! ? 1 : 2
    y[i] = means[arm[i]!]! + random.normal()
    for (let k = 0; k < arms; k++) {
      outcome[k * rows + i] = means[k]! + wrongBy * (1 + x[i]! * k)
      propensity[k * rows + i] = taken[k]!
    }
  }
  return { x, arm, y, outcome, propensity }
}

function scored(problem: ScoreProblem) {
  return { scores: doublyRobustScores(problem), rows: problem.y.length }
}

/** Rows taken in the order of `places`, again and again where a place repeats. */
function rowsOf(problem: ScoreProblem, places: readonly number[]): ScoreProblem {
  const rows = problem.y.length
  const matrix = (all: Float64Array) =>
    Float64Array.from(Array.from({ length: arms }, (_, k) => places.map((i) => all[k * rows + i]!)).flat())
  return {
    arm: Uint8Array.from(places, (i) => problem.arm[i]!),
    y: Float64Array.from(places, (i) => problem.y[i]!),
    outcome: matrix(problem.outcome),
    propensity: matrix(problem.propensity),
  }
}

const seeds = fc.integer({ min: 0, max: 1e9 })

describe('invariance', () => {
  test('a whole weight counts as that many rows of one cluster', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const problem = episodes(40, seed)
        const random = makeRandom(seed, 1)
        const weight = Float64Array.from({ length: 40 }, () => 1 + random.below(3))
        const places = Array.from(weight, (w, i) => new Array<number>(w).fill(i)).flat()
        const repeated = rowsOf(problem, places)
        const cluster = Int32Array.from(places)
        const one = { ...scored(problem), weight }
        const many = { ...scored(repeated), cluster }
        const pairs = [
          [averageEffects(one), averageEffects(many)],
          [effectsOnTreated(problem, { weight }), effectsOnTreated(repeated, { cluster })],
          [effectsInOverlap(one, problem.propensity), effectsInOverlap(many, repeated.propensity)],
        ] as const
        for (const [weighted, counted] of pairs)
          weighted.forEach((estimate, k) => {
            expect(counted[k]!.estimate).toBeCloseTo(estimate.estimate, 9)
            expect(counted[k]!.se).toBeCloseTo(estimate.se, 9)
          })
      }),
      { numRuns: 25 },
    )
  })

  test('relabelled arms give the same estimates in the new order', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const problem = episodes(50, seed)
        const swapped = [0, 2, 1]
        const columns = (all: Float64Array) =>
          Float64Array.from(swapped.flatMap((k) => [...all.subarray(k * 50, (k + 1) * 50)]))
        const other: ScoreProblem = {
          arm: problem.arm.map((k) => swapped[k]!),
          y: problem.y,
          outcome: columns(problem.outcome),
          propensity: columns(problem.propensity),
        }
        expect(averageEffects(scored(other))).toEqual(averageEffects(scored(problem)).reverse())
        expect(effectsOnTreated(other)).toEqual(effectsOnTreated(problem).reverse())
      }),
      { numRuns: 25 },
    )
  })

  test('a constant added to outcome and regression shifts every score by it and leaves every effect', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: -50, max: 50, noNaN: true }), (seed, by) => {
        const problem = episodes(40, seed)
        const shifted = {
          ...problem,
          y: problem.y.map((value) => value + by),
          outcome: problem.outcome.map((value) => value + by),
        }
        const before = doublyRobustScores(problem)
        doublyRobustScores(shifted).forEach((score, at) => expect(score).toBeCloseTo(before[at]! + by, 8))
        effectsOnTreated(shifted).forEach((effect, k) =>
          expect(effect.estimate).toBeCloseTo(effectsOnTreated(problem)[k]!.estimate, 8),
        )
      }),
      { numRuns: 25 },
    )
  })

  test('the order of rows does not matter', () => {
    const problem = episodes(60, 4)
    const turned = rowsOf(
      problem,
      Array.from({ length: 60 }, (_, i) => 59 - i),
    )
    averageEffects(scored(turned)).forEach((effect, k) =>
      expect(effect.estimate).toBeCloseTo(averageEffects(scored(problem))[k]!.estimate, 12),
    )
  })

  test('a row of weight 0 changes nothing, whatever stands in it', () => {
    const values = Float64Array.from([1, 2, 4, NaN])
    expect(meanOf(values, { weight: Float64Array.from([1, 1, 1, 0]) })).toEqual(meanOf(values.slice(0, 3)))
  })
})

describe('double robustness', () => {
  test('with known propensities any regression gives the true averages', () => {
    const truth = [1.5, -0.5]
    const problem = episodes(20_000, 7, 3)
    averageEffects(scored(problem)).forEach((effect, k) =>
      expect(Math.abs(effect.estimate - truth[k]!)).toBeLessThan(3 * effect.se),
    )
    const raw = averageOutcomes({ scores: problem.outcome, rows: 20_000 })
    // The regression alone is far off: it is the correction that mends it.
    expect(Math.abs(raw[1]!.estimate - raw[0]!.estimate - truth[0]!)).toBeGreaterThan(1)
  })

  test('with a right regression any propensities give the true averages', () => {
    const problem = episodes(20_000, 8)
    const flat = { ...problem, propensity: problem.propensity.map(() => 1 / 3) }
    averageEffects(scored(flat)).forEach((effect, k) =>
      expect(Math.abs(effect.estimate - [1.5, -0.5][k]!)).toBeLessThan(3 * effect.se),
    )
  })

  test('the effect on the treated is theirs, not everybody’s, from a wrong regression too', () => {
    const right = episodes(20_000, 9, 1)
    // E(x | arm 1) with P(arm 1 | x) = 0.6 x + 0.1 and x uniform.
    const truth = 1 + (0.2 + 0.05) / 0.4
    const [effect] = effectsOnTreated(right)
    expect(Math.abs(effect!.estimate - truth)).toBeLessThan(3 * effect!.se)
    expect(truth - 1.5).toBeGreaterThan(3 * effect!.se)
  })

  test('outcomes missing at random are weighted for', () => {
    const problem = episodes(20_000, 10, 1)
    const random = makeRandom(10, 2)
    const chance = problem.x.map((x) => 0.4 + 0.5 * x)
    const isSeen = chance.map((p) => (random.uniform() < p ? 1 : 0))
    const lost = {
      ...problem,
      y: problem.y.map((y, i) => (isSeen[i] ? y : NaN)),
      observedWeight: isSeen.map((seen, i) => seen / chance[i]!),
    }
    averageEffects(scored(lost)).forEach((effect, k) =>
      expect(Math.abs(effect.estimate - [1.5, -0.5][k]!)).toBeLessThan(3 * effect.se),
    )
    const whole = meanOf(problem.y)
    const restored = meanOf(scoresAsItWas(lost))
    expect(Math.abs(restored.estimate - whole.estimate)).toBeLessThan(3 * restored.se)
  })

  test('normalised corrections are means of residuals, and leave flat regressions with the weighted mean', () => {
    const problem = { ...episodes(200, 11), outcome: new Float64Array(200 * arms) }
    const scores = doublyRobustScores(problem, { isNormalised: true })
    const [control] = averageOutcomes({ scores, rows: 200 })
    let sum = 0
    let total = 0
    problem.arm.forEach((k, i) => {
      if (k !== 0) return
      sum += problem.y[i]! / problem.propensity[i]!
      total += 1 / problem.propensity[i]!
    })
    expect(control!.estimate).toBeCloseTo(sum / total, 12)
  })
})

describe('overlap', () => {
  test('weights are largest where both were as likely, and 0 where either was impossible', () => {
    const propensity = Float64Array.from([0.5, 0.9, 0, 0.5, 0.5, 0.1, 0.5, 0])
    const weights = overlapWeights(propensity, 4, 1)
    ;[0.25, 0.09, 0, 0].forEach((wanted, i) => expect(weights[i]).toBeCloseTo(wanted, 12))
    expect(() => overlapWeights(propensity, 4, 2)).toThrow('no arm 2')
    expect(() => overlapWeights(propensity, 4, 0)).toThrow('no arm 0')
  })

  test('effects there are averages under those weights', () => {
    const problem = episodes(120, 16)
    const all = scored(problem)
    const weight = overlapWeights(problem.propensity, 120, 2)
    expect(effectsInOverlap(all, problem.propensity)[1]).toEqual(averageEffects({ ...all, weight })[1])
  })
})

describe('groups and rules', () => {
  test('a group’s effects are the averages of its own rows, and an empty group has none', () => {
    const problem = episodes(90, 12)
    const group = Int32Array.from({ length: 90 }, (_, i) => (i % 3 === 2 ? -1 : i % 3))
    const found = effectsByGroup(scored(problem), group, 3)
    const places = Array.from({ length: 30 }, (_, i) => 3 * i + 1)
    const scores = doublyRobustScores(problem)
    const own = Float64Array.from(places, (i) => scores[90 + i]! - scores[i]!)
    expect(found[1]).toMatchObject({ rows: 30, effects: [meanOf(own), expect.anything()] })
    expect(found[2]).toEqual({ rows: 0, effects: [] })
  })

  test('a rule that gives everyone one arm is worth that arm’s average', () => {
    const problem = episodes(80, 13)
    const all = scored(problem)
    const chosen = new Uint8Array(80).fill(2)
    const shares = new Float64Array(240).fill(1, 160)
    expect(ruleValue(all, { chosen })).toEqual(averageOutcomes(all)[2])
    expect(ruleValue(all, { shares })).toEqual(averageOutcomes(all)[2])
    expect(ruleDifference(all, { chosen }, { shares })).toMatchObject({ estimate: 0, se: 0, low: 0, high: 0 })
    const control = { chosen: new Uint8Array(80) }
    expect(ruleDifference(all, { chosen }, control)).toEqual(averageEffects(all)[1])
  })

  test('a better rule is found better than what was done', () => {
    const problem = episodes(20_000, 14, 1)
    const all = scored(problem)
    const rule = { chosen: new Uint8Array(20_000).fill(1) }
    const gain = meanDifference(Float64Array.from(all.scores.subarray(20_000, 40_000)), scoresAsItWas(problem))
    expect(ruleValue(all, rule).estimate - meanOf(problem.y).estimate).toBeCloseTo(gain.estimate, 10)
    expect(gain.low).toBeGreaterThan(0)
  })
})

describe('degenerate data', () => {
  const problem = episodes(30, 15)

  test('a constant outcome has effects of exactly 0, with no spread', () => {
    const flat = { ...problem, y: new Float64Array(30).fill(7), outcome: new Float64Array(90).fill(7) }
    const none = { estimate: 0, se: 0, low: 0, high: 0 }
    expect(averageEffects(scored(flat))).toEqual([none, none])
    expect(effectsOnTreated(flat)).toEqual([none, none])
  })

  test('one row, or one cluster, has an estimate and no end of doubt', () => {
    expect(meanOf(Float64Array.from([3]))).toEqual({ estimate: 3, se: Infinity, low: -Infinity, high: Infinity })
    const cluster = new Int32Array(30)
    expect(averageEffects({ ...scored(problem), cluster })[0]).toMatchObject({ se: Infinity, high: Infinity })
  })

  test.each([
    ['an arm that nobody took', { arm: new Uint8Array(30) }, /no row took arm 1/],
    ['an arm beyond the last', { arm: new Uint8Array(30).fill(3) }, /took arm 3, and there are 3/],
    ['an unknown outcome without weights', { y: new Float64Array(30).fill(NaN) }, /row 0 has no outcome/],
    ['an infinite outcome', { y: new Float64Array(30).fill(Infinity) }, /row 0 has no outcome/],
    ['a regression that is not a number', { outcome: new Float64Array(90).fill(NaN) }, /not a finite number/],
    ['a propensity above 1', { propensity: new Float64Array(90).fill(1.01) }, /not from 0 to 1/],
    ['a propensity of 0 for the arm taken', { propensity: new Float64Array(90) }, /took an arm of propensity 0/],
    ['one arm', { outcome: new Float64Array(30), propensity: new Float64Array(30) }, /one arm alone/],
    ['other lengths', { outcome: new Float64Array(60) }, /differ in length/],
    ['no rows', { y: new Float64Array(0) }, /no rows/],
    ['a negative observedWeight', { observedWeight: new Float64Array(30).fill(-1) }, /not 0 or more/],
    ['nobody observed', { observedWeight: new Float64Array(30) }, /known outcome/],
  ])('%s is refused', (_, change, message) => {
    expect(() => doublyRobustScores({ ...problem, ...change })).toThrow(RangeError)
    expect(() => doublyRobustScores({ ...problem, ...change })).toThrow(message)
    expect(() => effectsOnTreated({ ...problem, ...change })).toThrow(message)
  })

  test('weights, clusters, groups and rules that fit no rows are refused', () => {
    const all = scored(problem)
    expect(() => averageEffects({ ...all, weight: new Float64Array(30) })).toThrow('all weights are 0')
    expect(() => averageEffects({ ...all, weight: new Float64Array(3) })).toThrow('3 weights for 30 rows')
    expect(() => averageEffects({ ...all, weight: new Float64Array(30).fill(NaN) })).toThrow(RangeError)
    expect(() => averageEffects({ ...all, cluster: new Int32Array(30).fill(-1) })).toThrow('count from 0')
    expect(() => effectsByGroup(all, new Int32Array(30).fill(5), 2)).toThrow('group 5')
    expect(() => ruleValue(all, { chosen: new Uint8Array(30).fill(9) })).toThrow('given arm 9')
    expect(() => ruleValue(all, { shares: new Float64Array(90).fill(0.5) })).toThrow('sum to 1.5')
    expect(() => averageEffects({ scores: all.scores, rows: 7 })).toThrow(RangeError)
  })
})
