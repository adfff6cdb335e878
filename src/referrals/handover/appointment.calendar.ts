// The calendar file of an appointment (RFC 5545), as mail readers offer to enter it (RFC 5546). Times stand in UTC: the
// moment is right in every calendar, whatever its tables of summer time say.

import ical, { ICalAttendeeRole, ICalCalendarMethod, ICalEventStatus, type ICalAttendeeData } from 'ical-generator'
import { addDays, type CalendarDay } from '#platform/dates.ts'

export interface CalendarPerson {
  readonly name: string
  readonly email: string
}

export interface CalendarText {
  readonly summary: string
  readonly description: string
  readonly location: string
  readonly url: string
}

export interface CalendarAppointment extends CalendarText {
  /** The same for every change of one meeting, unique in the world. */
  readonly uid: string
  /** Rises with every change. */
  readonly sequence: number
  /** When this version was made. */
  readonly changedAt: Date
  readonly day: CalendarDay
  /** Null where only the day is known: then it fills the day. */
  readonly begins: Date | null
  readonly ends: Date | null
  readonly isCancelled: boolean
  /** Who invites; nobody can answer an invitation without an address, so then the file merely informs. */
  readonly organizer: CalendarPerson | null
  /** Whom this file goes to, and who else may be named to them. */
  readonly attendees: readonly CalendarPerson[]
}

export type CalendarMethod = 'PUBLISH' | 'REQUEST' | 'CANCEL'

/** An invitation or its cancellation for a letter; `PUBLISH` where somebody keeps the file themselves. */
export function methodOf({ isCancelled, organizer }: CalendarAppointment, isLetter: boolean): CalendarMethod {
  if (!isLetter || organizer === null) return 'PUBLISH'
  return isCancelled ? 'CANCEL' : 'REQUEST'
}

/** The file's text; lines end in CR LF. Words of people are escaped and hold no line of their own. */
export function writeCalendar(appointment: CalendarAppointment, method: CalendarMethod): string {
  const { day, begins, ends, organizer, attendees } = appointment
  const calendar = ical({ prodId: { company: 'Waypost', product: 'Waypost' }, method: methods[method] })
  calendar.createEvent({
    id: appointment.uid,
    sequence: appointment.sequence,
    stamp: appointment.changedAt,
    lastModified: appointment.changedAt,
    ...(begins && ends
      ? { start: begins, end: ends }
      : { start: noonOf(day), end: noonOf(addDays(day, 1)), allDay: true, timezone: 'UTC' }),
    summary: oneLine(appointment.summary),
    description: appointment.description.replace(unprintable, ''),
    location: oneLine(appointment.location) || null,
    url: appointment.url,
    status: appointment.isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    ...(organizer ? { organizer: personOf(organizer) } : {}),
    ...(method === 'PUBLISH' ? {} : { attendees: attendees.map((each) => attendeeOf(each, organizer)) }),
  })
  return calendar.toString()
}

const methods = {
  PUBLISH: ICalCalendarMethod.PUBLISH,
  REQUEST: ICalCalendarMethod.REQUEST,
  CANCEL: ICalCalendarMethod.CANCEL,
} as const

/** The host leads the introduction; everyone else is asked to come. Nobody's calendar need answer: a person does. */
function attendeeOf(person: CalendarPerson, organizer: CalendarPerson | null): ICalAttendeeData {
  const isHost = person.email === organizer?.email
  return { ...personOf(person), role: isHost ? ICalAttendeeRole.CHAIR : ICalAttendeeRole.REQ, rsvp: false }
}

function personOf({ name, email }: CalendarPerson): { name: string; email: string } {
  // Inside quotes there is no way to write a quotation mark.
  const address = email.replace(/[\s"<>;,]/g, '')
  return { name: oneLine(name).replaceAll('"', "'") || address, email: address }
}

// Control characters but the line feed, which is written as \n.
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f]/g

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(unprintable, '').trim()
}

function noonOf(day: CalendarDay): Date {
  return new Date(`${day}T12:00:00Z`)
}
