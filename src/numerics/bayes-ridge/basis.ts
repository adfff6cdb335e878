// What each column of a table gives the regression: for a number a straight line and steps at its quantiles, for a
// category one term a level, and one for "not known". A term is a look-up by cell, so a row costs no arithmetic.

import { missingBin, type BinnedColumn, type BinnedTable } from '../bins/bins.ts'

/** cellOf: columns × 256, the cell of each byte, counted over all columns; a column's last cell is "not known".
 *  firstCell: columns + 1. terms: column and shape of each; values: terms × cells of its column from `valueAt` on: mean 0
 *  over the rows that made it; a variable's steps (levels) share the variance of one, so that no column counts for more than another. */
export interface Basis {
  readonly columns: number
  readonly cells: number
  readonly cellOf: Uint16Array
  readonly firstCell: Uint32Array
  readonly terms: number
  readonly termColumn: Uint16Array
  readonly termShape: Uint8Array
  readonly valueAt: Uint32Array
  readonly values: Float64Array
}

/** Shapes of terms, in `termShape`. */
export const shapes = { line: 0, step: 1, level: 2, unknown: 3 } as const

/** How finely a number is looked at: its line runs over this many means. */
const mostCells = 32
/** Pairs of cells are counted in a square table; so many cells in all take 18 megabytes. */
const cellsInAll = 1500
const fewestCells = 4

/** A step or level with fewer people on one side says nothing that lasts. */
const smallestShare = 0.02
const fewestRows = 15

/**
 * Plans the terms of `columns` of a table. steps: how many cuts a number gets. Columns that do not vary give none.
 * weight: rows, or null. O(rows · columns).
 */
export function planBasis(
  table: BinnedTable,
  { steps, weight, rows }: { steps: number; weight: Float64Array | null; rows: Uint32Array | null },
): Basis {
  const count = table.columns.length
  const cellOf = new Uint16Array(count * 256)
  const firstCell = new Uint32Array(count + 1)
  const termColumn: number[] = []
  const termShape: number[] = []
  const valueAt: number[] = []
  const values: number[] = []
  const finest = Math.max(fewestCells, Math.min(mostCells, Math.floor(cellsInAll / count) - 1))
  for (let column = 0; column < count; column++) {
    const mass = massOfBins(table, column, weight, rows)
    const cut = table.columns[column]
    const cells = assignCells(cut, mass, cellOf.subarray(column * 256, (column + 1) * 256), finest)
    firstCell[column + 1] = firstCell[column] + cells.count
    for (let byte = 0; byte < 256; byte++) cellOf[column * 256 + byte] += firstCell[column]
    for (const { shape, lookup } of termsOf(cut, cells, steps)) {
      termColumn.push(column)
      termShape.push(shape)
      valueAt.push(values.length)
      values.push(...lookup)
    }
  }
  return {
    columns: count,
    cells: firstCell[count],
    cellOf,
    firstCell,
    terms: termColumn.length,
    termColumn: Uint16Array.from(termColumn),
    termShape: Uint8Array.from(termShape),
    valueAt: Uint32Array.from(valueAt),
    values: Float64Array.from(values),
  }
}

/** Writes the terms of one row, with a leading 1: out has terms + 1 places. Columns in `atMean` (by place) stand at their mean. */
export function termsOfRow(
  basis: Basis,
  table: BinnedTable,
  row: number,
  out: Float64Array,
  atMean: Uint8Array | null,
) {
  const { termColumn, valueAt, values, cellOf, firstCell } = basis
  out[0] = 1
  for (let t = 0; t < basis.terms; t++) {
    const column = termColumn[t]
    if (atMean !== null && atMean[column] === 1) out[t + 1] = 0
    else {
      const cell = cellOf[column * 256 + table.bins[column * table.rows + row]]
      out[t + 1] = values[valueAt[t] + cell - firstCell[column]]
    }
  }
}

interface Cells {
  /** Cells of the column, "not known" included, which is the last. */
  readonly count: number
  readonly mass: Float64Array
  /** Mean of each cell's values, for a number. */
  readonly centre: Float64Array
  readonly total: number
}

function massOfBins(table: BinnedTable, column: number, weight: Float64Array | null, rows: Uint32Array | null) {
  const mass = new Float64Array(256)
  const from = column * table.rows
  const n = rows === null ? table.rows : rows.length
  for (let i = 0; i < n; i++) {
    const row = rows === null ? i : rows[i]
    mass[table.bins[from + row]] += weight === null ? 1 : weight[row]
  }
  return mass
}

/** Writes the cell of each byte, and says what lies in the cells. */
function assignCells(column: BinnedColumn, mass: Float64Array, cellOf: Uint16Array, finest: number): Cells {
  let total = 0
  for (const one of mass) total += one
  const share = (total - mass[missingBin]) / finest
  const count =
    column.kind === 'number' ? joinNeighbours(column, mass, share, cellOf) : joinRare(column, mass, total, cellOf)
  cellOf.fill(count, column.bins)
  const masses = new Float64Array(count + 1)
  const sums = new Float64Array(count + 1)
  for (let bin = 0; bin < column.bins; bin++) {
    masses[cellOf[bin]] += mass[bin]
    sums[cellOf[bin]] += mass[bin] * column.centres[bin]
  }
  const centre = sums.map((sum, cell) => (masses[cell] > 0 ? sum / masses[cell] : 0))
  masses[count] = mass[missingBin]
  return { count: count + 1, mass: masses, centre, total }
}

/** Neighbouring bins of a number share a cell until it holds its share. Returns the number of cells. */
function joinNeighbours(column: BinnedColumn, mass: Float64Array, share: number, cellOf: Uint16Array): number {
  let cell = -1
  let held = Infinity
  for (let bin = 0; bin < column.bins; bin++) {
    if (held >= share) {
      cell++
      held = 0
    }
    cellOf[bin] = cell
    held += mass[bin]
  }
  return cell + 1
}

/** Each common level is a cell; all rare ones together are one, so that names and numbers of people do not fill the memory. */
function joinRare(column: BinnedColumn, mass: Float64Array, total: number, cellOf: Uint16Array): number {
  let count = 0
  let rare = -1
  for (let level = 0; level < column.bins; level++) {
    if (isCommonOf(mass[level], total)) cellOf[level] = count++
    else {
      if (rare < 0) rare = count++
      cellOf[level] = rare
    }
  }
  return count
}

interface Term {
  readonly shape: number
  readonly lookup: Float64Array
}

function termsOf(column: BinnedColumn, cells: Cells, steps: number): Term[] {
  const last = cells.count - 1
  const terms: Term[] = []
  if (column.kind === 'number') {
    const line = standardised(cells.centre, cells, 1)
    if (line) terms.push({ shape: shapes.line, lookup: line })
    if (last > 2) {
      const cuts = stepCuts(cells, steps)
      for (const cut of cuts) {
        const lookup = standardised(
          Float64Array.from(cells.mass, (_, cell) => Number(cell <= cut)),
          cells,
          cuts.length,
        )
        if (lookup) terms.push({ shape: shapes.step, lookup })
      }
    }
  } else {
    const levels = [...cells.mass.subarray(0, last).keys()].filter((cell) => isCommon(cells.mass[cell], cells))
    for (const level of last > 2 ? levels : levels.slice(1)) {
      const lookup = standardised(
        Float64Array.from(cells.mass, (_, cell) => Number(cell === level)),
        cells,
        last > 2 ? levels.length : 1,
      )
      if (lookup) terms.push({ shape: shapes.level, lookup })
    }
  }
  if (isCommon(cells.mass[last], cells)) {
    const known = 1 - cells.mass[last] / cells.total
    const deviation = Math.sqrt(known * (1 - known))
    terms.push({
      shape: shapes.unknown,
      lookup: Float64Array.from(cells.mass, (_, cell) => ((cell === last ? 1 : 0) - (1 - known)) / deviation),
    })
  }
  return terms
}

function isCommon(mass: number, { total }: Cells): boolean {
  return isCommonOf(mass, total)
}

function isCommonOf(mass: number, total: number): boolean {
  const fewest = Math.max(smallestShare * total, fewestRows)
  return mass >= fewest && total - mass >= fewest
}

/** Cells after which a step falls: as even in people as the cells allow, none too near an end. */
function stepCuts(cells: Cells, steps: number): number[] {
  const last = cells.count - 1
  const known = cells.total - cells.mass[last]
  const cuts: number[] = []
  let below = 0
  let next = 1
  for (let cell = 0; cell < last - 1 && cuts.length < steps; cell++) {
    below += cells.mass[cell]
    if (below < (next * known) / (steps + 1)) continue
    if (isCommon(below, cells)) cuts.push(cell)
    while (next <= steps && below >= (next * known) / (steps + 1)) next++
  }
  return cuts
}

/** Mean 0 and variance 1 / parts over those who are known; 0 for who is not. Null where it does not vary. */
function standardised(raw: Float64Array, { mass, total, count }: Cells, parts: number): Float64Array | null {
  const last = count - 1
  const known = total - mass[last]
  let sum = 0
  for (let cell = 0; cell < last; cell++) sum += mass[cell] * raw[cell]
  const mean = known > 0 ? sum / known : 0
  let squares = 0
  for (let cell = 0; cell < last; cell++) squares += mass[cell] * (raw[cell] - mean) ** 2
  if (!(squares > 1e-12 * known * (1 + mean * mean))) return null
  const deviation = Math.sqrt(squares / known) * Math.sqrt(parts)
  return raw.map((value, cell) => (cell === last ? 0 : (value - mean) / deviation))
}
