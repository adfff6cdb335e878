// Services and people for tests, as little said of them as possible.

import { arePlacesOld, kilometresBetween, type PlaceToMatch } from '#directory/index.ts'
import type { Estimate } from '#evidence/index.ts'
import { dayIn, parseDay } from '#platform/dates.ts'
import { newId } from '#platform/ids.ts'
import type { OfferedService } from './catalogue.ts'
import type { Surroundings } from './fit.ts'
import type { Person, Wishes } from './person.ts'

export const today = parseDay('2026-03-04')!

export const measures: Surroundings = {
  today,
  kilometresBetween,
  childcareAt: new Set(),
  arePlacesOld: (asOf) => arePlacesOld(dayIn('Europe/Zurich', asOf), today),
}

export function aService(said: Partial<OfferedService> = {}): OfferedService {
  return {
    id: newId<'service'>(),
    organizationId: newId<'organization'>(),
    organizationName: 'Quay Works',
    name: 'A service',
    serviceType: null,
    languages: [],
    hasInterpretation: false,
    placesFree: null,
    placesAsOf: null,
    nextStart: null,
    costCents: null,
    currency: null,
    assuredOn: null,
    rules: [],
    places: [],
    openings: [],
    wait: null,
    ...said,
  }
}

export function place(said: Partial<PlaceToMatch>): PlaceToMatch {
  const nowhere = { name: null, city: null, latitude: null, longitude: null, isOnline: false, accessibility: [] }
  return { locationId: newId<'location'>(), ...nowhere, ...said }
}

export function aPerson({
  facts = {},
  wishes = {},
}: { facts?: Person['facts']; wishes?: Partial<Wishes> } = {}): Person {
  const none: Wishes = { position: null, positionOf: null, languages: [], needsInterpreter: false, accessNeeds: [] }
  return { facts, wishes: { ...none, ...wishes } }
}

export function anEstimate(type: string, gain: number): Estimate {
  const chanceWithout = 0.4
  const chances = { chanceWith: chanceWithout + gain, chanceWithout, gain, low: gain - 0.08, high: gain + 0.07 }
  return { type, ...chances, similar: 120, similarWithout: 400 }
}
