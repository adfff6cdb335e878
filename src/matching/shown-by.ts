// How the client's list is looked at: what is filtered and what is sorted by. In the client's hand: it hides and orders what is
// shown, and changes no rank. Pure.

import { z } from 'zod'
import type { RankedService } from './recommend.ts'

/** Filters of yes or no, each a box to tick. */
export const filters = ['near', 'soon', 'places', 'free', 'language', 'evenings', 'online', 'childcare'] as const
export type Filter = (typeof filters)[number]
export const sorts = ['gain', 'travel', 'start', 'wait'] as const
export type Sort = (typeof sorts)[number]

export interface ShownBy {
  readonly only: readonly Filter[]
  readonly sort: Sort
}

export const asRanked: ShownBy = { only: [], sort: 'gain' }

/** From a query: one filter or several; what is none is left out. */
export const shownByShape = z.object({
  only: z
    .union([z.string(), z.array(z.string())])
    .catch([])
    .default([])
    .transform((said) => filters.filter((filter) => [said].flat().includes(filter))),
  sort: z.enum(sorts).catch('gain').default('gain'),
})

export function isAsRanked({ only, sort }: ShownBy): boolean {
  return only.length === 0 && sort === 'gain'
}

/** Days until a start that are soon. */
const soon = 28

/** `near`: no farther than the client would travel, an hour where they did not say. What is not known of a service does not pass
 *  a filter that asks for it. Sorted otherwise than by gain, what is not known stands last, and equals stay as ranked. O(n log n).
 *  willing: minutes that the client would travel; null: not said. */
export function lookAt(
  services: readonly RankedService[],
  { only, sort }: ShownBy,
  willing: number | null,
): readonly RankedService[] {
  const passing = services.filter((service) => only.every((filter) => passes(service, filter, willing)))
  if (sort === 'gain') return passing
  const keys = new Map(passing.map((service) => [service, keyOf(service, sort)]))
  return passing.toSorted((a, b) => {
    const [first, second] = [keys.get(a)!, keys.get(b)!]
    return first === second ? 0 : first - second
  })
}

function passes({ measured, points }: RankedService, filter: Filter, willing: number | null): boolean {
  switch (filter) {
    case 'near':
      return measured.isOnline || (measured.minutes !== null && measured.minutes <= (willing ?? 60))
    case 'soon':
      return measured.startsIn !== null && measured.startsIn <= soon
    case 'places':
      return points.some(({ key }) => key === 'places')
    case 'free':
      return measured.isFree === true
    case 'language':
      return measured.isInOwnLanguage === true
    case 'evenings':
      return measured.hasEvenings === true
    case 'online':
      return measured.isOnline
    case 'childcare':
      return measured.hasChildcare
  }
}

function keyOf({ measured }: RankedService, sort: Exclude<Sort, 'gain'>): number {
  const value =
    sort === 'travel'
      ? measured.isOnline
        ? 0
        : measured.minutes
      : sort === 'start'
        ? measured.startsIn
        : measured.waitDays
  return value ?? Infinity
}
