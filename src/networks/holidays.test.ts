import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, parseDay } from '#platform/dates.ts'
import { readHolidays } from './holidays.ts'

test('days are read one a line in either form, sorted, each once', () => {
  expect(readHolidays('2027-01-01\n\n1.8.2027\r\n 25. 12. 2026\n2027-01-01')).toEqual({
    ok: true,
    value: ['2026-12-25', '2027-01-01', '2027-08-01'],
  })
  expect(readHolidays('')).toEqual({ ok: true, value: [] })
})

test('a line that is no day is named, and nothing is read', () => {
  expect(readHolidays('2027-01-01\n2027-02-30')).toEqual({
    ok: false,
    problem: { code: 'no_day', line: 2, typed: '2027-02-30' },
  })
  expect(readHolidays('01/02/2027')).toMatchObject({ ok: false, problem: { code: 'no_day', line: 1 } })
})

test('what is shown is read again as the same days, and garbage never throws', () => {
  const first = parseDay('2020-01-01')!
  const days = fc.uniqueArray(fc.integer({ min: 0, max: 20_000 }), { maxLength: 50 })
  fc.assert(
    fc.property(days, (offsets) => {
      const sorted = offsets.map((offset) => addDays(first, offset)).sort()
      expect(readHolidays(sorted.join('\n'))).toEqual({ ok: true, value: sorted })
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(readHolidays(text)).toHaveProperty('ok')
    }),
  )
})
