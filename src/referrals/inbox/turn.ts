// Whose turn it is, as the partner sees it: what is wanted of them, from which day and by when. The adviser's clock goes on to
// remind others; the partner's own due day stays where it was, so that what is late looks late.

import { dayIn, type CalendarDay } from '#platform/dates.ts'
import { nextDueAt, type WorkingClock } from '../clock.ts'
import type { EventKind } from '../event.ts'
import type { Referral } from '../referral.ts'

export const partnerSteps = ['answer', 'offer_start', 'name_appointment', 'report_attendance', 'report_end'] as const
export type PartnerStep = (typeof partnerSteps)[number]

export interface Turn {
  readonly step: PartnerStep
  /** Before this day nothing can be expected of the partner. */
  readonly from: CalendarDay
  /** The first rung of the clock, however often somebody was reminded since. */
  readonly by: CalendarDay
}

/** What is wanted of the partner; null while the adviser or the client has to act, and once it has ended. */
export function partnersTurn(referral: Referral, clock: WorkingClock): Turn | null {
  const step = stepOf(referral)
  if (step === null) return null
  const clockFrom = turnBegan(referral)
  const due = nextDueAt({ ...referral, clockFrom, reminders: 0, deliveryFailed: false }, clock)
  if (due === null) return null
  const by = dayIn(clock.timeZone, due)
  switch (step) {
    case 'answer':
    case 'name_appointment':
      return { step, from: dayIn(clock.timeZone, clockFrom), by }
    case 'offer_start':
      return { step, from: referral.expectedOn ?? by, by }
    case 'report_attendance':
      return { step, from: referral.appointment?.day ?? by, by }
    case 'report_end':
      return { step, from: by, by }
  }
}

function stepOf({ state, missedAppointment, appointment }: Referral): PartnerStep | null {
  switch (state) {
    case 'sent':
      return 'answer'
    case 'waiting_list':
      return 'offer_start'
    case 'accepted':
      // A new appointment is agreed between the client and the adviser first.
      if (missedAppointment) return null
      return appointment === null ? 'name_appointment' : 'report_attendance'
    case 'under_way':
      return 'report_end'
    default:
      return null
  }
}

const restarts: ReadonlySet<EventKind> = new Set(['appointment_made', 'attended', 'did_not_attend', 'link_renewed'])

function turnBegan(referral: Referral): Date {
  const { ledHere, events, corrected } = referral
  const since = events.slice(events.findIndex(({ id }) => id === ledHere.id))
  const began = since.findLast(({ kind, id }) => kind === 'corrected' || (restarts.has(kind) && !corrected.has(id)))
  return (began ?? ledHere).at
}
