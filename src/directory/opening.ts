// When a service or a place is open: HSDS schedules (a subset of iCalendar's RRULE) as hours on weekdays.

import { parseDay, type CalendarDay } from '#platform/dates.ts'

/** The same hours on some weekdays. `weekOfMonth`: 1 the first such days of the month, -1 the last; null every week. */
export interface Opening {
  /** 1 Monday to 7 Sunday, each once, in this order. */
  readonly weekdays: readonly number[]
  /** `HH:MM`. `closes` at or before `opens` lies on the next day. */
  readonly opens: string
  readonly closes: string
  readonly weekOfMonth: number | null
  readonly validFrom: CalendarDay | null
  readonly validTo: CalendarDay | null
}

export type ScheduleRow = Readonly<Record<string, string | undefined>>

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/**
 * The weekly hours that an HSDS schedule row states; none when it states none that return on weekdays (no hours, no days,
 * every second week, days of the month). What it says in words stays in its description.
 */
export function openingsOf(row: ScheduleRow): Opening[] {
  const opens = timeOfDay(row['opens_at'])
  const closes = timeOfDay(row['closes_at'])
  if (opens === null || closes === null || row['closed'] === 'true') return []
  if (row['interval'] !== undefined && Number(row['interval']) > 1) return []
  const valid = { validFrom: parseDay(row['valid_from']), validTo: parseDay(row['valid_to'] ?? row['until']) }
  const days = (row['byday'] ?? '').split(',').flatMap((word) => {
    const day = /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/.exec(word.trim().toUpperCase())
    const weekOfMonth = day?.[1] === undefined ? null : Number(day[1])
    return day ? [{ weekday: weekdays.indexOf(day[2] ?? '') + 1, weekOfMonth }] : []
  })
  return [...Map.groupBy(days, (day) => day.weekOfMonth)].map(([weekOfMonth, group]) => ({
    weekdays: [...new Set(group.map((day) => day.weekday))].sort((a, b) => a - b),
    ...{ opens, closes, weekOfMonth },
    ...valid,
  }))
}

/** `HH:MM` from `10:00:00`, `10:00:00Z`, `9am`, `4:00 PM`, `noon`; null for anything else. */
export function timeOfDay(text: string | undefined): string | null {
  const said = (text ?? '').trim().toLowerCase()
  if (said === 'noon') return '12:00'
  if (said === 'midnight') return '00:00'
  const parts = /^(\d{1,2})(?:[:.](\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*(am|pm|a\.m\.|p\.m\.)?(?:z|[+-]\d{2}:?\d{2})?$/.exec(
    said,
  )
  if (!parts || (parts[2] === undefined && parts[3] === undefined)) return null
  const half = parts[3]?.[0]
  const hour = Number(parts[1])
  if (half !== undefined && (hour < 1 || hour > 12)) return null
  const hours = half === undefined ? hour : (hour % 12) + (half === 'p' ? 12 : 0)
  const minutes = Number(parts[2] ?? 0)
  if (minutes > 59 || hours > 24 || (hours === 24 && minutes > 0)) return null
  return `${String(hours % 24).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}

/** `MO` to `SU` for the day's English name or its beginning (`Monday`, `mon`); null for anything else. */
export function weekdayCode(name: string): string | null {
  const code = name.trim().slice(0, 2).toUpperCase()
  return /^[a-z]{2,9}$/i.test(name.trim()) && weekdays.includes(code) ? code : null
}
