// Choosing a service: one of the first tier as it stands, any other with one coded reason. The system advises, people decide.

import { ok, refused, type Result } from '#platform/result.ts'
import type { RankedService, Recommendation } from './recommend.ts'

export const choiceReasons = [
  ...(['client_prefers', 'client_had_it', 'too_far', 'no_places', 'starts_too_late'] as const),
  ...(['language_or_access', 'partner_known', 'estimate_not_fitting', 'exception_agreed', 'other'] as const),
] as const

export type ChoiceReason = (typeof choiceReasons)[number]

export interface Choice {
  readonly service: RankedService
  /** Null for one of the first tier: between those there is no clear difference, and what suits decides. */
  readonly reason: ChoiceReason | null
  readonly words: string | null
}

export type ChoiceProblem = 'not_in_ranking' | 'reason_missing'

/** One of the first tier needs no reason, and one given for it is not kept. */
export function choose(
  { services }: Recommendation,
  wanted: { readonly serviceId: string; readonly reason: string; readonly words: string | null },
): Result<Choice, ChoiceProblem> {
  const service = services.find(({ id }) => id === wanted.serviceId)
  if (!service) return refused('not_in_ranking')
  if (service.rank === 1 || service.tier === 1) return ok({ service, reason: null, words: wanted.words })
  const reason = choiceReasons.find((code) => code === wanted.reason)
  return reason ? ok({ service, reason, words: wanted.words }) : refused('reason_missing')
}
