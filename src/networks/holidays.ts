// The network's days without work, as somebody types them: one a line.

import { parseDay, type CalendarDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'

/** Forty years of a dozen: more is a mistake. */
export const mostHolidays = 500

export type HolidayProblem =
  | { readonly code: 'no_day'; readonly line: number; readonly typed: string }
  | { readonly code: 'too_many'; readonly most: number }

/** Days as `2027-01-01` or `1.1.2027`, one a line, blank lines left out; sorted, each once. Refused at the first line that is
 *  no day, by its number from 1. */
export function readHolidays(text: string): Result<readonly CalendarDay[], HolidayProblem> {
  const days = new Set<CalendarDay>()
  for (const [index, typed] of text.split(/\r\n?|\n/).entries()) {
    const words = typed.trim()
    if (words === '') continue
    const day = parseDay(isoOf(words))
    if (day === null) return refused({ code: 'no_day', line: index + 1, typed: words.slice(0, 40) })
    days.add(day)
  }
  if (days.size > mostHolidays) return refused({ code: 'too_many', most: mostHolidays })
  return ok([...days].sort())
}

function isoOf(words: string): string {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$/.exec(words) ?? []
  return year === '' ? words : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
