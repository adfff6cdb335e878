// Where the lines and cells of a CSV file lie, before its values are read: a file whose quoting breaks is refused whole and
// with its line, and each row keeps the line that it stands on. What cells mean is not looked at here.

import { ok, refused, type Result } from '#platform/result.ts'
import { mostRefusalsShown, problem, type DatasetProblem } from './problem.ts'

export type Separator = ',' | ';' | '\t'
export type LineEnd = '\n' | '\r\n' | '\r'

/** A record with another number of cells than the header. */
export interface WrongRecord {
  readonly line: number
  readonly cells: number
}

export interface CsvStructure {
  /** The header's cells, unquoted. */
  readonly names: readonly string[]
  readonly lineEnd: LineEnd
  /** Records with as many cells as the header, which is not counted itself; one more may follow if it is empty. Blank lines
   *  are no records, but for a file of one column, where they say nothing in it. */
  readonly records: number
  readonly wrongCount: number
  /** The first thousand of them. */
  readonly wrong: readonly WrongRecord[]
  /** The line on which a record (from 0, of those with the right number of cells) begins. */
  readonly lineOf: (record: number) => number
}

/** The longest record that is read: more than any answers need, and little enough to keep in memory. */
export const longestRecord = 2_000_000

const [quote, lf, cr] = [0x22, 0x0a, 0x0d]
const byteOrderMark = [0xef, 0xbb, 0xbf]

// Where in a cell the last byte left us.
const [atStart, inPlain, inQuoted, afterQuote] = [0, 1, 2, 3]

/**
 * Reads a file's bytes, in pieces of any size, by RFC 4180: cells may be quoted, a quote inside a quoted cell is doubled, and
 * a quote anywhere else is broken quoting. All lines must end alike. `read` is false from the first fault on, and `end` tells
 * it. O(bytes); memory grows only with irregular lines.
 */
export function startStructure(separator: Separator): {
  readonly read: (bytes: Uint8Array) => boolean
  readonly end: () => Result<CsvStructure, DatasetProblem>
} {
  const separatorByte = separator.charCodeAt(0)
  const records = indexRecords()
  const header = keepHeader()
  let fault: DatasetProblem | null = null
  let lineEnd: LineEnd | null = null
  let state = atStart
  let isAfterCr = false
  let isCellEmpty = true
  let cells = 0
  // Cells up to the last one that says something.
  let filled = 0
  let line = 1
  let recordLine = 1
  let quoteLine = 1
  let offset = 0
  let recordStart = 0

  const endRecord = () => {
    if (!isCellEmpty) filled = cells + 1
    const isBlank = state === atStart && cells === 0 && !records.isOneColumn()
    if (!header.isWhole()) {
      header.endAt(offset)
      records.expect(cells + 1)
    } else if (!isBlank) records.add(recordLine, cells + 1, filled)
    state = atStart
    isCellEmpty = true
    cells = 0
    filled = 0
    recordLine = line
    recordStart = offset + 1
  }
  const endLine = (ending: LineEnd) => {
    lineEnd ??= ending
    if (ending !== lineEnd) {
      fault ??= problem('line_ends', `Line ${line} ends in another way than the lines before it; save the file anew.`)
    }
    line++
    endRecord()
  }
  const take = (byte: number): void => {
    if (isAfterCr) {
      isAfterCr = false
      endLine(byte === lf ? '\r\n' : '\r')
      if (byte === lf) return
    }
    if (state === inQuoted) {
      if (byte === quote) {
        state = afterQuote
        return
      }
      isCellEmpty = false
      if (byte === lf || (byte === cr && lineEnd === '\r')) line++
    } else if (byte === separatorByte) {
      if (!isCellEmpty) filled = cells + 1
      cells++
      state = atStart
      isCellEmpty = true
    } else if (byte === lf) endLine('\n')
    else if (byte === cr) isAfterCr = true
    else if (byte === quote && state !== inPlain) {
      if (state === atStart) quoteLine = line
      else isCellEmpty = false
      state = inQuoted
    } else if (byte === quote || state === afterQuote) {
      fault ??= problem('broken_quoting', `The quoting is broken at line ${line}.`)
    } else if (offset >= 3 || byte !== byteOrderMark[offset]) {
      state = inPlain
      isCellEmpty = false
    }
  }

  return {
    read(bytes) {
      if (!header.isWhole()) header.keep(bytes)
      for (let i = 0; i < bytes.length && !fault; i++, offset++) {
        const byte = bytes[i]!
        // Letters and digits of a plain cell change nothing.
        if (state === inPlain && byte > 0x2c && byte !== separatorByte && !isAfterCr) continue
        take(byte)
      }
      if (offset - recordStart > longestRecord) {
        fault ??= problem('long_line', `Line ${recordLine} is longer than ${longestRecord / 1e6} million bytes.`)
      }
      return fault === null
    },
    end() {
      if (isAfterCr) endLine('\r')
      if (state === inQuoted) {
        fault ??= problem('broken_quoting', `The quoting is broken: what opens at line ${quoteLine} is never closed.`)
      }
      if (state !== atStart || cells > 0) endRecord()
      if (offset === 0) fault ??= problem('empty', 'The file is empty.')
      if (fault) return refused(fault)
      const names = header.cells(separator)
      if (names === null)
        return refused(problem('no_header', 'The first line of the file is blank; it must name columns.'))
      return ok({ names, lineEnd: lineEnd ?? '\n', ...records.index() })
    },
  }
}

/** The text of one record as cells, unquoted. Its quoting must be whole. */
export function cellsOf(record: string, separator: Separator): string[] {
  const cells: string[] = []
  let at = 0
  for (;;) {
    const isQuoted = record[at] === '"'
    let end = at
    if (isQuoted) {
      for (end = at + 1; record[end] !== '"' || record[end + 1] === '"';) end += record[end] === '"' ? 2 : 1
      cells.push(record.slice(at + 1, end).replaceAll('""', '"'))
      end++
    } else {
      end = record.indexOf(separator, at)
      if (end < 0) end = record.length
      cells.push(record.slice(at, end))
    }
    if (end >= record.length) return cells
    at = end + 1
  }
}

function keepHeader() {
  const kept: Uint8Array[] = []
  let end = -1
  return {
    isWhole: () => end >= 0,
    keep: (bytes: Uint8Array) => kept.push(bytes.slice()),
    endAt(offset: number) {
      end = offset
    },
    cells(separator: Separator): string[] | null {
      const bytes = new Uint8Array(kept.reduce((sum, piece) => sum + piece.length, 0))
      let at = 0
      for (const piece of kept) {
        bytes.set(piece, at)
        at += piece.length
      }
      const text = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).replace(/\r$/, '')
      return text === '' ? null : cellsOf(text, separator)
    },
  }
}

/** Keeps where lines and records fall out of step, and which records have another number of cells than the header. */
function indexRecords() {
  // Record jumps[2 k] and those after it, up to the next jump, stand on line jumps[2 k + 1] and those after it.
  const jumps: number[] = [0, 2]
  const wrong: WrongRecord[] = []
  let expected = 0
  let wrongCount = 0
  let records = 0
  let nextLine = 2
  return {
    expect(cells: number) {
      expected = cells
    },
    isOneColumn: () => expected === 1,
    // Separators at the end of a line open no cells: many programs write them, and DuckDB passes over them too.
    add(line: number, cells: number, filled: number) {
      if (cells < expected || filled > expected) {
        wrongCount++
        if (wrong.length < mostRefusalsShown) wrong.push({ line, cells })
        return
      }
      if (line !== nextLine) jumps.push(records, line)
      records++
      nextLine = line + 1
    },
    index: () => ({ records, wrongCount, wrong, lineOf: (record: number) => lineOf(jumps, record) }),
  }
}

function lineOf(jumps: readonly number[], record: number): number {
  let low = 0
  let high = jumps.length / 2 - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (jumps[middle * 2]! <= record) low = middle
    else high = middle - 1
  }
  return jumps[low * 2 + 1]! + record - jumps[low * 2]!
}
