// The dial between the sum of gains and priority to the worse off: who gets which arm at each setting, and what comes of it.
//
// Sources: Atkinson (1970), Journal of Economic Theory 2(3), 244–263 (the family of welfare functions); Kitagawa and Tetenov
// (2021), Journal of Business & Economic Statistics 39(2), 561–574 (equality-minded treatment choice). The method page is
// docs/methods/welfare-dial.md.

import { meanOf, type Estimate } from '../scores/estimate.ts'
import { rowValues } from '../scores/rule-value.ts'
import { assignWithPlaces } from './assign.ts'

/** outcomes: rows × arms, column-major, each row's predicted outcome under each arm, the first without help; larger is better.
 *  scores: the same shape, held-out doubly robust. isChance: outcomes are chances from 0 to 1. places: for each arm, how many
 *  of these rows may get it, Infinity where there is no limit; null where none has one. cost: for each arm, in the outcome's
 *  units, null where none. weight, cluster: of rows, for values alone; places count rows. */
export interface WelfareProblem {
  readonly outcomes: Float64Array
  readonly scores: Float64Array
  readonly rows: number
  readonly isChance: boolean
  readonly places: Float64Array | null
  readonly cost: Float64Array | null
  readonly weight: Float64Array | null
  readonly cluster: Int32Array | null
}

export interface WelfareChoice {
  /** 0 and more; null: the worst off first. */
  readonly aversion: number | null
  /** The arm of each row. */
  readonly chosen: Uint8Array
  /** Mean outcome by held-out scores, costs not taken off: of everybody, and of the worse-off third by the predicted outcome
   *  without help. */
  readonly value: Estimate
  readonly worseOff: Estimate
  /** For each arm, the share of the rows that get it. */
  readonly shares: Float64Array
  /** For each arm, what one place more would be worth, in the outcome's units of a person in the middle; 0 where places
   *  are left. At null: to the last third that is dealt with. */
  readonly prices: Float64Array
}

export const usualAversions: readonly (number | null)[] = [0, 0.5, 1, 2, 4, null]

/**
 * For each aversion the allocation with the largest sum over people of U(outcome) − cost within the places, U the Atkinson
 * family (`atkinsonScale`). Aversion null: the third with the lowest predicted outcome without help is dealt with first, as
 * if nobody else were there, then the middle third with the places that are left, then the rest, each for the largest sum.
 *
 * Throws RangeError for a wrong shape, outcomes that are no finite numbers, chances outside 0 to 1, an aversion below 0 or
 * above 20, and what `assignWithPlaces` and `meanOf` refuse. Deterministic. O(aversions · rows · (arms · log rows + arms³)).
 */
export function chooseByWelfare(
  problem: WelfareProblem,
  aversions: readonly (number | null)[] = usualAversions,
): readonly WelfareChoice[] {
  const arms = checkProblem(problem, aversions)
  const { outcomes, scores, rows, weight, cluster } = problem
  const places = problem.places ?? new Float64Array(arms).fill(Infinity)
  const third = thirdsOf(outcomes.subarray(0, rows))
  const worseWeight = Float64Array.from(third, (place, i) => (place === 0 ? (weight?.[i] ?? 1) : 0))
  return aversions.map((aversion) => {
    const gains = gainsOf(problem, aversion ?? 0)
    const { chosen, prices } =
      aversion === null ? worstFirst(gains, rows, places, third) : assignWithPlaces(gains, rows, places)
    const values = rowValues(scores, rows, { chosen })
    const counts = new Float64Array(arms)
    for (const arm of chosen) counts[arm]++
    return {
      aversion,
      chosen,
      value: meanOf(values, { weight, cluster }),
      worseOff: meanOf(values, { weight: worseWeight, cluster }),
      shares: counts.map((count) => count / rows),
      prices,
    }
  })
}

/** U of an outcome, and the outcome's scale under it. */
export interface AtkinsonScale {
  readonly utility: (outcome: number) => number
  /** dU by d outcome. */
  readonly slope: (outcome: number) => number
}

/**
 * The Atkinson family on outcomes brought to a scale: z = (outcome − low) / (high − low), U = (high − low) ·
 * (z^(1−ε) − 1) / (1 − ε), the logarithm at ε = 1. Below z = 0.02 it goes on as a straight line, so that hardly any chance
 * at all does not count more than everybody else together. ε = 0: U rises as the outcome does.
 */
export function atkinsonScale(aversion: number, low: number, high: number): AtkinsonScale {
  const width = high - low
  const inner = (z: number): number => (aversion === 1 ? Math.log(z) : (Math.pow(z, 1 - aversion) - 1) / (1 - aversion))
  const steepest = Math.pow(lowest, -aversion)
  return {
    utility(outcome) {
      const z = (outcome - low) / width
      return width * (z >= lowest ? inner(z) : inner(lowest) + steepest * (z - lowest))
    },
    slope(outcome) {
      const z = (outcome - low) / width
      return z >= lowest ? Math.pow(z, -aversion) : steepest
    },
  }
}

const lowest = 0.02

/** For each row its third by the predicted outcome without help: 0 the worse off, 2 the better off; equals share one.
 *  O(rows · log rows). */
export function thirdsOf(withoutHelp: Float64Array): Uint8Array {
  const sorted = Float64Array.from(withoutHelp).sort()
  const [first, second] = [1, 2].map((part) => sorted[Math.ceil((part * sorted.length) / 3) - 1])
  return Uint8Array.from(withoutHelp, (outcome) => (outcome <= first ? 0 : outcome <= second ? 1 : 2))
}

/** U of each outcome less the arm's cost. U is divided by its slope at the median outcome without help, so that costs and
 *  prices are in the outcome's units of a person in the middle, at every aversion. */
function gainsOf({ outcomes, rows, isChance, cost }: WelfareProblem, aversion: number): Float64Array {
  const [low, high] = isChance ? [0, 1] : boundsOf(outcomes.subarray(0, rows))
  const { utility, slope } = atkinsonScale(aversion, low, high)
  const middle = slope(outcomes.slice(0, rows).sort()[(rows - 1) >> 1])
  return outcomes.map((outcome, at) => utility(outcome) / middle - (cost?.[Math.floor(at / rows)] ?? 0))
}

/** Of an amount: from nothing (or the lowest in a hundred, where that is below) to the highest in a hundred without help. */
function boundsOf(withoutHelp: Float64Array): readonly [number, number] {
  const sorted = Float64Array.from(withoutHelp).sort()
  const low = Math.min(0, sorted[Math.floor(0.01 * (sorted.length - 1))])
  const high = sorted[Math.ceil(0.99 * (sorted.length - 1))]
  return high > low ? [low, high] : [low, low + 1]
}

function worstFirst(
  gains: Float64Array,
  rows: number,
  places: Float64Array,
  third: Uint8Array,
): { chosen: Uint8Array; prices: Float64Array } {
  const chosen = new Uint8Array(rows)
  const left = Float64Array.from(places)
  let prices: Float64Array = new Float64Array(places.length)
  for (let part = 0; part < 3; part++) {
    const members = Uint32Array.from({ length: rows }, (_, i) => i).filter((i) => third[i] === part)
    if (members.length === 0) continue
    const assigned = assignWithPlaces(gains, rows, left, members)
    prices = assigned.prices
    for (const row of members) {
      chosen[row] = assigned.chosen[row]
      left[chosen[row]]--
    }
  }
  return { chosen, prices }
}

function checkProblem(problem: WelfareProblem, aversions: readonly (number | null)[]): number {
  const { outcomes, scores, rows, isChance, places, cost } = problem
  const arms = outcomes.length / rows
  if (rows < 1 || !Number.isInteger(arms) || arms < 1) throw new RangeError('the outcomes are not rows by arms')
  if (scores.length !== outcomes.length) throw new RangeError('outcomes and scores differ in length')
  if (!outcomes.every(Number.isFinite)) throw new RangeError('an outcome is no finite number')
  if (isChance && !outcomes.every((chance) => chance >= 0 && chance <= 1)) {
    throw new RangeError('a chance lies between 0 and 1')
  }
  if (places !== null && places.length !== arms) throw new RangeError('there is not one number of places an arm')
  if (cost !== null && (cost.length !== arms || !cost.every(Number.isFinite))) {
    throw new RangeError('there is not one cost an arm')
  }
  if (aversions.some((aversion) => aversion !== null && !(aversion >= 0 && aversion <= 20))) {
    throw new RangeError('an aversion is from 0 to 20')
  }
  return arms
}
