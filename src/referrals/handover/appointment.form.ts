// An appointment as people type it: when, how, how long, where, with whom, and who interprets.

import type { CalendarDay } from '#platform/dates.ts'
import { readDay, textOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { interpreterStates, meansOfMeeting, usualMeeting, type Appointment } from '../event.ts'
import { parseTimeOfDay } from '../time-of-day.ts'
import { momentMeant } from './appointment.ts'

export interface Around {
  readonly today: CalendarDay
  /** The zone that is meant where the form names none. */
  readonly timeZone: string
  /** Whether a form without a day is refused; else it says that the day is not known yet. */
  readonly isWanted: boolean
}

const longestPlace = 300
const longestName = 200
/** A whole day is no appointment any more. */
const mostMinutes = 12 * 60

/** The appointment, null where nothing is known yet, or the problems beside their fields: a day that has gone, a time that
 *  no clock will show, an hour that comes twice and nobody said which. */
export function readAppointment(body: FormBody, around: Around): Result<Appointment | null, FieldProblem[]> {
  const problems: FieldProblem[] = []
  const day = readAheadDay(body, 'day', around.today)
  if (!day.ok) problems.push(...day.problem)
  const typed = textOf(body, 'time')
  const time = typed === '' ? null : parseTimeOfDay(typed)
  const place = textOf(body, 'place').slice(0, longestPlace).toWellFormed()
  const meeting = textOf(body, 'meeting').slice(0, longestName).toWellFormed()
  const saysMore = typed !== '' || place !== '' || meeting !== ''
  if (day.ok && day.value === null && (around.isWanted || saysMore)) {
    problems.push({ field: 'day', key: 'referrals.form.appointment_day_missing' })
  }
  if (typed !== '' && time === null) problems.push({ field: 'time', key: 'referrals.form.no_such_time' })
  const zone = readZone(body)
  if (!zone.ok) problems.push(...zone.problem)
  const minutes = readMinutes(body)
  if (!minutes.ok) problems.push(...minutes.problem)
  if (!day.ok || day.value === null || !zone.ok || !minutes.ok || problems.length > 0) {
    return problems.length > 0 ? refused(problems) : ok(null)
  }
  const at = { day: day.value, time, timeZone: zone.value ?? around.timeZone }
  const clock = readClock(body, at)
  if (!clock.ok) return clock
  const means = meansOfMeeting.find((each) => each === textOf(body, 'means')) ?? usualMeeting.means
  return ok({
    day: day.value,
    time,
    place,
    meeting,
    means,
    minutes: minutes.value,
    zone: zone.value === around.timeZone ? null : zone.value,
    isSecondHour: clock.value,
    isHandover: textOf(body, 'handover') !== '',
    interpreter: readInterpreter(body),
  })
}

/** A day of today or later, null when blank. */
export function readAheadDay(
  body: FormBody,
  name: string,
  today: CalendarDay,
): Result<CalendarDay | null, FieldProblem[]> {
  const typed = readDay(body, name)
  if (!typed.ok || typed.value === null || typed.value >= today) return typed
  return refused([{ field: name, key: 'referrals.form.day_in_past' }])
}

/** Whether the second of an hour that comes twice is meant. */
function readClock(
  body: FormBody,
  { day, time, timeZone }: { day: CalendarDay; time: string | null; timeZone: string },
): Result<boolean, FieldProblem[]> {
  if (time === null) return ok(false)
  const which = textOf(body, 'which')
  const said = which === 'first' || which === 'second' ? which : null
  const meant = momentMeant({ day, time, timeZone }, said)
  if (meant.ok) return ok(said === 'second' && momentMeant({ day, time, timeZone }, null).ok === false)
  return meant.problem === 'comes_twice'
    ? refused([{ field: 'which', key: 'referrals.handover.form.time_twice', values: { time } }])
    : refused([{ field: 'time', key: 'referrals.handover.form.time_skipped', values: { time } }])
}

function readZone(body: FormBody): Result<string | null, FieldProblem[]> {
  const typed = textOf(body, 'zone')
  if (typed === '') return ok(null)
  if (Intl.supportedValuesOf('timeZone').includes(typed) || typed === 'UTC') return ok(typed)
  return refused([{ field: 'zone', key: 'referrals.handover.form.no_such_zone' }])
}

function readMinutes(body: FormBody): Result<number | null, FieldProblem[]> {
  const typed = textOf(body, 'minutes')
  if (typed === '') return ok(null)
  const minutes = Number(typed)
  if (Number.isInteger(minutes) && minutes >= 5 && minutes <= mostMinutes) return ok(minutes)
  return refused([{ field: 'minutes', key: 'referrals.handover.form.minutes_between', values: { max: mostMinutes } }])
}

function readInterpreter(body: FormBody): Appointment['interpreter'] {
  const state = interpreterStates.find((each) => each === textOf(body, 'interpreter')) ?? 'not_needed'
  const tag = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.exec(textOf(body, 'language'))?.[0] ?? null
  return { state, language: state === 'not_needed' ? null : tag }
}
