// What can become of a fact: its smallest steps upwards, and what is known once one is taken. Pure.

import type { FactCode, FactDefinition, FactNature, Facts, FactValue, Rule } from '#directory/index.ts'

/** The directory's own words for its facts, handed in. */
export interface Lore {
  readonly definitionOf: (code: FactCode) => FactDefinition
  readonly natureOf: (code: FactCode) => FactNature
}

/** A fact and what it should become. For papers (`codes`) only what is added. */
export interface Raise {
  readonly fact: FactCode
  readonly to: FactValue
}

/** From least to most, where the list of the fact is in another order. */
const ladders: Readonly<Partial<Record<FactCode, readonly string[]>>> = {
  work_permission: ['no', 'applied_for', 'limited', 'yes'],
}

/** The kinds of service that help to get there. A circumstance stands here only where help can arrange it. */
const helps: Readonly<Partial<Record<FactCode, readonly string[]>>> = {
  language_level: ['language_training'],
  schooling: ['basic_skills', 'vocational_training'],
  digital_skills: ['digital_skills'],
  credential_recognised: ['bridging'],
  work_permission: ['legal_advice'],
  has_internet: ['material_help'],
}
const helpsWithPapers: Readonly<Record<string, string>> = { cv: 'job_search_support', work_permit: 'legal_advice' }

/** Whether anybody may be asked to change it: never what is protected or fixed. */
export function isMovable(code: FactCode, { definitionOf, natureOf }: Lore): boolean {
  if (definitionOf(code).isProtected === true) return false
  const nature = natureOf(code)
  return nature === 'changeable' || (nature === 'circumstance' && helps[code] !== undefined)
}

/** Service types that help with this step; none where nobody teaches it. */
export function helpWith({ fact, to }: Raise): readonly string[] {
  if (fact !== 'documents') return helps[fact] ?? []
  const papers = typeof to === 'object' ? to : []
  return [...new Set(papers.map((paper) => helpsWithPapers[paper] ?? 'counselling'))]
}

/** Steps upwards from what is known, the smallest first; for papers, what these rules ask and the client has not. Empty where the
 *  fact is not known, cannot be moved, or is at its top. */
export function stepsUp(code: FactCode, facts: Facts, rules: readonly Rule[], lore: Lore): readonly Raise[] {
  const value = facts[code]
  if (value === undefined || !isMovable(code, lore)) return []
  const { kind, values = [] } = lore.definitionOf(code)
  if (kind === 'yes_no') return value === false ? [{ fact: code, to: true }] : []
  if (kind === 'codes') return papersMissing(code, value, rules)
  const ladder = kind === 'level' ? values : (ladders[code] ?? [])
  const at = typeof value === 'string' ? ladder.indexOf(value) : -1
  return at < 0 ? [] : ladder.slice(at + 1).map((to) => ({ fact: code, to }))
}

/** What is known once these steps are taken, in whatever order: never less than before. */
export function factsAfter(
  facts: Facts,
  raises: readonly Raise[],
  { definitionOf }: Pick<Lore, 'definitionOf'>,
): Facts {
  let known: Facts = facts
  for (const { fact, to } of raises) known = { ...known, [fact]: raised(known[fact], { fact, to }, definitionOf(fact)) }
  return known
}

function raised(has: FactValue | undefined, { fact, to }: Raise, { kind, values = [] }: FactDefinition): FactValue {
  if (has === undefined) return to
  if (kind === 'codes') {
    return typeof has === 'object' && typeof to === 'object' ? [...new Set([...has, ...to])] : to
  }
  if (kind === 'yes_no') return has === true || to
  const ladder = kind === 'level' ? values : (ladders[fact] ?? [])
  return typeof has === 'string' && typeof to === 'string' && ladder.indexOf(has) >= ladder.indexOf(to) ? has : to
}

/** Each rule's missing papers, and all of them together; the fewest first. */
function papersMissing(code: FactCode, has: FactValue, rules: readonly Rule[]): Raise[] {
  if (code !== 'documents' || typeof has !== 'object') return []
  const asked = rules
    .flatMap((rule) => (rule.kind === 'any_of' ? rule.rules : [rule]))
    .flatMap((rule) => (rule.kind === 'documents' ? [rule.all.filter((paper) => !has.includes(paper))] : []))
    .filter((missing) => missing.length > 0)
  const sets = [...asked, [...new Set(asked.flat())]].map((papers) => papers.toSorted())
  const distinct = new Map(sets.map((papers) => [papers.join(), papers]))
  return [...distinct.values()]
    .filter((papers) => papers.length > 0)
    .toSorted((a, b) => a.length - b.length || (a.join() < b.join() ? -1 : 1))
    .map((to) => ({ fact: code, to }))
}
