// How a service, or the best of a kind, stands for somebody: open, or open once something has changed that help can change. Pure.

import type { Check, FactCode, Facts, Rule } from '#directory/index.ts'
import { factsAfter, stepsUp, type Lore, type Raise } from '../changes/raise.ts'

/** `none`: there is no such service. `closed`: something stands in the way that nobody can be asked to change. */
export type Standing =
  | { readonly kind: 'open' | 'closed' | 'none' }
  | { readonly kind: 'needs'; readonly raises: readonly Raise[] }
  | { readonly kind: 'not_known'; readonly facts: readonly FactCode[] }

export interface Checking extends Lore {
  readonly checkRequirement: (rule: Rule, facts: Facts) => Check
  readonly factsOf: (rule: Rule) => readonly FactCode[]
}

type Asking = readonly { readonly rules: readonly Rule[] }[]

/** The best of these services: open, else with the fewest steps to it, else not known. */
export function bestStanding(services: Asking, facts: Facts, checking: Checking): Standing {
  let best: Standing = { kind: 'none' }
  for (const { rules } of services) {
    const one = standingOfRules(rules, facts, checking)
    if (one.kind === 'open') return one
    if (worth(one) > worth(best)) best = one
  }
  return best
}

function worth(standing: Standing): number {
  switch (standing.kind) {
    case 'open':
      return 3
    case 'needs':
      return 2 + 1 / (1 + standing.raises.length)
    case 'not_known':
      return 1
    case 'closed':
      return 0.5
    case 'none':
      return 0
  }
}

/** For each rule that is not met the smallest step of one movable fact that meets it; together they must open all. */
function standingOfRules(rules: readonly Rule[], facts: Facts, checking: Checking): Standing {
  const { checkRequirement } = checking
  const raises: Raise[] = []
  const open: FactCode[] = []
  for (const rule of rules) {
    const check = checkRequirement(rule, facts)
    if (check.answer === 'meets') continue
    if (check.answer === 'not_known') {
      open.push(...check.facts)
      continue
    }
    const step = smallestStep(rule, facts, checking)
    if (step === null) return { kind: 'closed' }
    raises.push(step)
  }
  if (open.length > 0) return { kind: 'not_known', facts: [...new Set(open)] }
  if (raises.length === 0) return { kind: 'open' }
  const after = factsAfter(facts, raises, checking)
  const isOpened = rules.every((rule) => checkRequirement(rule, after).answer === 'meets')
  return isOpened ? { kind: 'needs', raises: joined(raises, after) } : { kind: 'closed' }
}

function smallestStep(rule: Rule, facts: Facts, checking: Checking): Raise | null {
  for (const fact of checking.factsOf(rule)) {
    const found = stepsUp(fact, facts, [rule], checking).find(
      (step) => checking.checkRequirement(rule, factsAfter(facts, [step], checking)).answer === 'meets',
    )
    if (found) return found
  }
  return null
}

/** One a fact: the furthest of its steps, which is where all of them together lead; papers together. */
function joined(raises: readonly Raise[], after: Facts): readonly Raise[] {
  return [...Map.groupBy(raises, ({ fact }) => fact)].map(([fact, own]) => {
    const papers = own.flatMap(({ to }) => (typeof to === 'object' ? to : []))
    return { fact, to: papers.length > 0 ? [...new Set(papers)] : after[fact]! }
  })
}
