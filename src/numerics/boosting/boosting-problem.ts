// What boosting is asked to learn, and how; refusals of what cannot be learned.

import { missingBin, type BinnedTable } from '../bins/bins.ts'

export type BoostingLoss = 'squared' | 'logistic' | 'softmax'

/** What to learn. All arrays are as long as the table has rows (times `outputs`, column-major), also where only some rows
 *  train; cells of other rows are never read, and may be NaN.
 *  loss squared: y is rows × outputs, one model for each target; logistic: y is 0 to 1, outputs 1; softmax: y is the place
 *  of a class, 0 to outputs − 1.
 *  rows: those that train, each once, all where null. weight: 0 or more, one where null. offset: rows × outputs, scores
 *  known beforehand (squared: outcome units; else log odds), which the model adds to and does not contain; zero where null. */
export interface BoostingProblem {
  readonly table: BinnedTable
  readonly loss: BoostingLoss
  readonly outputs: number
  readonly y: Float64Array
  readonly rows: Uint32Array | null
  readonly weight: Float64Array | null
  readonly offset: Float64Array | null
}

export interface BoostingOptions {
  readonly rounds: number
  /** Share of each Newton step that is taken. Default 0.1. */
  readonly learningRate?: number
  /** Most leaves of a tree. Default 8. */
  readonly leaves?: number
  /** Most splits from root to leaf. Default 6. */
  readonly depth?: number
  /** Added to each leaf's hessian: shrinks small leaves. Default 1. */
  readonly l2?: number
  /** Least sum of hessians (squared loss: of weights) in a leaf. Default 1e-3. */
  readonly minHessian?: number
  /** Least number of rows in a leaf. Default 20. */
  readonly minRows?: number
  /** Share of rows, and of columns, that each round sees; drawn from makeRandom(seed, round). Default 1: nothing is drawn. */
  readonly rowShare?: number
  readonly columnShare?: number
  readonly seed?: number
  readonly heldOut?: HeldOut
}

/** Rows that judge and do not train. */
export interface HeldOut {
  readonly rows: Uint32Array
  /** Stop after this many rounds without a lower loss, and keep the rounds up to the lowest. Without it all rounds stay. */
  readonly patience?: number
  /** Numbers of rounds after which these rows' scores are kept, rising. */
  readonly keepAfter?: readonly number[]
}

/** 0, 1, 2, … rows − 1. */
export function countUp(rows: number): Uint32Array {
  const all = new Uint32Array(rows)
  for (let i = 0; i < rows; i++) all[i] = i
  return all
}

/** Throws a RangeError that says what is wrong. */
export function checkProblem(problem: BoostingProblem): void {
  const { table, loss, outputs, y, weight, offset } = problem
  const cells = table.rows * outputs
  if (!Number.isInteger(outputs) || outputs < 1) throw new RangeError('there is no output to learn')
  if (loss === 'logistic' && outputs !== 1) throw new RangeError('a logistic loss has one output')
  if (table.columns.some((column) => column.bins > missingBin)) throw new RangeError('a column has too many bins')
  if (y.length !== (loss === 'softmax' ? table.rows : cells)) throw new RangeError('y has another number of rows')
  if (weight !== null && weight.length !== table.rows) throw new RangeError('there is not one weight a row')
  if (offset !== null && offset.length !== cells) throw new RangeError('there is not one offset a row and output')
  checkValues(problem, problem.rows ?? countUp(table.rows))
}

function checkValues(problem: BoostingProblem, rows: Uint32Array): void {
  const { table, loss, outputs, y, weight, offset } = problem
  if (rows.length === 0) throw new RangeError('there is no row to learn from')
  let total = 0
  for (const row of rows) {
    if (row >= table.rows) throw new RangeError('a row to learn from is not in the table')
    total += weight === null ? 1 : weight[row]
    if (weight !== null && !(weight[row] >= 0)) throw new RangeError('a weight is no number of 0 or more')
    for (let k = 0; k < outputs; k++) {
      if (offset !== null && !Number.isFinite(offset[k * table.rows + row]))
        throw new RangeError('an offset is no number')
      if (loss === 'squared' && !Number.isFinite(y[k * table.rows + row]))
        throw new RangeError('an outcome is no number')
    }
    if (loss === 'logistic' && !(y[row] >= 0 && y[row] <= 1)) throw new RangeError('an outcome is not between 0 and 1')
    if (loss === 'softmax' && !(Number.isInteger(y[row]) && y[row] >= 0 && y[row] < outputs)) {
      throw new RangeError('a class is not one of those to learn')
    }
  }
  if (!(total > 0) || !Number.isFinite(total)) throw new RangeError('the weights sum to nothing')
}
