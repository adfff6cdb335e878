// What comes next for a client: the one obvious button of the page.

import type { AssessmentId, ReferralId } from '#platform/ids.ts'
import type { ReferralState } from '#referrals/index.ts'

export interface Standing {
  readonly openAssessment: AssessmentId | null
  readonly hasAssessment: boolean
  /** The referrals that are not closed, the latest first. */
  readonly referrals: readonly { readonly id: ReferralId; readonly state: ReferralState }[]
}

export type NextStep =
  | { readonly kind: 'go_on_with_assessment'; readonly id: AssessmentId }
  | { readonly kind: 'assess' }
  | { readonly kind: 'see_referral'; readonly id: ReferralId }
  | { readonly kind: 'find_service' }

/** States in which a referral stands still until the adviser acts. */
const waitsForAdviser: ReadonlySet<ReferralState> = new Set([
  ...(['drafted', 'more_information_asked', 'declined', 'completed', 'ended_early', 'withdrawn', 'expired'] as const),
])

/** First what was begun, then getting to know the person, then the referral that waits for us, then finding help. While all
 *  referrals wait for others, the latest is what there is to look at. */
export function nextStep({ openAssessment, hasAssessment, referrals }: Standing): NextStep {
  if (openAssessment) return { kind: 'go_on_with_assessment', id: openAssessment }
  if (!hasAssessment) return { kind: 'assess' }
  const referral = referrals.find(({ state }) => waitsForAdviser.has(state)) ?? referrals[0]
  return referral ? { kind: 'see_referral', id: referral.id } : { kind: 'find_service' }
}
