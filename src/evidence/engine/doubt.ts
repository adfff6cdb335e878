// How wide an interval must be. The regression's own posterior gives its shape from person to person; how much it must be
// stretched is learned where the truth is known: outcomes drawn from the model itself on the real profiles and services.

import {
  choleskyFactor,
  fitBayesRidge,
  makeRandom,
  predictRidgeEffects,
  predictRidgeVariances,
  type BayesRidge,
  type BinnedTable,
  type Moments,
  type Random,
} from '#numerics/index.ts'
import { doubtOf, momentsWithout, ridgeRules, type RidgeGround, type RidgeRule } from './ridge-member.ts'

export interface DoubtProblem {
  readonly ground: RidgeGround
  /** Each rule's fit on all rows. */
  readonly fits: Readonly<Record<RidgeRule, BayesRidge>>
  /** The regression's part of the stack: effects × rules that are heard, row-major, and their names. */
  readonly heard: readonly RidgeRule[]
  readonly weights: Float64Array
  /** What each rule counts in the averages; sums to one. */
  readonly worth: readonly number[]
  /** People on whose effects the intervals are tried. */
  readonly people: BinnedTable
  readonly atMean: Uint8Array
  readonly seed: number
}

/** Which truth is drawn: the stream of chance, and the rule whose posterior it comes from. */
export interface Drawing {
  readonly draw: number
  readonly belief: RidgeRule
}

const roundsOfDraw = 8

/** What one drawing found, people × effects, column-major: the distance of each estimate from the drawn truth in posterior standard
 *  deviations, and those deviations, in the effects' units. */
export interface Distances {
  readonly distances: Float64Array
  readonly deviations: Float64Array
}

/**
 * One drawing: a truth from the posterior of one belief, outcomes of all rows under it, everything fitted anew, and for each person and effect the
 * distance of the new estimate from the drawn truth. Outcomes are
 * drawn as sums (X'y is normal given X'X), so no row is touched. Estimand: how far estimates lie from truths that differ as
 * this model believes they may. Deterministic by (seed, draw). O(rules · rounds · arms · terms³).
 */
export function drawDistances(problem: DoubtProblem, { draw, belief }: Drawing): Distances {
  const { ground, fits, heard, weights, worth, people, atMean, seed } = problem
  const random = makeRandom(seed, draw)
  const believed = fits[belief]
  const byArm = momentsWithout(ground, null)
  const truth = drawCoefficients(believed, random)
  const drawn = byArm.map((moments, arm) =>
    drawMoments(moments, armCoefficients(truth, arm, believed.size), believed.noise, random),
  )
  const refit = (rule: RidgeRule) =>
    fitBayesRidge(drawn, ground.basis, { rule: ridgeRules[rule], rounds: roundsOfDraw, from: fits[rule] })
  const effects = believed.arms - 1
  const length = people.rows * effects
  const effectsOf = (fit: BayesRidge) => {
    const out = new Float64Array(length)
    predictRidgeEffects(fit, ground.basis, people, { atMean, effects: out })
    return out
  }
  const variances = new Float64Array(length)
  const refits = Object.fromEntries(heard.map((rule) => [rule, refit(rule)])) as Record<RidgeRule, BayesRidge>
  predictRidgeVariances(doubtOf(refits), ground.basis, people, { atMean, variances })
  const estimate = combine(
    heard.map((rule) => effectsOf(refits[rule])),
    { weights, worth, rows: people.rows },
  )
  const trueEffects = effectsOf({ ...believed, mean: truth })
  const deviations = variances.map(Math.sqrt)
  return { distances: estimate.map((value, i) => (value - trueEffects[i]!) / deviations[i]!), deviations }
}

/** Averages of the members that are heard before the data, and each member's deviations by its weight. */
function combine(
  members: readonly Float64Array[],
  { weights, worth, rows }: { weights: Float64Array; worth: readonly number[]; rows: number },
): Float64Array {
  const out = new Float64Array(members[0]!.length)
  for (let k = 0; k * rows < out.length; k++) {
    const from = k * rows
    let average = 0
    members.forEach((member, m) => {
      let mean = 0
      for (let i = 0; i < rows; i++) mean += member[from + i]! / rows
      average += mean * worth[m]!
      const weight = weights[k * members.length + m]!
      for (let i = 0; i < rows; i++) out[from + i]! += weight * (member[from + i]! - mean)
    })
    for (let i = 0; i < rows; i++) out[from + i]! += average
  }
  return out
}

/** Common terms, then each arm's, from their posteriors one by one: what they share is left out, which widens. */
function drawCoefficients({ mean, covariance, size }: BayesRidge, random: Random): Float64Array {
  const drawn = mean.slice()
  covariance.forEach((block, arm) =>
    addNoise(block, { size, scale: 1, random }, drawn.subarray(arm * size, (arm + 1) * size)),
  )
  return drawn
}

function armCoefficients(coefficients: Float64Array, arm: number, size: number): Float64Array {
  return Float64Array.from(
    { length: size },
    (_, i) => coefficients[i]! + (arm === 0 ? 0 : coefficients[arm * size + i]!),
  )
}

/** The sums that rows with these coefficients and this noise would have given. */
function drawMoments(moments: Moments, coefficients: Float64Array, noise: number, random: Random): Moments {
  const { size, gram, weight } = moments
  const error = new Float64Array(size)
  addNoise(gram, { size, scale: Math.sqrt(noise), random }, error)
  const cross = new Float64Array(size)
  let squares = noise * weight
  for (let i = 0; i < size; i++) {
    let fitted = 0
    for (let j = 0; j < size; j++) fitted += gram[i * size + j]! * coefficients[j]!
    cross[i] = fitted + error[i]!
    squares += coefficients[i]! * (fitted + 2 * error[i]!)
  }
  return { ...moments, cross, squares: Math.max(squares, noise * weight * 0.5) }
}

/** Adds normal noise of covariance scale² × matrix. A matrix that is singular by rounding gets a little on its diagonal. */
function addNoise(
  matrix: Float64Array,
  { size, scale, random }: { size: number; scale: number; random: Random },
  out: Float64Array,
): void {
  let trace = 0
  for (let i = 0; i < size; i++) trace += matrix[i * size + i]!
  if (!(trace > 0)) return
  for (let ridge = 1e-10; ridge < 1e-2; ridge *= 100) {
    const factor = matrix.slice()
    for (let i = 0; i < size; i++) factor[i * size + i]! += (ridge * trace) / size
    if (!choleskyFactor(factor, size)) continue
    const z = Float64Array.from({ length: size }, () => random.normal())
    for (let j = 0; j < size; j++) {
      for (let i = j; i < size; i++) out[i]! += scale * factor[j * size + i]! * z[j]!
    }
    return
  }
}

/** For each effect, the factor by which the posterior's standard deviation is stretched or drawn in, so that 95 % of the
 *  distances lie within: their 95 % point over 1.96. isCounted: people × effects, 1 where somebody like them took the service. */
export function stretchOf(distances: readonly Float64Array[], isCounted: Uint8Array, people: number): Float64Array {
  const effects = isCounted.length / people
  return Float64Array.from({ length: effects }, (_, k) => {
    const found: number[] = []
    for (const drawn of distances) {
      for (let i = 0; i < people; i++) {
        const at = k * people + i
        if (isCounted[at] === 1 && Number.isFinite(drawn[at])) found.push(Math.abs(drawn[at]!))
      }
    }
    return stretchFor(found)
  })
}

/** The same for how much more one effect is than another, in units of the deviation that both doubts would have together if they had
 *  nothing in common: whatever they share (the same people without a service) makes it less than one. Of each pair of effects, by
 *  `placeOfPair`. Only people with support for both count. */
export function stretchOfPairs(drawn: readonly Distances[], isCounted: Uint8Array, people: number): Float64Array {
  const effects = isCounted.length / people
  const stretch = new Float64Array((effects * (effects - 1)) / 2)
  for (let k = 1; k < effects; k++) {
    for (let l = 0; l < k; l++) {
      // The drawing that asks most: to call one service clearly better is a claim, and must hold whichever belief is right.
      stretch[placeOfPair(k, l)] = Math.max(
        ...drawn.map(({ distances, deviations }) => {
          const apart = Array.from({ length: people }, (_, i) => {
            const [one, other] = [k * people + i, l * people + i]
            if (isCounted[one] !== 1 || isCounted[other] !== 1) return NaN
            const error = distances[one]! * deviations[one]! - distances[other]! * deviations[other]!
            return Math.abs(error) / Math.hypot(deviations[one]!, deviations[other]!)
          })
          return stretchFor(apart.filter(Number.isFinite))
        }),
      )
    }
  }
  return stretch
}

/** Where the pair of two effects stands; the order of the two does not matter. */
export function placeOfPair(one: number, other: number): number {
  const [low, high] = one < other ? [one, other] : [other, one]
  return (high * (high - 1)) / 2 + low
}

function stretchFor(found: readonly number[]): number {
  if (found.length < 20) return 1
  const sorted = Float64Array.from(found).sort()
  return sorted[Math.floor(0.95 * sorted.length)]! / 1.959964
}

/** What held-out groups show beyond chance: each bin of predicted effect should find what was predicted. Returns the variance
 *  (the effects' units squared) that must be added to every interval, 0 unless the excess is twice its own standard error. */
export function misfitOf(
  bins: readonly { readonly predicted: number; readonly estimate: number; readonly se: number }[],
): number {
  const usable = bins.filter(({ se }) => se > 0 && Number.isFinite(se))
  if (usable.length < 3) return 0
  const excess = usable.map(({ predicted, estimate, se }) => (predicted - estimate) ** 2 - se ** 2)
  const mean = excess.reduce((sum, value) => sum + value, 0) / usable.length
  // Under a right model each excess has variance 2 se⁴.
  const error = Math.sqrt(usable.reduce((sum, { se }) => sum + 2 * se ** 4, 0)) / usable.length
  return mean > 2 * error ? mean - error : 0
}
