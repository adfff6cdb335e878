// `import findings`: what studies elsewhere found, from a CSV file. Whole or not at all: a file says everything there is.

import fs from 'node:fs'
import { CsvError, parse } from 'csv-parse/sync'
import { isServiceType } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { NetworkId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { brokenLineOf } from '#platform/utf8.ts'
import type { Finding } from '../evidence-step.ts'
import { findingsOf, replaceFindings } from '../findings.store.ts'
import {
  changesBetween,
  findingColumns,
  keyOfFinding,
  neededColumns,
  readFinding,
  type FindingChanges,
  type Reading,
  type RefusedCell,
} from './finding-row.ts'

export interface RefusedFinding extends RefusedCell {
  /** Where the row begins; the header is line 1. */
  readonly line: number
}

/** Why nothing was imported. `line` where it can be said. Reasons have words as `matching.findings.file_problem.<code>`. */
export type FindingsProblem =
  | {
      readonly reason: 'unreadable' | 'too_large' | 'no_utf8' | 'broken_table' | 'column_missing' | 'column_unknown'
      readonly line: number | null
      readonly value: string
    }
  | { readonly reason: 'rows_refused'; readonly refused: readonly RefusedFinding[] }

export interface FindingsReport extends FindingChanges {
  readonly rows: number
}

export interface FindingsOrder {
  readonly networkId: NetworkId
  readonly path: string
  readonly now: Date
}

/** Ten thousand findings: more than there are studies of such services. */
const mostBytes = 4_000_000

/** Puts the file's findings in place of all that were there, in the caller's transaction, as the job. One row that cannot be
 *  read refuses the file with all such rows; the same file again writes nothing. A header alone takes every finding away. */
export async function importFindings(
  db: Db,
  { networkId, path, now }: FindingsOrder,
): Promise<Result<FindingsReport, FindingsProblem>> {
  const text = await readText(path)
  if (!text.ok) return text
  const table = readTable(text.value)
  if (!table.ok) return table
  const read = readRows(table.value, { isServiceType, thisYear: now.getUTCFullYear() })
  if (!read.ok) return refused({ reason: 'rows_refused', refused: read.problem })
  const findings = read.value
  const changes = changesBetween(await findingsOf(db), findings)
  if (changes.added + changes.changed + changes.gone > 0) await replaceFindings(db, networkId, findings, now)
  return ok({ rows: findings.length, ...changes })
}

async function readText(path: string): Promise<Result<string, FindingsProblem>> {
  const whole = (reason: 'unreadable' | 'too_large' | 'no_utf8', line: number | null = null) =>
    refused({ reason, line, value: '' })
  const size = await fs.promises.stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  )
  if (size === null) return whole('unreadable')
  if (size > mostBytes) return whole('too_large')
  const brokenLine = await brokenLineOf(path)
  if (brokenLine !== null) return whole('no_utf8', brokenLine)
  return ok((await fs.promises.readFile(path, 'utf8')).replaceAll('\r\n', '\n'))
}

interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
}

function readTable(text: string): Result<Table, FindingsProblem> {
  const all: Row[] = []
  let seen = { lines: 0, empty: 0 }
  try {
    parse(text, {
      ...{ bom: true, relax_column_count: true, skip_empty_lines: true, trim: true },
      on_record: (cells: string[], { lines, empty_lines: empty }) => {
        // Where the record before ended; the empty lines between them are none of this row's.
        all.push({ line: seen.lines + 1 + (empty - seen.empty), cells })
        seen = { lines, empty }
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = typeof error['lines'] === 'number' ? error['lines'] : null
    return refused({ reason: 'broken_table', line, value: error.code })
  }
  const columns = (all[0]?.cells ?? []).map((name) => name.toLowerCase())
  const atHead = (reason: 'column_missing' | 'column_unknown', value: string) => refused({ reason, line: 1, value })
  const missing = neededColumns.find((name) => !columns.includes(name))
  if (missing) return atHead('column_missing', missing)
  const unknown = columns.find(
    (name, at) => !findingColumns.some((known) => known === name) || columns.indexOf(name) !== at,
  )
  if (unknown !== undefined) return atHead('column_unknown', unknown)
  return ok({ columns, rows: all.slice(1) })
}

/** All rows as findings, or every row that is refused. */
function readRows({ columns, rows }: Table, reading: Reading): Result<readonly Finding[], readonly RefusedFinding[]> {
  const findings = new Map<string, Finding>()
  const refusals: RefusedFinding[] = []
  for (const { line, cells } of rows) {
    const read = readRow(columns, cells, reading)
    if (!read.ok) refusals.push({ line, ...read.problem })
    else if (findings.has(keyOfFinding(read.value)))
      refusals.push({ line, reason: 'comes_twice', column: null, value: read.value.source })
    else findings.set(keyOfFinding(read.value), read.value)
  }
  return refusals.length > 0 ? refused(refusals) : ok([...findings.values()])
}

function readRow(columns: readonly string[], cells: readonly string[], reading: Reading): Result<Finding, RefusedCell> {
  const ofRow = (reason: 'wrong_number_of_columns' | 'unreadable_character') =>
    refused({ reason, column: null, value: '' })
  if (cells.length !== columns.length) return ofRow('wrong_number_of_columns')
  if (cells.some((cell) => cell.includes('\0'))) return ofRow('unreadable_character')
  return readFinding(Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? ''])), reading)
}
