import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startStructure, type CsvStructure, type Separator } from './csv-structure.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

function structureOf(text: string, separator: Separator = ',', piece = 7) {
  const structure = startStructure(separator)
  const bytes = bytesOf(text)
  for (let at = 0; at < bytes.length; at += piece) if (!structure.read(bytes.subarray(at, at + piece))) break
  return structure.end()
}

function whole(text: string): CsvStructure {
  const read = structureOf(text)
  if (!read.ok) throw new Error(read.problem.sentence)
  return read.value
}

function faultOf(text: string) {
  const read = structureOf(text)
  return read.ok ? null : `${read.problem.code} ${/line (\d+)/i.exec(read.problem.sentence)?.[1] ?? ''}`.trim()
}

test('each record keeps the line that it stands on, past blank lines, wrong rows and cells of several lines', () => {
  const { names, records, wrong, lineOf } = whole('a,b\n1,2\n\n3,"4\n4"\n5\n6,7\n8,9,10\n11,12')
  expect(names).toEqual(['a', 'b'])
  expect(Array.from({ length: records }, (_, record) => lineOf(record))).toEqual([2, 4, 7, 9])
  expect(wrong).toEqual([
    { line: 6, cells: 1 },
    { line: 8, cells: 3 },
  ])
})

test('names may be quoted, hold separators, quotes and line ends, and follow a byte order mark', () => {
  expect(whole('\ufeff"a,1","say ""so""",c\r\n1,2,3\r\n').names).toEqual(['a,1', 'say "so"', 'c'])
  expect(whole('"a\nb",,\n').names).toEqual(['a\nb', '', ''])
})

test('separators at the end of a line open no cells', () => {
  expect(whole('a,b\n1,2,\n3,4,""\n5,6, \n7,,\n8,,,\n,,,9\n')).toMatchObject({
    records: 4,
    wrong: [{ line: 4 }, { line: 7 }],
  })
})

test('a blank line is no record, but where there is one column it is an empty cell', () => {
  expect(whole('a,b\n\n1,2\n\n').records).toBe(1)
  expect(whole('a\n\n1\n').records).toBe(2)
})

test.each([
  ['', 'empty'],
  ['\n\na,b\n', 'no_header'],
  ['a,b\n1,"2\n3,4\n', 'broken_quoting 2'],
  ['a,b\n1,2\n1,"2"x\n', 'broken_quoting 3'],
  ['a,b\n1,2"\n', 'broken_quoting 2'],
  ['a,b\r\n1,2\r\n3,4\n5,6\r\n', 'line_ends 3'],
  ['a,b\n1,2\r3,4\n', 'line_ends 2'],
])('%j is refused with its line', (text, fault) => {
  expect(faultOf(text)).toBe(fault)
})

const cell = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom('', '"', ',', 'a,b', 'x\ny', '=1+1', '"q"', '\ufeff', 'é', '  '),
)
const written = (rows: readonly (readonly string[])[], end: string) =>
  rows
    .map((row) => row.map((text) => (/[",\n\r]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text)))
    .map((row) => row.join(',') + end)
    .join('')

test('any table that is written as CSV has its own header and as many records as rows, however the bytes are cut', () => {
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }))
    // A mark at the very beginning belongs to the file, not to its first name.
    .map(([first = [], ...rows]) => [[`n${first[0]}`, ...first.slice(1)], ...rows])
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 9 }), (rows, end, piece) => {
      const read = structureOf(written(rows, end), ',', piece)
      expect(read).toMatchObject({ ok: true, value: { records: rows.length - 1, wrongCount: 0 } })
      const [first] = rows
      expect(read.ok && read.value.names).toEqual(first)
    }),
  )
})

test('whatever is well formed to a strict parser has the same cells in its first line', () => {
  const text = fc
    .array(fc.constantFrom('a', '"', ',', '\n', '""', '1'), { maxLength: 14 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (content) => {
      const read = structureOf(content)
      if (!read.ok) return
      const isOneColumn = read.value.names.length === 1
      const oracle: string[][] = parse(content, { relax_column_count: true, skip_empty_lines: !isOneColumn })
      expect(read.value.names).toEqual(oracle[0])
      expect(read.value.records + read.value.wrongCount).toBe(oracle.length - 1)
    }),
    { numRuns: 500 },
  )
})
