// Do predicted effects come true? Both checks hold predictions against doubly robust scores that they have not seen.

import { checkedSampling, meanOf, type Estimate, type Sampling } from './estimate.ts'
import { bestLinearPredictor, type Coefficient } from './linear-effects.ts'

/** mean: 1 when the average prediction is right. differential: 1 when differences between people come true in full, 0 when
 *  they do not at all, above 1 when they are told too small. Both with the one-sided p of "not above zero". */
export interface CalibrationTest {
  readonly mean: Coefficient
  readonly differential: Coefficient
}

const notTestable: Coefficient = { estimate: NaN, se: Infinity, low: -Infinity, high: Infinity, p: NaN }

/**
 * Calibration test of one arm's predicted effects: least squares of the effect scores on the mean prediction and on each
 * prediction less that mean (the best linear predictor of Chernozhukov, Demirer, Duflo and Fernández-Val 2018,
 * arXiv:1712.04802, section 3; the same two coefficients as the test of grf's `test_calibration`, there by residuals of one
 * treatment, here by scores, so that it serves every arm). Variances as `bestLinearPredictor`.
 *
 * effect: length rows. predicted: length rows, made without the row's own outcome. Weigh by `overlapWeights` times the row's own
 * for more power where overlap is thin; the question is then asked of those whom both could have reached.
 * A prediction that is the same for all has nothing to differ by: `differential` is NaN with p NaN, which passes no test. A mean
 * prediction of exactly 0 likewise leaves `mean` NaN. Refused: as `bestLinearPredictor`. O(rows).
 */
export function calibrationTest(
  effect: Float64Array,
  predicted: Float64Array,
  sampling: Sampling = {},
): CalibrationTest {
  if (predicted.length !== effect.length) throw new RangeError('effects and predictions differ in length')
  const mean = meanOf(predicted, sampling).estimate
  if (isFlat(predicted, sampling.weight ?? null)) {
    const [average] = bestLinearPredictor(effect, new Float64Array(0), sampling)
    return { mean: asShare(average, mean), differential: notTestable }
  }
  const centred = predicted.map((value) => value - mean)
  const [average, differential] = bestLinearPredictor(effect, centred, sampling)
  return { mean: asShare(average, mean), differential }
}

/** One bin of people with similar predictions: how many rows count, their mean prediction, and what their scores say. */
export interface CalibrationBin {
  readonly rows: number
  readonly predicted: number
  readonly found: Estimate
}

/**
 * People in `bins` groups of about equal weight by predicted effect, lowest first, with the mean prediction beside the doubly
 * robust mean effect of the same people. Equal predictions stay together, so there can be fewer bins; one when all are equal.
 * Rows of weight 0 are left out. O(rows log rows). Refused: as `meanOf`, and fewer than one bin.
 */
export function calibrationBins(
  effect: Float64Array,
  predicted: Float64Array,
  bins: number,
  sampling: Sampling = {},
): CalibrationBin[] {
  if (!(bins >= 1)) throw new RangeError('there is at least one bin')
  if (predicted.length !== effect.length) throw new RangeError('effects and predictions differ in length')
  const { weight, cluster } = checkedSampling(effect.length, sampling)
  meanOf(predicted, sampling)
  return cutByWeight(orderOf(predicted, weight), predicted, weight, bins).map((member) => {
    const own: Sampling = {
      weight: weight && Float64Array.from(member, (i) => weight[i]),
      cluster: cluster && Int32Array.from(member, (i) => cluster[i]),
    }
    return {
      rows: member.length,
      predicted: meanOf(
        Float64Array.from(member, (i) => predicted[i]),
        own,
      ).estimate,
      found: meanOf(
        Float64Array.from(member, (i) => effect[i]),
        own,
      ),
    }
  })
}

/** Rows of positive weight in the order of `values`, the lowest first. */
export function orderOf(values: Float64Array, weight: Float64Array | null): Uint32Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).filter((i) => weight === null || weight[i] > 0)
  return order.sort((a, b) => values[a] - values[b] || a - b)
}

/** Cuts rows that stand in the order of `values` into at most `parts` runs of about equal weight; equal values stay together. */
export function cutByWeight(
  order: Uint32Array,
  values: Float64Array,
  weight: Float64Array | null,
  parts: number,
): Uint32Array[] {
  let total = 0
  for (const i of order) total += weight === null ? 1 : weight[i]
  const runs: Uint32Array[] = []
  let start = 0
  let before = 0
  let due = total / parts
  for (let at = 0; at < order.length; at++) {
    before += weight === null ? 1 : weight[order[at]]
    const isTied = at + 1 < order.length && values[order[at + 1]] === values[order[at]]
    // A part in 10¹² of slack, so that adding up the same weights in another grouping cuts at the same place.
    if (isTied || before < due * (1 - 1e-12)) continue
    runs.push(order.subarray(start, at + 1))
    start = at + 1
    // A long run of equal values may have filled several parts: the next ends where it would have ended.
    due = ((Math.floor((before * parts) / total + 1e-9) + 1) * total) / parts
  }
  return runs
}

/** A mean effect as a multiple of the mean prediction. */
function asShare(average: Coefficient, mean: number): Coefficient {
  if (mean === 0) return notTestable
  const ends = [average.low / mean, average.high / mean]
  const estimate = average.estimate / mean
  const se = average.se / Math.abs(mean)
  const turned = se === 0 ? Number(estimate <= 0) : 1 - average.p
  return { estimate, se, low: Math.min(...ends), high: Math.max(...ends), p: mean > 0 ? average.p : turned }
}

/** Whether predictions differ by no more than rounding. */
function isFlat(predicted: Float64Array, weight: Float64Array | null): boolean {
  let least = Infinity
  let most = -Infinity
  for (let i = 0; i < predicted.length; i++) {
    if (weight !== null && !(weight[i] > 0)) continue
    if (predicted[i] < least) least = predicted[i]
    if (predicted[i] > most) most = predicted[i]
  }
  return most - least <= 1e-12 * Math.max(Math.abs(least), Math.abs(most))
}
