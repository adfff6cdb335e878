// What a causal tree splits on: each row's pull on the effects of all arms at once, recomputed at every node.

import { choleskyFactor } from '../cholesky.ts'
import type { Workshop } from './grow-tree.ts'

/** One tree's residuals, by local row. arms: w, rows × effects, row-major: took that arm, less its propensity.
 *  outcome: y less its expectation. prior: effects × effects, column-major, added to a node's moments. */
export interface Residuals {
  readonly effects: number
  readonly arms: Float64Array
  readonly outcome: Float64Array
  readonly prior: Float64Array
}

/**
 * Labels for the splits of one tree. With A = Σ w̃w̃' and b = Σ w̃ỹ the node's centred moments, β = A⁻¹b its effects and L the
 * Cholesky factor of A, a row's label is L⁻¹ w̃ (ỹ - w̃'β): the gradient of its squared residual, in the scale where all
 * directions carry the same noise, so that the labels' gain is the fall of the residual sum of squares to first order.
 * (Athey, Tibshirani and Wager 2019, section 2.3, take A⁻¹ w̃ (ỹ - w̃'β): there an arm that few took speaks loudest.)
 */
export function labelByEffects(shop: Workshop, residuals: Residuals) {
  const { effects, arms, outcome, prior } = residuals
  const { order, mass, labels } = shop
  const moments = new Float64Array(effects * effects)
  const mean = new Float64Array(effects)
  const beta = new Float64Array(effects)
  const centred = new Float64Array(effects)
  return (start: number, end: number): number => {
    moments.fill(0)
    mean.fill(0)
    beta.fill(0)
    let total = 0
    let level = 0
    for (let at = start; at < end; at++) {
      const row = order[at]
      const from = row * effects
      const weight = mass[row]
      const y = weight * outcome[row]
      total += weight
      level += y
      for (let j = 0; j < effects; j++) {
        const w = arms[from + j]
        const weighted = weight * w
        mean[j] += weighted
        beta[j] += w * y
        const column = j * effects
        for (let k = j; k < effects; k++) moments[column + k] += weighted * arms[from + k]
      }
    }
    level /= total
    for (let j = 0; j < effects; j++) mean[j] /= total
    for (let j = 0; j < effects; j++) {
      beta[j] -= total * mean[j] * level
      for (let k = j; k < effects; k++) {
        moments[j * effects + k] += prior[j * effects + k] - total * mean[j] * mean[k]
      }
    }
    if (!choleskyFactor(moments, effects)) return 0
    solveBoth(moments, effects, beta)
    return writeLabels()

    function writeLabels(): number {
      let square = 0
      const scale = Math.sqrt(total)
      for (let at = start; at < end; at++) {
        const row = order[at]
        const from = row * effects
        let residual = outcome[row] - level
        for (let j = 0; j < effects; j++) {
          const w = arms[from + j] - mean[j]
          centred[j] = w
          residual -= w * beta[j]
        }
        const pull = scale * residual
        const weight = mass[row]
        const to = at * effects
        for (let j = 0; j < effects; j++) {
          let left = centred[j]
          for (let k = 0; k < j; k++) left -= moments[k * effects + j] * centred[k]
          left /= moments[j * effects + j]
          centred[j] = left
          const label = pull * left
          square += weight * label * label
          labels[to + j] = weight * label
        }
      }
      return square / (total * effects)
    }
  }
}

/** L L' x = rhs, in place. */
function solveBoth(factor: Float64Array, size: number, rhs: Float64Array): void {
  for (let j = 0; j < size; j++) {
    const solved = (rhs[j] /= factor[j * size + j])
    for (let i = j + 1; i < size; i++) rhs[i] -= factor[j * size + i] * solved
  }
  for (let j = size - 1; j >= 0; j--) {
    let left = rhs[j]
    for (let i = j + 1; i < size; i++) left -= factor[j * size + i] * rhs[i]
    rhs[j] = left / factor[j * size + j]
  }
}
