// Before learning: what each service costs and how many can have it, which the rule to read aloud and the dial keep to.

import { serviceTypes } from '#directory/index.ts'
import {
  textOf,
  type FieldProblem,
  type FormBody,
  type PageModel,
  type Scene,
  type ShownProblems,
} from '#platform/http/index.ts'
import type { Term } from '../policy/terms.ts'
import { armInWords, type Reader } from './words.page.ts'

/** What people say is of a hundred; what is kept, a share. */
const hundred = 100

/** Fields that say these terms again. */
export function termFields(terms: readonly Term[]): readonly { readonly name: string; readonly value: string }[] {
  return terms.flatMap(({ arm, cost, capacity }) => [
    { name: `cost-${arm}`, value: cost === 0 ? '' : ofHundred(cost) },
    { name: `places-${arm}`, value: capacity === null ? '' : ofHundred(capacity) },
  ])
}

/** An empty field says nothing; a service of which nothing is said has no term. */
export function readTermsForm(
  body: FormBody,
  reader: Reader,
): {
  readonly terms: readonly Term[]
  readonly problems: readonly FieldProblem[]
} {
  const problems: FieldProblem[] = []
  const numberIn = (field: string, key: string, arm: string): number | null => {
    const typed = textOf(body, field).trim().replace(',', '.')
    if (typed === '') return null
    const value = Number(typed)
    if (Number.isFinite(value) && value >= 0 && value <= hundred) return value / hundred
    problems.push({ field, key, values: { service: armInWords(arm, reader) } })
    return null
  }
  const terms = serviceTypes.flatMap((arm): Term[] => {
    const cost = numberIn(`cost-${arm}`, 'evidence.problem.cost', arm)
    const capacity = numberIn(`places-${arm}`, 'evidence.problem.places', arm)
    return (cost ?? 0) === 0 && capacity === null ? [] : [{ arm, cost: cost ?? 0, capacity }]
  })
  return { terms, problems }
}

export interface ShownLearn {
  /** Services that were learned of last: they come first. */
  readonly arms: readonly string[]
  readonly terms?: readonly Term[]
  /** What was typed, when it is asked again. */
  readonly body?: FormBody
  readonly problems?: ShownProblems
}

export function learnPage(scene: Scene, { arms, terms = [], body, problems }: ShownLearn): PageModel {
  const said = new Map(termFields(terms).map(({ name, value }) => [name, value]))
  const field = (name: string, label: string) => ({
    ...{ name, label, value: body ? textOf(body, name) : (said.get(name) ?? '') },
    problem: problems?.byField[name] ?? null,
  })
  const rows = serviceTypes.map((arm) => {
    const service = armInWords(arm, scene)
    return {
      ...{ arm, service },
      cost: field(`cost-${arm}`, scene.t('evidence.terms.cost_of', { service })),
      places: field(`places-${arm}`, scene.t('evidence.terms.places_of', { service })),
    }
  })
  const isFirst = ({ arm }: { readonly arm: string }) => arms.length === 0 || arms.includes(arm)
  const others = rows.filter((row) => !isFirst(row))
  return {
    title: scene.t('evidence.terms.title'),
    rows: rows.filter(isFirst),
    others,
    areOthersOpen: others.some(({ cost, places }) => cost.value !== '' || places.value !== ''),
    problems,
  }
}

/** `3`, `12.5`: as a person types it. */
function ofHundred(share: number): string {
  return String(Number((share * hundred).toFixed(6)))
}
