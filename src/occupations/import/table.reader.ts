// A file of rows (comma or tab separated) as records by column name, each with its line; only what is being read is in memory.

import fs from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { CsvError, parse, type Info } from 'csv-parse'
import { BrokenText, decodeText } from '#platform/utf8.ts'
import { FileRefused, type RowReason, type Values } from './row.ts'

export interface TableFile {
  readonly name: string
  readonly open: () => AsyncIterable<Uint8Array>
}

export interface TableRow {
  readonly values: Values
  /** Where the row begins; the header is line 1. */
  readonly line: number
  readonly problem: RowReason | null
}

export interface Manner {
  /** Tab separated files have no quotes: a quotation mark is a letter. */
  readonly separator: ',' | '\t'
  readonly required: readonly string[]
}

// The longest description of ESCO has some 5,000 letters; a record of a million is a quote that never closes, or an attack.
const longestRecord = 1_000_000

export function fileAt(name: string, path: string): TableFile {
  return { name, open: () => fs.createReadStream(path) }
}

/** The rows below the header. Column names are trimmed and compared without capitals; values are trimmed, blanks left out.
 *  Throws FileRefused when a required column is missing, a quote is never closed, or the bytes are no UTF-8; a row with
 *  another number of cells than the header, or with a NUL, comes with that problem. */
export async function* readRows(file: TableFile, { separator, required }: Manner): AsyncGenerator<TableRow> {
  let columns: string[] | null = null
  let seen = { lines: 0, empty: 0 }
  for await (const { info, record } of parsed(file, separator)) {
    const line = seen.lines + 1 + (info.empty_lines - seen.empty)
    seen = { lines: info.lines, empty: info.empty_lines }
    if (columns) yield rowOf(columns, record, line)
    else columns = checkedColumns(file, record, required)
  }
  if (!columns) checkedColumns(file, [], required)
}

interface Parsed {
  readonly info: Info
  readonly record: string[]
}

async function* parsed(file: TableFile, separator: Manner['separator']): AsyncGenerator<Parsed> {
  const parser = parse({
    ...{ bom: true, info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: longestRecord },
    ...(separator === '\t' ? { delimiter: '\t', quote: false as const } : {}),
  })
  // The failure of either end reaches the loop below through the parser, which pipeline destroys.
  pipeline(Readable.from(withPlainLines(decodeText(file.open()))), parser, () => undefined)
  try {
    for await (const item of parser as AsyncIterable<Parsed>) yield item
  } catch (error) {
    if (error instanceof BrokenText)
      throw new FileRefused({ file: file.name, line: error.line, reason: 'no_utf8', value: '' })
    if (!(error instanceof CsvError)) throw error
    const line = typeof error['lines'] === 'number' ? error['lines'] : null
    throw new FileRefused({ file: file.name, line, reason: 'broken_table', value: error.code })
  }
}

/** One kind of line ending, without which the parser miscounts lines in files that have two. */
async function* withPlainLines(text: AsyncIterable<string>): AsyncGenerator<string> {
  let held = ''
  for await (const chunk of text) {
    const all = held + chunk
    held = all.endsWith('\r') ? '\r' : ''
    yield (held ? all.slice(0, -1) : all).replaceAll('\r\n', '\n')
  }
  if (held) yield held
}

function checkedColumns(file: TableFile, header: readonly string[], required: readonly string[]): string[] {
  const columns = header.map((name) => name.trim().toLowerCase())
  const missing = required.find((name) => !columns.includes(name.toLowerCase()))
  if (missing !== undefined)
    throw new FileRefused({ file: file.name, line: 1, reason: 'column_missing', value: missing })
  return columns
}

function rowOf(columns: readonly string[], cells: readonly string[], line: number): TableRow {
  const values: Values = {}
  for (let at = 0; at < columns.length; at++) {
    const value = cells[at]?.trim()
    const name = columns[at]
    if (value !== undefined && value !== '' && name !== undefined && name !== '') values[name] = value
  }
  const problem = cells.some((cell) => cell.includes('\0'))
    ? 'unreadable_character'
    : cells.length === columns.length
      ? null
      : 'wrong_number_of_columns'
  return { values, line, problem }
}
