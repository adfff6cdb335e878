// Sums over rows of a column-major matrix: the three loops that a Newton step spends its time in.

// Rows taken at a time, so that a block of a hundred columns (200 kB) stays in the second-level cache.
const blockRows = 256

/** out = start + X b for rows from..to. x: column-major, `rows` rows by b.length columns. start and out: length rows;
 *  start may be null (zero) or out itself. */
export function linearPredictor(
  x: Float64Array,
  rows: number,
  b: Float64Array,
  out: Float64Array,
  start: Float64Array | null = null,
  from = 0,
  to = rows,
): void {
  if (start === null) out.fill(0, from, to)
  else if (start !== out) out.set(start.subarray(from, to), from)
  for (let block = from; block < to; block += blockRows) {
    const end = Math.min(block + blockRows, to)
    for (let j = 0; j < b.length; j++) {
      const slope = b[j]
      if (slope === 0) continue
      const column = j * rows
      for (let i = block; i < end; i++) out[i] += slope * x[column + i]
    }
  }
}

/** Adds X' r of rows from..to to out (length columns). */
export function addCrossProduct(
  x: Float64Array,
  rows: number,
  residual: Float64Array,
  out: Float64Array,
  from = 0,
  to = rows,
): void {
  for (let j = 0; j < out.length; j++) {
    const column = j * rows
    let sum = 0
    for (let i = from; i < to; i++) sum += x[column + i] * residual[i]
    out[j] += sum
  }
}

/** Adds X' diag(weight) X of rows from..to to the lower triangle of gram (columns × columns, column-major).
 *  Two columns by two at a time: four products for four loads. O((to - from) columns² / 2). */
export function addWeightedGram(
  x: Float64Array,
  rows: number,
  columns: number,
  weight: Float64Array,
  gram: Float64Array,
  from = 0,
  to = rows,
): void {
  const left = new Float64Array(blockRows)
  const right = new Float64Array(blockRows)
  for (let block = from; block < to; block += blockRows) {
    const length = Math.min(blockRows, to - block)
    for (let j = 0; j < columns; j += 2) {
      const hasPair = j + 1 < columns
      const first = j * rows + block
      const second = hasPair ? first + rows : first
      for (let i = 0; i < length; i++) {
        const w = weight[block + i]
        left[i] = w * x[first + i]
        right[i] = w * x[second + i]
      }
      for (let k = j; k < columns; k += 2) {
        const below = k + 1 < columns
        const upper = k * rows + block
        const lower = below ? upper + rows : upper
        let leftUpper = 0
        let leftLower = 0
        let rightUpper = 0
        let rightLower = 0
        for (let i = 0; i < length; i++) {
          const u = x[upper + i]
          const l = x[lower + i]
          const a = left[i]
          const b = right[i]
          leftUpper += a * u
          leftLower += a * l
          rightUpper += b * u
          rightLower += b * l
        }
        gram[j * columns + k] += leftUpper
        if (below) gram[j * columns + k + 1] += leftLower
        // On the diagonal tile the entry above the diagonal is left alone.
        if (hasPair && k > j) gram[(j + 1) * columns + k] += rightUpper
        if (hasPair && below) gram[(j + 1) * columns + k + 1] += rightLower
      }
    }
  }
}
