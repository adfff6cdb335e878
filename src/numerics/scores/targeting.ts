// What it gains to serve first whom the predictions put first: the targeting curve and the area under it.

import { makeRandom, type Random } from '../rng.ts'
import { cutByWeight, orderOf } from './calibration.ts'
import { checkedSampling, clustersIn, estimateOf, meanOf, pAboveZero, type Sampling } from './estimate.ts'
import type { Coefficient } from './linear-effects.ts'

/** A point of the curve: mean effect among the first `share` of people, less the mean effect of all. */
export interface TargetingPoint {
  readonly share: number
  readonly gain: number
  readonly se: number
}

/** rate: the area under the curve with its interval and one-sided p. points: the curve at the shares asked for. */
export interface TargetingCurve {
  readonly rate: Coefficient
  readonly points: readonly TargetingPoint[]
}

/** seed: of the half samples. draws: how many (200 unless said). shares: where the curve is wanted, above 0 and up to 1. */
export interface TargetingOptions extends Sampling {
  readonly seed: number
  readonly draws?: number
  readonly shares: readonly number[]
}

// People within a ten-thousandth by weight count as equal: the area changes by less than that share of its first step, and a
// draw costs one pass over the rows and ten thousand logarithms, however many rows there are.
const mostSteps = 10_000

/**
 * Targeting operator characteristic and rank-weighted average effect (AUTOC: the curve's integral over shares 0 to 1) of one
 * arm: Yadlowsky, Fleming, Shah, Brunskill and Wager (2025), JASA 120, 38-51. In the unit of the effect. A rate above 0 says that
 * the order finds those who gain more; 0 is what any order by chance has.
 *
 * effect: effect scores, length rows. priority: length rows, highest first, made without the row's own outcome. Equal priorities
 * share their mean effect. Standard errors: spread of the same figures over random halves of the clusters (or rows) drawn
 * without replacement, stream (seed, draw); the order itself counts as given. All priorities equal: everything is exactly 0 with
 * p 1. Fewer than four units: standard errors of Infinity. Refused: as `meanOf`, shares outside (0, 1], draws below 2.
 * O(rows log rows + draws × rows).
 */
export function targetingCurve(
  effect: Float64Array,
  priority: Float64Array,
  options: TargetingOptions,
): TargetingCurve {
  const { seed, shares, draws = 200 } = options
  if (priority.length !== effect.length) throw new RangeError('effects and priorities differ in length')
  const { weight, cluster } = checkedSampling(effect.length, options)
  meanOf(effect, options)
  meanOf(priority, options)
  if (!shares.every((share) => share > 0 && share <= 1)) throw new RangeError('a share is above 0 and up to 1')
  if (!(draws >= 2)) throw new RangeError('the spread needs at least two draws')
  const queue = queueOf(effect, priority, weight, cluster)
  const whole = curveOf(queue, shares, null)
  const spread = spreadOverHalves(queue.units, seed, draws, (isIn) => curveOf(queue, shares, isIn))
  const freedom = queue.units - 1
  const area = estimateOf(whole[0], spread[0], freedom)
  return {
    rate: { ...area, p: pAboveZero(whole[0], area.se, freedom) },
    points: shares.map((share, at) => ({ share, gain: whole[at + 1], se: spread[at + 1] })),
  }
}

/** The rows in the order of priority, so that a draw reads memory in order. step: the place of equals of each. unit: clusters (or
 *  rows) numbered from 0 as the queue first meets them. gains: weight × effect. */
interface Queue {
  readonly step: Uint32Array
  readonly steps: number
  readonly unit: Uint32Array
  readonly units: number
  readonly weights: Float64Array
  readonly gains: Float64Array
}

function queueOf(
  effect: Float64Array,
  priority: Float64Array,
  weight: Float64Array | null,
  cluster: Int32Array | null,
): Queue {
  const rank = priority.map((value) => -value)
  const rows = orderOf(rank, weight)
  const runs = cutByWeight(rows, rank, weight, mostSteps)
  const step = new Uint32Array(rows.length)
  let at = 0
  runs.forEach((run, place) => {
    step.fill(place, at, at + run.length)
    at += run.length
  })
  const weights = Float64Array.from(rows, (i) => (weight === null ? 1 : weight[i]))
  const gains = Float64Array.from(rows, (i, q) => weights[q] * effect[i])
  return { step, steps: runs.length, ...unitsOf(rows, cluster), weights, gains }
}

function unitsOf(rows: Uint32Array, cluster: Int32Array | null): { unit: Uint32Array; units: number } {
  const unit = Uint32Array.from({ length: rows.length }, (_, q) => q)
  if (cluster === null) return { unit, units: rows.length }
  const number = new Int32Array(clustersIn(cluster)).fill(-1)
  let units = 0
  for (let q = 0; q < rows.length; q++) {
    const own = cluster[rows[q]]
    if (number[own] < 0) number[own] = units++
    unit[q] = number[own]
  }
  return { unit, units }
}

/** The area, then the curve at each share. Within a step the mean effect is the same for all: the curve there is
 *  (C + g t) / (c + t) with C and c what came before, and its integral g W + (C - g c) log((c + W) / c). */
function curveOf(queue: Queue, shares: readonly number[], isIn: Uint8Array | null): Float64Array {
  const { step, steps, unit, gains } = queue
  const weights = new Float64Array(steps)
  const sums = new Float64Array(steps)
  for (let q = 0; q < gains.length; q++) {
    if (isIn !== null && isIn[unit[q]] === 0) continue
    weights[step[q]] += queue.weights[q]
    sums[step[q]] += gains[q]
  }
  let total = 0
  let sum = 0
  for (let s = 0; s < steps; s++) {
    total += weights[s]
    sum += sums[s]
  }
  const mean = sum / total
  const found = new Float64Array(shares.length + 1)
  let passed = 0
  let gained = 0
  for (let s = 0; s < steps; s++) {
    if (weights[s] === 0) continue
    // Gains over the mean, so that the integral of a flat curve is 0 without cancelling.
    const gain = sums[s] / weights[s] - mean
    const end = passed + weights[s]
    found[0] += gain * weights[s]
    if (passed > 0) found[0] += (gained - gain * passed) * Math.log(end / passed)
    for (let at = 0; at < shares.length; at++) {
      const wanted = shares[at] * total
      if (wanted > passed && wanted <= end) found[at + 1] = (gained + gain * (wanted - passed)) / wanted
    }
    gained += gain * weights[s]
    passed = end
  }
  found[0] /= total
  for (let at = 0; at < shares.length; at++) if (shares[at] === 1) found[at + 1] = 0
  return found
}

/** Standard deviation of each figure over random halves; a half drawn without replacement varies around the whole as the
 *  whole varies around the truth. */
function spreadOverHalves(
  units: number,
  seed: number,
  draws: number,
  figures: (isIn: Uint8Array) => Float64Array,
): Float64Array {
  const isIn = new Uint8Array(units)
  const drawn: Float64Array[] = []
  for (let draw = 0; draw < draws; draw++) {
    drawHalf(makeRandom(seed, draw), isIn)
    drawn.push(figures(isIn))
  }
  const half = halfOf(units)
  return drawn[0].map((_, at) => {
    if (units < 4) return Infinity
    let sum = 0
    let squares = 0
    for (const one of drawn) sum += one[at]
    for (const one of drawn) squares += (one[at] - sum / draws) ** 2
    // An odd number has no exact half: the spread of h of n is (n - h) / h times that of the whole.
    return Math.sqrt((squares / (draws - 1)) * (half / (units - half)))
  })
}

/** Marks half of the units, each with the chance that is left for it (Knuth, volume 2, algorithm 3.4.2 S). */
function drawHalf(random: Random, isIn: Uint8Array): void {
  let wanted = halfOf(isIn.length)
  for (let u = 0; u < isIn.length; u++) {
    const isTaken = random.uniform() * (isIn.length - u) < wanted
    isIn[u] = isTaken ? 1 : 0
    if (isTaken) wanted--
  }
}

function halfOf(units: number): number {
  return Math.ceil(units / 2)
}
