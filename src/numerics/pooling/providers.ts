// What is known of single providers of one service type, each held towards the type. Never a ranking.

import { checkedSampling, meanOf, type Estimate, type Sampling } from '../scores/estimate.ts'
import { checkedArms, type ScoreProblem } from '../scores/scores.ts'
import { effectsOnTreated } from '../scores/treated.ts'
import { poolFamily } from './pool.ts'

/** problem: as for the scores. compared: the arm of the service type. provider: length rows, places from 0 below `providers`, -1
 *  where not known; looked at in rows of that arm alone. minimumRows: below it a provider gets the type's own effect. */
export interface ProviderProblem extends ScoreProblem, Sampling {
  readonly compared: number
  readonly provider: Int32Array
  readonly providers: number
  readonly minimumRows: number
}

/** rows: with a known outcome. raw: their plain weighted mean outcome, NaN where there are none. difference: from the type's
 *  average, for clients like these, pooled. effect: against the control, pooled. isOwn: false where the type's stands in. */
export interface ProviderEffect {
  readonly rows: number
  readonly raw: number
  readonly difference: Estimate
  readonly effect: Estimate
  readonly isOwn: boolean
}

/** type: the type's effect on those who took it. between: how much providers truly differ (standard deviation, 95 % interval);
 *  null with fewer than two providers of enough rows. */
export interface ProviderEffects {
  readonly type: Estimate
  readonly between: { readonly estimate: number; readonly low: number; readonly high: number } | null
  readonly providers: readonly ProviderEffect[]
}

/**
 * Effect of a service type at each of its providers, in y's unit. A provider's difference is the mean of y - outcome_k(x) over
 * its own clients: how they fared against what the type does for people like them (indirect standardisation). Its standard
 * error takes the spread of one client's outcome from all providers together, so that a provider of five clients cannot look
 * certain by luck. Differences are pooled by `poolFamily`, and added to the type's effect on the treated; the doubt of both adds
 * up. A provider below minimumRows gets the type's effect, its interval as wide as a further provider may differ. With fewer
 * than two providers of enough rows, or no spread within providers, all get the type's effect as it is.
 *
 * Adjusts for recorded facts through outcome_k alone: a provider that draws clients with better prospects for unrecorded reasons
 * looks better. Missing outcomes by observedWeight. Refused: as the scores and `effectsOnTreated`, an arm or provider that is not
 * there, minimumRows below 1. O(rows + providers × 10,000).
 */
export function effectsByProvider(problem: ProviderProblem): ProviderEffects {
  const arms = checkedArms(problem)
  const { compared, provider, providers, minimumRows } = problem
  if (!(compared >= 1 && compared < arms)) throw new RangeError(`there is no arm ${compared}`)
  if (!(minimumRows >= 1)) throw new RangeError('a provider needs at least one row')
  if (provider.length !== problem.y.length) throw new RangeError('providers and outcomes differ in length')
  if (provider.some((place) => place >= providers))
    throw new RangeError(`a provider is beyond the ${providers} there are`)
  const type = effectsOnTreated(problem, problem)[compared - 1]
  const sums = sumsByProvider(problem)
  const own = sums.flatMap((sum, at) => (sum.rows >= minimumRows ? [at] : []))
  const spread = spreadWithin(problem, sums)
  if (own.length < 2 || spread === 0)
    return { type, between: null, providers: sums.map((sum) => withoutOwn(sum, type, null)) }
  const pooled = poolFamily({
    estimates: Float64Array.from(own, (at) => sums[at].difference),
    ses: Float64Array.from(own, (at) => (spread * Math.sqrt(sums[at].squares)) / sums[at].weight),
  })
  // The type's effect already is the mean over its clients: providers are told as differences from it.
  const centre = meanOf(
    Float64Array.from(own, (at) => sums[at].difference),
    { weight: Float64Array.from(own, (at) => sums[at].weight) },
  ).estimate
  const next = shifted(pooled.next, -centre)
  return {
    type,
    between: pooled.between,
    providers: sums.map((sum, at) => {
      const place = own.indexOf(at)
      if (place < 0) return withoutOwn(sum, type, next)
      const difference = shifted(pooled.pooled[place], -centre)
      return { rows: sum.rows, raw: sum.raw, difference, effect: added(type, difference), isOwn: true }
    }),
  }
}

interface ProviderSum {
  readonly rows: number
  readonly raw: number
  readonly difference: number
  readonly weight: number
  readonly squares: number
}

function sumsByProvider(problem: ProviderProblem): ProviderSum[] {
  const { weight } = checkedSampling(problem.y.length, problem)
  const { providers, provider, y } = problem
  const rows = new Float64Array(providers)
  const total = new Float64Array(providers)
  const squares = new Float64Array(providers)
  const outcome = new Float64Array(providers)
  const residual = new Float64Array(providers)
  for (let i = 0; i < y.length; i++) {
    const w = weightOf(problem, weight, i)
    if (w === 0) continue
    const at = provider[i]
    rows[at]++
    total[at] += w
    squares[at] += w * w
    outcome[at] += w * y[i]
    residual[at] += w * residualOf(problem, i)
  }
  return Array.from(rows, (count, at) => ({
    rows: count,
    raw: outcome[at] / total[at],
    difference: residual[at] / total[at],
    weight: total[at],
    squares: squares[at],
  }))
}

/** Standard deviation of y - outcome_k(x) within providers; 0 where no provider has two rows, or nothing varies. */
function spreadWithin(problem: ProviderProblem, sums: readonly ProviderSum[]): number {
  const { weight } = checkedSampling(problem.y.length, problem)
  let squares = 0
  let total = 0
  for (let i = 0; i < problem.y.length; i++) {
    const w = weightOf(problem, weight, i)
    if (w === 0) continue
    squares += w * (residualOf(problem, i) - sums[problem.provider[i]].difference) ** 2
    total += w
  }
  const rows = sums.reduce((all, sum) => all + sum.rows, 0)
  const means = sums.filter((sum) => sum.rows > 0).length
  return rows > means ? Math.sqrt((squares / total) * (rows / (rows - means))) : 0
}

/** A row's weight among its provider's clients of this service with a known outcome, 0 for every other row. */
function weightOf(problem: ProviderProblem, weight: Float64Array | null, i: number): number {
  if (problem.arm[i] !== problem.compared || problem.provider[i] < 0) return 0
  return (problem.observedWeight?.[i] ?? 1) * (weight === null ? 1 : weight[i])
}

function residualOf(problem: ProviderProblem, i: number): number {
  return problem.y[i] - problem.outcome[problem.compared * problem.y.length + i]
}

/** next: where a further provider may lie beside the type's mean. The type's own effect stays the estimate. */
function withoutOwn(sum: ProviderSum, type: Estimate, next: Estimate | null): ProviderEffect {
  const difference =
    next === null
      ? { estimate: 0, se: 0, low: 0, high: 0 }
      : { estimate: 0, se: next.se, low: Math.min(next.low, 0), high: Math.max(next.high, 0) }
  return { rows: sum.rows, raw: sum.raw, difference, effect: added(type, difference), isOwn: false }
}

function shifted(estimate: Estimate, by: number): Estimate {
  return { estimate: estimate.estimate + by, se: estimate.se, low: estimate.low + by, high: estimate.high + by }
}

/** Sum of two estimates that err apart; each end keeps its own reach (Zou and Donner 2008, Statistics in Medicine 27,
 *  1693-1702), since pooled intervals need not be symmetric. */
function added(a: Estimate, b: Estimate): Estimate {
  const estimate = a.estimate + b.estimate
  return {
    estimate,
    se: Math.hypot(a.se, b.se),
    low: estimate - Math.hypot(a.estimate - a.low, b.estimate - b.low),
    high: estimate + Math.hypot(a.high - a.estimate, b.high - b.estimate),
  }
}
