// When an appointment is, on every clock: its moment, its length, and how it stands in people's calendars.

import { momentIn, offsetOf, type CalendarDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { Appointment, ReferralEvent } from '../event.ts'
import { isEnded, type Referral } from '../referral.ts'

/** Where nobody said how long it takes. */
export const usualMinutes = 60

const hour = 3_600_000

/** The moments at which a clock in the zone shows this day and time (`HH:MM`): none in the hour that is skipped when clocks
 *  go forward, two in the hour that comes twice when they go back, else one. Earliest first. Throws RangeError for an
 *  unknown zone. */
export function momentsOf(timeZone: string, day: CalendarDay, time: string): readonly Date[] {
  const onClock = Date.parse(`${day}T${time}:00Z`)
  // No zone is further than 14 hours from UTC, so a change of clocks that matters lies between these two.
  const offsets = [-24, 0, 24].map((hours) => offsetOf(timeZone, new Date(onClock + hours * hour)))
  return [...new Set(offsets)]
    .map((offset) => new Date(onClock - offset))
    .filter((moment) => moment.getTime() + offsetOf(timeZone, moment) === onClock)
    .sort((a, b) => a.getTime() - b.getTime())
}

/** The one moment that is meant. Refused when no clock ever shows it, or when it comes twice and nobody said which. */
export function momentMeant(
  at: { readonly timeZone: string; readonly day: CalendarDay; readonly time: string },
  which: 'first' | 'second' | null,
): Result<Date, 'no_such_time' | 'comes_twice'> {
  const [first, second] = momentsOf(at.timeZone, at.day, at.time)
  if (first === undefined) return refused('no_such_time')
  if (second === undefined) return ok(first)
  if (which === null) return refused('comes_twice')
  return ok(which === 'second' ? second : first)
}

/** When it begins; null where only the day is known. */
export function beginsAt(appointment: Appointment, networkZone: string): Date | null {
  const { day, time } = appointment
  if (time === null) return null
  const timeZone = appointment.zone ?? networkZone
  const [first, second] = momentsOf(timeZone, day, time)
  // A rule of summer time may change after the appointment was made: then the clock shows it an hour later.
  return (appointment.isSecondHour ? (second ?? first) : first) ?? momentIn(timeZone, day, time)
}

export function endsAt(appointment: Appointment, networkZone: string): Date | null {
  const start = beginsAt(appointment, networkZone)
  return start && new Date(start.getTime() + (appointment.minutes ?? usualMinutes) * 60_000)
}

/** Whether it still lies ahead: until it has ended, or until its day is over where no time is known. */
export function isAhead(appointment: Appointment, networkZone: string, now: Date): boolean {
  const end = endsAt(appointment, networkZone) ?? momentIn(appointment.zone ?? networkZone, appointment.day, '23:59')
  return end >= now
}

/** Whether two say the same to whoever comes, so that nobody need be told again. */
export function saysTheSame(a: Appointment | null, b: Appointment | null): boolean {
  const told = (one: Appointment | null) => one && JSON.stringify({ ...one, interpreter: null })
  return JSON.stringify(told(a)) === JSON.stringify(told(b))
}

/** How the appointment stands in people's calendars. */
export interface CalendarEntry {
  /** The event that the entry began with: every later change of this meeting keeps it, so that calendars replace it. */
  readonly begunBy: ReferralEvent
  /** The event that it stands by now. */
  readonly event: ReferralEvent
  /** Rises with every change. */
  readonly sequence: number
  readonly appointment: Appointment
  readonly isCancelled: boolean
}

/** The latest entry of the referral, cancelled ones too; null when none was ever made. A meeting that took place, or that
 *  somebody missed, is over: the next is an entry of its own. */
export function calendarEntryOf(referral: Referral): CalendarEntry | null {
  let entry: CalendarEntry | null = null
  let isOver = false
  for (const [index, event] of referral.events.entries()) {
    const made = appointmentIn(event)
    const isReport = event.kind === 'attended' || event.kind === 'did_not_attend'
    if (isReport && !referral.corrected.has(event.id)) isOver = true
    if (made === null) continue
    const isNew: boolean = entry === null || isOver
    const begunBy: ReferralEvent = entry === null || isNew ? event : entry.begunBy
    const sequence: number = isNew ? 0 : index - referral.events.indexOf(begunBy)
    entry = { begunBy, event, sequence, appointment: made, isCancelled: false }
    isOver = false
  }
  return entry === null ? null : settled(entry, referral, isOver)
}

/** What has become of the entry: a referral that ended before the meeting, or a correction, takes it out of calendars. */
function settled(entry: CalendarEntry, referral: Referral, isOver: boolean): CalendarEntry {
  const stands = referral.appointment !== null && saysTheSame(referral.appointment, entry.appointment)
  const isCancelled = !isOver && (isEnded(referral.state) || !stands)
  if (!isCancelled)
    return { ...entry, appointment: stands ? (referral.appointment ?? entry.appointment) : entry.appointment }
  const last = isEnded(referral.state) ? referral.ledHere : (referral.events.at(-1) ?? entry.event)
  const sequence = referral.events.indexOf(last) - referral.events.indexOf(entry.begunBy)
  return { ...entry, event: last, sequence: Math.max(sequence, entry.sequence + 1), isCancelled }
}

/** The event that the standing appointment was made with: what was written beside it hangs on this. */
export function appointmentEvent(referral: Referral): ReferralEvent | null {
  const standing = referral.appointment
  if (standing === null) return null
  return referral.events.findLast((event) => appointmentIn(event) !== null && !referral.corrected.has(event.id)) ?? null
}

function appointmentIn(event: ReferralEvent): Appointment | null {
  return event.kind === 'accepted' || event.kind === 'appointment_made' ? event.appointment : null
}

/** Whether what happened between the two changed what people's calendars should show. */
export function changesCalendars(before: Referral, after: Referral): boolean {
  const [was, is] = [calendarEntryOf(before), calendarEntryOf(after)]
  if (is === null) return false
  if (was === null || was.begunBy.id !== is.begunBy.id || was.isCancelled !== is.isCancelled) return true
  return !saysTheSame(was.appointment, is.appointment)
}
