import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine, csvTable } from './csv.ts'

test('what was written is read again, whatever it holds', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 2 }), (cells) => {
      expect(parse(csvLine(cells))).toEqual([cells])
    }),
  )
})

test('no cell that a person opens in a spreadsheet is a formula; numbers stay numbers', () => {
  const table = csvTable(
    ['name', 'count'],
    [
      ['=HYPERLINK("x")', -3],
      ['-12', null],
      ['@sum', 1.5],
    ],
  )
  expect(parse(table)).toEqual([
    ['name', 'count'],
    [`'=HYPERLINK("x")`, '-3'],
    ['-12', ''],
    [`'@sum`, '1.5'],
  ])
})
