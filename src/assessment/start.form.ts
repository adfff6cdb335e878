// Reading the form that starts an assessment: what is asked, how, and on which day if it was on paper.

import { readDay, textOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { StoredInstrument } from './instruments.store.ts'

export interface Start {
  readonly instrument: StoredInstrument
  readonly manner: 'in_person' | 'paper'
  /** The day on the paper; null when it is still to be answered. */
  readonly answeredOn: CalendarDay | null
  /** Begins with the answers given before, where the questions are the same. */
  readonly isCarried: boolean
}

export function readStart(
  body: FormBody,
  offered: readonly StoredInstrument[],
  today: CalendarDay,
): Result<Start, readonly FieldProblem[]> {
  const problems: FieldProblem[] = []
  const instrument = offered.find(({ id }) => id === textOf(body, 'instrument'))
  if (!instrument) problems.push({ field: 'instrument', key: 'assessment.new.which_missing' })
  const typed = textOf(body, 'manner')
  const manner = typed === 'in_person' || typed === 'paper' ? typed : null
  if (!manner) problems.push({ field: 'manner', key: 'assessment.new.how_missing' })
  const day = readDay(body, 'day')
  const answeredOn = manner === 'paper' && day.ok ? day.value : null
  if (manner === 'paper' && !day.ok) problems.push({ field: 'day-day', key: 'platform.form.no_such_day' })
  if (answeredOn && answeredOn > today) problems.push({ field: 'day-day', key: 'assessment.new.day_in_future' })
  return instrument && manner && problems.length === 0
    ? ok({ instrument, manner, answeredOn, isCarried: textOf(body, 'carry') === 'yes' })
    : refused(problems)
}
