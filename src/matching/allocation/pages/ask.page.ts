// The way into a what-if: which kind of service, how many places, who is in question; and what was compared and proposed before.

import { serviceTypeKey, serviceTypes, type ServiceType } from '#directory/index.ts'
import { textOf, type FieldProblem, type FormBody, type Scene } from '#platform/http/index.ts'
import type { ServiceId } from '#platform/ids.ts'
import type { Allocation, Proposal } from '../allocations.store.ts'

// messages: matching.allocation.rule.*
// messages: matching.allocation.state.*
// messages: matching.allocation.aversion.*

/** How much more a gain counts for somebody with half the chance: at 1 twice, at 2 four times. */
export const aversions = [0.5, 1, 2, 4] as const

export interface ServiceToAsk {
  readonly id: ServiceId
  readonly name: string
  readonly organizationName: string
  readonly placesFree: number | null
}

export function allocationsPage(
  scene: Scene,
  {
    allocations,
    proposals,
    managesAny,
  }: { allocations: readonly Allocation[]; proposals: readonly Proposal[]; managesAny: boolean },
) {
  return {
    title: scene.t('matching.allocation.title'),
    managesAny,
    types: serviceTypes.map((type) => ({ value: type, text: scene.t(serviceTypeKey(type)) })),
    proposals: proposals.map(({ id, name, rule, madeAt }) => ({
      href: `/insights/allocation/proposals/${id}`,
      name,
      rule: scene.t(`matching.allocation.rule.${rule}`),
      made: scene.moment(madeAt),
    })),
    allocations: allocations.map(({ id, madeAt, question, state }) => ({
      href: `/insights/allocation/${id}`,
      made: scene.moment(madeAt),
      services: question.services.map(({ name }) => name).join(', '),
      places: scene.t('matching.allocation.places_count', { places: sumOf(question) }),
      state: scene.t(`matching.allocation.state.${state}`),
    })),
  }
}

export function askPage(
  scene: Scene,
  {
    type,
    services,
    body,
    problems,
  }: {
    type: ServiceType
    services: readonly ServiceToAsk[]
    body: FormBody
    problems: readonly FieldProblem[]
  },
) {
  const isTyped = Object.keys(body).length > 0
  const shown = scene.problems(problems)
  const chosen = textOf(body, 'aversion') || '1'
  return {
    title: scene.t('matching.allocation.ask_title', { type: scene.t(serviceTypeKey(type)) }),
    type,
    problems: shown,
    onlyChosen: textOf(body, 'onlyChosen') !== '',
    services: services.map(({ id, name, organizationName, placesFree }) => ({
      ...{ name, organization: organizationName },
      field: `places-${id}`,
      places: isTyped ? textOf(body, `places-${id}`) : placesFree === null ? '' : String(placesFree),
      said: placesFree === null ? scene.t('matching.allocation.places_unknown') : null,
      problem: shown.byField[`places-${id}`] ?? null,
    })),
    aversions: aversions.map((each) => ({
      value: String(each),
      text: scene.t(`matching.allocation.aversion.${String(each).replace('.', '_')}`),
      checked: String(each) === chosen,
    })),
  }
}

export function sumOf({ services }: Pick<Allocation['question'], 'services'>): number {
  return services.reduce((sum, { places }) => sum + places, 0)
}
