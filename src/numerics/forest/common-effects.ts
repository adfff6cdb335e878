// The effects that a set of rows has in common: the slopes of its outcomes' residuals on its arms'.

import { choleskyFactor, choleskySolve } from '../cholesky.ts'

/**
 * Weighted least squares of outcome on arms and a constant, over `rows`. arms: all rows × effects, row-major; outcome: by row;
 * weight: by row or null. Noughts where the moments cannot be solved (nobody took some arm). O(rows × effects²).
 */
export function commonEffects(
  arms: Float64Array,
  outcome: Float64Array,
  weight: Float64Array | null,
  effects: number,
  rows: Uint32Array,
): Float64Array {
  const moments = new Float64Array(effects * effects)
  const mean = new Float64Array(effects)
  const slope = new Float64Array(effects)
  let mass = 0
  let level = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    const from = row * effects
    const own = weight === null ? 1 : weight[row]
    mass += own
    level += own * outcome[row]
    for (let j = 0; j < effects; j++) {
      const weighted = own * arms[from + j]
      mean[j] += weighted
      slope[j] += weighted * outcome[row]
      const column = j * effects
      for (let k = j; k < effects; k++) moments[column + k] += weighted * arms[from + k]
    }
  }
  if (mass === 0) return slope.fill(0)
  for (let j = 0; j < effects; j++) {
    slope[j] -= (mean[j] * level) / mass
    for (let k = j; k < effects; k++) moments[j * effects + k] -= (mean[j] * mean[k]) / mass
    // A hair of ridge: an arm that hardly varies here is told to do nothing.
    moments[j * effects + j] += 1
  }
  if (!choleskyFactor(moments, effects)) return slope.fill(0)
  choleskySolve(moments, effects, slope)
  return slope
}
