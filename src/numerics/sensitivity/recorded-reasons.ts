// What recorded reasons did to who took a service: the measure for a reason that was not recorded.

import { fitRidgeLogistic } from '../ridge-logistic.ts'

/** columns: rows × columns, column-major, no missing values. arm: the arm taken, length rows. */
export interface RecordedReasons {
  readonly columns: Float64Array
  readonly arm: Uint8Array
  readonly weight?: Float64Array | null
}

// As weak as one person's worth of doubt: it keeps columns that tell an arm outright from running off to infinity.
const penaltyOfSlopes = 1

/**
 * For each recorded column, by how much it multiplies or divides the odds of taking `compared` rather than any other arm, all
 * other columns equal: one penalised logistic regression, and of each column the step from no to yes, or of two standard
 * deviations of a number (which weighs the two kinds alike: Gelman 2008, Statistics in Medicine 27, 2865-2873). 1 or more,
 * whichever the direction; 1 for a column that does not vary. Compare with `overturningStrength`: a hidden reason would have to
 * do as much on top of all recorded ones.
 * Refused with a RangeError: an arm that nobody or everybody took, shapes that differ, a cell that is not finite.
 * O(rows × columns²) a Newton step.
 */
export function recordedOddsRatios(reasons: RecordedReasons, compared: number): Float64Array {
  const { columns, arm } = reasons
  const weight = reasons.weight ?? null
  const rows = arm.length
  const count = columns.length / rows
  if (rows === 0 || !Number.isInteger(count)) throw new RangeError('the columns have other rows than the arms')
  if (!columns.every(Number.isFinite)) throw new RangeError('a recorded reason is not a finite number')
  const y = Float64Array.from(arm, (k) => Number(k === compared))
  const isDifferent = y.some((value) => value !== y[0])
  if (!isDifferent) throw new RangeError(`everybody took arm ${compared}, or nobody did`)
  const x = new Float64Array(rows * (count + 1)).fill(1, 0, rows)
  for (let j = 0; j < count; j++)
    scaleInto(columns.subarray(j * rows, (j + 1) * rows), x.subarray((j + 1) * rows, (j + 2) * rows))
  const penalty = new Float64Array(count + 1).fill(penaltyOfSlopes)
  penalty[0] = 0
  const { coefficients } = fitRidgeLogistic({ x, rows, columns: count + 1, y, weight, offset: null }, penalty)
  return coefficients.subarray(1).map((slope) => Math.exp(Math.abs(slope)))
}

/** One unit of `out` is the step that counts: no to yes of a column of two values, else two standard deviations. A column that
 *  does not vary becomes 0. */
function scaleInto(column: Float64Array, out: Float64Array): void {
  const least = column.reduce((a, b) => Math.min(a, b), Infinity)
  const most = column.reduce((a, b) => Math.max(a, b), -Infinity)
  if (least === most) {
    out.fill(0)
    return
  }
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length
  const isYesNo = column.every((value) => value === least || value === most)
  const step = isYesNo ? most - least : 2 * Math.sqrt(variance)
  for (let i = 0; i < column.length; i++) out[i] = (column[i] - mean) / step
}
