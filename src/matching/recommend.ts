// The Service Referral Module's pipeline: may they? does it help? does it fit? Pure: the clock, the rules' checker, the
// distance and the estimates are arguments. Nothing that is offered is left out of the answer.

import type { Check, FactCode, Facts, Rule, ServiceToMatch, Unmet } from '#directory/index.ts'
import type { Estimate } from '#evidence/index.ts'
import type { OrganizationId, ServiceId } from '#platform/ids.ts'
import { fitOf, type Measures, type Point } from './fit.ts'
import type { Person } from './person.ts'

export const standings = ['eligible', 'not_known', 'not_eligible'] as const
export type Standing = (typeof standings)[number]

/** One service as it stood for one client. */
export interface RankedService {
  readonly id: ServiceId
  readonly name: string
  readonly organizationId: OrganizationId
  readonly organizationName: string
  readonly type: string | null
  readonly standing: Standing
  /** 1 the first; null where a rule is not met or not known. */
  readonly rank: number | null
  readonly points: readonly Point[]
  /** Rules that are not met, and facts that would settle rules that are not known. */
  readonly unmet: readonly Unmet[]
  readonly open: readonly FactCode[]
}

export interface Recommendation {
  /** One a service type that has an estimate. */
  readonly estimates: readonly Estimate[]
  /** Eligible ones by rank, then those not known, then those not eligible. */
  readonly services: readonly RankedService[]
}

export interface Asked extends Measures {
  readonly person: Person
  readonly services: readonly ServiceToMatch[]
  readonly estimates: readonly Estimate[]
  readonly checkRequirement: (rule: Rule, facts: Facts) => Check
}

/**
 * Checks, estimates and orders. Order: estimated gain in whole people of a hundred (smaller differences are ties), then
 * practical fit, then name. A service whose type has no estimate stands where a gain of nothing would. O(services).
 */
export function recommend(asked: Asked): Recommendation {
  const gains = new Map(asked.estimates.map(({ type, gain }) => [type, Math.round(gain * 100)]))
  const judged = asked.services.map((service) => judge(service, asked, gains))
  judged.sort(inOrder)
  let rank = 0
  const services = judged.map(({ service, standing, points, unmet, open }): RankedService => {
    const { id, name, organizationId, organizationName, serviceType } = service
    const place = standing === 'eligible' ? ++rank : null
    return { id, name, organizationId, organizationName, type: serviceType, standing, rank: place, points, unmet, open }
  })
  return { estimates: asked.estimates, services }
}

interface Judged {
  readonly service: ServiceToMatch
  readonly standing: Standing
  readonly gain: number
  readonly score: number
  readonly points: readonly Point[]
  readonly unmet: readonly Unmet[]
  readonly open: readonly FactCode[]
}

function judge(
  service: ServiceToMatch,
  { person, checkRequirement, ...measures }: Asked,
  gains: ReadonlyMap<string, number>,
): Judged {
  const unmet: Unmet[] = []
  const open = new Set<FactCode>()
  for (const rule of service.rules) {
    const check = checkRequirement(rule, person.facts)
    if (check.answer === 'does_not_meet') unmet.push(check.why)
    if (check.answer === 'not_known') for (const fact of check.facts) open.add(fact)
  }
  const standing = unmet.length > 0 ? 'not_eligible' : open.size > 0 ? 'not_known' : 'eligible'
  const { points, score } = fitOf(service, person, measures)
  const gain = (service.serviceType && gains.get(service.serviceType)) ?? 0
  return { service, standing, gain, score, points, unmet, open: [...open] }
}

const places: Readonly<Record<Standing, number>> = { eligible: 0, not_known: 1, not_eligible: 2 }

/** By code units, not by a language's rules: the same order for every reader, and ten times faster. */
function inOrder(a: Judged, b: Judged): number {
  return (
    places[a.standing] - places[b.standing] ||
    b.gain - a.gain ||
    b.score - a.score ||
    compare(a.service.name, b.service.name) ||
    compare(a.service.id, b.service.id)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
