// An informal referral: somebody was told about a service or a partner. Nothing is sent, and nothing about the client leaves
// the house; it is remembered so that somebody asks how it went, and so that it counts.

import { addDays, addWorkingDays, type CalendarDay, type Holidays } from '#platform/dates.ts'
import type { ClientId, Id, OrganizationId, ReferralId, ServiceId, StaffId } from '#platform/ids.ts'

export type InformalId = Id<'informal_referral'>

/** What came of it, in the client's or the partner's words to the adviser. */
export const informalOutcomes = ['went', 'did_not_go', 'does_not_want', 'not_known'] as const
export type InformalOutcome = (typeof informalOutcomes)[number]

/** What the client was told about: a service with its partner, a partner, or only a name that no directory knows. */
export interface ToldThing {
  readonly organizationId: OrganizationId | null
  readonly serviceId: ServiceId | null
  readonly serviceType: string | null
  /** As it is shown: the name at the time. */
  readonly name: string
}

export interface InformalReferral extends ToldThing {
  readonly id: InformalId
  readonly clientId: ClientId
  readonly words: string | null
  readonly toldBy: StaffId
  readonly toldAt: Date
  /** The day on which Today asks; null: nobody asks. */
  readonly followUpOn: CalendarDay | null
  readonly outcome: InformalOutcome | null
  readonly outcomeAt: Date | null
  /** The formal referral that came after it. */
  readonly referralId: ReferralId | null
}

/** Long enough that somebody has gone, short enough that they remember. */
const daysUntilAsked = 14
/** A slip is noticed at once or the same half hour; later it is history, and is answered instead. */
const undoMinutes = 30

/** The working day two weeks on: nobody asks on a holiday. */
export function followUpDay(today: CalendarDay, holidays: Holidays): CalendarDay {
  return addWorkingDays(addDays(today, daysUntilAsked), 0, holidays)
}

/** Whether this person may still take it back: who noted it, for half an hour, while nothing has come of it. */
export function mayUndo(
  told: Pick<InformalReferral, 'toldBy' | 'toldAt' | 'outcome' | 'referralId'>,
  staffId: StaffId,
  now: Date,
): boolean {
  const minutes = (now.getTime() - told.toldAt.getTime()) / 60_000
  return told.toldBy === staffId && minutes < undoMinutes && told.outcome === null && told.referralId === null
}

/** Whether it still waits for somebody to ask. */
export function isOpen(told: Pick<InformalReferral, 'outcome' | 'referralId'>): boolean {
  return told.outcome === null && told.referralId === null
}
