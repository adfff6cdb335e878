// A mean with its standard error, the way every figure of the scores is told.

import { studentQuantile, studentTail } from './distributions.ts'

/** An estimate in the values' own unit, its standard error, and its 95 % interval by Student's t with one degree less than
 *  there are independent units (rows, or clusters). One unit alone: the standard error is Infinity. */
export interface Estimate {
  readonly estimate: number
  readonly se: number
  readonly low: number
  readonly high: number
}

/** Who counts how much, and who hangs together. weight: length rows, 0 or more, null for one each: a row of weight 2 counts as
 *  two rows of one cluster. cluster: length rows, places from 0, null where every row stands alone. */
export interface Sampling {
  readonly weight?: Float64Array | null
  readonly cluster?: Int32Array | null
}

/** Estimate and interval from a standard error with `freedom` degrees. */
export function estimateOf(estimate: number, se: number, freedom: number): Estimate {
  if (!(freedom >= 1)) return { estimate, se: Infinity, low: -Infinity, high: Infinity }
  const reach = se === 0 ? 0 : studentQuantile(0.975, freedom) * se
  return { estimate, se, low: estimate - reach, high: estimate + reach }
}

/** One-sided p of "not above zero". No spread at all: 0 above zero and 1 otherwise. A standard error of Infinity: 0.5. */
export function pAboveZero(estimate: number, se: number, freedom: number): number {
  if (Number.isNaN(estimate) || Number.isNaN(se)) return NaN
  if (se === 0) return estimate > 0 ? 0 : 1
  return studentTail(estimate / se, Math.max(1, freedom))
}

/**
 * Weighted mean of `values` with its standard error: sqrt(G / (G - 1) × sum over clusters of (sum of w (v - mean))²) / sum of w,
 * every row its own cluster where none are given. values: length rows; only rows of positive weight are looked at, and those
 * must be finite (RangeError). Weights that add up to nothing: RangeError. O(rows).
 */
export function meanOf(values: Float64Array, sampling: Sampling = {}): Estimate {
  const { weight, cluster } = checkedSampling(values.length, sampling)
  const mean = weightedMean(values, weight)
  const influence = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const w = weight === null ? 1 : weight[i]
    influence[i] = w > 0 ? w * (values[i] - mean.mean) : 0
  }
  const spread = clusterSpread(influence, weight, cluster)
  return estimateOf(mean.mean, Math.sqrt(spread.sumOfSquares) / mean.total, spread.units - 1)
}

/** Sum over clusters of (sum of influence)² × G / (G - 1), and G, the clusters with any positive weight. One cluster: the sum
 *  is 0 and says nothing, which `estimateOf` tells by an infinite standard error. O(rows). */
export function clusterSpread(
  influence: Float64Array,
  weight: Float64Array | null,
  cluster: Int32Array | null,
): { readonly sumOfSquares: number; readonly units: number } {
  let units = 0
  let sumOfSquares = 0
  if (cluster === null) {
    for (let i = 0; i < influence.length; i++) {
      if (weight !== null && !(weight[i] > 0)) continue
      units++
      sumOfSquares += influence[i] * influence[i]
    }
  } else {
    const sums = new Float64Array(clustersIn(cluster))
    const isMet = new Uint8Array(sums.length)
    for (let i = 0; i < influence.length; i++) {
      if (weight !== null && !(weight[i] > 0)) continue
      sums[cluster[i]] += influence[i]
      isMet[cluster[i]] = 1
    }
    for (let g = 0; g < sums.length; g++) {
      units += isMet[g]
      sumOfSquares += sums[g] * sums[g]
    }
  }
  return { sumOfSquares: units > 1 ? (sumOfSquares * units) / (units - 1) : 0, units }
}

/** How many cluster places there are: one more than the highest. */
export function clustersIn(cluster: Int32Array): number {
  let most = -1
  for (let i = 0; i < cluster.length; i++) if (cluster[i] > most) most = cluster[i]
  return most + 1
}

/** Weights and clusters checked against the number of rows; a RangeError says what is wrong. */
export function checkedSampling(
  rows: number,
  sampling: Sampling,
): { readonly weight: Float64Array | null; readonly cluster: Int32Array | null } {
  const weight = sampling.weight ?? null
  const cluster = sampling.cluster ?? null
  if (rows === 0) throw new RangeError('there are no rows')
  if (weight !== null) {
    if (weight.length !== rows) throw new RangeError(`there are ${weight.length} weights for ${rows} rows`)
    if (!weight.every((w) => w >= 0 && w < Infinity)) throw new RangeError('a weight is not a number of 0 or more')
  }
  if (cluster !== null) {
    if (cluster.length !== rows) throw new RangeError(`there are ${cluster.length} clusters for ${rows} rows`)
    if (cluster.some((place) => place < 0)) throw new RangeError('cluster places count from 0')
  }
  return { weight, cluster }
}

function weightedMean(values: Float64Array, weight: Float64Array | null): { mean: number; total: number } {
  // Around the first value, so that a constant comes out as itself to the last bit.
  let shift = NaN
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const w = weight === null ? 1 : weight[i]
    if (!(w > 0)) continue
    if (Number.isNaN(shift)) shift = values[i]
    sum += w * (values[i] - shift)
    total += w
  }
  if (total === 0) throw new RangeError('all weights are 0')
  const mean = shift + sum / total
  if (!Number.isFinite(mean)) throw new RangeError('a value is not a finite number')
  return { mean, total }
}
