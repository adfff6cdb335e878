// The questions that advisers and partners answer about a referral, one a page, and what their answers become.

import type { CalendarDay } from '#platform/dates.ts'
import { readDay, textOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { Act } from './act.ts'
import { readDecline } from './after-decline/decline.form.ts'
import type { Appointment, Happening } from './event.ts'
import { readAheadDay, readAppointment } from './handover/appointment.form.ts'
import { absenceReasons, completionResults, earlyEndReasons, nextSteps, withdrawReasons } from './reason.ts'

interface Answered {
  readonly happening: Happening
  /** What was written beside it. */
  readonly words: string | null
}

interface Moment {
  readonly today: CalendarDay
  /** The appointment that was agreed, if there is one. */
  readonly planned: CalendarDay | null
  /** The zone of the network, in which times are meant where nothing else is said. */
  readonly timeZone?: string
}

type Reading = Result<Answered, FieldProblem[]>

const mostWords = 2000

/** What the filled-in form says happened, or the problems beside its fields. */
export function readAct(act: Act, body: FormBody, moment: Moment): Reading {
  const words = textOf(body, 'words').normalize('NFC').replace(/\r\n?/g, '\n') || null
  if (words !== null && words.length > mostWords) {
    return refused([{ field: 'words', key: 'platform.form.too_long', values: { max: mostWords } }])
  }
  const read = readHappening(act, body, moment)
  if (!read.ok) return read
  const mustSay: readonly Act[] = ['ask', 'inform', 'message']
  if (mustSay.includes(act) && words === null) return refused([{ field: 'words', key: 'referrals.form.words_missing' }])
  return ok({ happening: read.value, words })
}

function readHappening(act: Act, body: FormBody, moment: Moment): Result<Happening, FieldProblem[]> {
  switch (act) {
    case 'accept':
      return map(readFirstAppointment(body, moment), (appointment) => ({ kind: 'accepted', appointment }))
    case 'appointment':
      return readFirmAppointment(body, moment)
    case 'wait':
      return map(readAheadDay(body, 'expected', moment.today), (expectedOn) => ({ kind: 'waiting_list', expectedOn }))
    case 'ask':
      return ok({ kind: 'more_information_asked' })
    case 'inform':
      return ok({ kind: 'sent' })
    case 'message':
      return ok({ kind: 'message' })
    case 'decline':
      return readDecline(body, moment.today)
    case 'attended':
      return map(readPastDay(body, moment), (on) => ({ kind: 'attended', on }))
    case 'missed':
      return both(readPastDay(body, moment), readCode(body, 'reason', absenceReasons), (on, reason) => ({
        kind: 'did_not_attend',
        on,
        reason,
      }))
    case 'completed':
      return both(readPastDay(body, moment), readCode(body, 'result', completionResults), (on, result) => ({
        kind: 'completed',
        on,
        result,
      }))
    case 'ended-early':
      return both(readPastDay(body, moment), readCode(body, 'reason', earlyEndReasons), (on, reason) => ({
        kind: 'ended_early',
        on,
        reason,
      }))
    case 'withdraw':
      return map(readCode(body, 'reason', withdrawReasons), (reason) => ({ kind: 'withdrawn', reason }))
    case 'next-step':
      return map(readCode(body, 'step', nextSteps), (step) => ({ kind: 'next_step_recorded', step }))
  }
}

function readFirmAppointment(body: FormBody, moment: Moment): Result<Happening, FieldProblem[]> {
  const read = readAppointment(body, { ...aroundOf(moment), isWanted: true })
  if (!read.ok) return read
  if (read.value === null) return refused([{ field: 'day', key: 'referrals.form.appointment_day_missing' }])
  return ok({ kind: 'appointment_made', appointment: read.value })
}

/** A yes with or without a first appointment; "I do not know yet" counts, whatever else was typed. */
function readFirstAppointment(body: FormBody, moment: Moment): Result<Appointment | null, FieldProblem[]> {
  return textOf(body, 'later') === '' ? readAppointment(body, { ...aroundOf(moment), isWanted: false }) : ok(null)
}

function aroundOf({ today, timeZone = 'UTC' }: Moment) {
  return { today, timeZone }
}

/** Today, the day of the appointment, or another day that is typed: what is reported has happened. */
function readPastDay(body: FormBody, { today, planned }: Moment): Result<CalendarDay, FieldProblem[]> {
  const when = textOf(body, 'when')
  if (when === 'today') return ok(today)
  if (when === 'planned' && planned !== null && planned <= today) return ok(planned)
  const typed = readDay(body, 'on')
  // A day that is typed says by itself that it was another one.
  const isOther = when === 'other' || (when === '' && typed.ok && typed.value !== null)
  if (!isOther) return refused([{ field: 'when', key: 'referrals.form.when_missing' }])
  if (!typed.ok) return typed
  if (typed.value === null) return refused([{ field: 'on', key: 'referrals.form.day_missing' }])
  if (typed.value > today) return refused([{ field: 'on', key: 'referrals.form.day_in_future' }])
  return ok(typed.value)
}

function readCode<Code extends string>(
  body: FormBody,
  field: string,
  codes: readonly Code[],
): Result<Code, FieldProblem[]> {
  const said = textOf(body, field)
  const code = codes.find((one) => one === said)
  return code === undefined ? refused([{ field, key: `referrals.form.${field}_missing` }]) : ok(code)
}
// messages: referrals.form.reason_missing, referrals.form.result_missing, referrals.form.step_missing

function map<A>(read: Result<A, FieldProblem[]>, make: (value: A) => Happening): Result<Happening, FieldProblem[]> {
  return read.ok ? ok(make(read.value)) : read
}

function both<A, B>(
  a: Result<A, FieldProblem[]>,
  b: Result<B, FieldProblem[]>,
  make: (a: A, b: B) => Happening,
): Result<Happening, FieldProblem[]> {
  if (a.ok && b.ok) return ok(make(a.value, b.value))
  return refused([...(a.ok ? [] : a.problem), ...(b.ok ? [] : b.problem)])
}
