// Places free and the next start of a service, as a partner says them from the link.

import type { CalendarDay } from '#platform/dates.ts'
import { optionalInteger, readDay, textOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'

export interface Places {
  readonly free: number | null
  readonly nextStart: CalendarDay | null
}

/** Something must be said; places are 0 to 999, and the next start is today or later. */
export function readPlaces(body: FormBody, today: CalendarDay): Result<Places, FieldProblem[]> {
  const number = optionalInteger(0, 999).safeParse(textOf(body, 'places'))
  const day = readDay(body, 'start')
  const problems: FieldProblem[] = []
  if (!number.success)
    problems.push({ field: 'places', key: 'platform.form.integer_between', values: { min: 0, max: 999 } })
  if (!day.ok) problems.push(...day.problem)
  else if (day.value !== null && day.value < today) problems.push({ field: 'start', key: 'referrals.form.day_in_past' })
  if (problems.length > 0 || !number.success || !day.ok) return refused(problems)
  if (number.data === null && day.value === null)
    return refused([{ field: 'places', key: 'referrals.form.places_missing' }])
  return ok({ free: number.data, nextStart: day.value })
}
