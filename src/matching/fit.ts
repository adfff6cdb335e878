// Practical fit of one service: what speaks for it and what against it, in words and in numbers. Nothing is weighed here: what
// matters more is for the client to say. Pure.

import type { AccessNeed } from '#clients/index.ts'
import type { OpeningToMatch, PlaceToMatch, Position, ServiceToMatch, ServiceType } from '#directory/index.ts'
import { daysBetween, type CalendarDay } from '#platform/dates.ts'
import type { OfferedService } from './catalogue.ts'
import type { Person } from './person.ts'

/** One thing that speaks for or against, or that is not known. `key` is its message under `matching.point.`; values are
 *  codes, numbers and days, put into words by the page. */
export interface Point {
  readonly side: 'for' | 'against' | 'unknown'
  readonly key: string
  readonly values: Readonly<Record<string, string | number>>
}

/** What a client can filter and sort by. Null: not known, or nothing was asked for. */
export interface Measured {
  readonly minutes: number | null
  readonly isOnline: boolean
  /** Days until the next start; never below 0. */
  readonly startsIn: number | null
  /** Median days that people really waited. */
  readonly waitDays: number | null
  readonly placesFree: number | null
  readonly isFree: boolean | null
  /** Given in a language of the client's, or interpreted into it. */
  readonly isInOwnLanguage: boolean | null
  readonly hasEvenings: boolean | null
  readonly hasChildcare: boolean
}

export interface Fit {
  readonly points: readonly Point[]
  readonly measured: Measured
}

// messages: matching.point.*

/** Straight-line kilometres an hour, door to door: in a town by bus or bicycle, with walking and waiting; beyond its
 *  first kilometres by train or car. Rough on purpose: it orders places, it is no timetable. */
const speeds = { near: 12, nearKilometres: 5, beyond: 40 } as const

/** Days until a start that are late. */
const late = 90
/** A wait of more days than this speaks against. */
const longWait = 42
/** Where the client has not said how far they would travel. */
const usualMinutes = 60

/** Which needs (and aims) a type answers. */
const answers: Readonly<Partial<Record<ServiceType, { needs: readonly string[]; aims: readonly string[] }>>> = {
  job_search_support: { needs: ['job_search', 'confidence'], aims: ['job_soon'] },
  language_training: { needs: ['language'], aims: [] },
  vocational_training: { needs: ['skills'], aims: ['training', 'better_job'] },
  basic_skills: { needs: ['skills'], aims: [] },
  digital_skills: { needs: ['digital'], aims: [] },
  bridging: { needs: ['credential'], aims: ['recognised_profession'] },
  work_experience: { needs: ['work_experience'], aims: [] },
  wage_subsidy: { needs: ['work_experience'], aims: ['job_soon'] },
  self_employment_support: { needs: ['self_employment'], aims: ['own_business'] },
  supported_employment: { needs: ['health', 'confidence'], aims: ['job_soon'] },
  mentoring: { needs: ['confidence'], aims: [] },
  counselling: { needs: ['debt', 'housing', 'confidence', 'safety'], aims: [] },
  childcare: { needs: ['childcare'], aims: [] },
  legal_advice: { needs: ['legal', 'documents'], aims: [] },
  health: { needs: ['health'], aims: [] },
  material_help: { needs: ['housing', 'transport', 'debt'], aims: [] },
}

/** Any of these at a place meets the need; a need that is not here is arranged by people, not by the building. */
const meets: Readonly<Partial<Record<AccessNeed, readonly string[]>>> = {
  step_free: ['step_free', 'lift'],
  accessible_toilet: ['toilet'],
  parking_near: ['parking'],
  hearing_loop: ['hearing_loop'],
  sign_language: ['sign_language'],
  large_print: ['large_print'],
  braille: ['braille'],
  quiet_space: ['quiet_room'],
  assistance_animal: ['assistance_dog'],
}

/** Kilometres between two places; the directory's, handed in. */
export type Distance = (a: Position, b: Position) => number

/** Whether what was said of places at this moment is only a hint by now; the directory's rule, in the network's zone. */
export type PlacesOld = (asOf: Date) => boolean

export interface Measures {
  readonly today: CalendarDay
  readonly kilometresBetween: Distance
  readonly arePlacesOld: PlacesOld
}

export interface Surroundings extends Measures {
  /** Locations where childcare is given as well. */
  readonly childcareAt: ReadonlySet<string>
}

/** All points of one service for one person, in the order in which they are told. O(places + openings). */
export function fitOf(
  service: OfferedService,
  person: Person,
  { today, kilometresBetween, arePlacesOld, childcareAt }: Surroundings,
): Fit {
  const nearest = nearestPlace(service.places, person.wishes.position, kilometresBetween)
  const isOnline = service.places.some((place) => place.isOnline)
  const hasChildcare = service.places.some(({ locationId }) => childcareAt.has(locationId))
  const language = languagePoint(service, person)
  return {
    points: [
      ...needPoint(service, person),
      ...placesPoint(service, arePlacesOld),
      ...distancePoint(service, person, nearest),
      ...startPoint(service, today),
      ...waitPoint(service),
      ...language,
      ...accessPoints(service, person, nearest?.place ?? null),
      ...hoursPoint(service, person),
      ...childcarePoint(person, { isOnline, hasChildcare }),
      ...costPoint(service),
    ],
    measured: {
      minutes: nearest?.minutes ?? null,
      isOnline,
      startsIn: service.nextStart === null ? null : notNegative(daysBetween(today, service.nextStart)),
      waitDays: service.wait?.days ?? null,
      placesFree: service.placesFree,
      isFree: service.costCents === null ? null : service.costCents === 0,
      isInOwnLanguage: language[0] ? (language[0].side === 'unknown' ? null : language[0].side === 'for') : null,
      hasEvenings:
        service.openings.length === 0
          ? null
          : service.openings.some((opening) => partsOfDay(opening).includes('evenings')),
      hasChildcare,
    },
  }
}

function notNegative(days: number): number | null {
  return days < 0 ? null : days
}

/** An estimate from the straight line, in steps of five minutes, at least five. */
export function minutesFor(kilometres: number): number {
  const near = Math.min(kilometres, speeds.nearKilometres)
  const hours = near / speeds.near + (kilometres - near) / speeds.beyond
  return Math.max(5, 5 * Math.round((hours * 60) / 5))
}

function point(side: Point['side'], key: string, values: Point['values'] = {}): Point[] {
  return [{ side, key, values }]
}

interface Nearest {
  readonly place: PlaceToMatch
  readonly minutes: number
}

function nearestPlace(
  places: readonly PlaceToMatch[],
  position: Position | null,
  kilometresBetween: Distance,
): Nearest | null {
  if (!position) return null
  let nearest: Nearest | null = null
  let least = Infinity
  for (const place of places) {
    const { latitude, longitude } = place
    if (latitude === null || longitude === null || place.isOnline) continue
    const kilometres = kilometresBetween(position, { latitude, longitude })
    if (kilometres >= least) continue
    least = kilometres
    nearest = { place, minutes: minutesFor(kilometres) }
  }
  return nearest
}

/** Named by the client, they speak for a service; but health is protected, and moves no order. */
const protectedNeeds: readonly string[] = ['health']

/** Whether a kind of service answers a need that the client named, or leads to what they aim for. */
export function answersNeed(serviceType: ServiceType | null, person: Person): boolean {
  const asked = codesIn(person.facts.needs).filter((need) => !protectedNeeds.includes(need))
  return needPoint({ serviceType }, { ...person, facts: { ...person.facts, needs: asked } }).length > 0
}

function needPoint({ serviceType }: Pick<ServiceToMatch, 'serviceType'>, { facts }: Person): Point[] {
  const answered = serviceType ? answers[serviceType] : undefined
  if (!answered) return []
  const need = codesIn(facts.needs).find((code) => answered.needs.includes(code))
  if (need !== undefined) return point('for', 'need', { need })
  const aim = codesIn(facts.aims).find((code) => answered.aims.includes(code))
  return aim === undefined ? [] : point('for', 'aim', { aim })
}

function placesPoint({ placesFree, placesAsOf }: ServiceToMatch, arePlacesOld: PlacesOld): Point[] {
  if (placesFree === null) return point('unknown', 'places_unknown')
  if (placesFree === 0) return point('against', 'places_none')
  const isStale = placesAsOf === null || arePlacesOld(placesAsOf)
  if (isStale) return point('unknown', 'places_old', { places: placesFree })
  return point('for', 'places', { places: placesFree })
}

function distancePoint({ places }: ServiceToMatch, { facts, wishes }: Person, nearest: Nearest | null): Point[] {
  if (places.some((place) => place.isOnline)) return point('for', 'online')
  if (!nearest) return point('unknown', wishes.position ? 'place_unknown' : 'home_unknown')
  const { minutes } = nearest
  const from = wishes.positionOf ?? 'home'
  const willing = facts.minutes_willing_to_travel
  const most = typeof willing === 'number' ? willing : usualMinutes
  if (minutes <= most) return point('for', 'near', { minutes, from })
  return typeof willing === 'number'
    ? point('against', 'farther_than_willing', { minutes, willing, from })
    : point('against', 'far', { minutes, from })
}

function startPoint({ nextStart }: ServiceToMatch, today: CalendarDay): Point[] {
  if (nextStart === null) return []
  const days = daysBetween(today, nextStart)
  if (days < 0) return point('unknown', 'start_past', { day: nextStart })
  if (days > late) return point('against', 'starts_late', { day: nextStart })
  return point('for', 'starts', { day: nextStart })
}

function waitPoint({ wait }: OfferedService): Point[] {
  // That few have been sent yet says nothing of the service.
  if (wait === null) return []
  return point(wait.days > longWait ? 'against' : 'for', 'wait', { days: wait.days, people: wait.people })
}

/** Who asked for childcare can go where there is some, or take part from home. */
function childcarePoint(
  { facts, wishes }: Person,
  { isOnline, hasChildcare }: { readonly isOnline: boolean; readonly hasChildcare: boolean },
): Point[] {
  const isNeeded = wishes.accessNeeds.includes('childcare') || codesIn(facts.needs).includes('childcare')
  if (!isNeeded) return []
  if (hasChildcare) return point('for', 'childcare')
  return isOnline ? [] : point('unknown', 'childcare_unknown')
}

function languagePoint(service: ServiceToMatch, { wishes }: Person): Point[] {
  const [first] = wishes.languages
  if (first === undefined) return []
  const base = (tag: string) => tag.toLowerCase().split('-')[0] ?? tag
  const offered = new Set(service.languages.map(base))
  const shared = wishes.languages.find((tag) => offered.has(base(tag)))
  if (shared !== undefined && !wishes.needsInterpreter) return point('for', 'speaks', { language: shared })
  if (offered.has(base(first))) return point('for', 'speaks', { language: first })
  if (service.hasInterpretation) return point('for', 'interprets', { language: first })
  if (service.languages.length === 0) {
    return wishes.needsInterpreter ? point('unknown', 'language_unknown', { language: first }) : []
  }
  return point('against', 'no_language', { language: first })
}

function accessPoints(service: ServiceToMatch, { wishes }: Person, nearest: PlaceToMatch | null): Point[] {
  const place = nearest ?? service.places[0]
  const isOnline = service.places.some((each) => each.isOnline)
  return wishes.accessNeeds.flatMap((need) => {
    if (need === 'home_or_remote') return isOnline ? point('for', 'remote') : point('against', 'not_remote')
    if (need === 'childcare') return []
    const codes = meets[need]
    if (!codes || !place) return []
    if (codes.some((code) => place.accessibility.includes(code))) return point('for', 'access', { access: need })
    // A place that tells of its access but not of this is likelier without it than one that tells nothing.
    return place.accessibility.length > 0
      ? point('against', 'access_not_named', { access: need })
      : point('unknown', 'access_unknown', { access: need })
  })
}

function hoursPoint({ openings }: ServiceToMatch, { facts }: Person): Point[] {
  const wanted = codesIn(facts.hours_available)
  if (wanted.length === 0) return []
  if (openings.length === 0) return point('unknown', 'hours_unknown')
  const offered = new Set(openings.flatMap(partsOfDay))
  const hours = wanted.find((part) => offered.has(part))
  return hours === undefined ? point('against', 'hours_not_free') : point('for', 'hours', { hours })
}

/** Mornings end at noon, evenings begin at five; Saturday and Sunday are weekends whatever the hour. */
function partsOfDay({ weekdays, opens: start, closes }: OpeningToMatch): string[] {
  const opens = start.slice(0, 5)
  const end = closes <= start ? '24:00' : closes.slice(0, 5)
  const hours = [
    ...(opens < '12:00' ? ['mornings'] : []),
    ...(opens < '17:00' && end > '12:00' ? ['afternoons'] : []),
    ...(end > '17:00' ? ['evenings'] : []),
  ]
  const onWeekdays = weekdays.some((day) => day <= 5) ? hours : []
  return weekdays.some((day) => day >= 6) ? [...onWeekdays, 'weekends'] : onWeekdays
}

function costPoint({ costCents, currency }: ServiceToMatch): Point[] {
  if (costCents === null) return []
  if (costCents === 0) return point('for', 'free')
  return point('against', 'costs', { cents: costCents, currency: currency ?? '' })
}

function codesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((code): code is string => typeof code === 'string') : []
}
