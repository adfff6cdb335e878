// How the directory's codes and numbers read on pages.

import { dayIn, type CalendarDay } from '#platform/dates.ts'
import type { Scene } from '#platform/http/index.ts'
import { arePlacesOld, checkedOn, freshnessOf } from './freshness.ts'
import type { ServiceHours } from './services.store.ts'

type Speaking = Pick<Scene, 't' | 'locale' | 'words' | 'day' | 'today' | 'network'>

// messages: directory.freshness.*
// messages: directory.weekday.*
// messages: directory.week_of_month.*

export interface ShownPlaces {
  readonly text: string
  readonly tone: 'good' | 'wait' | 'stop' | 'none'
  /** Told so long ago that it is only a hint. */
  readonly isOld: boolean
  /** On which day it was told; null when never. */
  readonly asOf: string | null
}

/** `3 places free`, `No places free`, or that nobody has told. */
export function shownPlaces(
  scene: Speaking,
  { placesFree, placesAsOf }: { readonly placesFree: number | null; readonly placesAsOf: Date | null },
): ShownPlaces {
  const told = placesAsOf === null ? null : dayIn(scene.network.timeZone, placesAsOf)
  const asOf = told === null ? null : scene.day(told)
  if (placesFree === null) return { text: scene.t('directory.places.unknown'), tone: 'none', isOld: false, asOf }
  const isOld = arePlacesOld(told, scene.today)
  const tone = placesFree === 0 ? 'stop' : isOld ? 'wait' : 'good'
  return { text: scene.t('directory.places.free', { count: placesFree }), tone, isOld, asOf }
}

interface Checked {
  readonly assuredOn: CalendarDay | null
  readonly sourceChangedOn?: CalendarDay | null
}

/** `Checked on 4 March 2026`, with how far that can be trusted. */
export function shownFreshness(scene: Speaking, { assuredOn, sourceChangedOn = null }: Checked) {
  const day = checkedOn(assuredOn, sourceChangedOn)
  const freshness = freshnessOf(day, scene.today)
  return { freshness, text: scene.t(`directory.freshness.${freshness}`, { day: day === null ? '' : scene.day(day) }) }
}

/** `Monday to Friday 08:00 to 17:00`: runs of three days and more are joined. */
export function shownHours(scene: Speaking, { weekdays, opens, closes, weekOfMonth }: ServiceHours): string {
  const days = runsOf(weekdays).map(([first, last]) =>
    first === last
      ? scene.t(`directory.weekday.${first}`)
      : scene.t('directory.hours.range', {
          from: scene.t(`directory.weekday.${first}`),
          to: scene.t(`directory.weekday.${last}`),
        }),
  )
  const which = days.join(', ')
  const named = weekOfMonth === null ? which : scene.t(`directory.week_of_month.${weekOfMonth}`, { days: which })
  return scene.t('directory.hours.line', { days: named, opens, closes })
}

function runsOf(weekdays: readonly number[]): [number, number][] {
  const runs: [number, number][] = []
  for (const day of weekdays) {
    const last = runs.at(-1)
    if (last && day === last[1] + 1) last[1] = day
    else runs.push([day, day])
  }
  return runs.flatMap(([first, last]): [number, number][] =>
    last - first === 1
      ? [
          [first, first],
          [last, last],
        ]
      : [[first, last]],
  )
}

/** `1.2 km`, in the reader's way of writing numbers. */
export function shownDistance(scene: Speaking, kilometres: number): string {
  const rounded = kilometres < 10 ? Math.round(kilometres * 10) / 10 : Math.round(kilometres)
  return scene.t('directory.distance', { km: rounded })
}
