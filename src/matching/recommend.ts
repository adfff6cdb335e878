// The Service Referral Module's pipeline: may they? does it help? does it fit? are there places? Pure: the clock, the rules'
// checker, the distance and the estimates are arguments. Nothing that is offered is left out of the answer, and how well
// something fits moves nothing: it is for the client to weigh.

import type { Check, FactCode, Facts, Rule, Unmet } from '#directory/index.ts'
import type { Difference, Estimate } from '#evidence/index.ts'
import type { OrganizationId, ServiceId } from '#platform/ids.ts'
import type { Catalogue, HelpKind, OfferedService } from './catalogue.ts'
import { evidenceOf, type EvidenceStep, type Known } from './evidence-step.ts'
import { fitOf, type Measured, type Measures, type Point } from './fit.ts'
import { orderAmongEquals, type Order } from './order.ts'
import type { Person } from './person.ts'
import { tiersOf } from './ties.ts'

export const standings = ['eligible', 'not_known', 'not_eligible'] as const
export type Standing = (typeof standings)[number]

/** One rule of a service, as it stands for the client. */
export interface RequirementStep {
  readonly rule: Rule
  readonly answer: Check['answer']
  /** Where it is not met: what is known instead. */
  readonly why: Unmet | null
  /** Where it is not known: any of these may settle it. */
  readonly facts: readonly FactCode[]
}

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
  /** 1 the best. Between services of one tier there is no clear difference in gain. Null where `rank` is. */
  readonly tier: number | null
  /** How likely the lottery was to put it first in its tier; null where none was held. */
  readonly chance: number | null
  /** Every rule, in the service's order. */
  readonly requirements: readonly RequirementStep[]
  readonly evidence: EvidenceStep
  /** What speaks for it and against it in practice, places among them. */
  readonly points: readonly Point[]
  /** The same as numbers, to filter and sort by. */
  readonly measured: Measured
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

export interface Asked extends Measures, Known {
  readonly person: Person
  readonly catalogue: Catalogue
  readonly differences: readonly Difference[]
  readonly order: Order
  readonly checkRequirement: (rule: Rule, facts: Facts) => Check
}

/**
 * Checks, estimates and orders. Order: tiers of expected gain (`ties.ts`), and within a tier an order that nobody chose
 * (`order.ts`). Each distinct rule is checked once, whatever the number of services; what speaks for one in practice is worked
 * out when somebody looks. O(services · log services).
 */
export function recommend(asked: Asked): Recommendation {
  const { catalogue, order } = asked
  const verdicts = verdictsOf(asked)
  const steps = evidenceOf(catalogue.kinds, asked)
  const byStanding: Record<Standing, number[]> = { eligible: [], not_known: [], not_eligible: [] }
  for (let at = 0; at < catalogue.services.length; at++) byStanding[verdicts[catalogue.listOf[at]!]!.standing].push(at)
  const services = standings.flatMap((standing) => {
    const tiers = tiersOfKinds(byStanding[standing], steps, asked)
    const ordered = orderAmongEquals(byStanding[standing], { catalogue, tiers, order })
    return ordered.places.map((at, place) => {
      const kind = catalogue.kindOf[at]!
      const ranked =
        standing === 'eligible'
          ? { rank: place + 1, tier: tiers[kind]!, chance: ordered.chances?.[place] ?? null }
          : { rank: null, tier: null, chance: null }
      return serviceOf(
        catalogue.services[at]!,
        { ...verdicts[catalogue.listOf[at]!]!, ...ranked, evidence: steps[kind]! },
        asked,
      )
    })
  })
  return { estimates: asked.estimates, services }
}

/** The steps of one service alone, as `recommend` gives them; `rank` and `tier` are null. */
export function standingOf(
  service: OfferedService,
  asked: Pick<Asked, 'person' | 'checkRequirement'>,
): Pick<RankedService, 'standing' | 'requirements' | 'unmet' | 'open'> {
  return verdictOf(service.rules.map((rule) => requirementStep(rule, asked)))
}

type Verdict = Pick<RankedService, 'standing' | 'requirements' | 'unmet' | 'open'>

function verdictsOf(asked: Asked): Verdict[] {
  const { rules, lists } = asked.catalogue
  const steps = rules.map((rule) => requirementStep(rule, asked))
  return lists.map((list) => verdictOf(Array.from(list, (place) => steps[place]!)))
}

function requirementStep(rule: Rule, { person, checkRequirement }: Pick<Asked, 'person' | 'checkRequirement'>) {
  const check = checkRequirement(rule, person.facts)
  return {
    rule,
    answer: check.answer,
    why: check.answer === 'does_not_meet' ? check.why : null,
    facts: check.answer === 'not_known' ? check.facts : [],
  } satisfies RequirementStep
}

function verdictOf(requirements: readonly RequirementStep[]): Verdict {
  const unmet = requirements.flatMap(({ why }) => why ?? [])
  const open = [...new Set(requirements.flatMap(({ facts }) => facts))]
  const standing = unmet.length > 0 ? 'not_eligible' : open.length > 0 ? 'not_known' : 'eligible'
  return { standing, requirements, unmet, open }
}

/** The tier of each kind that is among these services; 0 for the others. Kinds of one estimate are told apart by nothing: ten
 *  thousand providers without results of their own are as many kinds as there are types. */
function tiersOfKinds(places: readonly number[], steps: readonly EvidenceStep[], asked: Asked): Uint32Array {
  const { kinds, kindOf } = asked.catalogue
  const present = new Map<EvidenceStep, { kind: HelpKind; step: EvidenceStep; places: number[] }>()
  const isThere = new Uint8Array(kinds.length)
  for (const at of places) {
    const place = kindOf[at]!
    if (isThere[place]) continue
    isThere[place] = 1
    const step = steps[place]!
    const known = present.get(step)
    if (known) known.places.push(place)
    else present.set(step, { kind: kinds[place]!, step, places: [place] })
  }
  const tiers = new Uint32Array(kinds.length)
  const told = [...present.values()]
  tiersOf(told, asked.differences).forEach((tier, at) => {
    for (const place of told[at]!.places) tiers[place] = tier
  })
  return tiers
}

type Judged = Verdict & Pick<RankedService, 'rank' | 'tier' | 'chance' | 'evidence'>

function serviceOf(service: OfferedService, judged: Judged, asked: Asked): RankedService {
  const { id, name, organizationId, organizationName, serviceType: type } = service
  let kept: ReturnType<typeof fitOf> | null = null
  const fit = () => (kept ??= fitOf(service, asked.person, { ...asked, childcareAt: asked.catalogue.childcareAt }))
  return {
    ...{ id, name, organizationId, organizationName, type },
    standing: judged.standing,
    rank: judged.rank,
    tier: judged.tier,
    chance: judged.chance,
    requirements: judged.requirements,
    evidence: judged.evidence,
    // Worked out when somebody looks: of ten thousand services a handful are.
    get points() {
      return fit().points
    },
    get measured() {
      return fit().measured
    },
    unmet: judged.unmet,
    open: judged.open,
  }
}
