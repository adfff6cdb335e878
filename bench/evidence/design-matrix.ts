// Files as a matrix for the linear learner: numbers standardised, text as indicators, what is missing at its mean with an
// indicator of its own.

import { rowsOf, textColumn, type TextTable } from './tables.ts'

/** Column-major, the first column all ones. */
export interface Design {
  readonly x: Float64Array
  readonly rows: number
  readonly columns: number
}

/** Both tables by what the first one holds: means, spreads and levels of train, so that test rows change nothing. */
export function designOf(
  train: TextTable,
  test: TextTable,
  features: readonly string[],
): { train: Design; test: Design } {
  const encoders = features.flatMap((name) => encodersOf(textColumn(train, name)).map((encode) => ({ name, encode })))
  const kept = encoders.flatMap(({ name, encode }) => {
    const values = Float64Array.from(textColumn(train, name), encode)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    return spread > 1e-9 ? [{ name, encode: (cell: string) => (encode(cell) - mean) / spread }] : []
  })
  const build = (table: TextTable): Design => {
    const rows = rowsOf(table)
    const columns = kept.length + 1
    const x = new Float64Array(rows * columns).fill(1, 0, rows)
    kept.forEach(({ name, encode }, place) => {
      textColumn(table, name).forEach((cell, row) => (x[(place + 1) * rows + row] = encode(cell)))
    })
    return { x, rows, columns }
  }
  return { train: build(train), test: build(test) }
}

function encodersOf(cells: readonly string[]): ((cell: string) => number)[] {
  const known = cells.filter((cell) => cell !== '')
  const isMissing = known.length < cells.length ? [(cell: string) => Number(cell === '')] : []
  if (known.every((cell) => Number.isFinite(Number(cell)))) {
    const mean = known.reduce((sum, cell) => sum + Number(cell), 0) / Math.max(1, known.length)
    return [(cell) => (cell === '' ? mean : Number(cell)), ...isMissing]
  }
  // One level is left out: it is what the intercept speaks of.
  const levels = [...new Set(known)].sort().slice(1)
  return [...levels.map((level) => (cell: string) => Number(cell === level)), ...isMissing]
}
