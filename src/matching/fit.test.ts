import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kilometresBetween } from '#directory/index.ts'
import { fitOf, minutesFor } from './fit.ts'
import type { today } from './matching.factory.ts'
import { aPerson, aService, measures, place } from './matching.factory.ts'

const fit = (service = aService(), person = aPerson()) => fitOf(service, person, measures)
const keys = (service = aService(), person = aPerson()) =>
  fit(service, person).points.map(({ side, key }) => `${side} ${key}`)

describe('distance', () => {
  const home = { latitude: 46.95, longitude: 7.45 }
  const at = (latitude: number) => aService({ places: [place({ latitude, longitude: 7.45 })] })

  test('is a straight line turned into minutes: five kilometres at twelve an hour, the rest at forty, in steps of five', () => {
    expect(minutesFor(25)).toBe(55)
    expect(minutesFor(0.1)).toBe(5)
    expect(minutesFor(4.4)).toBe(20)
    expect(kilometresBetween(home, { latitude: 47.95, longitude: 7.45 })).toBeCloseTo(111.2, 0)
  })

  test('speaks for a service within what the client would travel, against one beyond it', () => {
    const person = aPerson({ facts: { minutes_willing_to_travel: 30 }, wishes: { position: home, positionOf: 'home' } })
    expect(keys(at(46.96), person)).toContain('for near')
    expect(keys(at(47.2), person)).toContain('against farther_than_willing')
  })

  test('is an hour at most where the client has not said', () => {
    const person = aPerson({ wishes: { position: home, positionOf: 'site' } })
    expect(keys(at(47.0), person)).toContain('for near')
    const far = fit(at(47.5), person).points.find(({ key }) => key === 'far')
    expect(far?.values['from']).toBe('site')
  })

  test('to the nearest of several places counts', () => {
    const person = aPerson({ wishes: { position: home, positionOf: 'home' } })
    const service = aService({
      places: [place({ latitude: 48, longitude: 7 }), place({ latitude: 46.951, longitude: 7.451 })],
    })
    expect(fit(service, person).points.find(({ key }) => key === 'near')?.values['minutes']).toBe(5)
  })

  test('is not known without a home on the map, and does not matter online', () => {
    expect(keys(at(46.96), aPerson())).toContain('unknown home_unknown')
    expect(keys(aService({ places: [place({ isOnline: true })] }))).toContain('for online')
  })
})

describe('places', () => {
  test('free ones speak for it, none against it, an old report is not known', () => {
    expect(keys(aService({ placesFree: 3, placesAsOf: new Date('2026-03-01') }))).toContain('for places')
    expect(keys(aService({ placesFree: 0, placesAsOf: null }))).toContain('against places_none')
    expect(keys(aService({ placesFree: 3, placesAsOf: new Date('2025-06-01') }))).toContain('unknown places_old')
    // As on the service's page: a month, counted in days of the network's zone.
    const told = (asOf: string) => aService({ placesFree: 3, placesAsOf: new Date(asOf) })
    expect(keys(told('2026-02-01T23:30:00Z'))).toContain('for places')
    expect(keys(told('2026-02-01T22:30:00Z'))).toContain('unknown places_old')
    expect(keys(aService({ placesFree: null }))).toContain('unknown places_unknown')
  })
})

describe('start', () => {
  test('within three months speaks for it, and later against it', () => {
    const starting = (nextStart: string) => aService({ nextStart: nextStart as typeof today })
    expect(keys(starting('2026-03-20'))).toContain('for starts')
    expect(keys(starting('2026-05-01'))).toContain('for starts')
    expect(keys(starting('2026-08-01'))).toContain('against starts_late')
    expect(keys(starting('2026-01-01'))).toContain('unknown start_past')
  })
})

describe('language', () => {
  const speaks = (...languages: string[]) => aService({ languages })
  const person = aPerson({ wishes: { languages: ['ti', 'en'] } })

  test('any language that the client takes part in will do, unless an interpreter is needed', () => {
    expect(keys(speaks('en-GB', 'fr'), person)).toContain('for speaks')
    expect(keys(speaks('fr'), person)).toContain('against no_language')
    const needing = aPerson({ wishes: { languages: ['ti', 'en'], needsInterpreter: true } })
    expect(keys(speaks('en'), needing)).toContain('against no_language')
    expect(keys({ ...speaks('en'), hasInterpretation: true }, needing)).toContain('for interprets')
    expect(keys(speaks(), needing)).toContain('unknown language_unknown')
  })
})

describe('access', () => {
  const needing = aPerson({ wishes: { accessNeeds: ['step_free', 'quiet_space', 'short_meetings'] } })

  test('a need is met, not named among what the place tells, or not known; what a building cannot give is left to people', () => {
    expect(keys(aService({ places: [place({ accessibility: ['lift'] })] }), needing)).toEqual(
      expect.arrayContaining(['for access', 'against access_not_named']),
    )
    expect(
      keys(aService({ places: [place({})] }), needing).filter((key) => key === 'unknown access_unknown'),
    ).toHaveLength(2)
  })

  test('who needs help at home or by video is told where there is none', () => {
    const atHome = aPerson({ wishes: { accessNeeds: ['home_or_remote'] } })
    expect(keys(aService(), atHome)).toContain('against not_remote')
    expect(keys(aService({ places: [place({ isOnline: true })] }), atHome)).toContain('for remote')
  })
})

describe('hours', () => {
  const evenings = aPerson({ facts: { hours_available: ['evenings'] } })
  const open = (opens: string, closes: string, weekdays = [1]) => aService({ openings: [{ weekdays, opens, closes }] })

  test('mornings end at noon, evenings begin at five, weekends are days', () => {
    expect(keys(open('09:00:00', '17:00:00'), evenings)).toContain('against hours_not_free')
    expect(keys(open('16:00:00', '19:00:00'), evenings)).toContain('for hours')
    expect(keys(open('22:00:00', '02:00:00'), evenings)).toContain('for hours')
    const weekends = aPerson({ facts: { hours_available: ['weekends'] } })
    expect(keys(open('09:00:00', '12:00:00', [6]), weekends)).toContain('for hours')
    expect(keys(aService(), evenings)).toContain('unknown hours_unknown')
  })
})

test('a need that the kind of service answers speaks for it, an aim where no need does', () => {
  const service = aService({ serviceType: 'language_training' })
  expect(keys(service, aPerson({ facts: { needs: ['language'] } }))).toContain('for need')
  const business = aService({ serviceType: 'self_employment_support' })
  expect(keys(business, aPerson({ facts: { aims: ['own_business'] } }))).toContain('for aim')
})

test('what it costs is told in cents of its own money', () => {
  expect(fit(aService({ costCents: 4500, currency: 'CHF' })).points.find(({ key }) => key === 'costs')?.values).toEqual(
    {
      cents: 4500,
      currency: 'CHF',
    },
  )
})

test('flip test: no protected fact moves the fit', () => {
  fc.assert(
    fc.property(
      fc.nat(100),
      fc.constantFrom('female', 'male', 'other'),
      fc.boolean(),
      fc.boolean(),
      (age, sex, abroad, disabled) => {
        const facts = { needs: ['language'], minutes_willing_to_travel: 20 }
        const flipped = { ...facts, age, sex, born_abroad: abroad, disability: disabled }
        const service = aService({ placesFree: 1, placesAsOf: new Date('2026-03-01'), languages: ['de'] })
        expect(fit(service, aPerson({ facts: flipped }))).toEqual(fit(service, aPerson({ facts })))
      },
    ),
  )
})
