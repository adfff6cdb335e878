import { describe, expect, test } from 'vitest'
import { accessibilityCodes, accessibilityIn } from './accessibility.ts'
import { nameOfLanguage } from '#platform/languages.ts'
import { commonLanguages, languageTag } from './language.ts'
import { openingsOf, timeOfDay, weekdayCode } from './opening.ts'

describe('languages', () => {
  test.each([
    ['Urdu', 'ur'],
    ['ur', 'ur'],
    ['Spanish', 'es'],
    ['spa', 'es'],
    ['Chinese (Mandarin)', 'zh'],
    ['Chinese (Cantonese)', 'yue'],
    ['Cantonese', 'yue'],
    ['Tagalog', 'fil'],
    ['pt-br', 'pt-BR'],
    ['English', 'en'],
    ['Klatchian', null],
    ['xx', null],
    ['', null],
  ])('%s is read as %s', (text, tag) => {
    expect(languageTag(text)).toBe(tag)
  })

  test('every language offered in forms has a name', () => {
    expect(commonLanguages.filter((tag) => nameOfLanguage(tag, 'en') === tag)).toEqual([])
  })
})

describe('accessibility', () => {
  test('is read from the codes of older directories and from sentences', () => {
    expect(accessibilityIn('disabled_parking')).toEqual(['parking'])
    expect(accessibilityIn('The building has induction loops. Wheelchair access on all levels.')).toEqual([
      'step_free',
      'hearing_loop',
    ])
  })

  test('a code of ours, as exports write it, is read as itself', () => {
    for (const code of accessibilityCodes) expect(accessibilityIn(code)).toEqual([code])
  })

  test('is not read out of a sentence that denies it', () => {
    expect(accessibilityIn('There is no lift. The toilet is on the ground floor')).toEqual(['toilet'])
    expect(accessibilityIn('Not wheelchair accessible')).toEqual([])
  })
})

describe('opening hours', () => {
  test.each([
    ['10:00:00', '10:00'],
    ['08:00', '08:00'],
    ['9am', '09:00'],
    ['4:00 PM', '16:00'],
    ['12:30 am', '00:30'],
    ['noon', '12:00'],
    ['17.30', '17:30'],
    ['10:00:00Z', '10:00'],
    ['24:00', '00:00'],
    ['25:00', null],
    ['13pm', null],
    ['9', null],
    ['late', null],
  ])('%s is %s', (text, time) => {
    expect(timeOfDay(text)).toBe(time)
  })

  test('a weekly schedule gives its weekdays in their order', () => {
    const row = {
      freq: 'WEEKLY',
      byday: 'FR,TH',
      opens_at: '10:00',
      closes_at: '18:00',
      interval: '1',
      valid_to: '2026-01-31',
    }
    expect(openingsOf(row)).toEqual([
      { weekdays: [4, 5], opens: '10:00', closes: '18:00', weekOfMonth: null, validFrom: null, validTo: '2026-01-31' },
    ])
  })

  test('the last Friday of a month keeps which Friday it is', () => {
    expect(openingsOf({ freq: 'MONTHLY', byday: '-1FR', opens_at: '9am', closes_at: 'noon' })[0]?.weekOfMonth).toBe(-1)
  })

  test('what comes every second week, or has no hours, promises no weekday', () => {
    expect(openingsOf({ byday: 'MO', interval: '2', opens_at: '9am', closes_at: '5pm' })).toEqual([])
    expect(openingsOf({ byday: 'MO', description: 'Mondays' })).toEqual([])
  })

  test('weekdays are known by their English names', () => {
    expect(['Monday', 'thu', 'Sunday', 'Moonday night', ''].map(weekdayCode)).toEqual(['MO', 'TH', 'SU', null, null])
  })
})
