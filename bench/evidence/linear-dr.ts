// A linear doubly robust learner: the yardstick for the width of intervals on the same files. It is part of the benchmark
// alone; the product does not use it.
//
// Estimand: the effect of each arm against the control given the columns, taken to be linear in them. Scores of row i and
// arm k: g_ik = m_k(x_i) + [arm_i = k] (y_i - m_k(x_i)) / e_k(x_i), nuisances from the other folds (Robins, Rotnitzky and
// Zhao 1994, JASA 89(427)); the difference g_ik - g_i0 is regressed on the columns by least squares (as in Kennedy 2023,
// Electronic Journal of Statistics 17(2)), with HC3 standard errors (MacKinnon and White 1985, Journal of Econometrics
// 29(3)) and intervals of 1.96 of them. Nuisances are ridge regressions with fixed penalties on standardised columns: per arm
// for the outcome, one arm against the rest for the shares, which are then made to sum to one and kept above 1 %.

import {
  addCrossProduct,
  addWeightedGram,
  choleskyFactor,
  choleskySolve,
  expit,
  fitRidgeLogistic,
  linearPredictor,
  makeRandom,
  shuffled,
} from '#numerics/index.ts'

const folds = 3
const outcomePenalty = 50
const sharePenalty = 10
const lowestShare = 0.01
/** Keeps a system solvable where columns repeat each other or an arm is absent. */
const sliver = 1e-3

/** x: rows × columns, column-major, standardised, the first column all ones, nothing missing. arm: places from 0, the control. */
export interface LinearProblem {
  readonly x: Float64Array
  readonly rows: number
  readonly columns: number
  readonly arm: Uint8Array
  readonly arms: number
  readonly y: Float64Array
  readonly isYesNo: boolean
}

/** One entry an arm but the control. covariance: columns × columns, column-major, full. */
export interface LinearEffects {
  readonly columns: number
  readonly coefficients: readonly Float64Array[]
  readonly covariance: readonly Float64Array[]
}

/** Learns effects. The same seed gives the same folds. O(folds · arms · Newton steps · rows · columns²). */
export function learnLinearEffects(problem: LinearProblem, seed: number): LinearEffects {
  const scores = crossFittedScores(problem, seed)
  const { x, rows, columns } = problem
  const inverse = inverseGram(x, rows, columns)
  const leverage = leverages(x, rows, columns, inverse)
  const coefficients: Float64Array[] = []
  const covariance: Float64Array[] = []
  for (let k = 1; k < problem.arms; k++) {
    const difference = scores[k]!.map((value, row) => value - scores[0]![row]!)
    const slope = new Float64Array(columns)
    addCrossProduct(x, rows, difference, slope)
    const b = times(inverse, columns, slope)
    const fitted = new Float64Array(rows)
    linearPredictor(x, rows, b, fitted)
    // A row that alone decides a coefficient fits exactly and tells nothing about noise.
    const weight = fitted.map((value, row) => {
      const rest = 1 - leverage[row]!
      return rest < 1e-8 ? 0 : ((difference[row]! - value) / rest) ** 2
    })
    const meat = new Float64Array(columns * columns)
    addWeightedGram(x, rows, columns, weight, meat)
    coefficients.push(b)
    covariance.push(sandwich(inverse, mirrored(meat, columns), columns))
  }
  return { columns, coefficients, covariance }
}

/** Effects of new rows with 95 % intervals: one array an arm but the control. */
export function predictLinearEffects(effects: LinearEffects, x: Float64Array, rows: number) {
  const { columns } = effects
  const tau = effects.coefficients.map((b) => {
    const out = new Float64Array(rows)
    linearPredictor(x, rows, b, out)
    return out
  })
  const reach = effects.covariance.map((v) => leverages(x, rows, columns, v).map((square) => 1.96 * Math.sqrt(square)))
  const shifted = (sign: number) => tau.map((values, k) => values.map((value, row) => value + sign * reach[k]![row]!))
  return { tau, low: shifted(-1), high: shifted(1) }
}

/** Doubly robust scores of every arm, each row judged by nuisances of the other folds. */
function crossFittedScores(problem: LinearProblem, seed: number): Float64Array[] {
  const { rows, arms, arm, y } = problem
  const order = shuffled(rows, makeRandom(seed, 0))
  const scores = Array.from({ length: arms }, () => new Float64Array(rows))
  for (let fold = 0; fold < folds; fold++) {
    const others = order.filter((_, place) => place % folds !== fold)
    const own = order.filter((_, place) => place % folds === fold)
    const shares = fittedShares(problem, others, own)
    for (let k = 0; k < arms; k++) {
      const outcome = fittedOutcome(problem, k, others, own)
      own.forEach((row, place) => {
        const m = outcome[place]!
        scores[k]![row] = m + (arm[row] === k ? (y[row]! - m) / Math.max(lowestShare, shares[k]![place]!) : 0)
      })
    }
  }
  return scores
}

function fittedOutcome(problem: LinearProblem, k: number, others: Uint32Array, own: Uint32Array): Float64Array {
  const taken = others.filter((row) => problem.arm[row] === k)
  const x = chosenRows(problem, taken)
  const y = Float64Array.from(taken, (row) => problem.y[row]!)
  const b = (problem.isYesNo ? logisticFit : linearFit)(
    { x, rows: taken.length, columns: problem.columns, y },
    outcomePenalty,
  )
  const out = new Float64Array(own.length)
  linearPredictor(chosenRows(problem, own), own.length, b, out)
  return problem.isYesNo ? out.map(expit) : out
}

function fittedShares(problem: LinearProblem, others: Uint32Array, own: Uint32Array): Float64Array[] {
  const fitOn = chosenRows(problem, others)
  const forOwn = chosenRows(problem, own)
  const raw = Array.from({ length: problem.arms }, (_, k) => {
    const y = Float64Array.from(others, (row) => Number(problem.arm[row] === k))
    const b = logisticFit({ x: fitOn, rows: others.length, columns: problem.columns, y }, sharePenalty)
    const out = new Float64Array(own.length)
    linearPredictor(forOwn, own.length, b, out)
    return out.map(expit)
  })
  const total = new Float64Array(own.length)
  for (const column of raw) column.forEach((value, place) => (total[place]! += value))
  return raw.map((column) => column.map((value, place) => value / total[place]!))
}

interface Fit {
  readonly x: Float64Array
  readonly rows: number
  readonly columns: number
  readonly y: Float64Array
}

function logisticFit(fit: Fit, penalty: number): Float64Array {
  return fitRidgeLogistic({ ...fit, weight: null, offset: null }, penalties(fit.columns, penalty), { maxSteps: 25 })
    .coefficients
}

function linearFit({ x, rows, columns, y }: Fit, penalty: number): Float64Array {
  const gram = new Float64Array(columns * columns)
  addWeightedGram(x, rows, columns, new Float64Array(rows).fill(1), gram)
  penalties(columns, penalty).forEach((value, j) => (gram[j * columns + j]! += value))
  const b = new Float64Array(columns)
  addCrossProduct(x, rows, y, b)
  if (!choleskyFactor(gram, columns)) throw new Error('The columns of the linear learner are not finite.')
  choleskySolve(gram, columns, b)
  return b
}

/** The first column is the intercept. */
function penalties(columns: number, penalty: number): Float64Array {
  const list = new Float64Array(columns).fill(penalty)
  list[0] = sliver
  return list
}

function chosenRows({ x, rows, columns }: LinearProblem, chosen: Uint32Array): Float64Array {
  const out = new Float64Array(chosen.length * columns)
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < chosen.length; i++) out[j * chosen.length + i] = x[j * rows + chosen[i]!]!
  }
  return out
}

function inverseGram(x: Float64Array, rows: number, columns: number): Float64Array {
  const gram = new Float64Array(columns * columns)
  addWeightedGram(x, rows, columns, new Float64Array(rows).fill(1), gram)
  for (let j = 0; j < columns; j++) gram[j * columns + j]! += sliver
  if (!choleskyFactor(gram, columns)) throw new Error('The columns of the linear learner are not finite.')
  const inverse = new Float64Array(columns * columns)
  for (let j = 0; j < columns; j++) {
    const unit = inverse.subarray(j * columns, (j + 1) * columns)
    unit[j] = 1
    choleskySolve(gram, columns, unit)
  }
  return inverse
}

/** x_i' M x_i of each row, for a full symmetric M. */
function leverages(x: Float64Array, rows: number, columns: number, matrix: Float64Array): Float64Array {
  const out = new Float64Array(rows)
  const row = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) row[j] = x[j * rows + i]!
    let sum = 0
    for (let j = 0; j < columns; j++) {
      let part = 0
      for (let k = 0; k < columns; k++) part += matrix[j * columns + k]! * row[k]!
      sum += part * row[j]!
    }
    out[i] = Math.max(0, sum)
  }
  return out
}

function mirrored(lower: Float64Array, size: number): Float64Array {
  for (let j = 0; j < size; j++) for (let k = j + 1; k < size; k++) lower[k * size + j] = lower[j * size + k]!
  return lower
}

/** A M A for symmetric A and M. */
function sandwich(a: Float64Array, m: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size)
  for (let j = 0; j < size; j++) {
    const column = times(a, size, times(m, size, a.slice(j * size, (j + 1) * size)))
    out.set(column, j * size)
  }
  return out
}

function times(matrix: Float64Array, size: number, vector: Float64Array): Float64Array {
  const out = new Float64Array(size)
  linearPredictor(matrix, size, vector, out)
  return out
}
