// The posterior of a regression whose terms come once for everyone and once more for each arm but the control. The matrix of
// such a system is an arrow (arms meet only through what is common), so it is solved block by block: arms · size³, not (arms · size)³.

import { choleskyFactor } from '../cholesky.ts'
import { type Moments } from './moments.ts'

/** Means and covariances given the variances. mean: arms × size, block 0 common, block k what arm k adds. covariance[k]:
 *  size × size of block k. */
export interface ArrowPosterior {
  readonly mean: Float64Array
  readonly covariance: readonly Float64Array[]
  /** Log determinant of the posterior precision. */
  readonly logDeterminant: number
}

/**
 * byArm: moments of each arm, the control first. precision: arms × size, prior precisions of the coefficients; noise: the
 * residual variance. Throws an Error where the system is not positive definite (a precision of 0 on a term that no row shows).
 */
export function solveArrow(byArm: readonly Moments[], precision: Float64Array, noise: number): ArrowPosterior {
  const size = byArm[0].size
  const arms = byArm.length
  const core = new Float64Array(size * size)
  const right = new Float64Array(size)
  for (const { gram, cross } of byArm) {
    for (let i = 0; i < core.length; i++) core[i] += gram[i] / noise
    for (let i = 0; i < size; i++) right[i] += cross[i] / noise
  }
  for (let i = 0; i < size; i++) core[i * size + i] += precision[i]
  let logDeterminant = 0
  const blocks = [null, ...byArm.slice(1)].map((moments, arm) => {
    if (moments === null) return null
    const block = armBlock(moments, precision.subarray(arm * size, (arm + 1) * size), noise)
    logDeterminant += block.logDeterminant
    removeArm(core, right, block, moments, noise)
    return block
  })
  const common = invert(core, size)
  logDeterminant += common.logDeterminant
  const mean = new Float64Array(arms * size)
  multiply(common.inverse, right, mean.subarray(0, size), size)
  const covariance = blocks.map((block, arm) => {
    if (block === null) return common.inverse
    const own = mean.subarray(arm * size, (arm + 1) * size)
    multiply(block.link, mean.subarray(0, size), own, size)
    for (let i = 0; i < size; i++) own[i] = block.alone[i] - own[i]
    return widen(block, common.inverse, size)
  })
  return { mean, covariance, logDeterminant }
}

interface ArmBlock {
  /** Inverse of the arm's own block. */
  readonly inverse: Float64Array
  /** inverse · (arm's cross block with what is common). */
  readonly link: Float64Array
  /** The arm's coefficients if nothing were common. */
  readonly alone: Float64Array
  readonly prior: Float64Array
  readonly logDeterminant: number
}

function armBlock({ size, gram, cross }: Moments, prior: Float64Array, noise: number): ArmBlock {
  const own = new Float64Array(size * size)
  for (let i = 0; i < own.length; i++) own[i] = gram[i] / noise
  for (let i = 0; i < size; i++) own[i * size + i] += prior[i]
  const { inverse, logDeterminant } = invert(own, size)
  // The cross block is the arm's gram, so inverse · gram / noise = I - inverse · diag(prior).
  const link = new Float64Array(size * size)
  const alone = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    let sum = 0
    for (let j = 0; j < size; j++) {
      link[i * size + j] = (i === j ? 1 : 0) - inverse[i * size + j] * prior[j]
      sum += inverse[i * size + j] * cross[j]
    }
    alone[i] = sum / noise
  }
  return { inverse, link, alone, prior, logDeterminant }
}

/** Takes out of what is common whatever the arm's own terms explain (the Schur complement). */
function removeArm(
  core: Float64Array,
  right: Float64Array,
  block: ArmBlock,
  { size, gram, cross }: Moments,
  noise: number,
) {
  const { inverse, link, prior } = block
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const at = i * size + j
      core[at] -= gram[at] / noise - (i === j ? prior[i] : 0) + prior[i] * inverse[at] * prior[j]
    }
  }
  for (let j = 0; j < size; j++) {
    const c = cross[j] / noise
    if (c !== 0) for (let i = 0; i < size; i++) right[i] -= link[j * size + i] * c
  }
}

/** The arm's covariance: its own, and what it takes over from the doubt about what is common. */
function widen({ inverse, link }: ArmBlock, common: Float64Array, size: number): Float64Array {
  const half = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let l = 0; l < size; l++) {
      const factor = link[i * size + l]
      if (factor === 0) continue
      const from = l * size
      for (let j = 0; j < size; j++) half[i * size + j] += factor * common[from + j]
    }
  }
  const wide = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = inverse[i * size + j]
      for (let l = 0; l < size; l++) sum += half[i * size + l] * link[j * size + l]
      wide[i * size + j] = wide[j * size + i] = sum
    }
  }
  return wide
}

function multiply(matrix: Float64Array, vector: Float64Array, out: Float64Array, size: number) {
  for (let i = 0; i < size; i++) {
    let sum = 0
    for (let j = 0; j < size; j++) sum += matrix[i * size + j] * vector[j]
    out[i] = sum
  }
}

/** Inverse by the triangular factor. Symmetric; overwrites the matrix. */
function invert(matrix: Float64Array, size: number): { inverse: Float64Array; logDeterminant: number } {
  if (!choleskyFactor(matrix, size)) throw new Error('the posterior precision is not positive definite')
  let logDeterminant = 0
  // Columns of the factor's inverse: each is zero above its own place.
  const lower = new Float64Array(size * size)
  for (let j = 0; j < size; j++) {
    const from = j * size
    logDeterminant += 2 * Math.log(matrix[from + j])
    lower[from + j] = 1
    for (let k = j; k < size; k++) {
      const column = k * size
      const solved = (lower[from + k] /= matrix[column + k])
      for (let i = k + 1; i < size; i++) lower[from + i] -= matrix[column + i] * solved
    }
  }
  const inverse = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = i; k < size; k++) sum += lower[i * size + k] * lower[j * size + k]
      inverse[i * size + j] = inverse[j * size + i] = sum
    }
  }
  return { inverse, logDeterminant }
}
