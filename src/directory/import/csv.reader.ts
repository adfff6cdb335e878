// One CSV file as records by column name, each with its line; only as much of it in memory as is being read.

import { pipeline, Readable } from 'node:stream'
import { CsvError, parse, type Info } from 'csv-parse'
import type { PackageFile } from './package.files.ts'
import { FileRefused, type RowProblem, type Values } from './row.ts'
import { readText } from './text.reader.ts'

export interface CsvRecord {
  readonly values: Values
  readonly line: number
  readonly problems: readonly RowProblem[]
}

interface Parsed {
  readonly info: Info
  readonly record: string[]
}

// A page of description is 3,000 letters; a record of a million is a quote that never closes, or an attack.
const longestRecord = 1_000_000

/** The column names of a file; empty for an empty file. */
export async function readHeader(file: PackageFile): Promise<string[]> {
  for await (const { record } of parsed(file)) return columnsOf(record)
  return []
}

/**
 * The records below the header. Throws FileRefused when a required column is missing, a quote is never closed or the
 * bytes are no UTF-8. A record with too many or too few fields comes with that problem, for its organisation to be refused.
 */
export async function* readRecords(file: PackageFile, required: readonly string[]): AsyncGenerator<CsvRecord> {
  let columns: string[] | null = null
  let seen = { lines: 0, empty: 0 }
  for await (const { info, record } of parsed(file)) {
    const line = seen.lines + 1 + (info.empty_lines - seen.empty)
    seen = { lines: info.lines, empty: info.empty_lines }
    if (columns) yield readRecord(columns, record, line)
    else columns = checkedColumns(file.name, columnsOf(record), required)
  }
  if (!columns) checkedColumns(file.name, [], required)
}

async function* parsed(file: PackageFile): AsyncGenerator<Parsed> {
  const manner = {
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    relax_quotes: false,
  } as const
  const parser = parse({ ...manner, max_record_size: longestRecord })
  // The failure of either end reaches the loop below through the parser, which pipeline destroys.
  pipeline(Readable.from(withPlainLines(readText(file.name, file.open()))), parser, () => undefined)
  try {
    for await (const item of parser as AsyncIterable<Parsed>) yield item
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = typeof error['lines'] === 'number' ? error['lines'] : null
    throw new FileRefused({ file: file.name, line, reason: 'broken_csv', value: error.code })
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

function columnsOf(header: readonly string[]): string[] {
  return header.map((name) => name.trim().toLowerCase())
}

function checkedColumns(file: string, columns: string[], required: readonly string[]): string[] {
  const missing = required.find((name) => !columns.includes(name))
  if (missing !== undefined) throw new FileRefused({ file, line: 1, reason: 'column_missing', value: missing })
  return columns
}

function readRecord(columns: readonly string[], fields: readonly string[], line: number): CsvRecord {
  const values: Values = {}
  for (let at = 0; at < columns.length; at++) {
    const value = fields[at]?.trim()
    const name = columns[at]
    if (value !== undefined && value !== '' && name !== undefined && name !== '') values[name] = value
  }
  if (fields.length === columns.length) return { values, line, problems: none }
  return { values, line, problems: [{ field: '', reason: 'wrong_number_of_columns', value: String(fields.length) }] }
}

const none: readonly RowProblem[] = []
