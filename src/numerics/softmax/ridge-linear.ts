// Ridge-regularised least squares, for outcomes that are numbers.

import { choleskyFactor, choleskySolve } from '../cholesky.ts'
import { addCrossProduct, addWeightedGram, linearPredictor } from '../gram.ts'

/** x: column-major, rows × columns, no missing values; an intercept is a column of ones. weight: 0 or more, one where null.
 *  offset: known beforehand in the outcome's units, zero where null. */
export interface LinearProblem {
  readonly x: Float64Array
  readonly rows: number
  readonly columns: number
  readonly y: Float64Array
  readonly weight: Float64Array | null
  readonly offset: Float64Array | null
}

/** Minimises ½ Σ w (y − o − x'b)² + ½ Σ_j penalty_j b_j² for each penalty (Hoerl and Kennard 1970, Technometrics 12, 55–67).
 *  Returns coefficients, one array a penalty. Throws RangeError for a wrong shape, a value that is no number, or columns that
 *  repeat one another without a penalty. O(rows · columns² / 2 + penalties · columns³ / 6). */
export function fitRidgeLinear(problem: LinearProblem, penalties: readonly Float64Array[]): Float64Array[] {
  const { x, rows, columns, y, weight, offset } = problem
  if (x.length !== rows * columns || y.length !== rows) throw new RangeError('rows of x and y differ')
  const weights = weight ?? new Float64Array(rows).fill(1)
  if (weights.length !== rows || weights.some((w) => !(w >= 0 && w < Infinity))) {
    throw new RangeError('a weight is no number of 0 or more')
  }
  const gram = new Float64Array(columns * columns)
  addWeightedGram(x, rows, columns, weights, gram)
  const cross = new Float64Array(columns)
  const target = y.map((value, i) => weights[i] * (value - (offset === null ? 0 : offset[i])))
  addCrossProduct(x, rows, target, cross)
  if (!cross.every(Number.isFinite)) throw new RangeError('a value is no number')
  return penalties.map((penalty) => {
    if (penalty.length !== columns) throw new RangeError('there is not one penalty a column')
    const factor = Float64Array.from(gram)
    for (let j = 0; j < columns; j++) factor[j * columns + j] += penalty[j]
    if (!choleskyFactor(factor, columns)) throw new RangeError('a column repeats others and has no penalty')
    const b = Float64Array.from(cross)
    choleskySolve(factor, columns, b)
    return b
  })
}

/** o + Xb of every row. */
export function predictLinear(problem: Omit<LinearProblem, 'y' | 'weight'>, b: Float64Array): Float64Array {
  const out = new Float64Array(problem.rows)
  linearPredictor(problem.x, problem.rows, b, out, problem.offset)
  return out
}
