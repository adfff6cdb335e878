// Whether what a model told of people agrees with what became of them since. Pure; docs/methods/model-life.md says how.

import { meanOf, normalQuantile } from '#numerics/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import type { Foretold } from '../engine/foretell.ts'
import type { ArmShare, LearnedInputs } from './learned-inputs.ts'

export const calibrationVerdicts = ['holds', 'drifts', 'too_few'] as const
export type CalibrationVerdict = (typeof calibrationVerdicts)[number]

/** outcome: mean outcome under the service taken. effect: mean effect against none, doubly robust. slope: by how much outcomes
 *  differ where what was told differs by one. */
export const calibrationKinds = ['outcome', 'effect', 'slope'] as const

/** `low`, `high`: interval of what was found, at the level that is left for one comparison of this look. */
export interface CalibrationFigure {
  readonly of: (typeof calibrationKinds)[number]
  /** Null: all together. */
  readonly arm: string | null
  readonly known: number
  readonly told: number
  readonly found: number
  readonly low: number
  readonly high: number
  readonly verdict: CalibrationVerdict
}

export interface Calibration {
  /** How often it was looked at, this time counted. */
  readonly looks: number
  readonly verdict: CalibrationVerdict
  readonly figures: readonly CalibrationFigure[]
}

/** Fewer known outcomes of a service, or of all together, say nothing. */
const fewestKnown = { inArm: 50, together: 100 } as const
/** Known outcomes on either side before an effect is looked at: scores are noisier than outcomes. */
const fewestOfEffect = 100
/** How often one model that is right is said to drift, over all looks at it. */
const falseAlarms = 0.05
/** What is smaller matters to nobody, however sure it is: people of a hundred, deviations of a number, parts of the slope. */
const worthTelling = { yesNo: 0.05, deviations: 0.2, slope: 0.4 } as const

interface Found {
  readonly of: CalibrationFigure['of']
  readonly arm: string | null
  readonly known: number
  readonly told: number
  readonly estimate: number
  readonly se: number
  readonly worth: number
}

/**
 * Compares outcomes since with what the model told. Standard errors hold both sides: the later episodes' (by clusters, where there
 * are any) and what is unsure of the mean that was learned. Each look may spend α / (looks · (looks + 1)), shared evenly by
 * its comparisons, so that over any number of looks a model that is right is said to drift in at most α = 5 of a hundred.
 * A comparison drifts where its interval leaves out what was told and the gap is worth telling; it holds where the interval
 * reaches no further than twice that; else there are too few to say. Deterministic. O(rows · arms).
 */
export function calibrationSince(
  then: LearnedInputs,
  now: LearningTable,
  { foretold, looks }: { readonly foretold: Foretold; readonly looks: number },
): Calibration {
  const sight: Sight = { then, now, foretold, isKnown: knownRows(now, foretold), worth: worthOf(then) }
  const found = [
    ...[togetherFound(sight), slopeFound(sight)].filter((one) => one !== null),
    ...foretold.arms.flatMap((_, place) => outcomeFound(sight, place) ?? []),
    ...foretold.arms.slice(1).flatMap((_, k) => effectFound(sight, k) ?? []),
  ]
  const spent = falseAlarms / (looks * (looks + 1))
  const reach = found.length === 0 ? 0 : normalQuantile(1 - spent / found.length / 2)
  const figures = found.map((one) => figureOf(one, reach))
  const verdict = figures.some((figure) => figure.verdict === 'drifts') ? 'drifts' : (figures[0]?.verdict ?? 'too_few')
  return { looks, verdict, figures }
}

interface Sight {
  readonly then: LearnedInputs
  readonly now: LearningTable
  readonly foretold: Foretold
  /** 1 where the outcome is known and the model knows the service. */
  readonly isKnown: Uint8Array
  readonly worth: number
}

function knownRows({ outcome, rows }: LearningTable, { expected }: Foretold): Uint8Array {
  return Uint8Array.from({ length: rows }, (_, i) => {
    return Number(!Number.isNaN(outcome.values[i]!) && !Number.isNaN(expected[i]!))
  })
}

function figureOf({ of, arm, known, told, estimate, se, worth }: Found, reach: number): CalibrationFigure {
  const half = reach * se
  const [low, high] = [estimate - half, estimate + half]
  const isOff = (told < low || told > high) && Math.abs(estimate - told) >= worth
  const verdict = isOff ? 'drifts' : half <= 2 * worth ? 'holds' : 'too_few'
  return { of, arm, known, told, found: estimate, low, high, verdict }
}

function worthOf({ isYesNo, arms }: LearnedInputs): number {
  return isYesNo
    ? worthTelling.yesNo
    : worthTelling.deviations * Math.sqrt(Math.max(varianceOf(arms), Number.MIN_VALUE))
}

/** The mean variance of outcomes within services. */
function varianceOf(arms: readonly ArmShare[]): number {
  const told = arms.filter(({ deviation, known }) => deviation !== null && known > 1)
  const all = told.reduce((sum, { known }) => sum + known, 0)
  return told.reduce((sum, { known, deviation }) => sum + known * deviation! ** 2, 0) / Math.max(1, all)
}

/** How unsure the mean of a service was when it was learned: nothing that the model tells of it can be surer. */
function learnedVariance({ arms }: LearnedInputs, arm: string): number {
  const before = arms.find((each) => each.arm === arm)
  if (!before || before.known < 2 || before.deviation === null) return Infinity
  return before.deviation ** 2 / before.known
}

function togetherFound(sight: Sight): Found | null {
  const { then, isKnown } = sight
  const known = countOf(isKnown)
  if (known < fewestKnown.together) return null
  const all = then.arms.reduce((sum, arm) => sum + arm.known, 0)
  const gap = gapAmong(sight, isKnown, known)
  const se = Math.sqrt(gap.se ** 2 + varianceOf(then.arms) / all)
  return { of: 'outcome', arm: null, ...gap, se, worth: sight.worth }
}

function outcomeFound(sight: Sight, place: number): Found | null {
  const { then, foretold, isKnown, worth } = sight
  const own = isKnown.map((one, i) => (one === 1 && foretold.arm[i] === place ? 1 : 0))
  const known = countOf(own)
  const arm = foretold.arms[place]!
  const before = learnedVariance(then, arm)
  if (known < fewestKnown.inArm || !Number.isFinite(before)) return null
  const gap = gapAmong(sight, own, known)
  return { of: 'outcome', arm, ...gap, se: Math.sqrt(gap.se ** 2 + before), worth }
}

/** Mean told and mean outcome of these rows; the standard error is that of their difference. */
function gapAmong({ now, foretold }: Sight, isIn: Uint8Array, known: number) {
  const rows = rowsIn(isIn)
  const told = meanAt(foretold.expected, rows)
  const gaps = Float64Array.from(rows, (i) => now.outcome.values[i]! - foretold.expected[i]!)
  const { estimate, se } = meanOf(gaps, { cluster: clustersAt(now, rows) })
  return { known, told, estimate: told + estimate, se }
}

/** Least squares of outcomes on what was told, with a standard error that holds for any spread, by clusters. */
function slopeFound({ now, foretold, isKnown }: Sight): Found | null {
  const rows = rowsIn(isKnown)
  if (rows.length < fewestKnown.together) return null
  const [x, y] = [foretold.expected, now.outcome.values]
  const [meanX, meanY] = [meanAt(x, rows), meanAt(y, rows)]
  const squares = rows.reduce((sum, i) => sum + (x[i]! - meanX) ** 2, 0)
  if (!(squares > 0)) return null
  const slope = rows.reduce((sum, i) => sum + (x[i]! - meanX) * (y[i]! - meanY), 0) / squares
  // The mean of these is 0, and its standard error that of the slope.
  const influence = Float64Array.from(rows, (i) => {
    return ((x[i]! - meanX) * (y[i]! - meanY - slope * (x[i]! - meanX)) * rows.length) / squares
  })
  const { se } = meanOf(influence, { cluster: clustersAt(now, rows) })
  return { of: 'slope', arm: null, known: rows.length, told: 1, estimate: slope, se, worth: worthTelling.slope }
}

/** The mean effect among those with support, doubly robust by what the model itself knows: its effects, set right by what those
 *  who took either differed from what it told, weighed by their chances. */
function effectFound({ then, now, foretold, isKnown, worth }: Sight, k: number): Found | null {
  const { arm, expected, tau, support, chances, arms } = foretold
  const { rows } = now
  const among = isKnown.map((one, i) => one & support[k * rows + i]!)
  const chosen = rowsIn(among)
  const took = (place: number) => chosen.filter((i) => arm[i] === place).length
  const [with_, without] = [took(k + 1), took(0)]
  const before = learnedVariance(then, arms[k + 1]!) + learnedVariance(then, arms[0]!)
  if (Math.min(with_, without) < fewestOfEffect || !Number.isFinite(before)) return null
  const scores = Float64Array.from(chosen, (i) => {
    const gap = now.outcome.values[i]! - expected[i]!
    const side = arm[i] === k + 1 ? 1 : arm[i] === 0 ? -1 : 0
    return tau[k * rows + i]! + (side === 0 ? 0 : (side * gap) / chances[arm[i]! * rows + i]!)
  })
  const { estimate, se } = meanOf(scores, { cluster: clustersAt(now, chosen) })
  const told = meanAt(tau.subarray(k * rows, (k + 1) * rows), chosen)
  const both = Math.sqrt(se ** 2 + before)
  return { of: 'effect', arm: arms[k + 1]!, known: with_ + without, told, estimate, se: both, worth }
}

function countOf(isIn: Uint8Array): number {
  return isIn.reduce((sum, one) => sum + one, 0)
}

function rowsIn(isIn: Uint8Array): Uint32Array {
  return Uint32Array.from({ length: isIn.length }, (_, i) => i).filter((i) => isIn[i] === 1)
}

function meanAt(values: Float64Array, rows: Uint32Array): number {
  return rows.reduce((sum, i) => sum + values[i]!, 0) / rows.length
}

function clustersAt({ cluster }: LearningTable, rows: Uint32Array): Int32Array | null {
  return cluster === null ? null : Int32Array.from(rows, (i) => cluster.places[i]!)
}
