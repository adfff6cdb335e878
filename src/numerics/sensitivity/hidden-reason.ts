// How strong a reason that nobody wrote down would have to be before a finding could be chance or nothing.

import { studentQuantile } from '../scores/distributions.ts'
import { checkedSampling, clusterSpread, type Sampling } from '../scores/estimate.ts'
import { checkedArms, type ScoreProblem } from '../scores/scores.ts'

/** compared: the arm held against the control. among: 1 for rows of the group asked about (length rows), null for everybody.
 *  target: the effect on everybody in the group (unless said), or on those of them who took the arm. */
export interface SensitivityProblem extends ScoreProblem, Sampling {
  readonly compared: number
  readonly among?: Uint8Array | null
  readonly target?: 'everybody' | 'treated'
}

/** The lowest and highest average effect that a hidden reason of strength `lambda` could leave, in y's unit, and the ends of the
 *  95 % interval around them. */
export interface EffectBounds {
  readonly lambda: number
  readonly lowest: number
  readonly highest: number
  readonly low: number
  readonly high: number
}

/** point: the strength at which the estimate itself could be 0; interval: at which its 95 % interval reaches 0. 1: it does so
 *  with no hidden reason at all. Infinity: not even at `mostLambda`. */
export interface OverturningStrength {
  readonly point: number
  readonly interval: number
}

/** The strongest hidden reason that is looked at: odds of taking the service a hundred times as high. */
export const mostLambda = 100

/**
 * Bounds of the average effect of `compared` against the control when an unrecorded reason may multiply or divide the odds of
 * taking an arm, among people alike in all recorded facts, by up to `lambda` (marginal sensitivity model: Tan 2006, JASA 101,
 * 1619-1637). For each of the two arms the mean outcome is outcome_k(x) averaged over all, plus the mean of y - outcome_k(x) over
 * those who took k, each weighted by 1 + z (1 - p_k) / p_k, weights summing to one; z takes whatever values from 1 / lambda to
 * lambda make it lowest or highest: all of one end below a cut of the residual and of the other above it (Zhao, Small and
 * Bhattacharya 2019, JRSS B 81, 735-761, here in the augmented form), so sorting finds the exact extreme.
 *
 * The effect on the treated needs only their outcomes without the service: controls weigh z p_k / p_0, and lambda speaks of the
 * odds of the arm rather than the control.
 *
 * At lambda 1 this is the doubly robust effect with normalised corrections, or `effectsOnTreated`. The bounds are valid, not the sharpest: they do not
 * use that the odds must average out at every x. Standard errors: influence of each row at the extreme weights, by cluster where
 * given, nuisances taken as known. Missing outcomes by observedWeight. Refused: as the scores, an arm that is not there, lambda
 * below 1, a group in which nobody took one of the two arms. O(rows log rows).
 */
export function effectBounds(problem: SensitivityProblem, lambda: number): EffectBounds {
  if (!(lambda >= 1)) throw new RangeError('lambda is 1 or more')
  return boundsAt(sidesOf(problem), lambda)
}

/** The strengths at which the finding could be nothing. Sorts once, then O(rows) for each of some eighty strengths tried.
 *  Estimand, assumptions and refusals: `effectBounds`. */
export function overturningStrength(problem: SensitivityProblem): OverturningStrength {
  const sides = sidesOf(problem)
  const plain = boundsAt(sides, 1)
  const sign = plain.lowest >= 0 ? 1 : -1
  return {
    point: firstAtZero((lambda) => {
      const bounds = boundsAt(sides, lambda)
      return sign > 0 ? bounds.lowest : -bounds.highest
    }),
    interval: firstAtZero((lambda) => {
      const bounds = boundsAt(sides, lambda)
      return sign > 0 ? bounds.low : -bounds.high
    }),
  }
}

/** One arm: its rows in the order of their residuals, each with the part of its weight that is sure and the part that z moves. */
interface Side {
  readonly rows: Uint32Array
  readonly residual: Float64Array
  readonly sure: Float64Array
  readonly moved: Float64Array
  /** Influence of each row's regression on the mean of the regression (length of all rows), and that mean. */
  readonly regression: Float64Array
  readonly mean: number
}

interface Sides {
  readonly arm: Side
  readonly control: Side
  /** Row weights, 0 where a row has no say in either side. */
  readonly weight: Float64Array
  readonly cluster: Int32Array | null
}

function sidesOf(problem: SensitivityProblem): Sides {
  const arms = checkedArms(problem)
  const { arm, compared, among = null } = problem
  const rows = problem.y.length
  if (!(compared >= 1 && compared < arms)) throw new RangeError(`there is no arm ${compared}`)
  if (among !== null && among.length !== rows) throw new RangeError('the group has other rows')
  const sampling = checkedSampling(rows, problem)
  const inGroup = Float64Array.from({ length: rows }, (_, i) =>
    among !== null && among[i] === 0 ? 0 : sampling.weight === null ? 1 : sampling.weight[i],
  )
  const onTreated = problem.target === 'treated'
  const people = onTreated ? inGroup.map((w, i) => (arm[i] === compared ? w : 0)) : inGroup
  if (!people.some((w) => w > 0)) throw new RangeError('nobody is in the group')
  return {
    arm: sideOf(problem, compared, inGroup, people),
    control: sideOf(problem, 0, inGroup, people),
    weight: onTreated ? inGroup.map((w, i) => (arm[i] === compared || arm[i] === 0 ? w : 0)) : inGroup,
    cluster: sampling.cluster,
  }
}

/** weight: of rows that may speak for arm k. people: of those whose mean outcome under k is asked for. */
function sideOf(problem: SensitivityProblem, k: number, weight: Float64Array, people: Float64Array): Side {
  const { arm, y, outcome, propensity, compared } = problem
  const observed = problem.observedWeight ?? null
  const count = y.length
  const expected = outcome.subarray(k * count, (k + 1) * count)
  const total = people.reduce((sum, w) => sum + w, 0)
  let mean = 0
  for (let i = 0; i < count; i++) mean += (people[i] * expected[i]) / total
  const rows = Uint32Array.from({ length: count }, (_, i) => i)
    .filter((i) => arm[i] === k && weight[i] > 0 && (observed === null || observed[i] > 0))
    .sort((a, b) => y[a] - expected[a] - (y[b] - expected[b]) || a - b)
  if (rows.length === 0) throw new RangeError(`nobody in the group took arm ${k} and has a known outcome`)
  const known = Float64Array.from(rows, (i) => weight[i] * (observed === null ? 1 : observed[i]))
  const isTreated = problem.target === 'treated'
  // Everybody: 1 + z (1 - p) / p. The treated: they themselves weigh 1, and controls z p_k / p_0.
  const isSure = !isTreated || k === compared
  const tilt = (i: number): number => {
    const own = propensity[k * count + i]
    if (isTreated) return k === compared ? 0 : propensity[compared * count + i] / own
    return (1 - own) / own
  }
  const moved = Float64Array.from(rows, (i, r) => known[r] * tilt(i))
  if (!isSure && !moved.some((w) => w > 0)) throw new RangeError(`no control could have taken arm ${compared}`)
  return {
    rows,
    residual: Float64Array.from(rows, (i) => y[i] - expected[i]),
    sure: isSure ? known : new Float64Array(rows.length),
    moved,
    regression: Float64Array.from({ length: count }, (_, i) => (people[i] * (expected[i] - mean)) / total),
    mean,
  }
}

function boundsAt(sides: Sides, lambda: number): EffectBounds {
  const lowest = extreme(sides, lambda, -1)
  const highest = extreme(sides, lambda, 1)
  return { lambda, lowest: lowest.effect, highest: highest.effect, low: lowest.low, high: highest.high }
}

/** The extreme effect in one direction: the arm's mean pushed that way, the control's the other. */
function extreme(sides: Sides, lambda: number, direction: number): { effect: number; low: number; high: number } {
  const influence = new Float64Array(sides.weight.length)
  const arm = extremeMean(sides.arm, lambda, direction, 1, influence)
  const control = extremeMean(sides.control, lambda, -direction, -1, influence)
  const { sumOfSquares, units } = clusterSpread(influence, sides.weight, sides.cluster)
  const effect = arm - control
  if (units < 2) return { effect, low: -Infinity, high: Infinity }
  const spread = Math.sqrt(sumOfSquares)
  const reach = spread === 0 ? 0 : studentQuantile(0.975, units - 1) * spread
  return { effect, low: effect - reach, high: effect + reach }
}

/** The lowest (direction -1) or highest mean outcome; adds `sign` × each row's influence on it to `influence`. */
function extremeMean(side: Side, lambda: number, direction: number, sign: number, influence: Float64Array): number {
  const { rows, residual, sure, moved, regression } = side
  const below = direction > 0 ? 1 / lambda : lambda
  const above = direction > 0 ? lambda : 1 / lambda
  const cut = cutOf(side, below, above, direction)
  let sum = 0
  let mass = 0
  for (let r = 0; r < rows.length; r++) {
    const w = sure[r] + (r < cut ? below : above) * moved[r]
    sum += w * residual[r]
    mass += w
  }
  const shift = sum / mass
  for (let i = 0; i < influence.length; i++) influence[i] += sign * regression[i]
  for (let r = 0; r < rows.length; r++) {
    const w = sure[r] + (r < cut ? below : above) * moved[r]
    influence[rows[r]] += (sign * w * (residual[r] - shift)) / mass
  }
  return side.mean + shift
}

/** How many of the lowest residuals take the weight `below` so that the weighted mean is most extreme. The ratio climbs to its
 *  best cut and falls after, yet every cut is looked at: it costs one pass. */
function cutOf(side: Side, below: number, above: number, direction: number): number {
  const { residual, sure, moved } = side
  let sum = 0
  let mass = 0
  for (let r = 0; r < residual.length; r++) {
    sum += (sure[r] + above * moved[r]) * residual[r]
    mass += sure[r] + above * moved[r]
  }
  let best = direction * (sum / mass)
  let cut = 0
  for (let r = 0; r < residual.length; r++) {
    const change = (below - above) * moved[r]
    sum += change * residual[r]
    mass += change
    const found = direction * (sum / mass)
    if (found > best) {
      best = found
      cut = r + 1
    }
  }
  return cut
}

/** The first strength at which a falling figure is no longer above 0: a coarse walk up, then halving, on the log scale. */
function firstAtZero(figure: (lambda: number) => number): number {
  const steps = 24
  if (!(figure(1) > 0)) return 1
  let low = 0
  for (let step = 1; step <= steps; step++) {
    let high = (step / steps) * Math.log(mostLambda)
    if (figure(Math.exp(high)) > 0) {
      low = high
      continue
    }
    for (let halving = 0; halving < 20; halving++) {
      const middle = (low + high) / 2
      if (figure(Math.exp(middle)) > 0) low = middle
      else high = middle
    }
    return Math.exp(high)
  }
  return Infinity
}
