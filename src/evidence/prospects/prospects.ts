// What somebody may expect without any service: the chance of work in six and twelve months, and the likely pay. Learned from those
// who took none. It starts a conversation about help; nothing that ranks reads it. docs/methods/job-prospects.md

import type { Facts, FactValue } from '#directory/index.ts'
import { chanceInFirstArm, quantile, type ArmChance } from '../classic-estimate.ts'
import { fitOneArm, type ClassicModel, type Dataset } from '../classic.ts'
import { isProtectedPart } from '../columns.ts'
import { noService } from '../episode.ts'
import { factNumbers, type FactTable } from '../fact-table.ts'
import { packAnswers, similarTo, type PastAnswers } from '../similar.ts'

/** Episodes of those who took no service, row by row. 1, 0, NaN not known; cents a month of those who worked, NaN not known. */
export interface WithoutService {
  readonly workingAt180: Float64Array
  readonly workingAt365: Float64Array
  readonly earningsCents: Float64Array
  readonly facts: FactTable
}

/** Answers of those who worked on day 365 and whose pay is known, and that pay, in cents a month. */
export interface PastEarnings {
  readonly past: PastAnswers
  readonly cents: Int32Array
}

export interface ProspectsModel {
  /** Models of one arm, `none`; without arms where too few outcomes are known. */
  readonly at180: ClassicModel
  readonly at365: ClassicModel
  readonly earnings: PastEarnings
}

/** Pay of similar people who worked a year later, cents a month: the middle half, the middle, and its 95 % interval. */
export interface LikelyEarnings {
  readonly low: number
  readonly middle: number
  readonly high: number
  readonly middleLow: number
  readonly middleHigh: number
  readonly people: number
}

/** Shares of one. Null: too few people to say. */
export interface Prospects {
  readonly at180: ArmChance | null
  readonly at365: ArmChance | null
  readonly earnings: LikelyEarnings | null
}

/** Nothing is said of fewer similar people: a share of 30 has a standard error of 9 in 100, and the outer quarters of 30 earnings
 *  are seven people each. */
export const fewestSimilar = 30

/**
 * Fits both horizons and packs the earnings. The same rows and seed give the same model; day 365 draws the streams of the seed, day
 * 180 those of the next one. O(draws · rows · columns²).
 */
export function fitProspects(
  { workingAt180, workingAt365, earningsCents, facts }: WithoutService,
  { seed, draws }: { readonly seed: number; readonly draws: number },
): ProspectsModel {
  const datasetOf = (working: Float64Array): Dataset => {
    return { types: [noService], taken: new Uint16Array(facts.rows), working, facts }
  }
  const isKnown = (row: number) => !Number.isNaN(earningsCents[row]!)
  return {
    at365: fitOneArm(datasetOf(workingAt365), noService, { seed, draws }),
    at180: fitOneArm(datasetOf(workingAt180), noService, { seed: seed + 1, draws }),
    earnings: {
      past: packAnswers(facts, (row) => (isKnown(row) ? 0 : -1), seed),
      cents: Int32Array.from(earningsCents.filter((_, row) => isKnown(row))),
    },
  }
}

/** One person's prospects. No protected answer of theirs has a say, in any figure or count. Deterministic. O(draws · columns + past
 *  clients · facts). */
export function prospectsOf(model: ProspectsModel, facts: Facts): Prospects {
  const seen = withoutProtected(model.at365, facts)
  const said = (one: ArmChance | null) => (one !== null && one.similar >= fewestSimilar ? one : null)
  return {
    at180: said(chanceInFirstArm(model.at180, seen)),
    at365: said(chanceInFirstArm(model.at365, seen)),
    earnings: likelyEarnings(model, seen),
  }
}

function likelyEarnings({ earnings: { past, cents }, at365 }: ProspectsModel, facts: Facts): LikelyEarnings | null {
  const numbers = factNumbers(at365.facts, facts)
  const places = new Map(at365.facts.map(({ code }, place) => [code, place]))
  const compared = Float64Array.from(past.facts, ({ code }) => numbers[places.get(code)!]!)
  const earned = Float64Array.from(similarTo(past, compared), (person) => cents[person]!).sort()
  const people = earned.length
  if (people < fewestSimilar) return null
  // The ranks between which the middle of whom these are a sample lies with 95 %, by the normal approximation of the binomial.
  const reach = 0.98 * Math.sqrt(people)
  const rank = (place: number) => earned[Math.min(Math.max(Math.round(place), 0), people - 1)]!
  return {
    low: quantile(earned, 0.25),
    middle: quantile(earned, 0.5),
    high: quantile(earned, 0.75),
    middleLow: rank(people / 2 - reach - 1),
    middleHigh: rank(people / 2 + reach),
    people,
  }
}

/** What is known of somebody but for protected answers, whole facts and single ones (a need that tells of health). */
function withoutProtected({ facts: known }: Pick<ClassicModel, 'facts'>, facts: Facts): Facts {
  const left = known.flatMap(({ code, definition }): [string, FactValue][] => {
    const value = facts[code]
    if (value === undefined || definition.isProtected === true) return []
    if (typeof value !== 'object') return [[code, value]]
    return [[code, value.filter((label) => !isProtectedPart(code, definition, label))]]
  })
  return Object.fromEntries(left)
}
