import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  addWorkingDays,
  dayFrom,
  dayIn,
  daysBetween,
  isWorkingDay,
  momentIn,
  parseDay,
  yearsBetween,
  type CalendarDay,
} from './dates.ts'

const day = (text: string) => parseDay(text) ?? expect.fail(`${text} is no day`)
const anyDay = fc.integer({ min: -200_000, max: 200_000 }).map((n) => addDays(day('2000-01-01'), n))
const noHolidays = new Set<CalendarDay>()

describe('a calendar day', () => {
  test('that does not exist is refused', () => {
    for (const text of ['2026-02-30', '2025-02-29', '2026-13-01', '2026-00-10', '26-01-01', '2026-1-1', '', null])
      expect(parseDay(text)).toBeNull()
    expect(dayFrom(2024, 2, 29)).toBe('2024-02-29')
  })

  test('adding days and counting them back agree', () => {
    fc.assert(
      fc.property(
        anyDay,
        fc.integer({ min: -5000, max: 5000 }),
        (start, n) => daysBetween(start, addDays(start, n)) === n,
      ),
    )
  })

  test('a month later is never more than 31 days later, and keeps the day where it can', () => {
    expect(addMonths(day('2026-01-31'), 1)).toBe('2026-02-28')
    expect(addMonths(day('2026-11-30'), 3)).toBe('2027-02-28')
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 36 }), (start, months) => {
        const later = addMonths(start, months)
        return later.slice(8) <= start.slice(8) && daysBetween(start, later) <= months * 31
      }),
    )
  })

  test('people born on 29 February are a year older on 1 March in other years', () => {
    expect(yearsBetween(day('2004-02-29'), day('2026-02-28'))).toBe(21)
    expect(yearsBetween(day('2004-02-29'), day('2026-03-01'))).toBe(22)
  })
})

describe('working days', () => {
  test('leave out weekends and holidays', () => {
    expect(addWorkingDays(day('2026-11-20'), 1, noHolidays)).toBe('2026-11-23')
    expect(addWorkingDays(day('2026-12-24'), 1, new Set([day('2026-12-25')]))).toBe('2026-12-28')
    expect(addWorkingDays(day('2026-11-21'), 0, noHolidays)).toBe('2026-11-23')
  })

  test('so many working days later, there are so many working days between', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 60 }), (start, n) => {
        const end = addWorkingDays(start, n, noHolidays)
        const from = addWorkingDays(start, 0, noHolidays)
        let counted = 0
        for (let current = from; current < end; current = addDays(current, 1))
          if (isWorkingDay(addDays(current, 1), noHolidays)) counted++
        return counted === n && isWorkingDay(end, noHolidays)
      }),
    )
  })
})

describe('a moment in a zone', () => {
  test('a day and time come back as they were, on both sides of a clock change', () => {
    for (const [date, utc] of [
      ['2026-03-28', '08:00'],
      ['2026-03-29', '07:00'],
      ['2026-10-24', '07:00'],
      ['2026-10-25', '08:00'],
    ] as const) {
      expect(momentIn('Europe/Zurich', day(date), '09:00').toISOString()).toBe(`${date}T${utc}:00.000Z`)
    }
  })

  test('the day of a moment is the day of its zone', () => {
    const moment = new Date('2026-11-22T23:30:00Z')
    expect(dayIn('Europe/Zurich', moment)).toBe('2026-11-23')
    expect(dayIn('America/Toronto', moment)).toBe('2026-11-22')
  })

  test('any day at noon in any zone falls on that day there', () => {
    const zones = fc.constantFrom('Europe/Zurich', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'UTC')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30_000 }), zones, (n, zone) => {
        const date = addDays(day('1975-01-01'), n)
        return dayIn(zone, momentIn(zone, date, '12:00')) === date
      }),
    )
  })
})
