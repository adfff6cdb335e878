import { expect, test } from 'vitest'
import { nearestInWords } from './nearest-words.page.ts'
import type { Reader } from './words.page.ts'

/** Says keys with their values, so that what is handed to the catalogue can be seen. */
const said = (key: string, values: Readonly<Record<string, string | number>> = {}) =>
  [key, ...Object.values(values)].join(' ')
const reader = {
  t: said,
  locale: 'en',
  network: { locale: 'de-CH' },
  words: { has: () => false, formatted: (text: string) => text, direction: 'ltr' },
  day: String,
  moment: String,
} as unknown as Reader

test('nobody is told of a group that cannot be named', () => {
  expect(nearestInWords([], reader)).toBeNull()
})

test('ranges with one end, two or none wider than a number, steps and levels each have their own words', () => {
  const months = { kind: 'range', feature: 'months_unemployed' } as const
  const sentence = nearestInWords([{ ...months, from: 3, to: 12 }], reader)
  expect(sentence).toContain('evidence.nearest.sentence')
  expect(sentence).toMatch(/nearest\.range directory\.fact\.months_unemployed German 3 12/)
  expect(nearestInWords([{ ...months, from: null, to: 12.4 }], reader)).toMatch(/nearest\.at_most .* 12$/)
  expect(nearestInWords([{ ...months, from: 3, to: null }], reader)).toMatch(/nearest\.at_least .* 3$/)
  expect(nearestInWords([{ ...months, from: 3, to: 3 }], reader)).toMatch(/nearest\.levels .* 3$/)
  const level = { kind: 'steps', feature: 'language_level' } as const
  expect(nearestInWords([{ ...level, from: 'A2', to: 'C1' }], reader)).toMatch(/range_of_steps .*A2.*C1/)
  expect(nearestInWords([{ kind: 'levels', feature: 'driving_licence', levels: ['1'] }], reader)).toMatch(/level\.yes$/)
})
