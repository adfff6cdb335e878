// Ridge-regularised multinomial logistic regression, and its path over penalties.
//
// Minimises  Σ_i w_i · (log Σ_k exp(x_i'b_k) − x_i'b_{y_i})  +  ½ Σ_k Σ_j penalty_j b_kj²,  one slope vector a class (symmetric,
// as in Zhu and Hastie 2004, Biostatistics 5(3), 427–443; the penalty makes it unique). Method: L-BFGS (Liu and Nocedal 1989,
// Mathematical Programming 45, 503–528), started in each step from the curvature of the model without slopes, p_k(1 − p_k) X'WX
// plus penalty a class, in the spirit of Böhning (1992, Annals of the Institute of Statistical Mathematics 44, 197–200): one
// cross product for a whole path, and ten or so gradients a penalty.

import { choleskyFactor, choleskySolve } from '../cholesky.ts'
import { addCrossProduct, addWeightedGram, linearPredictor } from '../gram.ts'

/** x: column-major, rows × columns, no missing values; an intercept is a column of ones. y: the place of a class, 0 to
 *  classes − 1. weight: 0 or more, one where null. */
export interface SoftmaxProblem {
  readonly x: Float64Array
  readonly rows: number
  readonly columns: number
  readonly y: Uint8Array
  readonly classes: number
  readonly weight: Float64Array | null
}

export interface SoftmaxFit {
  /** columns × classes: those of class k at [k · columns, (k + 1) · columns). */
  readonly coefficients: Float64Array
  readonly steps: number
  readonly converged: boolean
  /** The minimised sum, penalty included. */
  readonly objective: number
}

export interface SoftmaxOptions {
  readonly start?: Float64Array
  /** Default 100. */
  readonly maxSteps?: number
  /** Largest slope of the objective, a unit of weight, that counts as none. Default 1e-5. */
  readonly tolerance?: number
}

/** Fits one penalty. penalty: length columns, 0 or more (0 for an intercept). Throws RangeError for a wrong shape, a value
 *  that is no number, or columns that repeat one another without a penalty. A class without rows gets a chance near nothing,
 *  never nothing. O(steps · rows · columns · classes + rows · columns² / 2). Draws no random numbers. */
export function fitRidgeSoftmax(
  problem: SoftmaxProblem,
  penalty: Float64Array,
  options: SoftmaxOptions = {},
): SoftmaxFit {
  const [fit] = fitSoftmaxPath(problem, [penalty], options)
  return fit
}

/** Fits one penalty after another, each from the one before: give the strongest first. */
export function fitSoftmaxPath(
  problem: SoftmaxProblem,
  penalties: readonly Float64Array[],
  options: SoftmaxOptions = {},
): SoftmaxFit[] {
  checkProblem(problem, penalties)
  const { columns, classes } = problem
  let start = options.start
  if (start && start.length !== columns * classes) throw new RangeError('the start has another number of coefficients')
  const shares = classShares(problem)
  const gram = gramOf(problem)
  return penalties.map((penalty) => {
    const curvature = shares.map((share) => curvatureOf(gram, columns, share * (1 - share), penalty))
    const fit = minimise(problem, penalty, curvature, {
      ...options,
      start: start ?? new Float64Array(columns * classes),
    })
    start = fit.coefficients
    return fit
  })
}

/** Chances of every class: rows × classes, column-major, each row summing to one. x as in the problem. */
export function softmaxChances(
  coefficients: Float64Array,
  x: Float64Array,
  rows: number,
  columns: number,
): Float64Array {
  const classes = coefficients.length / columns
  if (!Number.isInteger(classes) || x.length !== rows * columns) throw new RangeError('the model has other columns')
  const scores = new Float64Array(rows * classes)
  for (let k = 0; k < classes; k++) {
    const own = scores.subarray(k * rows, (k + 1) * rows)
    linearPredictor(x, rows, coefficients.subarray(k * columns, (k + 1) * columns), own)
  }
  scoresToChances(scores, rows, classes)
  return scores
}

/** Turns scores (rows × classes, column-major) into chances, in place; finite for any finite scores. */
export function scoresToChances(scores: Float64Array, rows: number, classes: number): void {
  for (let i = 0; i < rows; i++) {
    let highest = -Infinity
    for (let k = 0; k < classes; k++) {
      const score = scores[k * rows + i]
      if (score > highest) highest = score
    }
    let sum = 0
    for (let k = 0; k < classes; k++) sum += scores[k * rows + i] = Math.exp(scores[k * rows + i] - highest)
    for (let k = 0; k < classes; k++) scores[k * rows + i] /= sum
  }
}

/** Objective and gradient at b (columns × classes). gradient: caller-owned, length of b. scores: caller-owned, rows × classes. */
export function softmaxObjective(
  problem: SoftmaxProblem,
  penalty: Float64Array,
  b: Float64Array,
  gradient: Float64Array,
  scores: Float64Array,
): number {
  const { x, rows, columns, y, classes, weight } = problem
  for (let k = 0; k < classes; k++) {
    linearPredictor(x, rows, b.subarray(k * columns, (k + 1) * columns), scores.subarray(k * rows, (k + 1) * rows))
  }
  let objective = residualsOf(scores, y, weight, rows, classes)
  for (let k = 0; k < classes; k++) {
    const own = gradient.subarray(k * columns, (k + 1) * columns)
    own.fill(0)
    addCrossProduct(x, rows, scores.subarray(k * rows, (k + 1) * rows), own)
    for (let j = 0; j < columns; j++) {
      const slope = b[k * columns + j]
      objective += 0.5 * penalty[j] * slope * slope
      own[j] += penalty[j] * slope
    }
  }
  return objective
}

/** Replaces scores by w (p − 1{y = k}); returns Σ w · loss. */
function residualsOf(
  scores: Float64Array,
  y: Uint8Array,
  weight: Float64Array | null,
  rows: number,
  classes: number,
): number {
  let loss = 0
  for (let i = 0; i < rows; i++) {
    const w = weight === null ? 1 : weight[i]
    let highest = -Infinity
    for (let k = 0; k < classes; k++) {
      const score = scores[k * rows + i]
      if (score > highest) highest = score
    }
    const taken = scores[y[i] * rows + i] - highest
    let sum = 0
    for (let k = 0; k < classes; k++) sum += scores[k * rows + i] = Math.exp(scores[k * rows + i] - highest)
    loss += w * (Math.log(sum) - taken)
    const scale = w / sum
    for (let k = 0; k < classes; k++) scores[k * rows + i] *= scale
    scores[y[i] * rows + i] -= w
  }
  return loss
}

type Correction = { readonly move: Float64Array; readonly turn: Float64Array; readonly inverse: number }

// Pairs that L-BFGS remembers; more hardly help so close to Newton's step.
const remembered = 12

function minimise(
  problem: SoftmaxProblem,
  penalty: Float64Array,
  curvature: readonly Float64Array[],
  options: SoftmaxOptions & { readonly start: Float64Array },
): SoftmaxFit {
  const { start, maxSteps = 100, tolerance = 1e-5 } = options
  const limit = tolerance * totalWeight(problem)
  const scores = new Float64Array(problem.rows * problem.classes)
  let at = Float64Array.from(start)
  let gradient = new Float64Array(at.length)
  let objective = softmaxObjective(problem, penalty, at, gradient, scores)
  const memory: Correction[] = []
  for (let steps = 0; ; steps++) {
    if (largest(gradient) <= limit) return { coefficients: at, steps, converged: true, objective }
    if (steps === maxSteps) return { coefficients: at, steps, converged: false, objective }
    const direction = directionOf(gradient, memory, curvature, problem.columns)
    const next = new Float64Array(at.length)
    const nextGradient = new Float64Array(at.length)
    const fall = dot(direction, gradient)
    let length = 1
    let found = Infinity
    for (; length > 1e-10; length /= 2) {
      for (let j = 0; j < at.length; j++) next[j] = at[j] - length * direction[j]
      found = softmaxObjective(problem, penalty, next, nextGradient, scores)
      // Armijo's condition, with room for rounding once the objective no longer moves.
      if (found <= objective - 1e-4 * length * fall + 1e-13 * Math.abs(objective)) break
    }
    if (!(length > 1e-10)) return { coefficients: at, steps, converged: false, objective }
    remember(memory, at, next, gradient, nextGradient)
    at = next
    gradient = nextGradient
    objective = found
  }
}

function remember(
  memory: Correction[],
  at: Float64Array,
  next: Float64Array,
  gradient: Float64Array,
  nextGradient: Float64Array,
): void {
  const move = next.map((value, j) => value - at[j])
  const turn = nextGradient.map((value, j) => value - gradient[j])
  const product = dot(move, turn)
  if (!(product > 1e-14 * dot(turn, turn))) return
  memory.push({ move, turn, inverse: 1 / product })
  if (memory.length > remembered) memory.shift()
}

/** The two loops of L-BFGS around the curvature without slopes. */
function directionOf(
  gradient: Float64Array,
  memory: readonly Correction[],
  curvature: readonly Float64Array[],
  columns: number,
): Float64Array {
  const direction = Float64Array.from(gradient)
  const shares = new Float64Array(memory.length)
  for (let m = memory.length - 1; m >= 0; m--) {
    shares[m] = memory[m].inverse * dot(memory[m].move, direction)
    addTimes(direction, memory[m].turn, -shares[m])
  }
  curvature.forEach((factor, k) => {
    choleskySolve(factor, columns, direction.subarray(k * columns, (k + 1) * columns))
  })
  memory.forEach(({ move, turn, inverse }, m) => {
    addTimes(direction, move, shares[m] - inverse * dot(turn, direction))
  })
  return direction
}

function addTimes(to: Float64Array, what: Float64Array, times: number): void {
  for (let j = 0; j < to.length; j++) to[j] += times * what[j]
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j]
  return sum
}

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

function totalWeight({ rows, weight }: SoftmaxProblem): number {
  return weight === null ? rows : weight.reduce((sum, w) => sum + w, 0)
}

/** Each class's weighted share; half an event more, so that a class without rows has some curvature. */
function classShares(problem: SoftmaxProblem): number[] {
  const { y, classes, weight, rows } = problem
  const sums = new Float64Array(classes)
  for (let i = 0; i < rows; i++) sums[y[i]] += weight === null ? 1 : weight[i]
  const half = (0.5 * totalWeight(problem)) / rows
  const total = totalWeight(problem) + half * classes
  return Array.from(sums, (sum) => (sum + half) / total)
}

function gramOf({ x, rows, columns, weight }: SoftmaxProblem): Float64Array {
  const gram = new Float64Array(columns * columns)
  addWeightedGram(x, rows, columns, weight ?? new Float64Array(rows).fill(1), gram)
  return gram
}

function curvatureOf(gram: Float64Array, columns: number, scale: number, penalty: Float64Array): Float64Array {
  const factor = gram.map((value) => value * scale)
  for (let j = 0; j < columns; j++) factor[j * columns + j] += penalty[j]
  if (!choleskyFactor(factor, columns)) throw new RangeError('a column repeats others and has no penalty')
  return factor
}

function checkProblem(problem: SoftmaxProblem, penalties: readonly Float64Array[]): void {
  const { x, rows, columns, y, classes, weight } = problem
  if (rows === 0 || columns === 0) throw new RangeError('there is nothing to learn from')
  if (x.length !== rows * columns || y.length !== rows) throw new RangeError('rows of x and y differ')
  if (!(classes >= 2 && classes <= 256)) throw new RangeError('there are 2 to 256 classes')
  if (weight !== null && weight.length !== rows) throw new RangeError('there is not one weight a row')
  if (!x.every(Number.isFinite)) throw new RangeError('a cell of x is no number')
  if (y.some((k) => k >= classes)) throw new RangeError('a class is not one of those to learn')
  if (weight !== null && weight.some((w) => !(w >= 0 && w < Infinity)))
    throw new RangeError('a weight is no number of 0 or more')
  if (!(totalWeight(problem) > 0)) throw new RangeError('the weights sum to nothing')
  for (const penalty of penalties) {
    if (penalty.length !== columns) throw new RangeError('there is not one penalty a column')
    if (penalty.some((value) => !(value >= 0 && value < Infinity)))
      throw new RangeError('a penalty is no number of 0 or more')
  }
}
