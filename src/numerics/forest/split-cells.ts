// The table as the growing of trees reads it: row by row, only the columns that may split, and no more bins a column than
// a split search needs.

import { missingBin, type BinnedTable } from '../bins/bins.ts'

/** Cells are places in one long histogram. Column c owns the cells `first[c]` to `first[c + 1]` - 1; the last of them
 *  holds the rows whose answer is not known.
 *  column: place in the table. isCategory: 1 where a split is one level against the rest.
 *  upper: for each cell, the last bin of the table that it holds (a category's level). cells: rows × count, row-major. */
export interface SplitCells {
  readonly count: number
  readonly column: Uint16Array
  readonly isCategory: Uint8Array
  readonly first: Uint32Array
  readonly upper: Uint8Array
  readonly cells: Uint16Array
}

/** The most columns that may split: the number that a node has room for. */
export const mostColumns = 16_384

/**
 * Lays the columns that may split side by side, neighbouring bins of numbers merged until at most `splitBins` of about
 * equal numbers of rows are left. columns: places in the table, or null for all; their order does not matter.
 * Throws a RangeError for a column that the table does not have, or too many. O(rows × columns); draws nothing.
 */
export function layOutCells(table: BinnedTable, columns: readonly number[] | null, splitBins: number): SplitCells {
  const chosen = [...new Set(columns ?? table.columns.keys())].sort((a, b) => a - b)
  if (chosen.some((c) => !Number.isInteger(c) || c < 0 || c >= table.columns.length))
    throw new RangeError(`columns that may split are places from 0 to ${table.columns.length - 1}`)
  if (table.columns.length > mostColumns) throw new RangeError(`a forest takes at most ${mostColumns} columns`)
  const most = Math.min(splitBins, Math.floor(65_535 / Math.max(1, chosen.length)) - 1)
  const cuts = chosen.map((c) => mergeBins(table, c, table.columns[c].kind === 'number' ? most : 255))
  const first = new Uint32Array(chosen.length + 1)
  cuts.forEach((cut, j) => (first[j + 1] = first[j] + cut.upper.length + 1))
  if (first[chosen.length] > 65_535) throw new RangeError('the columns that may split have too many levels together')
  const upper = new Uint8Array(first[chosen.length]).fill(missingBin)
  cuts.forEach((cut, j) => upper.set(cut.upper, first[j]))
  return {
    count: chosen.length,
    column: Uint16Array.from(chosen),
    isCategory: Uint8Array.from(chosen, (c) => (table.columns[c].kind === 'category' ? 1 : 0)),
    first,
    upper,
    cells: cellsOf(table, chosen, cuts, first),
  }
}

interface Cut {
  /** For each bin of the table its place among the merged ones. */
  readonly place: Uint8Array
  readonly upper: Uint8Array
}

function mergeBins(table: BinnedTable, column: number, most: number): Cut {
  const { bins } = table.columns[column]
  const rows = new Float64Array(256)
  const start = column * table.rows
  for (let i = start; i < start + table.rows; i++) rows[table.bins[i]]++
  const place = new Uint8Array(256)
  const upper: number[] = []
  let left = table.rows - rows[missingBin]
  let held = 0
  for (let b = 0; b < bins; b++) {
    place[b] = upper.length
    held += rows[b]
    const isFull = bins <= most || held >= left / (most - upper.length)
    if (!isFull && b < bins - 1) continue
    upper.push(b)
    left -= held
    held = 0
  }
  place[missingBin] = upper.length
  return { place, upper: Uint8Array.from(upper) }
}

function cellsOf(table: BinnedTable, chosen: readonly number[], cuts: readonly Cut[], first: Uint32Array): Uint16Array {
  const cells = new Uint16Array(table.rows * chosen.length)
  const { rows, bins } = table
  for (let j = 0; j < chosen.length; j++) {
    const { place } = cuts[j]
    const start = chosen[j] * rows
    for (let i = 0, to = j; i < rows; i++, to += chosen.length) cells[to] = first[j] + place[bins[start + i]]
  }
  return cells
}
