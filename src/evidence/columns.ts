// From facts to the columns of a model: numbers as they are, levels as ordered steps, codes one column a label, and a
// column for "not known" where enough people have it. The names stay with the columns, for words and for the flip test.

import type { FactCode, FactDefinition } from '#directory/index.ts'
import { holdsLabel, type FactColumn, type FactTable } from './fact-table.ts'

/** One column of the design. `value`: the number, step, or yes as 1. `is`: 1 where the label holds. `unknown`: 1 where
 *  the fact is not known. */
export interface DesignColumn {
  readonly code: FactCode
  readonly part: 'value' | 'is' | 'unknown'
  readonly label: string | null
  /** Place of the fact among the table's columns, and of the label among its labels. */
  readonly fact: number
  readonly place: number
  readonly isProtected: boolean
}

/** Facts that the evidence does not learn from: languages spoken tell origin almost outright, and papers in hand are
 *  what a requirement checks on the day. */
const leftOut: ReadonlySet<string> = new Set(['languages', 'documents'])

/** A need that tells of health is a protected fact, though needs as a whole are not. */
const protectedLabels: Readonly<Partial<Record<string, readonly string[]>>> = { needs: ['health'] }

/** A label, or "not known", that fewer people have (or lack) gets no column: its slope would be chance. */
export const fewest = 20

export function learnedFacts(
  definitions: Iterable<readonly [FactCode, FactDefinition]>,
): ReadonlyMap<FactCode, FactDefinition> {
  return new Map([...definitions].filter(([code]) => !leftOut.has(code)))
}

/** Whether a fact, or one label of it, is protected. */
export function isProtectedPart(code: FactCode, definition: FactDefinition, label: string | null): boolean {
  return definition.isProtected === true || (label !== null && (protectedLabels[code]?.includes(label) ?? false))
}

/** The columns that this table supports, protected ones last. A code's most frequent label is the one that the others
 *  are compared with. Columns that do not vary are left out. */
export function planColumns(table: FactTable): readonly DesignColumn[] {
  const planned = table.columns.flatMap((column, fact) => columnsOfFact(column, fact, table.rows))
  return [...planned.filter((column) => !column.isProtected), ...planned.filter((column) => column.isProtected)]
}

/** The value of a design column where its fact has this number; NaN where the fact is not known (then the mean is put
 *  in its place), but 0 or 1 for `unknown`. */
export function cellOf(column: DesignColumn, kind: FactDefinition['kind'], number: number): number {
  if (column.part === 'unknown') return Number.isNaN(number) ? 1 : 0
  if (Number.isNaN(number) || column.part === 'value') return number
  return (kind === 'codes' ? holdsLabel(number, column.place) : number === column.place) ? 1 : 0
}

/** All rows' cells, column-major, rows × columns, NaN where not known. O(rows · columns). */
export function designCells(table: FactTable, columns: readonly DesignColumn[]): Float64Array {
  const cells = new Float64Array(table.rows * columns.length)
  columns.forEach((column, j) => {
    const { values, definition } = table.columns[column.fact]!
    for (let i = 0; i < table.rows; i++) cells[j * table.rows + i] = cellOf(column, definition.kind, values[i]!)
  })
  return cells
}

/** Weighted mean and standard deviation of each column over the rows where it is known; deviation 1 where it does not
 *  vary in these rows (its standardised cells are then all 0). */
export interface Scaling {
  readonly mean: Float64Array
  readonly deviation: Float64Array
}

export function scalingOf(cells: Float64Array, rows: number, weight: Float64Array): Scaling {
  const columns = cells.length / rows
  const mean = new Float64Array(columns)
  const deviation = new Float64Array(columns).fill(1)
  for (let j = 0; j < columns; j++) {
    let total = 0
    let sum = 0
    let squares = 0
    const shift = firstKnown(cells, j * rows, rows)
    for (let i = 0; i < rows; i++) {
      const cell = cells[j * rows + i]! - shift
      if (Number.isNaN(cell)) continue
      total += weight[i]!
      sum += weight[i]! * cell
      squares += weight[i]! * cell * cell
    }
    if (total === 0) continue
    const centre = sum / total
    const variance = squares / total - centre * centre
    mean[j] = shift + centre
    if (variance > 1e-12) deviation[j] = Math.sqrt(variance)
  }
  return { mean, deviation }
}

function firstKnown(cells: Float64Array, from: number, rows: number): number {
  for (let i = from; i < from + rows; i++) if (!Number.isNaN(cells[i]!)) return cells[i]!
  return 0
}

function columnsOfFact(column: FactColumn, fact: number, rows: number): DesignColumn[] {
  const { code, definition, values } = column
  const unknown = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0)
  if (rows - unknown < fewest) return []
  const isProtected = definition.isProtected === true
  const base = { code, fact, place: 0, label: null, isProtected }
  const isMarked = unknown >= fewest && rows - unknown >= fewest
  return [
    ...(definition.kind === 'code' || definition.kind === 'codes'
      ? labelColumns(column, fact)
      : varies(values)
        ? [{ ...base, part: 'value' as const }]
        : []),
    ...(isMarked ? [{ ...base, part: 'unknown' as const }] : []),
  ]
}

function labelColumns({ code, definition, labels, values }: FactColumn, fact: number): DesignColumn[] {
  const holds = (value: number, place: number) =>
    definition.kind === 'codes' ? holdsLabel(value, place) : value === place
  const counts = labels.map((_, place) => values.reduce((n, v) => n + (!Number.isNaN(v) && holds(v, place) ? 1 : 0), 0))
  const known = values.reduce((n, v) => n + (Number.isNaN(v) ? 0 : 1), 0)
  const reference = definition.kind === 'code' ? counts.indexOf(Math.max(...counts)) : -1
  return labels.flatMap((label, place) => {
    const count = counts[place]!
    if (place === reference || count < fewest || known - count < fewest) return []
    return [{ code, part: 'is' as const, label, fact, place, isProtected: isProtectedPart(code, definition, label) }]
  })
}

function varies(values: Float64Array): boolean {
  let first = NaN
  for (const value of values) {
    if (Number.isNaN(value)) continue
    if (Number.isNaN(first)) first = value
    else if (value !== first) return true
  }
  return false
}
