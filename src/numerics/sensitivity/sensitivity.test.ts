import fc from 'fast-check'
import fs from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  averageEffects,
  doublyRobustScores,
  effectBounds,
  effectsOnTreated,
  makeRandom,
  mostLambda,
  overturningStrength,
  recordedOddsRatios,
  type SensitivityProblem,
} from '../index.ts'

const cells = z.array(z.number())
const oracle = z
  .object({
    sensitivity: z.object({
      arm: cells,
      y: cells,
      outcome: cells,
      propensity: cells,
      weight: cells,
      bounds: z.array(z.tuple([z.number(), z.number(), z.number()])),
    }),
  })
  .parse(JSON.parse(fs.readFileSync(`${import.meta.dirname}/../oracle/doubly-robust-scores.json`, 'utf8'))).sensitivity

/** Two arms and a reason u: with it, people take the service with odds `strength` times as high, and gain `worth` anyway. */
function hidden(rows: number, seed: number, strength: number, worth: number, effect = 0): SensitivityProblem {
  const random = makeRandom(seed, 0)
  const arm = new Uint8Array(rows)
  const y = new Float64Array(rows)
  const outcome = new Float64Array(2 * rows)
  const propensity = new Float64Array(2 * rows)
  const low = 1 / (1 + Math.sqrt(strength))
  for (let i = 0; i < rows; i++) {
    const u = random.below(2)
    arm[i] = Number(random.uniform() < (u === 1 ? 1 - low : low))
    y[i] = effect * arm[i]! + worth * u + random.normal()
    propensity[i] = propensity[rows + i] = 0.5
  }
  return { arm, y, outcome, propensity, compared: 1 }
}

test('the bounds are those of the worst of all weights, tried one by one', () => {
  const problem: SensitivityProblem = {
    arm: Uint8Array.from(oracle.arm),
    y: Float64Array.from(oracle.y),
    outcome: Float64Array.from(oracle.outcome),
    propensity: Float64Array.from(oracle.propensity),
    weight: Float64Array.from(oracle.weight),
    compared: 1,
  }
  for (const [lambda, lowest, highest] of oracle.bounds) {
    const found = effectBounds(problem, lambda)
    expect(found.lowest).toBeCloseTo(lowest, 10)
    expect(found.highest).toBeCloseTo(highest, 10)
    expect(found.low).toBeLessThan(found.lowest)
    expect(found.high).toBeGreaterThan(found.highest)
  }
})

test('with no hidden reason the bounds are the doubly robust effect with normalised corrections', () => {
  const problem = hidden(400, 3, 1, 0, 1)
  const bounds = effectBounds(problem, 1)
  const scores = doublyRobustScores(problem, { isNormalised: true })
  const [effect] = averageEffects({ scores, rows: 400 })
  expect(bounds.lowest).toBeCloseTo(effect!.estimate, 10)
  expect(bounds.highest).toBe(bounds.lowest)
})

test('asked about the treated, they are the effect on the treated', () => {
  const random = makeRandom(4, 1)
  const problem = hidden(400, 4, 2, 1, 1)
  const share = Float64Array.from({ length: 400 }, () => 0.2 + 0.6 * random.uniform())
  const propensity = Float64Array.from([...share.map((p) => 1 - p), ...share])
  const outcome = Float64Array.from({ length: 800 }, () => random.normal())
  const cluster = Int32Array.from({ length: 400 }, () => random.below(40))
  const varied: SensitivityProblem = { ...problem, propensity, outcome, cluster, target: 'treated' }
  const [effect] = effectsOnTreated(varied, { cluster })
  const bounds = effectBounds(varied, 1)
  expect(bounds.lowest).toBeCloseTo(effect!.estimate, 10)
  expect(bounds.low).toBeCloseTo(effect!.low, 10)
  expect(bounds.high).toBeCloseTo(effect!.high, 10)
  const wide = effectBounds(varied, 3)
  expect(wide.lowest).toBeLessThan(bounds.lowest - 0.1)
  expect(wide.highest).toBeGreaterThan(bounds.highest + 0.1)
})

test('a stronger reason never narrows the bounds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), fc.double({ min: 1, max: 20, noNaN: true }), (seed, lambda) => {
      const problem = hidden(60, seed, 3, 1, 0.5)
      const narrow = effectBounds(problem, lambda)
      const wide = effectBounds(problem, lambda * 1.3)
      expect(wide.lowest).toBeLessThanOrEqual(narrow.lowest)
      expect(wide.highest).toBeGreaterThanOrEqual(narrow.highest)
    }),
    { numRuns: 30 },
  )
})

test('the bounds at the strength of the hidden reason hold the truth, where the estimate alone misses it', () => {
  const problem = hidden(20_000, 5, 4, 2)
  // u is taken up with odds 2 and 1/2, the recorded odds being 1: a strength of 2 on this scale.
  const bounds = effectBounds(problem, 2)
  expect(effectBounds(problem, 1).low).toBeGreaterThan(0.5)
  expect(bounds.lowest).toBeLessThanOrEqual(0)
  expect(bounds.highest).toBeGreaterThan(0)
  const strength = overturningStrength(problem)
  expect(strength.point).toBeLessThanOrEqual(2)
  expect(strength.interval).toBeLessThan(strength.point)
  expect(effectBounds(problem, strength.point).lowest).toBeCloseTo(0, 4)
  expect(effectBounds(problem, strength.interval).low).toBeCloseTo(0, 4)
})

test('a finding turned round is as strong the other way', () => {
  const problem = hidden(500, 6, 2, 0, 0.8)
  const turned = { ...problem, y: problem.y.map((value) => -value) }
  expect(overturningStrength(turned).point).toBeCloseTo(overturningStrength(problem).point, 6)
  expect(overturningStrength(turned).interval).toBeCloseTo(overturningStrength(problem).interval, 6)
})

test('rows that weigh nothing, lie outside the group or whose outcome is not known do not speak', () => {
  const problem = hidden(200, 7, 2, 1, 1)
  const among = Uint8Array.from({ length: 200 }, (_, i) => Number(i < 120))
  const part: SensitivityProblem = {
    arm: problem.arm.slice(0, 120),
    y: problem.y.slice(0, 120),
    outcome: new Float64Array(240),
    propensity: new Float64Array(240).fill(0.5),
    compared: 1,
  }
  const wanted = effectBounds(part, 1.7)
  expect(effectBounds({ ...problem, among }, 1.7)).toEqual(wanted)
  expect(effectBounds({ ...problem, weight: Float64Array.from(among) }, 1.7)).toEqual(wanted)
  const y = problem.y.map((value, i) => (i < 120 ? value : NaN))
  const lost = effectBounds({ ...problem, y, observedWeight: Float64Array.from(among) }, 1.7)
  expect(lost.lowest).toBeCloseTo(wanted.lowest, 12)
})

test('a weight of three counts as three rows of one cluster', () => {
  const problem = hidden(50, 8, 2, 1, 1)
  const places = Array.from({ length: 150 }, (_, at) => at % 50)
  const repeated: SensitivityProblem = {
    arm: Uint8Array.from(places, (i) => problem.arm[i]!),
    y: Float64Array.from(places, (i) => problem.y[i]!),
    outcome: new Float64Array(300),
    propensity: new Float64Array(300).fill(0.5),
    cluster: Int32Array.from(places),
    compared: 1,
  }
  const one = effectBounds({ ...problem, weight: new Float64Array(50).fill(3) }, 2)
  const many = effectBounds(repeated, 2)
  for (const key of ['lowest', 'highest', 'low', 'high'] as const) expect(many[key]).toBeCloseTo(one[key], 10)
})

test('what no hidden reason can overturn is said to be beyond the last, and chance needs none', () => {
  const sure = { ...hidden(60, 9, 1, 0), y: Float64Array.from({ length: 60 }, (_, i) => i) }
  const parted = { ...sure, arm: Uint8Array.from({ length: 60 }, (_, i) => Number(i >= 30)) }
  expect(overturningStrength(parted)).toMatchObject({ point: Infinity })
  const flat = { ...sure, y: new Float64Array(60).fill(4) }
  expect(overturningStrength(flat)).toEqual({ point: 1, interval: 1 })
  expect(overturningStrength(hidden(40, 10, 1, 0, 0.01)).interval).toBe(1)
  expect(mostLambda).toBe(100)
})

test('questions without an answer are refused', () => {
  const problem = hidden(30, 11, 2, 1)
  expect(() => effectBounds(problem, 0.9)).toThrow('lambda is 1 or more')
  expect(() => effectBounds(problem, NaN)).toThrow(RangeError)
  expect(() => effectBounds({ ...problem, compared: 2 }, 2)).toThrow('there is no arm 2')
  expect(() => effectBounds({ ...problem, among: new Uint8Array(30) }, 2)).toThrow('nobody is in the group')
  const takers = Uint8Array.from(problem.arm)
  expect(() => effectBounds({ ...problem, among: takers }, 2)).toThrow('took arm 0')
  expect(() => overturningStrength({ ...problem, y: new Float64Array(30).fill(NaN) })).toThrow('no outcome')
})

test('recorded reasons are measured by their odds ratios, yes or no as one step and numbers as two deviations', () => {
  const rows = 20_000
  const random = makeRandom(12, 0)
  const columns = new Float64Array(3 * rows)
  const arm = Uint8Array.from({ length: rows }, (_, i) => {
    columns[i] = random.below(2)
    columns[rows + i] = 30 + 10 * random.normal()
    columns[2 * rows + i] = 7
    const logit = -0.5 + Math.log(3) * columns[i] - (Math.log(2) / 20) * (columns[rows + i]! - 30)
    return Number(random.uniform() < 1 / (1 + Math.exp(-logit)))
  })
  const [yesNo, number, constant] = recordedOddsRatios({ columns, arm }, 1)
  expect(yesNo).toBeGreaterThan(2.7)
  expect(yesNo).toBeLessThan(3.3)
  expect(number).toBeGreaterThan(1.8)
  expect(number).toBeLessThan(2.2)
  expect(constant).toBe(1)
  expect(() => recordedOddsRatios({ columns, arm }, 2)).toThrow('or nobody did')
  expect(() => recordedOddsRatios({ columns: columns.fill(NaN, 0, 1), arm }, 1)).toThrow(RangeError)
})
