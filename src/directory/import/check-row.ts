// What a single row can be held against: what is required, what is a number, a day, a time, a listed value.

import { parseDay } from '#platform/dates.ts'
import type { Column } from '../hsds.ts'
import { tables } from '../hsds.ts'
import { timeOfDay } from '../opening.ts'
import { isStorable, shortened, type Reason, type RowProblem, type SourceRow } from './row.ts'

export interface RowCheck {
  /** These refuse the row, and with it its organisation. */
  readonly problems: readonly RowProblem[]
  /** These are told; the value is kept, but nothing is built on it. */
  readonly notices: readonly RowProblem[]
}

const clean: RowCheck = { problems: [], notices: [] }

export function checkRow(row: SourceRow): RowCheck {
  const problems: RowProblem[] = [...(row.problems ?? [])]
  const notices: RowProblem[] = []
  for (const column of tables[row.table].columns) {
    const value = row.values[column.name]
    const reason = value === undefined ? (column.isRequired ? 'required' : null) : wrongWith(column, value)
    if (reason === null) continue
    const already = problems.some((problem) => problem.field === fieldOf(row, column.name))
    if (already) continue
    const problem = { field: fieldOf(row, column.name), reason, value: shortened(value ?? '') }
    if (reason === 'not_an_email' || reason === 'not_on_earth') notices.push(problem)
    else problems.push(problem)
  }
  for (const [name, value] of Object.entries(row.values)) {
    if (!isStorable(name) || !isStorable(value))
      problems.push({ field: fieldOf(row, name), reason: 'unreadable_character', value: '' })
  }
  return problems.length + notices.length === 0 ? clean : { problems, notices }
}

/** The column as the file calls it. */
export function fieldOf(row: SourceRow, column: string): string {
  return row.columnNames?.[column] ?? column
}

function wrongWith(column: Column, value: string): Reason | null {
  if (column.values && !column.values.includes(value)) return 'not_allowed'
  switch (column.type) {
    case 'number':
      return numberIn(value) === null ? 'not_a_number' : isOffTheEarth(column.name, value) ? 'not_on_earth' : null
    case 'date':
      return parseDay(value) === null ? 'not_a_day' : null
    case 'datetime':
      return /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value)) ? null : 'not_a_moment'
    case 'time':
      return timeOfDay(value) === null ? 'not_a_time' : null
    case 'email':
      return isEmail(value) ? null : 'not_an_email'
    case 'text':
    case 'uri':
      return null
  }
}

/** A plain decimal number, or null. */
export function numberIn(value: string | undefined): number | null {
  return value !== undefined && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value) ? Number(value) : null
}

export function isEmail(value: string): boolean {
  return /^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/.test(value)
}

/** HSDS gives positions in WGS 84 without saying their bounds. */
function isOffTheEarth(column: string, value: string): boolean {
  const bound = column === 'latitude' ? 90 : column === 'longitude' ? 180 : Infinity
  return Math.abs(Number(value)) > bound
}
