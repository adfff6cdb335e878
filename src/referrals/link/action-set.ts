// What the bearer of a link may do. A link is for one referral and one set of actions: its kind names the set, its secret is
// derived from the kind too, and the look-up asks for the kind, so that a link of another kind is no link here.

import { partnerActs, type PartnerAct } from '../act.ts'

/** partner: answers a referral. client: what the client does with their own; it has its own pages and no way into these. */
export type LinkKind = 'partner' | 'client'

export interface ActionSet {
  readonly kind: LinkKind
  /** What may be reported about the one referral, after it was opened by its button. */
  readonly acts: readonly PartnerAct[]
  /** Whether places free and the next start of the referral's service may be set. */
  readonly setsPlaces: boolean
}

/** The partner's answer: every act of theirs, and the places of the service that was asked for. Nothing of another referral,
 *  another service, the organisation's entry or its people. */
export const partnersAnswer = {
  kind: 'partner',
  acts: partnerActs,
  setsPlaces: true,
} as const satisfies ActionSet
