// What passes between the readers of the three layouts and the import: rows of HSDS tables, and what is wrong with them.

import type { TableName } from '../hsds.ts'

export type Layout = 'hsds_csv' | 'hsds_json' | 'ohana_csv'

/** Values of a row by column; blanks are left out, everything is text. Columns that HSDS does not know are kept. */
export type Values = Record<string, string>

/** messages: directory.import.reason.* */
export type Reason =
  | 'required'
  | 'not_a_number'
  | 'not_a_day'
  | 'not_a_time'
  | 'not_a_moment'
  | 'not_allowed'
  | 'unreadable_character'
  | 'wrong_number_of_columns'
  | 'duplicate_id'
  | 'contradiction'
  | 'no_such_row'
  | 'not_imported'
  | 'not_stored'
  // Told, but nothing is refused for it:
  | 'not_on_earth'
  | 'not_an_email'
  | 'file_not_read'
  | 'kept_elsewhere'

/** One thing wrong in one row. `value` is what stood there, shortened; `''` when nothing did. */
export interface RowProblem {
  readonly field: string
  readonly reason: Reason
  readonly value: string
  /** The line, where it is another than the row's. */
  readonly line?: number | undefined
}

export interface SourceRow {
  readonly table: TableName
  readonly values: Values
  readonly file: string
  /** Where the row begins; the first line of a file is 1. */
  readonly line: number
  /** What the reader itself found wrong. */
  readonly problems?: readonly RowProblem[] | undefined
  /** What the file calls the columns that HSDS calls otherwise. */
  readonly columnNames?: Readonly<Record<string, string>> | undefined
  /** The line on which a field stands, where rows are documents of many lines. */
  readonly lineOf?: ((field: string) => number) | undefined
}

/** A problem with its place; `organization` is what the source calls it, and null when the row hangs on none. */
export interface Finding {
  readonly organization: string | null
  /** Its name; null where the source does not tell. */
  readonly organizationName: string | null
  readonly file: string
  readonly line: number
  readonly field: string
  readonly reason: Reason
  readonly value: string
}

export interface Counts {
  added: number
  changed: number
  unchanged: number
  gone: number
}

/** What an import did. The counts on top are of organisations, the units that go in or are refused whole. */
export interface ImportReport {
  readonly layout: Layout
  readonly source: string
  /** Rows of the files, headers left out. */
  readonly lines: number
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly gone: number
  readonly refused: number
  readonly services: Readonly<Counts>
  readonly locations: Readonly<Counts>
  readonly refusals: readonly Finding[]
  /** Refusals beyond those listed: the list ends at 10,000. */
  readonly refusalsNotListed: number
  readonly notices: readonly Finding[]
}

/** messages: directory.import.file_problem.* */
export type FileReason =
  | 'not_found'
  | 'not_a_directory_of_services'
  | 'not_a_zip'
  | 'too_large'
  | 'broken_utf8'
  | 'broken_csv'
  | 'broken_json'
  | 'column_missing'
  | 'file_missing'
  | 'import_running'
  | 'source_unclear'

/** Why nothing at all was imported. `value` names the column, the file or what the parser said. */
export interface FileProblem {
  readonly file: string
  readonly line: number | null
  readonly reason: FileReason
  readonly value: string
}

/** Stops a reader; becomes the refusal of the whole import at its door. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused'
  readonly problem: FileProblem

  constructor(problem: FileProblem) {
    super(`${problem.file}: ${problem.reason} ${problem.value}`)
    this.problem = problem
  }
}

/** Whether PostgreSQL keeps the text: it takes neither NUL nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** The text with a mark in the place of each character that cannot be kept, so that a report can name what was refused. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

/** Long values would fill a report. */
export function shortened(value: string): string {
  return value.length > 80 ? `${value.slice(0, 79)}…` : value
}
