// Solving symmetric positive definite systems. Matrices are full squares, column-major; only the lower triangle is read.

/** Replaces the lower triangle of `matrix` (size × size, column-major) by its Cholesky factor L with L L' = matrix.
 *  Returns false, leaving the matrix half done, when it is not positive definite. O(size³ / 6). */
export function choleskyFactor(matrix: Float64Array, size: number): boolean {
  if (matrix.length !== size * size) throw new RangeError('the matrix is not size by size')
  for (let j = 0; j < size; j++) {
    const column = j * size
    for (let k = 0; k < j; k++) {
      const earlier = k * size
      const factor = matrix[earlier + j]
      if (factor === 0) continue
      for (let i = j; i < size; i++) matrix[column + i] -= factor * matrix[earlier + i]
    }
    const pivot = matrix[column + j]
    // Written so that NaN fails too.
    if (!(pivot > 0) || pivot === Infinity) return false
    const root = Math.sqrt(pivot)
    for (let i = j; i < size; i++) matrix[column + i] /= root
  }
  return true
}

/** Solves L L' x = rhs in place, with L as `choleskyFactor` left it. rhs: length size. O(size²). */
export function choleskySolve(factor: Float64Array, size: number, rhs: Float64Array): void {
  if (factor.length !== size * size || rhs.length !== size) throw new RangeError('factor and right side differ in size')
  for (let j = 0; j < size; j++) {
    const column = j * size
    const solved = (rhs[j] /= factor[column + j])
    for (let i = j + 1; i < size; i++) rhs[i] -= factor[column + i] * solved
  }
  for (let j = size - 1; j >= 0; j--) {
    const column = j * size
    let left = rhs[j]
    for (let i = j + 1; i < size; i++) left -= factor[column + i] * rhs[i]
    rhs[j] = left / factor[column + j]
  }
}
