// How far an entry can be trusted: when it was last checked, and when its places were told.

import { daysBetween, type CalendarDay } from '#platform/dates.ts'

/** `fresh` up to half a year, `ageing` up to a year, `stale` beyond; `unknown` when nobody ever checked. */
export type Freshness = 'fresh' | 'ageing' | 'stale' | 'unknown'

/** Half a year and a year: how often directories of services ask their organisations to confirm an entry. */
const ageingAfter = 182
const staleAfter = 365

/** The latest of the days on which somebody checked or changed the entry. */
export function checkedOn(...days: readonly (CalendarDay | null)[]): CalendarDay | null {
  return (
    days
      .filter((day) => day !== null)
      .sort()
      .at(-1) ?? null
  )
}

export function freshnessOf(checked: CalendarDay | null, today: CalendarDay): Freshness {
  if (checked === null) return 'unknown'
  const age = daysBetween(checked, today)
  return age <= ageingAfter ? 'fresh' : age <= staleAfter ? 'ageing' : 'stale'
}

/** Places change from day to day: what was said of them a month ago is only a hint. */
const placesHoldFor = 30

export function arePlacesOld(asOf: CalendarDay | null, today: CalendarDay): boolean {
  return asOf !== null && daysBetween(asOf, today) > placesHoldFor
}
