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
  for (let column = 0; column < count; column++) {
    const mass = massOfBins(table, column, weight, rows)
    const cut = table.columns[column]
    const cells = assignCells(cut, mass, cellOf.subarray(column * 256, (column + 1) * 256))
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

/** Neighbouring bins of a number are put together until each cell holds its share; each level is a cell. */
function assignCells(column: BinnedColumn, mass: Float64Array, cellOf: Uint16Array): Cells {
  let total = 0
  for (const one of mass) total += one
  const known = total - mass[missingBin]
  const share = column.kind === 'number' ? known / mostCells : 0
  const masses: number[] = []
  const sums: number[] = []
  let held = Infinity
  for (let bin = 0; bin < column.bins; bin++) {
    if (held >= share || column.kind === 'category') {
      masses.push(0)
      sums.push(0)
      held = 0
    }
    const cell = masses.length - 1
    cellOf[bin] = cell
    masses[cell] += mass[bin]
    sums[cell] += mass[bin] * column.centres[bin]
    held += mass[bin]
  }
  cellOf.fill(masses.length, column.bins)
  const centre = sums.map((sum, cell) => (masses[cell] > 0 ? sum / masses[cell] : 0))
  return {
    count: masses.length + 1,
    mass: Float64Array.from([...masses, mass[missingBin]]),
    centre: Float64Array.from([...centre, 0]),
    total,
  }
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
  return (
    mass >= Math.max(smallestShare * total, fewestRows) && total - mass >= Math.max(smallestShare * total, fewestRows)
  )
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
