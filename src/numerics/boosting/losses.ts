// Losses of boosting: value, gradient and hessian with respect to the scores.

import { expit, logLoss } from '../ridge-logistic.ts'
import type { BoostingProblem } from './boosting-problem.ts'

// Half an event a class keeps the starting log odds finite where a class has no row (Haldane 1956, Anscombe 1956).
const halfAnEvent = 0.5

/** The constant score of each output that boosting starts from: the weighted mean of what the offset leaves (squared), log
 *  odds of the weighted mean (logistic) or log of the classes' weighted shares (softmax), zero where an offset says it. */
export function baseScores(problem: BoostingProblem, rows: Uint32Array): Float64Array {
  const { loss, outputs, y, weight, offset, table } = problem
  const base = new Float64Array(outputs)
  if (loss !== 'squared' && offset !== null) return base
  let total = 0
  for (const row of rows) {
    const w = weight === null ? 1 : weight[row]
    total += w
    if (loss === 'softmax') base[y[row]] += w
    else {
      for (let k = 0; k < outputs; k++) {
        const i = k * table.rows + row
        base[k] += w * (y[i] - (offset === null ? 0 : offset[i]))
      }
    }
  }
  if (loss === 'squared') return base.map((sum) => sum / total)
  // Weights of any scale: the half event is half a row of mean weight.
  const half = (halfAnEvent * total) / rows.length
  if (loss === 'logistic') return base.map((sum) => Math.log((sum + half) / (total - sum + half)))
  return base.map((sum) => Math.log((sum + half) / (total + half * outputs)))
}

/** Fills gradient (and hessian, but for squared loss, whose hessian is the weight) at `rows`: −∂loss/∂score and ∂²loss/∂score²,
 *  both times the weight. All arrays rows × outputs, column-major. */
export function fillGradients(
  problem: BoostingProblem,
  rows: Uint32Array,
  scores: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  if (problem.loss === 'squared') fillSquared(problem, rows, scores, gradient)
  else if (problem.loss === 'logistic') fillLogistic(problem, rows, scores, gradient, hessian)
  else fillSoftmax(problem, rows, scores, gradient, hessian)
}

/** Weighted mean loss at `rows` (half the squared error; log loss). scores: held-out rows × outputs, in the order of `rows`. */
export function lossAt(problem: BoostingProblem, rows: Uint32Array, scores: Float64Array): number {
  const { loss, outputs, y, weight, table } = problem
  let sum = 0
  let total = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    const w = weight === null ? 1 : weight[row]
    total += w
    if (loss === 'logistic') sum += w * logLoss(y[row], scores[i])
    else if (loss === 'softmax') sum += w * softmaxLoss(y[row], scores, i, rows.length, outputs)
    else {
      for (let k = 0; k < outputs; k++) {
        const miss = y[k * table.rows + row] - scores[k * rows.length + i]
        sum += 0.5 * w * miss * miss
      }
    }
  }
  return total > 0 ? sum / total : 0
}

/** log Σ exp(score) − score of class y, without overflow. scores[k * stride + at], k below `classes`. */
export function softmaxLoss(y: number, scores: Float64Array, at: number, stride: number, classes: number): number {
  let highest = -Infinity
  for (let k = 0; k < classes; k++) highest = Math.max(highest, scores[k * stride + at])
  let sum = 0
  for (let k = 0; k < classes; k++) sum += Math.exp(scores[k * stride + at] - highest)
  return highest + Math.log(sum) - scores[y * stride + at]
}

function fillSquared(problem: BoostingProblem, rows: Uint32Array, scores: Float64Array, gradient: Float64Array): void {
  const { outputs, y, weight, table } = problem
  for (let k = 0; k < outputs; k++) {
    const from = k * table.rows
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]
      const miss = y[from + row] - scores[from + row]
      gradient[from + row] = weight === null ? miss : weight[row] * miss
    }
  }
}

function fillLogistic(
  { y, weight }: BoostingProblem,
  rows: Uint32Array,
  scores: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    const p = expit(scores[row])
    const w = weight === null ? 1 : weight[row]
    gradient[row] = w * (y[row] - p)
    hessian[row] = w * p * (1 - p)
  }
}

function fillSoftmax(
  { y, weight, outputs, table }: BoostingProblem,
  rows: Uint32Array,
  scores: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const stride = table.rows
  const share = new Float64Array(outputs)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    let highest = -Infinity
    for (let k = 0; k < outputs; k++) {
      const score = scores[k * stride + row]
      if (score > highest) highest = score
    }
    let sum = 0
    for (let k = 0; k < outputs; k++) {
      share[k] = Math.exp(scores[k * stride + row] - highest)
      sum += share[k]
    }
    const w = weight === null ? 1 : weight[row]
    for (let k = 0; k < outputs; k++) {
      const p = share[k] / sum
      gradient[k * stride + row] = w * ((y[row] === k ? 1 : 0) - p)
      hessian[k * stride + row] = w * p * (1 - p)
    }
  }
}
