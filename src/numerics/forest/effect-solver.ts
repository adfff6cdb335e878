// From a row's forest-weighted moments to its effects, pulled to what is usual where few took an arm.

import { momentsOf, type CausalForest } from './causal-forest.ts'

/** What rows are solved with. towards: effects that a row is pulled to. pull: for each effect, as much variance of its arm as
 *  is added for them. place: where moment (j, k) lies behind the first of ww'. The rest is room that is used again. */
export interface EffectSolver {
  readonly effects: number
  readonly towards: Float64Array
  readonly pull: Float64Array
  readonly place: Uint16Array
  readonly moments: Float64Array
  readonly score: Float64Array
}

/** Rows solved, side by side. theta: rows × effects. inverse: rows × effects², of (A + Λ). level: rows, the outcome's that goes
 *  with theta. */
export interface Solved {
  readonly theta: Float64Array
  readonly inverse: Float64Array
  readonly level: Float64Array
}

/** The least pull: where hardly anybody took an arm, its effect is what is usual rather than nothing at all. */
export const leastPull = 1e-4

export function openSolver(effects: number): EffectSolver {
  const square = effects * effects
  const place = new Uint16Array(square)
  let next = 0
  for (let j = 0; j < effects; j++) {
    for (let k = j; k < effects; k++) {
      place[j * effects + k] = next
      place[k * effects + j] = next++
    }
  }
  return {
    effects,
    towards: new Float64Array(effects),
    pull: new Float64Array(effects),
    place,
    moments: new Float64Array(square),
    score: new Float64Array(effects),
  }
}

export function roomForSolved(rows: number, effects: number): Solved {
  return {
    theta: new Float64Array(rows * effects),
    inverse: new Float64Array(rows * effects * effects),
    level: new Float64Array(rows),
  }
}

/** The moments of everybody who filled the forest's leaves, each row counted once a tree. Length leafSize. */
export function overallMoments(forest: CausalForest): Float64Array {
  const { leaves, leafSize, arms } = forest
  const counts = momentsOf(arms - 1)
  const sums = new Float64Array(leafSize)
  for (let at = 0; at < leaves.length; at += leafSize) {
    let rows = 0
    for (let a = counts; a < leafSize; a++) rows += leaves[at + a]
    for (let s = 0; s < counts; s++) sums[s] += rows * leaves[at + s]
  }
  return sums
}

/** Sets the pull: `strength` of each arm's overall variance, towards the effects given or the forest's overall ones. */
export function setPull(
  solver: EffectSolver,
  overall: Float64Array,
  towards: Float64Array | null,
  strength: number,
): void {
  const { effects, pull, place } = solver
  const first = 2 + 2 * effects
  for (let j = 0; j < effects; j++) {
    const mean = overall[2 + j] / overall[0]
    pull[j] = overall[first + place[j * effects + j]] / overall[0] - mean * mean
  }
  solver.towards.fill(0)
  for (let j = 0; j < effects; j++) pull[j] *= leastPull
  const solved = roomForSolved(1, effects)
  if (towards === null) solveEffects(solver, overall, 0, solved, 0)
  solver.towards.set(towards ?? solved.theta)
  for (let j = 0; j < effects; j++) pull[j] *= Math.max(strength, leastPull) / leastPull
}

/** Effects from the moments (as a leaf's record has them, summed over trees) that begin at `at`:
 *  θ = (A + Λ)⁻¹ (b + Λ θ₀), A = E[ww'] - E[w]E[w]', b = E[wy] - E[w]E[y]. */
export function solveEffects(solver: EffectSolver, sums: Float64Array, at: number, solved: Solved, row: number): void {
  const { effects, moments, place, pull, towards, score } = solver
  const { theta, inverse } = solved
  const mass = sums[at]
  const level = sums[at + 1] / mass
  const first = at + 2 + 2 * effects
  for (let j = 0; j < effects; j++) {
    const mean = sums[at + 2 + j] / mass
    for (let k = 0; k < effects; k++) {
      moments[j * effects + k] = sums[first + place[j * effects + k]] / mass - (mean * sums[at + 2 + k]) / mass
    }
    moments[j * effects + j] += pull[j]
    score[j] = sums[at + 2 + effects + j] / mass - mean * level + pull[j] * towards[j]
  }
  const square = row * effects * effects
  invert(moments, inverse, square, effects)
  solved.level[row] = level
  for (let j = 0; j < effects; j++) {
    let sum = 0
    for (let k = 0; k < effects; k++) sum += inverse[square + j * effects + k] * score[k]
    theta[row * effects + j] = sum
    solved.level[row] -= (sum * sums[at + 2 + j]) / mass
  }
}

/**
 * What bags vary by, less what chance alone makes them vary. The difference may fall below nought, so it is replaced by its
 * mean under a flat prior above nought: with s its standard error (the bags' spread taken for a chi-square) and r the
 * difference over s, the difference plus s φ(r) / Φ(r).
 */
export function meanAboveNought(ofBags: number, ofChance: number, bags: number): number {
  const s = Math.max(ofBags, ofChance) * Math.sqrt(2 / bags)
  if (!(s > 0)) return 0
  return ofBags - ofChance + s * inverseMills((ofBags - ofChance) / s)
}

/** φ(r) / Φ(r) of the standard normal: Laplace's continued fraction below -2, the power series of Φ elsewhere. */
export function inverseMills(r: number): number {
  if (r > 8) return 0
  if (r < -2) {
    let fraction = -r
    for (let k = 60; k >= 1; k--) fraction = -r + k / fraction
    return fraction
  }
  const density = Math.exp((-r * r) / 2) / Math.sqrt(2 * Math.PI)
  let term = r
  let sum = r
  for (let k = 1; k < 120; k++) {
    term *= (r * r) / (2 * k + 1)
    sum += term
  }
  return density / (0.5 + density * sum)
}

/** The inverse of a positive definite matrix by Gauss and Jordan's elimination; `matrix` is used up. */
function invert(matrix: Float64Array, inverse: Float64Array, at: number, size: number): void {
  inverse.fill(0, at, at + size * size)
  for (let i = 0; i < size; i++) inverse[at + i * size + i] = 1
  for (let p = 0; p < size; p++) {
    const scale = 1 / matrix[p * size + p]
    for (let k = 0; k < size; k++) {
      matrix[p * size + k] *= scale
      inverse[at + p * size + k] *= scale
    }
    for (let i = 0; i < size; i++) {
      if (i === p) continue
      const factor = matrix[i * size + p]
      for (let k = 0; k < size; k++) {
        matrix[i * size + k] -= factor * matrix[p * size + k]
        inverse[at + i * size + k] -= factor * inverse[at + p * size + k]
      }
    }
  }
}
