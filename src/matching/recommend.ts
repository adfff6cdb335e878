// The Service Referral Module's pipeline: may they? does it help? does it fit? are there places? Pure: the clock, the rules'
// checker, the distance and the estimates are arguments. Nothing that is offered is left out of the answer, and how well
// something fits moves nothing: it is for the client to weigh.

import type { Check, FactCode, Facts, Rule, Unmet } from '#directory/index.ts'
import type { Difference, Estimate } from '#evidence/index.ts'
import type { OrganizationId, ServiceId } from '#platform/ids.ts'
import type { Catalogue, HelpKind, OfferedService } from './catalogue.ts'
import { evidenceOf, type EvidenceStep, type Known } from './evidence-step.ts'
import { answersNeed, fitOf, type Measured, type Measures, type Point } from './fit.ts'
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
 * (`order.ts`). Tiers and places within them hang on nothing but estimates and ids: a rule that closes a service changes the order
 * of no other two. Each distinct rule is checked once, whatever the number of services; what speaks for one in practice is
 * worked out when somebody looks. O(services · log services).
 */
export function recommend(asked: Asked): Recommendation {
  const { catalogue, order } = asked
  const verdicts = verdictsOf(asked)
  const steps = evidenceOf(catalogue.kinds, asked)
  const tiers = tiersOfKinds(steps, asked)
  const gains = new Map<string | null, number>(asked.estimates.map(({ type, gain }) => [type, gain]))
  const lists = verdicts.map(({ standing }) => standings.indexOf(standing))
  const ordered = orderAmongEquals(catalogue, {
    part: Uint8Array.from(catalogue.listOf, (list) => lists[list]!),
    tiers,
    gains: Float64Array.from(catalogue.types, (type) => gains.get(type) ?? 0),
    suits: Uint8Array.from(catalogue.types, (type) => Number(answersNeed(type, asked.person))),
    order,
  })
  let rank = 0
  // Tiers without anything open are counted by nobody.
  let tier = 0
  let last = 0
  const services = Array.from(ordered.places, (at, place): RankedService => {
    const kind = catalogue.kindOf[at]!
    const verdict = verdicts[catalogue.listOf[at]!]!
    const isOpen = verdict.standing === 'eligible'
    if (isOpen && tiers[kind] !== last) {
      last = tiers[kind]!
      tier++
    }
    const chance = isOpen ? (ordered.chances?.[place] ?? null) : null
    const evidence = steps[kind]!
    const stands = isOpen ? { rank: ++rank, tier, chance, evidence } : { ...nowhere, evidence }
    return new Ranked(catalogue.services[at]!, verdict, stands, asked)
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

/** The tier of each kind, whoever may take it. Kinds of one estimate are told apart by nothing: ten thousand providers without
 *  results of their own are as many kinds as there are types. */
function tiersOfKinds(steps: readonly EvidenceStep[], { catalogue: { kinds }, differences }: Asked): Uint32Array {
  const told = new Map<EvidenceStep, number>()
  const distinct: { readonly kind: HelpKind; readonly step: EvidenceStep }[] = []
  const place = Uint32Array.from(steps, (step, at) => {
    const known = told.get(step)
    if (known !== undefined) return known
    told.set(step, distinct.length)
    return distinct.push({ kind: kinds[at]!, step }) - 1
  })
  const tiers = tiersOf(distinct, differences)
  return place.map((one) => tiers[one]!)
}

const nowhere = { rank: null, tier: null, chance: null }

type Stands = Pick<RankedService, 'rank' | 'tier' | 'chance' | 'evidence'>

/** One of a ranking. Ten thousand of these are made where a handful is looked at: what takes long is worked out on demand. */
class Ranked implements RankedService {
  readonly #service: OfferedService
  readonly #verdict: Verdict
  readonly #asked: Asked
  #fit: ReturnType<typeof fitOf> | null = null
  readonly evidence: EvidenceStep
  readonly rank: number | null
  readonly tier: number | null
  readonly chance: number | null

  constructor(service: OfferedService, verdict: Verdict, stands: Stands, asked: Asked) {
    this.#service = service
    this.#verdict = verdict
    this.#asked = asked
    this.evidence = stands.evidence
    this.rank = stands.rank
    this.tier = stands.tier
    this.chance = stands.chance
  }

  get id() {
    return this.#service.id
  }
  get name() {
    return this.#service.name
  }
  get organizationId() {
    return this.#service.organizationId
  }
  get organizationName() {
    return this.#service.organizationName
  }
  get type() {
    return this.#service.serviceType
  }
  get standing() {
    return this.#verdict.standing
  }
  get requirements() {
    return this.#verdict.requirements
  }
  get unmet() {
    return this.#verdict.unmet
  }
  get open() {
    return this.#verdict.open
  }
  get points() {
    return this.#fitted().points
  }
  get measured() {
    return this.#fitted().measured
  }

  #fitted() {
    const { person, catalogue } = this.#asked
    return (this.#fit ??= fitOf(this.#service, person, { ...this.#asked, childcareAt: catalogue.childcareAt }))
  }

  /** As a plain record, for documents. */
  toJSON(): RankedService {
    const { id, name, organizationId, organizationName, type, standing, rank, tier, chance } = this
    const { requirements, evidence, points, measured, unmet, open } = this
    return {
      ...{ id, name, organizationId, organizationName, type, standing, rank, tier, chance },
      ...{ requirements, evidence, points, measured, unmet, open },
    }
  }
}
