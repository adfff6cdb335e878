// What a calendar file says to whom. Calendars are shared, shown on screens and read aloud in cars: nothing about the client
// stands in the partner's, and nothing of the kind of service in the client's.

import type { MessageValues } from '#platform/i18n/index.ts'
import { beginsAt, endsAt, type CalendarEntry } from './appointment.ts'

export type CalendarAudience = 'partner' | 'adviser' | 'client'

interface Person {
  readonly name: string
  readonly email: string
}

export interface CalendarFacts {
  readonly entry: CalendarEntry
  readonly reference: string
  readonly networkZone: string
  readonly siteName: string
  readonly networkName: string
  /** Whom to ring with a question; empty where nobody said. */
  readonly phone: string
  readonly adviser: Person | null
  /** Whom this file is for. */
  readonly recipient: Person | null
  /** The page that this reader opens. */
  readonly address: string
  /** The installation's host: an identifier of a calendar entry is unique in the world. */
  readonly host: string
}

// messages: referrals.handover.calendar.*

/** The appointment as the calendar file of this reader has it. */
export function calendarAppointment(
  t: (key: string, values?: MessageValues) => string,
  audience: CalendarAudience,
  facts: CalendarFacts,
) {
  const { entry, networkZone, adviser, recipient } = facts
  const { appointment } = entry
  const values = {
    reference: facts.reference,
    site: facts.siteName,
    network: facts.networkName,
    phone: facts.phone,
    hasPhone: facts.phone === '' ? 'no' : 'yes',
  }
  const isClients = audience === 'client'
  const people = [...(appointment.isHandover || audience === 'adviser' ? [adviser] : []), recipient]
  const attendees = people.filter((person) => person !== null)
  return {
    uid: `${entry.begunBy.id}.${audience}@${facts.host}`,
    sequence: entry.sequence,
    changedAt: entry.event.at,
    day: appointment.day,
    begins: beginsAt(appointment, networkZone),
    ends: endsAt(appointment, networkZone),
    isCancelled: entry.isCancelled,
    organizer: adviser,
    attendees: attendees.filter(({ email }, index) => attendees.findIndex((one) => one.email === email) === index),
    summary: t(`referrals.handover.calendar.summary_${isClients ? 'client' : 'partner'}`, values),
    description: `${t(`referrals.handover.calendar.text_${isClients ? 'client' : 'partner'}`, values)}\n${facts.address}`,
    // The name of a place can say what kind of service it is.
    location: isClients || appointment.means !== 'in_person' ? '' : appointment.place,
    url: facts.address,
  }
}
