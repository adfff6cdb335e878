// When something must have happened next, and what the system does when it has not: remind, tell someone else, let go.
// Nothing is silent longer than its clock; only a closed referral has none.

import { addWorkingDays, dayIn, momentIn, type CalendarDay, type Holidays } from '#platform/dates.ts'
import { isClosed, isEnded, openStates, tryAgainOn, type Referral } from './referral.ts'

/** The network's working days, and how long each step may take here: for this kind of service and this partner. */
export interface WorkingClock {
  readonly timeZone: string
  readonly holidays: Holidays
  readonly ladders: Ladders
}

/** One step of the ladder: how many working days may pass, and what the system does when they have. */
export interface Rung {
  readonly workingDays: number
  readonly then: 'remind_partner' | 'remind_adviser' | 'remind_manager' | 'expire'
}

/** A step that has a clock of its own: each open state, and the end that still wants a next step. */
export const clockedSteps = [...openStates, 'ended'] as const
export type ClockedStep = (typeof clockedSteps)[number]

/** The last rung repeats. */
export type Ladder = readonly [Rung, ...Rung[]]
export type Ladders = Readonly<Record<ClockedStep, Ladder>>

/** What holds where the network has set nothing else. DORA in France reminds after ten days and lets go after thirty;
 *  these are a little quicker at first, because an unanswered person stops waiting. */
export const usualLadders: Ladders = {
  drafted: [
    { workingDays: 2, then: 'remind_adviser' },
    { workingDays: 8, then: 'remind_adviser' },
    { workingDays: 10, then: 'expire' },
  ],
  sent: [
    { workingDays: 5, then: 'remind_partner' },
    { workingDays: 3, then: 'remind_adviser' },
    { workingDays: 5, then: 'remind_manager' },
    { workingDays: 7, then: 'expire' },
  ],
  more_information_asked: [
    { workingDays: 2, then: 'remind_adviser' },
    { workingDays: 3, then: 'remind_manager' },
    { workingDays: 15, then: 'expire' },
  ],
  waiting_list: [
    { workingDays: 20, then: 'remind_partner' },
    { workingDays: 5, then: 'remind_adviser' },
    { workingDays: 15, then: 'remind_adviser' },
  ],
  accepted: [
    { workingDays: 3, then: 'remind_partner' },
    { workingDays: 3, then: 'remind_adviser' },
    { workingDays: 5, then: 'remind_manager' },
  ],
  under_way: [
    { workingDays: 40, then: 'remind_partner' },
    { workingDays: 5, then: 'remind_adviser' },
    { workingDays: 10, then: 'remind_manager' },
  ],
  ended: [
    { workingDays: 2, then: 'remind_adviser' },
    { workingDays: 5, then: 'remind_manager' },
  ],
}

/** The step that is wanted now, and of whom. */
export type WantedStep =
  | { readonly of: 'adviser'; readonly step: AdviserStep }
  | {
      readonly of: 'partner'
      readonly step: 'answer' | 'offer_start' | 'name_appointment' | 'report_attendance' | 'report_end'
    }
  | { readonly of: 'client'; readonly step: 'attend' }
  | { readonly of: 'nobody'; readonly step: 'closed' }

type AdviserStep =
  'send' | 'reach_partner' | 'give_information' | 'ask_partner' | 'agree_appointment' | 'try_again' | 'record_next_step'

/** The end of the working day by which something must have happened; null only when the referral is closed. */
export function nextDueAt(referral: Referral, clock: WorkingClock): Date | null {
  if (isClosed(referral)) return null
  return momentIn(clock.timeZone, dueOn(referral, clock), '17:00')
}

/** What the system must do at this moment; null while nothing is overdue. */
export function whatStrikes(referral: Referral, now: Date, clock: WorkingClock): Rung['then'] | null {
  const due = nextDueAt(referral, clock)
  if (due === null || due > now) return null
  const { then } = rungOf(referral, clock.ladders)
  // What only the adviser can do, nobody asks of the partner.
  return referral.deliveryFailed || (then === 'remind_partner' && wantsNewDay(referral)) ? 'remind_adviser' : then
}

/** Who must do what next; `today` tells an appointment ahead from one whose attendance nobody has reported. */
export function wantedStep(referral: Referral, today: CalendarDay): WantedStep {
  if (isClosed(referral)) return { of: 'nobody', step: 'closed' }
  if (isEnded(referral.state))
    return { of: 'adviser', step: tryAgainOn(referral) === null ? 'record_next_step' : 'try_again' }
  if (referral.deliveryFailed) return { of: 'adviser', step: 'reach_partner' }
  if (wantsNewDay(referral)) return { of: 'adviser', step: 'agree_appointment' }
  // A partner that stayed silent through its own reminder is the adviser's to ring.
  const silent = referral.reminders >= 2
  switch (referral.state) {
    case 'drafted':
      return { of: 'adviser', step: 'send' }
    case 'sent':
      return silent ? { of: 'adviser', step: 'reach_partner' } : { of: 'partner', step: 'answer' }
    case 'more_information_asked':
      return { of: 'adviser', step: 'give_information' }
    case 'waiting_list':
      return silent ? { of: 'adviser', step: 'ask_partner' } : { of: 'partner', step: 'offer_start' }
    case 'accepted':
      return stepOfAccepted(referral, today, silent)
    case 'under_way':
      return silent ? { of: 'adviser', step: 'ask_partner' } : { of: 'partner', step: 'report_end' }
  }
}

function stepOfAccepted(referral: Referral, today: CalendarDay, silent: boolean): WantedStep {
  if (silent) return { of: 'adviser', step: 'ask_partner' }
  if (referral.appointment === null) return { of: 'partner', step: 'name_appointment' }
  return referral.appointment.day >= today
    ? { of: 'client', step: 'attend' }
    : { of: 'partner', step: 'report_attendance' }
}

function dueOn(referral: Referral, { timeZone, holidays, ladders }: WorkingClock): CalendarDay {
  const from = dayIn(timeZone, referral.clockFrom)
  // Today, so that the adviser rings while it matters; then once each working day until the partner is reached.
  if (referral.deliveryFailed) return addWorkingDays(from, referral.reminders === 0 ? 0 : 1, holidays)
  // Who missed an appointment, or cannot come, should not wait long for another.
  if (wantsNewDay(referral) && referral.reminders === 0) return addWorkingDays(from, 1, holidays)
  const again = tryAgainOn(referral)
  if (again !== null && referral.reminders === 0 && again >= from) return addWorkingDays(again, 0, holidays)
  const awaited = awaitedDay(referral)
  // A day that is already agreed sets the pace; the ladder begins on the working day after it.
  if (referral.reminders === 0 && awaited !== null && awaited >= from) return addWorkingDays(awaited, 1, holidays)
  return addWorkingDays(from, rungOf(referral, ladders).workingDays, holidays)
}

function awaitedDay(referral: Referral): CalendarDay | null {
  if (referral.state === 'waiting_list') return referral.expectedOn
  if (referral.state === 'accepted') return referral.appointment?.day ?? null
  return null
}

/** The appointment did not come about, or will not: another day must be agreed. */
function wantsNewDay(referral: Referral): boolean {
  const isOn = referral.state === 'accepted' || referral.state === 'under_way'
  return isOn && referral.missedAppointment
}

function rungOf(referral: Referral, ladders: Ladders): Rung {
  const ladder = ladders[isEnded(referral.state) ? 'ended' : referral.state]
  return ladder[Math.min(referral.reminders, ladder.length - 1)] ?? ladder[0]
}
