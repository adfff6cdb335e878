// Whether the model may be believed: its held-out answers against doubly robust scores, and the one decision that follows.

import { calibrationBins, calibrationTest, normalTail, targetingCurve, type Sampling } from '#numerics/index.ts'
import type { Card } from './card.ts'

/** scores' effects and held-out answers: rows × effects, column-major, outcome's units. */
export interface CheckedAnswers extends Sampling {
  readonly rows: number
  readonly arms: readonly string[]
  readonly effect: Float64Array
  readonly heldOut: Float64Array
  /** rows × effects: whom each effect's checks ask, by weight. Everybody by row weight where it is left out. */
  readonly among?: Float64Array
  readonly seed: number
}

const groups = 5
const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

/** For each effect: bins of predicted beside found, the curve of gains by rank, and the two coefficients of the calibration
 *  test; over all effects the pooled test of whether differences between people come true. O(effects · rows · log rows). */
export function checkAnswers(answers: CheckedAnswers): Pick<Card, 'calibration' | 'toc' | 'checks'> {
  const { rows, arms, seed } = answers
  const found = arms.slice(1).map((arm, k) => {
    const of = (values: Float64Array) => values.subarray(k * rows, (k + 1) * rows)
    const sampling = {
      weight: answers.among ? of(answers.among) : (answers.weight ?? null),
      cluster: answers.cluster ?? null,
    }
    const effect = of(answers.effect)
    const predicted = of(answers.heldOut)
    return {
      arm,
      bins: calibrationBins(effect, predicted, groups, sampling),
      curve: targetingCurve(effect, predicted, { ...sampling, seed, shares, draws: 100 }),
      test: calibrationTest(effect, predicted, sampling),
    }
  })
  const bins = found.flatMap(({ arm, bins: own }) =>
    own.map(({ rows: count, predicted, found: about }) => ({ arm, rows: count, predicted, ...finite(about) })),
  )
  return {
    calibration: { passed: misses(bins) >= smallestP, bins },
    toc: found.map(({ arm, curve }) => ({
      arm,
      rate: finite(curve.rate),
      points: curve.points.map(({ share, gain, se }) => ({ share, gain: bounded(gain), se: bounded(se) })),
    })),
    checks: [
      pooledDifference(found.map(({ test }) => test.differential)),
      ...found.flatMap(({ arm, test, curve }) => [
        checkOf('mean_forest_prediction', arm, test.mean),
        checkOf('differential_prediction', arm, test.differential),
        checkOf('rate', arm, curve.rate),
      ]),
    ],
  }
}

/** A check is passed where chance alone would show as much in one of twenty. */
const level = 0.05
/** Calibration fails only where chance alone would be off as far in one of a hundred. */
const smallestP = 0.01

interface Tested {
  readonly estimate: number
  readonly se: number
  readonly p: number
}

function checkOf(
  name: Card['checks'][number]['name'],
  arm: string | null,
  { estimate, se, p }: Tested,
): Card['checks'][number] {
  const isKnown = Number.isFinite(estimate) && Number.isFinite(se)
  return {
    name,
    arm,
    estimate: isKnown ? estimate : null,
    se: isKnown ? se : null,
    p: isKnown ? p : null,
    passed: isKnown && p < level,
  }
}

/** The coefficients of all effects, each weighed by how well it is known. They share the control's scores, so the standard error is a
 *  little too small where there are many arms; the check asks for more than that. */
function pooledDifference(tests: readonly Tested[]): Card['checks'][number] {
  const usable = tests.filter(({ estimate, se }) => Number.isFinite(estimate) && Number.isFinite(se) && se > 0)
  const precision = usable.reduce((sum, { se }) => sum + 1 / se ** 2, 0)
  const estimate = usable.reduce((sum, one) => sum + one.estimate / one.se ** 2, 0) / precision
  const se = 1 / Math.sqrt(precision)
  return checkOf('differential_prediction', null, { estimate, se, p: normalTail(estimate / se) })
}

/** The p of bins being as far off as they are, all together (chi squared, by Wilson and Hilferty's cube root). */
function misses(
  bins: readonly { readonly predicted: number; readonly estimate: number; readonly se: number }[],
): number {
  const usable = bins.filter(({ se }) => se > 0 && Number.isFinite(se))
  if (usable.length === 0) return 1
  const total = usable.reduce((sum, { predicted, estimate, se }) => sum + ((predicted - estimate) / se) ** 2, 0)
  const degrees = usable.length
  const z = (Math.cbrt(total / degrees) - (1 - 2 / (9 * degrees))) / Math.sqrt(2 / (9 * degrees))
  return normalTail(z)
}

/** A card holds numbers: what is not known beyond all bounds is written as wide as can be. */
export function finite({ estimate, se, low, high }: { estimate: number; se: number; low: number; high: number }) {
  return { estimate: bounded(estimate), se: bounded(se), low: bounded(low), high: bounded(high) }
}

function bounded(value: number): number {
  return Number.isNaN(value) ? 0 : Math.max(-1e12, Math.min(1e12, value))
}
