// What is known of the help of one service for one person: by its own evidence, where its provider's results moved it, and not
// by that of its kind alone. Pure.

import type { Estimate } from '#evidence/index.ts'
import type { EvidenceStep, Finding } from '../evidence-step.ts'
import type { RankedService } from '../recommend.ts'
import type { KeptRecommendation } from '../recommendations.store.ts'

export interface OwnEvidence {
  /** Null where nobody knows, or no model orders services now. */
  readonly estimate: Estimate | null
  /** Past clients of this provider whose results count in it; null where none do. */
  readonly clientsThere: number | null
  /** Why there is no estimate. */
  readonly why: NonNullable<EvidenceStep['why']> | null
  /** Of other people, elsewhere; only where there is no estimate. */
  readonly studies: readonly Finding[]
}

/** So many studies are told: more of them are read by nobody, on a screen that two people look at. */
const mostStudies = 2

/** The chance with it is the chance without it and the gain of this very service, held within 0 and 1; its interval is that of
 *  the gain. The studies are the newest ones. */
export function ownEvidence(
  { estimates, rankedBy }: Pick<KeptRecommendation, 'estimates' | 'rankedBy'>,
  { type, evidence }: Pick<RankedService, 'type' | 'evidence'>,
): OwnEvidence {
  const ofType = rankedBy === 'model' ? estimates.find((each) => each.type === type) : undefined
  const { gain, low, high, provider, why } = evidence
  if (!ofType || gain === null || low === null || high === null) {
    const reason = rankedBy === 'model' ? (why ?? 'too_few') : 'not_by_model'
    return { estimate: null, clientsThere: null, why: reason, studies: evidence.studies.slice(0, mostStudies) }
  }
  const chanceWith = Math.min(Math.max(ofType.chanceWithout + gain, 0), 1)
  const estimate = { ...ofType, gain, low, high, chanceWith }
  return { estimate, clientsThere: provider?.clients ?? null, why: null, studies: [] }
}

/** Those of one tier that stand beside each other: of two or more nobody knows which one helps more. In their order. */
export function tiesAmong<Service extends { readonly tier: number | null }>(
  services: readonly Service[],
): readonly (readonly Service[])[] {
  const ranked = services.filter(({ tier }) => tier !== null)
  return [...Map.groupBy(ranked, ({ tier }) => tier).values()].filter((members) => members.length > 1)
}
