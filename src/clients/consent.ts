// What a client agreed to, derived from what happened. Nothing is shared on a consent that ended or was withdrawn.

import type { CalendarDay } from '#platform/dates.ts'
import type { ClientId, Id, OrganizationId, ReferralId, StaffId } from '#platform/ids.ts'

export type ConsentId = Id<'consent'>

/** share_for_referral: named fields to one partner. contact: reminders and news about work. follow_up: asking later how it
 *  went. wage_records: looking up pay with an authority. learning: using the outcome, without the name, to learn from; a no leaves it
 *  out from the next learning on. */
export const consentPurposes = ['share_for_referral', 'contact', 'follow_up', 'wage_records', 'learning'] as const
export type ConsentPurpose = (typeof consentPurposes)[number]

/** What may be named in a consent to share. */
export const sharedFields = [
  ...(['name', 'phone', 'email', 'address', 'birth_date', 'language', 'access_needs'] as const),
  ...(['assessment_summary', 'reason_for_referral'] as const),
] as const
export type SharedField = (typeof sharedFields)[number]

export const waysToConsent = ['spoken', 'written', 'signed', 'online'] as const
export type WayToConsent = (typeof waysToConsent)[number]

/** Who said it: the client, someone who may speak for them by law, or an interpreter for them. */
export const consentTellers = ['client', 'guardian', 'interpreter'] as const
export type ConsentTeller = (typeof consentTellers)[number]

export interface ConsentEvent {
  readonly id: ConsentId
  readonly clientId: ClientId
  readonly event: 'given' | 'withdrawn'
  /** The consent that a withdrawal ends. */
  readonly withdraws: ConsentId | null
  readonly purpose: ConsentPurpose
  readonly what: readonly string[]
  readonly organizationId: OrganizationId | null
  /** The one referral that it was given for; null when it holds for the organisation, or for no referral in particular. */
  readonly referralId: ReferralId | null
  /** Whom it is given to, in words. */
  readonly recipient: string | null
  /** The last day that it holds; null until withdrawn. */
  readonly until: CalendarDay | null
  readonly how: WayToConsent
  readonly toldBy: ConsentTeller
  readonly recordedBy: StaffId | null
  readonly happenedAt: Date
}

export interface Consent extends ConsentEvent {
  readonly withdrawnAt: Date | null
  readonly state: 'holds' | 'ended' | 'withdrawn'
}

/** The consents as they stand on a day, the latest first. */
export function consentsOn(events: readonly ConsentEvent[], day: CalendarDay): readonly Consent[] {
  const withdrawals = new Map(
    events.flatMap((event) => (event.withdraws ? [[event.withdraws, event.happenedAt] as const] : [])),
  )
  return events
    .filter((event) => event.event === 'given')
    .map((event) => {
      const withdrawnAt = withdrawals.get(event.id) ?? null
      const isOver = event.until !== null && event.until < day
      return {
        ...event,
        withdrawnAt,
        state: withdrawnAt ? ('withdrawn' as const) : isOver ? ('ended' as const) : ('holds' as const),
      }
    })
    .sort((a, b) => b.happenedAt.getTime() - a.happenedAt.getTime())
}

/** Does a consent for this purpose hold (to this organisation, where one is named)? */
export function hasConsent(
  consents: readonly Consent[],
  purpose: ConsentPurpose,
  organizationId?: OrganizationId,
): boolean {
  return consents.some(
    (consent) =>
      consent.state === 'holds' &&
      consent.purpose === purpose &&
      (organizationId === undefined || consent.organizationId === organizationId),
  )
}
