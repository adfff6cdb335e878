import { describe, expect, test } from 'vitest'
import { addDays, parseDay, type CalendarDay } from '#platform/dates.ts'
import { newId } from '#platform/ids.ts'
import { followUpDueOn, followUpEndsOn, mayStart, outcomeOf } from './episode.ts'
import type { Statement } from './statement.ts'

function day(text: string): CalendarDay {
  const parsed = parseDay(text)
  if (parsed === null) throw new RangeError(text)
  return parsed
}
const start = day('2025-03-02')
const on = (days: number) => addDays(start, days)
const nothing = { statements: [], attendances: [], referrals: [] }

function said(kind: Statement['kind'], asOf: CalendarDay): Statement {
  const usual = { since: null, source: 'client', monthlyEarningsCents: null, corrects: null } as const
  return { id: newId(), kind, asOf, recordedAt: new Date(`${asOf}T10:00:00Z`), ...usual }
}

test('a new episode starts only when none is open and the last has been closed for 180 days', () => {
  expect(mayStart(null, start)).toBe(true)
  expect(mayStart({ closedOn: null }, on(800))).toBe(false)
  expect(mayStart({ closedOn: on(365) }, on(365 + 179))).toBe(false)
  expect(mayStart({ closedOn: on(365) }, on(365 + 180))).toBe(true)
})

describe('the service taken', () => {
  const attended = (serviceType: string | null, days: number) => ({ serviceType, on: on(days) })
  test('is the first one attended within 90 days', () => {
    const attendances = [
      attended('language_training', 60),
      attended('job_search', 20),
      attended('vocational_training', 5),
    ]
    expect(outcomeOf(start, { ...nothing, attendances }, on(100)).taken).toBe('vocational_training')
  })

  test('is none when nothing began in time, but not before the window is over', () => {
    const attendances = [attended('vocational_training', 91), attended('job_search', -1)]
    expect(outcomeOf(start, { ...nothing, attendances }, on(90)).taken).toBeNull()
    expect(outcomeOf(start, { ...nothing, attendances }, on(91))).toMatchObject({ taken: 'none', takenOn: null })
  })

  test('of a type that nobody has named is not none', () => {
    const attendances = [attended(null, 10)]
    expect(outcomeOf(start, { ...nothing, attendances }, on(200))).toMatchObject({ taken: null, takenOn: on(10) })
  })

  test('referred to is kept beside it', () => {
    const referrals = [attended('language_training', 3), attended('job_search', 30)]
    expect(outcomeOf(start, { ...nothing, referrals }, on(200))).toMatchObject({
      taken: 'none',
      referredTo: 'language_training',
    })
  })
})

describe('the outcome', () => {
  test('an episode younger than 365 days is open, whatever is known', () => {
    const known = { ...nothing, statements: [said('working', on(180))] }
    expect(outcomeOf(start, known, on(200))).toMatchObject({ state: 'open', at365: null, at180: { isWorking: true } })
  })

  test('an answer about day 365 completes it, on day 365', () => {
    const known = { ...nothing, statements: [said('still_looking', on(180)), said('working', on(380))] }
    expect(outcomeOf(start, known, on(380))).toMatchObject({
      state: 'completed',
      closedOn: on(365),
      at180: { isWorking: false },
      at365: { isWorking: true },
    })
  })

  test('lost touch makes it missing, never not working', () => {
    const known = { ...nothing, statements: [said('lost_touch', on(370))] }
    expect(outcomeOf(start, known, on(370))).toMatchObject({ state: 'missing', at365: null })
  })

  test('lost touch at three months does not give up the year', () => {
    const known = { ...nothing, statements: [said('lost_touch', on(95))] }
    expect(outcomeOf(start, known, on(370)).state).toBe('open')
  })

  test('without an answer it is missing 90 days after, and a late word about the day still completes it', () => {
    expect(outcomeOf(start, nothing, on(455)).state).toBe('open')
    expect(outcomeOf(start, nothing, on(456)).state).toBe('missing')
    const late: Statement = { ...said('working', on(600)), since: on(300) }
    expect(outcomeOf(start, { ...nothing, statements: [late] }, on(600)).state).toBe('completed')
  })
})

test('follow-ups fall due at 3, 6 and 12 months and each asks until the next takes over', () => {
  expect(followUpDueOn(start, 3)).toBe('2025-06-02')
  expect(followUpDueOn(day('2025-11-30'), 3)).toBe('2026-02-28')
  expect(followUpDueOn(start, 12)).toBe('2026-03-02')
  expect(followUpEndsOn(start, 3)).toBe('2025-09-01')
  expect(followUpEndsOn(start, 12)).toBe(on(455))
})
