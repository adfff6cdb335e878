// What could change the picture: for each fact that learning or help can move, the smallest step that opens services, best
// first; and the questions whose answers alone would settle some. Pure: rules' checker and facts' lore are arguments.

import type { Check, FactCode, Facts, FactValue, Rule } from '#directory/index.ts'
import { factsAfter, helpWith, isMovable, stepsUp, type Lore, type Raise } from './raise.ts'

/** A service as far as its rules go. */
export interface AskingService {
  readonly id: string
  readonly name: string
  readonly type: string | null
  readonly rules: readonly Rule[]
}

export interface Change<Service extends AskingService = AskingService> extends Raise {
  /** What is known now. */
  readonly from: FactValue
  /** Services whose every rule is met once this alone has changed, and is not now: what helps most first, then by name. */
  readonly opens: readonly Service[]
  /** How many that are open now would be no longer. */
  readonly closes: number
  /** The highest estimated gain among the kinds that it opens, in people of a hundred; null where nothing is estimated. */
  readonly bestGain: number | null
  /** Kinds of service that help to get there; empty where none does. */
  readonly helpedBy: readonly string[]
}

/** One fact, its steps that open something, the smallest first; each opens more than the one before it. */
export interface ChangeableFact<Service extends AskingService = AskingService> {
  readonly fact: FactCode
  readonly steps: readonly Change<Service>[]
}

/** A question: so many services stand or fall by its answer alone. */
export interface Asking {
  readonly fact: FactCode
  readonly services: number
}

export interface Outlook<Service extends AskingService = AskingService> {
  readonly changes: readonly ChangeableFact<Service>[]
  readonly asks: readonly Asking[]
}

export interface Looking<Service extends AskingService> extends Lore {
  readonly facts: Facts
  readonly services: readonly Service[]
  /** Estimated gain of a service type, shares of one. Empty: changes are ordered by how many services they open. */
  readonly gains: ReadonlyMap<string, number>
  readonly checkRequirement: (rule: Rule, facts: Facts) => Check
  readonly factsOf: (rule: Rule) => readonly FactCode[]
}

/**
 * Only services with exactly one fact in the way are looked at again: those whose every rule that is not met asks for it. A
 * protected or fixed fact is never suggested, nor asked for here. Order: the gain that the smallest step makes reachable, then
 * how many services it opens, then the fact's name. Deterministic. O(rules) and, for those looked at, O(steps of the fact).
 */
export function whatCouldChange<Service extends AskingService>(looking: Looking<Service>): Outlook<Service> {
  const { near, open, asks } = sortOut(looking)
  const changes = [...near].flatMap(([fact, services]) => {
    const steps = stepsOf(fact, { services, open: open.get(fact) ?? [] }, looking)
    return steps.length > 0 ? [{ fact, steps }] : []
  })
  const first = ({ steps }: ChangeableFact) => steps[0]!
  return {
    changes: changes.toSorted(
      (a, b) =>
        (first(b).bestGain ?? 0) - (first(a).bestGain ?? 0) ||
        first(b).opens.length - first(a).opens.length ||
        (a.fact < b.fact ? -1 : 1),
    ),
    asks: [...asks]
      .map(([fact, services]) => ({ fact, services }))
      .toSorted((a, b) => b.services - a.services || (a.fact < b.fact ? -1 : 1)),
  }
}

interface Sorted<Service> {
  /** By the one fact in the way. */
  readonly near: ReadonlyMap<FactCode, readonly Service[]>
  /** Open now, by each movable fact that their rules look at. */
  readonly open: ReadonlyMap<FactCode, readonly Service[]>
  readonly asks: ReadonlyMap<FactCode, number>
}

function sortOut<Service extends AskingService>(looking: Looking<Service>): Sorted<Service> {
  const { facts, services, checkRequirement, factsOf } = looking
  // Of ten thousand services many share a rule.
  const met = new Map<Rule, boolean>()
  const isMet = (rule: Rule) => {
    const known = met.get(rule)
    if (known !== undefined) return known
    const answer = checkRequirement(rule, facts).answer === 'meets'
    met.set(rule, answer)
    return answer
  }
  const near = new Map<FactCode, Service[]>()
  const open = new Map<FactCode, Service[]>()
  const asks = new Map<FactCode, number>()
  const put = (into: Map<FactCode, Service[]>, fact: FactCode, service: Service) => {
    const known = into.get(fact)
    if (known) known.push(service)
    else into.set(fact, [service])
  }
  for (const service of services) {
    const inTheWay = service.rules.filter((rule) => !isMet(rule))
    if (inTheWay.length === 0) {
      for (const fact of new Set(service.rules.flatMap(factsOf))) {
        if (isMovable(fact, looking)) put(open, fact, service)
      }
      continue
    }
    const [first = [], ...others] = inTheWay.map(factsOf)
    for (const fact of first) {
      if (!others.every((each) => each.includes(fact))) continue
      if (facts[fact] !== undefined) put(near, fact, service)
      else if (looking.definitionOf(fact).isProtected !== true) asks.set(fact, (asks.get(fact) ?? 0) + 1)
    }
  }
  return { near, open, asks }
}

/** Steps that open something; one that opens no more than a smaller one is left out. */
function stepsOf<Service extends AskingService>(
  fact: FactCode,
  { services, open }: { readonly services: readonly Service[]; readonly open: readonly Service[] },
  looking: Looking<Service>,
): Change<Service>[] {
  const { facts, checkRequirement } = looking
  const isOpen = ({ rules }: Service, known: Facts) =>
    rules.every((rule) => checkRequirement(rule, known).answer === 'meets')
  const found: Change<Service>[] = []
  const rules = services.flatMap((service) => service.rules)
  for (const step of stepsUp(fact, facts, rules, looking)) {
    const known = factsAfter(facts, [step], looking)
    const opens = services.filter((service) => isOpen(service, known))
    if (opens.length <= (found.at(-1)?.opens.length ?? 0)) continue
    const gains = opens.flatMap(({ type }) => (type === null ? [] : (looking.gains.get(type) ?? [])))
    found.push({
      ...step,
      from: facts[fact]!,
      opens: inOrder(opens, looking.gains),
      closes: open.filter((service) => !isOpen(service, known)).length,
      bestGain: gains.length > 0 ? hundredths(Math.max(...gains)) : null,
      helpedBy: helpWith(step),
    })
  }
  return found
}

function inOrder<Service extends AskingService>(
  services: readonly Service[],
  gains: ReadonlyMap<string, number>,
): readonly Service[] {
  const gainOf = ({ type }: Service) => hundredths((type === null ? undefined : gains.get(type)) ?? 0)
  return services.toSorted(
    (a, b) => gainOf(b) - gainOf(a) || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1),
  )
}

function hundredths(share: number): number {
  return Math.round(share * 100) || 0
}
