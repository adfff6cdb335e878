// How wide the intervals of single people must be: what drawn truths ask for, and by how much held-out groups miss.

import { shareBuffers } from '#compute/index.ts'
import { calibrationBins, makeRandom, predictRidgeVariances, shuffled, type BayesRidge } from '#numerics/index.ts'
import { misfitOf, stretchOf, stretchOfPairs } from './doubt.ts'
import type * as tasks from './engine.tasks.ts'
import type { Members, MembersOrder, Scored } from './learn-members.run.ts'
import type { Prepared } from './prepared.ts'
import { doubters, doubtOf, heardRules, pickRows, worth, type RidgeRule } from './ridge-member.ts'
import type { Stack } from './stack.ts'

/** Of each effect: the factor of the posterior's deviation, the mean width (outcome's units), and how often drawn truths lay inside. */
export interface Widths {
  readonly stretch: Float64Array
  /** Of each pair of effects, by `placeOfPair`. */
  readonly stretchOfPairs: Float64Array
  readonly meanWidth: Float64Array
  readonly coverage: Float64Array
}

const peopleTried = 600
// Each doubter's own truths, twice.
const beliefs: readonly RidgeRule[] = [...doubters, ...doubters]
const drawings = beliefs.map((belief, draw) => ({ draw, belief }))

/** Each rule's fit on all rows. */
export function fitsOf({ ridge }: Members): Record<RidgeRule, BayesRidge> {
  return Object.fromEntries(Object.entries(ridge).map(([rule, { fit }]) => [rule, fit])) as Record<
    RidgeRule,
    BayesRidge
  >
}

/** How far intervals must be stretched, tried on people of the table with drawn truths (docs/methods/intervals.md), and what the
 *  trials showed. Draws chance from the seed alone. */
export async function learnWidths(
  { prepared, members }: { prepared: Prepared; members: Members },
  { stack, support, misfit }: { stack: Stack; support: Uint8Array; misfit: number },
  { pool, seed, advance }: MembersOrder,
): Promise<Widths> {
  const { rows, arms, table, isProtected } = prepared
  const effects = arms - 1
  const chosen = shuffled(rows, makeRandom(seed, 77)).slice(0, peopleTried).sort()
  const members6 = stack.weights.length / effects
  const weights = new Float64Array(effects * heardRules.length)
  for (let k = 0; k < effects; k++) {
    for (let m = 0; m < heardRules.length; m++) weights[k * heardRules.length + m] = stack.weights[k * members6 + m]!
  }
  const fits = fitsOf(members)
  const drawn = await pool.run<typeof tasks.drawDoubt>({
    module: 'engine',
    name: 'drawDoubt',
    shared: shareBuffers({
      ...{ ground: members.ground, fits, heard: heardRules, weights, worth, atMean: isProtected, seed },
      people: pickRows(table, chosen),
    }),
    tasks: drawings,
    onProgress: () => advance(5 / drawings.length),
  })
  const isCounted = new Uint8Array(chosen.length * effects)
  for (let k = 0; k < effects; k++)
    chosen.forEach((row, i) => (isCounted[k * chosen.length + i] = support[k * rows + row]!))
  const distances = drawn.map((one) => one.distances)
  const stretch = stretchOf(distances, isCounted, chosen.length)
  const tried = pickRows(table, chosen)
  const variances = new Float64Array(isCounted.length)
  predictRidgeVariances(doubtOf(fits), members.ground.basis, tried, { atMean: isProtected, variances })
  const meanWidth = Float64Array.from(stretch, (factor, k) => {
    const own = variances.subarray(k * chosen.length, (k + 1) * chosen.length)
    const widths = own.reduce((sum, variance) => sum + Math.sqrt(factor ** 2 * variance + misfit), 0)
    return (2 * 1.959964 * prepared.scale * widths) / chosen.length
  })
  return {
    stretch,
    stretchOfPairs: stretchOfPairs(drawn, isCounted, chosen.length),
    meanWidth,
    coverage: coverageLeftOut(distances, isCounted, chosen.length),
  }
}

/** Each drawing by the stretch that the others call for, so that no interval is tried on what it was made by. NaN for an effect that
 *  nobody tried has support for. */
function coverageLeftOut(distances: readonly Float64Array[], isCounted: Uint8Array, people: number): Float64Array {
  const effects = isCounted.length / people
  const inside = new Float64Array(effects)
  const tried = new Float64Array(effects)
  distances.forEach((drawn, left) => {
    const others = distances.filter((_, i) => i !== left)
    const stretch = stretchOf(others, isCounted, people)
    for (let at = 0; at < drawn.length; at++) {
      if (isCounted[at] !== 1) continue
      const k = Math.floor(at / people)
      tried[k]!++
      if (Math.abs(drawn[at]!) <= 1.959964 * stretch[k]!) inside[k]!++
    }
  })
  return inside.map((count, k) => count / tried[k]!)
}

const calibrationGroups = 5

/** The variance by which held-out groups miss, as effects are kept: in units of the outcome over its scale, squared. */
export function misfitOfGroups(
  { prepared, scored }: { prepared: Prepared; scored: Scored },
  heldOut: Float64Array,
  among: Float64Array,
): number {
  const { rows, arms, scale, cluster } = prepared
  const bins = Array.from({ length: arms - 1 }, (_, k) => {
    const of = (values: Float64Array) => values.subarray(k * rows, (k + 1) * rows)
    const predicted = of(heldOut).map((value) => value / scale)
    return calibrationBins(of(scored.effect), predicted, calibrationGroups, { weight: of(among), cluster })
  }).flat()
  return misfitOf(bins.map(({ predicted, found }) => ({ predicted, estimate: found.estimate, se: found.se })))
}
