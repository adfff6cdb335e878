// Ridge-regularised logistic regression by Newton's method, and the choice of its penalty on held-out rows.
//
// Minimises  Σ_i w_i · loss(y_i, o_i + x_i'b)  +  ½ Σ_j penalty_j b_j²,   loss(y, η) = log(1 + e^η) − y η.
// Sources: le Cessie and van Houwelingen (1992), Applied Statistics 41(1), 191–201 (ridge estimators in logistic regression);
// McCullagh and Nelder (1989), section 2.5 (iteratively reweighted least squares, which is Newton's method here).

import { choleskyFactor, choleskySolve } from './cholesky.ts'
import { addCrossProduct, addWeightedGram, linearPredictor } from './gram.ts'

/** x: column-major, rows × columns, no missing values; an intercept is a column of ones. y: 0 or 1 (or a share between).
 *  weight: 0 or more, one where null. offset: log odds known beforehand, zero where null. */
export interface LogisticProblem {
  readonly x: Float64Array
  readonly rows: number
  readonly columns: number
  readonly y: Float64Array
  readonly weight: Float64Array | null
  readonly offset: Float64Array | null
}

export interface LogisticFit {
  readonly coefficients: Float64Array
  readonly steps: number
  readonly converged: boolean
  /** The minimised sum, penalty included. */
  readonly objective: number
}

export interface NewtonOptions {
  readonly start?: Float64Array
  /** Default 50. With `1` from a good start this is the one-step estimator. */
  readonly maxSteps?: number
  /** Largest change of a coefficient that counts as none. Default 1e-8. */
  readonly tolerance?: number
}

/** Fits by Newton steps, halved while the objective would rise. penalty: length columns, 0 or more (0 for an intercept).
 *  Throws RangeError for a wrong shape or a value that is no number, and when the penalised Hessian is singular (a
 *  constant outcome without a penalty). O(steps · rows · columns² / 2). Draws no random numbers. */
export function fitRidgeLogistic(
  problem: LogisticProblem,
  penalty: Float64Array,
  options: NewtonOptions = {},
): LogisticFit {
  checkProblem(problem)
  checkPenalty(penalty, problem.columns)
  const { columns } = problem
  const { start, maxSteps = 50, tolerance = 1e-8 } = options
  const b = start ? Float64Array.from(start) : new Float64Array(columns)
  if (b.length !== columns) throw new RangeError('the start has another number of columns')
  const space = workspace(problem)
  let objective = objectiveAt(problem, penalty, b, space)
  for (let steps = 1; steps <= maxSteps; steps++) {
    const step = newtonStep(problem, penalty, b, space)
    const taken = takeStep(problem, penalty, { b, step, objective }, space)
    objective = taken.objective
    if (taken.change <= tolerance) return { coefficients: b, steps, converged: true, objective }
  }
  return { coefficients: b, steps: maxSteps, converged: maxSteps === 0, objective }
}

/** Curvature and slope of the loss at `start`, from which a fit without any one fold is one solve away. */
export interface FoldedNewton {
  readonly problem: LogisticProblem
  readonly start: Float64Array
  /** Fold f is rows bounds[f] to bounds[f + 1]: the caller sorts rows by fold. Length folds + 1. */
  readonly bounds: Uint32Array
  /** Offsets known without fold f, an array of all rows a fold; null where the problem's own offset holds for all. */
  readonly offsetWithout: readonly Float64Array[] | null
  /** X' W X of each fold alone, at the problem's offset: columns × columns, lower triangle. */
  readonly gram: readonly Float64Array[]
  /** X'(y - p) of all rows, and of all rows but fold f. */
  readonly slope: Float64Array
  readonly slopeWithout: readonly Float64Array[]
}

/** One pass over the rows. Everything held out later comes from these sums. Where the offset was itself learned from the
 *  rows, `offsetWithout` must come from fits without each fold, for all rows: offsets in which each row was left out by
 *  its own fold make the folds lean against one another, and the penalty far too large.
 *  O(rows · columns² / 2 + folds · rows · columns). */
export function foldNewton(
  problem: LogisticProblem,
  start: Float64Array,
  bounds: Uint32Array,
  offsetWithout: readonly Float64Array[] | null = null,
): FoldedNewton {
  checkProblem(problem)
  const { x, rows, columns } = problem
  if (start.length !== columns) throw new RangeError('the start has another number of columns')
  if (bounds[0] !== 0 || bounds[bounds.length - 1] !== rows) throw new RangeError('the folds do not cover the rows')
  const folds = bounds.length - 1
  if (offsetWithout && (offsetWithout.length !== folds || offsetWithout.some((offset) => offset.length !== rows))) {
    throw new RangeError('there is not one offset a row for each fold')
  }
  const space = workspace(problem)
  linearPredictor(x, rows, start, space.eta, problem.offset)
  curvatureAndResidual(problem, space)
  const gram: Float64Array[] = []
  const parts: Float64Array[] = []
  const slope = new Float64Array(columns)
  for (let fold = 0; fold < folds; fold++) {
    const g = new Float64Array(columns * columns)
    addWeightedGram(x, rows, columns, space.curvature, g, bounds[fold], bounds[fold + 1])
    gram.push(g)
    const part = new Float64Array(columns)
    addCrossProduct(x, rows, space.residual, part, bounds[fold], bounds[fold + 1])
    for (let j = 0; j < columns; j++) slope[j] += part[j]
    parts.push(part)
  }
  const slopeWithout = parts.map((part, fold) => {
    if (offsetWithout === null) return slope.map((sum, j) => sum - part[j])
    linearPredictor(x, rows, start, space.eta, offsetWithout[fold])
    curvatureAndResidual(problem, space)
    const without = new Float64Array(columns)
    addCrossProduct(x, rows, space.residual, without, 0, bounds[fold])
    addCrossProduct(x, rows, space.residual, without, bounds[fold + 1], rows)
    return without
  })
  return { problem, start, bounds, offsetWithout, gram, slope, slopeWithout }
}

/** Coefficients after one Newton step from the start, from all rows but those of `without` (-1: from all rows). The
 *  penalty pulls towards `centre` (zero where null; length columns). Exact where the loss is quadratic; from a start near
 *  the optimum the error is of second order. O(columns³ / 6). */
export function stepWithout(
  folded: FoldedNewton,
  penalty: Float64Array,
  without: number,
  centre: Float64Array | null = null,
): Float64Array {
  const { columns } = folded.problem
  checkPenalty(penalty, columns)
  if (centre !== null && centre.length !== columns) throw new RangeError('the centre has another number of columns')
  const hessian = new Float64Array(columns * columns)
  for (let fold = 0; fold < folded.gram.length; fold++) {
    if (fold === without) continue
    const g = folded.gram[fold]
    for (let i = 0; i < g.length; i++) hessian[i] += g[i]
  }
  const step = Float64Array.from(without < 0 ? folded.slope : folded.slopeWithout[without])
  for (let j = 0; j < columns; j++) {
    hessian[j * columns + j] += penalty[j]
    step[j] -= penalty[j] * (folded.start[j] - (centre === null ? 0 : centre[j]))
  }
  if (!choleskyFactor(hessian, columns)) throw new RangeError('the outcome does not vary, or a column repeats others')
  choleskySolve(hessian, columns, step)
  for (let j = 0; j < columns; j++) step[j] += folded.start[j]
  return step
}

/** Σ over all rows of weight × log loss, each row judged by the step from the other folds. Penalties: one array each.
 *  Returns one sum per penalty. O(penalties · folds · columns³ / 6 + penalties · rows · columns). */
export function heldOutLosses(folded: FoldedNewton, penalties: readonly Float64Array[]): Float64Array {
  const { problem, bounds, offsetWithout } = folded
  const losses = new Float64Array(penalties.length)
  const eta = new Float64Array(problem.rows)
  for (let fold = 0; fold + 1 < bounds.length; fold++) {
    const offset = offsetWithout ? offsetWithout[fold] : problem.offset
    for (let k = 0; k < penalties.length; k++) {
      const b = stepWithout(folded, penalties[k], fold)
      linearPredictor(problem.x, problem.rows, b, eta, offset, bounds[fold], bounds[fold + 1])
      losses[k] += lossOf(problem, eta, bounds[fold], bounds[fold + 1])
    }
  }
  return losses
}

/** For each fold, the linear predictor of all rows by the step from the other folds, offset included. */
export function predictorsWithout(folded: FoldedNewton, penalty: Float64Array): readonly Float64Array[] {
  const { problem, bounds, offsetWithout } = folded
  return Array.from({ length: bounds.length - 1 }, (_, fold) => {
    const eta = new Float64Array(problem.rows)
    const offset = offsetWithout ? offsetWithout[fold] : problem.offset
    linearPredictor(problem.x, problem.rows, stepWithout(folded, penalty, fold), eta, offset)
    return eta
  })
}

/** 1 / (1 + e^-x), without overflow at either end. */
export function expit(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x))
  const e = Math.exp(x)
  return e / (1 + e)
}

/** log(1 + e^x) - y x: minus the log likelihood of one outcome at log odds x. */
export function logLoss(y: number, x: number): number {
  return (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))) - y * x
}

interface Workspace {
  readonly eta: Float64Array
  readonly curvature: Float64Array
  readonly residual: Float64Array
}

function workspace(problem: LogisticProblem): Workspace {
  const { rows } = problem
  return { eta: new Float64Array(rows), curvature: new Float64Array(rows), residual: new Float64Array(rows) }
}

function objectiveAt(problem: LogisticProblem, penalty: Float64Array, b: Float64Array, space: Workspace): number {
  linearPredictor(problem.x, problem.rows, b, space.eta, problem.offset)
  let sum = lossOf(problem, space.eta, 0, problem.rows)
  for (let j = 0; j < b.length; j++) sum += 0.5 * penalty[j] * b[j] * b[j]
  return sum
}

function lossOf(problem: LogisticProblem, eta: Float64Array, from: number, to: number): number {
  const { y, weight } = problem
  let sum = 0
  for (let i = from; i < to; i++) sum += (weight === null ? 1 : weight[i]) * logLoss(y[i], eta[i])
  return sum
}

/** Fills curvature = w p (1 - p) and residual = w (y - p) from eta. */
function curvatureAndResidual(problem: LogisticProblem, space: Workspace): void {
  const { y, weight, rows } = problem
  const { eta, curvature, residual } = space
  for (let i = 0; i < rows; i++) {
    const p = expit(eta[i])
    const w = weight === null ? 1 : weight[i]
    curvature[i] = w * p * (1 - p)
    residual[i] = w * (y[i] - p)
  }
}

/** The Newton direction at b; space.eta holds the linear predictor of b. */
function newtonStep(problem: LogisticProblem, penalty: Float64Array, b: Float64Array, space: Workspace): Float64Array {
  const { x, rows, columns } = problem
  curvatureAndResidual(problem, space)
  const hessian = new Float64Array(columns * columns)
  addWeightedGram(x, rows, columns, space.curvature, hessian)
  const step = new Float64Array(columns)
  addCrossProduct(x, rows, space.residual, step)
  for (let j = 0; j < columns; j++) {
    hessian[j * columns + j] += penalty[j]
    step[j] -= penalty[j] * b[j]
  }
  if (!choleskyFactor(hessian, columns)) throw new RangeError('the outcome does not vary, or a column repeats others')
  choleskySolve(hessian, columns, step)
  return step
}

/** Moves b along the step, halved up to thirty times while that raises the objective; leaves b alone if nothing helps. */
function takeStep(
  problem: LogisticProblem,
  penalty: Float64Array,
  at: { readonly b: Float64Array; readonly step: Float64Array; readonly objective: number },
  space: Workspace,
): { objective: number; change: number } {
  const { b, step } = at
  const tried = new Float64Array(b.length)
  for (let halvings = 0, length = 1; halvings < 30; halvings++, length /= 2) {
    let change = 0
    for (let j = 0; j < b.length; j++) {
      const moved = length * step[j]
      tried[j] = b[j] + moved
      change = Math.max(change, Math.abs(moved))
    }
    const objective = objectiveAt(problem, penalty, tried, space)
    // Rounding may raise the sum by a hair at the optimum.
    if (objective <= at.objective + 1e-12 * Math.abs(at.objective)) {
      b.set(tried)
      return { objective, change }
    }
  }
  return { objective: objectiveAt(problem, penalty, b, space), change: 0 }
}

function checkProblem({ x, rows, columns, y, weight, offset }: LogisticProblem): void {
  if (!Number.isInteger(rows) || rows < 1 || !Number.isInteger(columns) || columns < 1) {
    throw new RangeError('a fit needs at least one row and one column')
  }
  if (x.length !== rows * columns) throw new RangeError('x is not rows by columns')
  for (const [name, array] of [
    ['y', y],
    ['weight', weight],
    ['offset', offset],
  ] as const) {
    if (array !== null && array.length !== rows) throw new RangeError(`${name} has another number of rows`)
  }
  if (!allFinite(x) || (offset !== null && !allFinite(offset)))
    throw new RangeError('x or offset holds a value that is no number')
  for (let i = 0; i < rows; i++) {
    if (!(y[i] >= 0 && y[i] <= 1)) throw new RangeError('y lies between 0 and 1')
    if (weight !== null && !(weight[i] >= 0 && weight[i] < Infinity)) throw new RangeError('weights are 0 or more')
  }
}

function checkPenalty(penalty: Float64Array, columns: number): void {
  if (penalty.length !== columns) throw new RangeError('the penalty has another number of columns')
  for (const value of penalty) if (!(value >= 0 && value < Infinity)) throw new RangeError('penalties are 0 or more')
}

function allFinite(values: Float64Array): boolean {
  // A sum is finite only when its parts are; the parts are looked at one by one only when it is not.
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return Number.isFinite(sum) || values.every(Number.isFinite)
}
