// Partial pooling: each figure of a family moves towards the family's mean by as much as its own doubt asks for.

import { normalTail } from '../scores/distributions.ts'
import type { Estimate } from '../scores/estimate.ts'

/** Figures of one kind with known standard errors, such as the providers of one service type. */
export interface Family {
  readonly estimates: Float64Array
  readonly ses: Float64Array
}

/** mean: of the family that these figures were drawn from. between: how much true figures differ (standard deviation), its
 *  posterior median with a 95 % interval. pooled: one estimate a figure, in order. next: a further member of which nothing is
 *  known. `se` is a posterior standard deviation throughout. */
export interface PooledFamily {
  readonly mean: Estimate
  readonly between: { readonly estimate: number; readonly low: number; readonly high: number }
  readonly pooled: readonly Estimate[]
  readonly next: Estimate
}

// On the log scale the posterior is smooth and dies off at both ends, where sums of equal steps are all but exact: a hundred
// times as many points move no figure by a hundredth of its standard error (tested).
const gridPoints = 160

/**
 * Normal hierarchical model: figure i is drawn from N(true_i, se_i²), true_i from N(mean, between²), a flat prior for the mean
 * and the uniform shrinkage prior for between: s² / (s² + between²) is uniform on 0..1, s² the harmonic mean of the se²
 * (Daniels 1999, Canadian Journal of Statistics 27, 567-578). The posterior is summed over a grid of between, so that the
 * doubt about it widens every interval; a plugged-in value (Efron and Morris 1975, JASA 70, 311-319) leaves them too narrow
 * (Morris 1983, JASA 78, 47-55).
 * The prior is proper: two figures have an answer, and equal figures do not pin between to 0. One figure
 * alone stays as it is, and its family's mean is anywhere.
 *
 * estimates, ses: length of the family, in one unit. Intervals: equal tails of the mixture. A figure of infinite se takes the
 * family's. Deterministic, draws no chance. Refused with a RangeError: no figures, lengths that differ, an estimate that is not
 * finite, a se that is not above 0, no finite se. O(figures × 160 × 40 halvings for the intervals).
 */
export function poolFamily(family: Family): PooledFamily {
  const { estimates, ses } = checkedFamily(family)
  const grid = gridOf(estimates, ses)
  const pooled = Array.from(estimates, (estimate, i) => summary(grid, (at) => memberAt(at, estimate, ses[i])))
  const between = betweenOf(grid)
  // One figure says nothing of how far its family reaches.
  if (ses.filter(Number.isFinite).length < 2) {
    const open = {
      estimate: pooled[ses.findIndex(Number.isFinite)].estimate,
      se: Infinity,
      low: -Infinity,
      high: Infinity,
    }
    return { mean: open, between, pooled: pooled.map((own, i) => (ses[i] === Infinity ? open : own)), next: open }
  }
  return {
    mean: summary(grid, (at) => ({ mean: at.mean, variance: at.meanVariance })),
    between,
    pooled,
    next: summary(grid, (at) => ({ mean: at.mean, variance: at.meanVariance + at.between })),
  }
}

/** One value of between² with its posterior weight, and the mean's posterior given it. */
interface GridPoint {
  readonly between: number
  readonly share: number
  readonly mean: number
  readonly meanVariance: number
}

interface Normal {
  readonly mean: number
  readonly variance: number
}

function checkedFamily({ estimates, ses }: Family): Family {
  if (estimates.length === 0 || estimates.length !== ses.length)
    throw new RangeError(`${estimates.length} estimates and ${ses.length} standard errors are no family`)
  if (!estimates.every(Number.isFinite)) throw new RangeError('an estimate is not a finite number')
  if (!ses.every((se) => se > 0)) throw new RangeError('a standard error is not above 0')
  if (!ses.some(Number.isFinite)) throw new RangeError('no figure has a finite standard error')
  return { estimates, ses }
}

/** Equal steps of log(between² / s²), each with the likelihood of its between², the mean integrated out, and the prior: the
 *  shrinkage's own is uniform, so that of its log odds is shrinkage × (1 - shrinkage). Ends where the data have long decided. */
function gridOf(estimates: Float64Array, ses: Float64Array): GridPoint[] {
  const known = ses.map((se) => (se === Infinity ? 0 : 1))
  const typical = sumOf(known) / sumOf(ses.map((se) => 1 / (se * se)))
  const finite = estimates.filter((_, i) => known[i] === 1)
  const reach = finite.reduce((a, b) => Math.max(a, b)) - finite.reduce((a, b) => Math.min(a, b))
  const least = -14
  const most = Math.max(14, Math.log((reach * reach) / typical) + 12)
  const logs = new Float64Array(gridPoints)
  const points = Array.from({ length: gridPoints }, (_, g) => {
    const ratio = Math.exp(least + ((most - least) * g) / (gridPoints - 1))
    const between = typical * ratio
    const precision = ses.map((se) => 1 / (se * se + between))
    let total = 0
    let sum = 0
    for (let i = 0; i < ses.length; i++) {
      total += precision[i]
      sum += precision[i] * (estimates[i] - finite[0])
      if (known[i] === 1) logs[g] += Math.log(precision[i]) / 2
    }
    // A figure of infinite doubt has precision 0 and drops out of both sums.
    const mean = finite[0] + sum / total
    logs[g] += Math.log(ratio) - 2 * Math.log1p(ratio) - Math.log(total) / 2
    for (let i = 0; i < ses.length; i++) if (known[i] === 1) logs[g] -= ((estimates[i] - mean) ** 2 * precision[i]) / 2
    return { between, mean, meanVariance: 1 / total }
  })
  const highest = logs.reduce((most, log) => Math.max(most, log), -Infinity)
  const weights = logs.map((log) => Math.exp(log - highest))
  const all = sumOf(weights)
  return points.map((point, g) => ({ ...point, share: weights[g] / all })).filter(({ share }) => share > 1e-15)
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** Posterior of one member given between²: its own figure and the mean by their precisions; the mean's doubt comes along. */
function memberAt(at: GridPoint, estimate: number, se: number): Normal {
  const towards = se === Infinity ? 1 : (se * se) / (se * se + at.between)
  return {
    mean: towards * at.mean + (1 - towards) * estimate,
    variance: (se === Infinity ? at.between : (1 - towards) * se * se) + towards * towards * at.meanVariance,
  }
}

function summary(grid: readonly GridPoint[], normalAt: (at: GridPoint) => Normal): Estimate {
  const parts = grid.map((at) => ({ ...normalAt(at), share: at.share }))
  let mean = 0
  for (const part of parts) mean += part.share * part.mean
  let variance = 0
  for (const part of parts) variance += part.share * (part.variance + (part.mean - mean) ** 2)
  const se = Math.sqrt(variance)
  const below = (value: number) => {
    let sum = 0
    for (const part of parts) sum += part.share * normalTail((part.mean - value) / Math.sqrt(part.variance))
    return sum
  }
  return { estimate: mean, se, low: quantile(below, 0.025, mean, se), high: quantile(below, 0.975, mean, se) }
}

/** Where a rising share reaches p. Chebyshev: 2.5 % lies within 6.4 deviations of the mean. */
function quantile(below: (value: number) => number, p: number, mean: number, se: number): number {
  let low = mean - 6.4 * se
  let high = mean + 6.4 * se
  for (let halving = 0; halving < 40; halving++) {
    const middle = (low + high) / 2
    if (below(middle) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The grid runs from the smallest between² up. */
function betweenOf(grid: readonly GridPoint[]): { estimate: number; low: number; high: number } {
  const at = (p: number): number => {
    let passed = 0
    for (const point of grid) {
      passed += point.share
      if (passed >= p) return Math.sqrt(point.between)
    }
    return Math.sqrt(grid[grid.length - 1].between)
  }
  return { estimate: at(0.5), low: at(0.025), high: at(0.975) }
}
