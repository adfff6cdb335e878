// A binned table as the columns of a regression, and the tables that learners of trees need.

import { missingBin, type BinnedTable } from '#numerics/index.ts'

/** Each column of the design is a function of one column of the table: `lookup` holds its value for each of the 256 bins,
 *  256 numbers a column. Typed arrays alone, so that it is saved as it is. */
export interface DesignLayout {
  readonly source: Uint16Array
  readonly lookup: Float64Array
}

const cells = 256

// A dummy that fewer rows have (or lack) says more of those people than of the fact.
const fewest = 20

/** What columns a regression on `rows` gets. A number: its bins' centres, and their squares where it has eight bins or more;
 *  a category: a column a level; either: whether it is known. All standardised over `rows`; not known stands at the mean.
 *  Columns that hardly vary get none. O(rows · columns). */
export function layOutDesign(table: BinnedTable, rows: Uint32Array): DesignLayout {
  const source: number[] = []
  const lookups: Float64Array[] = []
  table.columns.forEach((column, j) => {
    const counts = countBins(table, j, rows)
    const add = (value: (bin: number) => number, missing: number | null) => {
      const lookup = standardised(value, missing, counts, column.bins)
      if (lookup === null) return
      source.push(j)
      lookups.push(lookup)
    }
    if (column.kind === 'number') {
      const { mean, deviation } = momentsOf((b) => column.centres[b] ?? 0, counts, column.bins)
      const standard = (b: number) => (deviation > 0 ? ((column.centres[b] ?? 0) - mean) / deviation : 0)
      add(standard, null)
      // Beyond four deviations a square is ruled by a few rows.
      if (column.bins >= 8) add((b) => Math.min(16, standard(b) ** 2), null)
    } else {
      for (let level = 0; level < column.bins; level++) {
        const having = counts[level] ?? 0
        if (having >= fewest && rows.length - having >= fewest) add((b) => (b === level ? 1 : 0), 0)
      }
    }
    const missing = counts[missingBin] ?? 0
    if (missing >= fewest && rows.length - missing >= fewest) add(() => 0, 1)
  })
  const lookup = new Float64Array(lookups.length * cells)
  lookups.forEach((own, c) => lookup.set(own, c * cells))
  return { source: Uint16Array.from(source), lookup }
}

/** How many columns a design has, the intercept included. */
export const widthOf = (layout: DesignLayout): number => layout.source.length + 1

/** The design of `rows` (every row where null), column-major, the intercept first. O(rows · columns). */
export function writeDesign(layout: DesignLayout, table: BinnedTable, rows: Uint32Array | null): Float64Array {
  const count = rows === null ? table.rows : rows.length
  const x = new Float64Array(count * widthOf(layout))
  x.fill(1, 0, count)
  layout.source.forEach((j, c) => {
    const bins = table.bins.subarray(j * table.rows, (j + 1) * table.rows)
    const own = layout.lookup.subarray(c * cells, (c + 1) * cells)
    const out = x.subarray((c + 1) * count, (c + 2) * count)
    if (rows === null) for (let i = 0; i < count; i++) out[i] = own[bins[i]!]!
    else for (let i = 0; i < count; i++) out[i] = own[bins[rows[i]!]!]!
  })
  return x
}

/** The rows of a table, in the order of `rows`. */
export function rowsOfTable(table: BinnedTable, rows: Uint32Array): BinnedTable {
  const bins = new Uint8Array(rows.length * table.columns.length)
  table.columns.forEach((_, j) => {
    const from = table.bins.subarray(j * table.rows, (j + 1) * table.rows)
    const to = bins.subarray(j * rows.length, (j + 1) * rows.length)
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!
  })
  return { rows: rows.length, columns: table.columns, bins }
}

/** The table with the arm as one more category, at the last place; null leaves that column to `setArm`. */
export function withArmColumn(table: BinnedTable, arms: number, arm: Uint8Array | null): BinnedTable {
  const bins = new Uint8Array(table.rows * (table.columns.length + 1))
  bins.set(table.bins)
  if (arm !== null) bins.set(arm, table.rows * table.columns.length)
  const column = {
    kind: 'category' as const,
    bins: arms,
    edges: new Float64Array(0),
    centres: Float64Array.from({ length: arms }, (_, k) => k),
  }
  return { rows: table.rows, columns: [...table.columns, column], bins }
}

/** As if every row had taken `arm`: changes the table in place. */
export function setArm(table: BinnedTable, arm: number): void {
  table.bins.fill(arm, table.rows * (table.columns.length - 1))
}

function countBins(table: BinnedTable, column: number, rows: Uint32Array): Float64Array {
  const counts = new Float64Array(cells)
  const bins = table.bins.subarray(column * table.rows, (column + 1) * table.rows)
  for (let i = 0; i < rows.length; i++) counts[bins[rows[i]!]!]!++
  return counts
}

function momentsOf(value: (bin: number) => number, counts: Float64Array, bins: number) {
  let total = 0
  let sum = 0
  let squares = 0
  for (let b = 0; b < bins; b++) {
    const rows = counts[b] ?? 0
    total += rows
    sum += rows * value(b)
    squares += rows * value(b) ** 2
  }
  if (total === 0) return { mean: 0, deviation: 0 }
  const mean = sum / total
  const variance = squares / total - mean * mean
  return { mean, deviation: variance > 1e-12 * Math.max(1, mean * mean) ? Math.sqrt(variance) : 0 }
}

/** missing: the value of a row that is not known, or null for the mean of those that are. Null where nothing varies. */
function standardised(
  value: (bin: number) => number,
  missing: number | null,
  counts: Float64Array,
  bins: number,
): Float64Array | null {
  const whole = (b: number) => (b === missingBin ? (missing ?? 0) : value(b))
  const counted = missing === null ? bins : cells
  const { mean, deviation } = momentsOf((b) => (b < bins || b === missingBin ? whole(b) : 0), counts, counted)
  if (deviation === 0) return null
  const lookup = new Float64Array(cells)
  for (let b = 0; b < bins; b++) lookup[b] = (whole(b) - mean) / deviation
  lookup[missingBin] = missing === null ? 0 : (missing - mean) / deviation
  return lookup
}
