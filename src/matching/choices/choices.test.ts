import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { choiceReasons } from '../choice.ts'
import { countChoices, rareReasons, sidesOf, type CountedChoice } from './choices.ts'

const choice = fc.record<CountedChoice>({
  month: fc.constantFrom('2026-08', '2026-09', '2026-10'),
  siteId: fc.constantFrom('north', 'south', 'outreach'),
  serviceType: fc.constantFrom('mentoring', 'language_training', 'unknown'),
  reason: fc.option(fc.constantFrom(...choiceReasons), { nil: null }),
  adviser: fc.constantFrom('a', 'b', 'c', 'd'),
})

const many = (count: number, said: Partial<CountedChoice> = {}): CountedChoice[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ month: '2026-10', siteId: 'north', serviceType: 'mentoring', reason: null },
    adviser: ['a', 'b', 'c'][n % 3]!,
    ...said,
  }))

describe('figures of choices', () => {
  test('none where fewer than three advisers chose, however often', () => {
    expect(countChoices(many(100).map((each) => ({ ...each, adviser: 'a' })))).toEqual([])
  })

  test('name no adviser', () => {
    const figures = countChoices([...many(30, { adviser: 'adviser-7' }), ...many(30)])
    expect(JSON.stringify(figures)).not.toContain('adviser-7')
  })

  test('a site where two advisers chose does not stand by itself', () => {
    const figures = countChoices([
      ...many(30),
      ...many(30, { siteId: 'south' }).map((each, n) => ({ ...each, adviser: n % 2 ? 'a' : 'b' })),
    ])
    expect(figures.filter(({ breakdown }) => breakdown === 'site').map(({ value }) => value)).not.toContain('south')
  })

  test('count who took the first and who another, with the reasons', () => {
    const figures = countChoices([...many(20), ...many(12, { reason: 'too_far' })])
    const of = (measure: string, category: string) =>
      figures.find(
        (each) =>
          each.breakdown === 'everyone' &&
          each.month === null &&
          each.measure === measure &&
          each.category === category,
      )?.count
    expect([of('taken', 'first'), of('taken', 'another'), of('taken', 'total')]).toEqual([20, 12, 32])
    expect([of('reason', 'too_far'), of('reason', 'no_places')]).toEqual([12, undefined])
  })

  test('tell reasons that are too rare as one', () => {
    const rare = [...many(3, { reason: 'too_far' }), ...many(3, { reason: 'no_places' })]
    const reasons = countChoices([...many(30), ...many(9, { reason: 'client_prefers' }), ...rare])
      .filter(
        ({ measure, breakdown, category }) => measure === 'reason' && breakdown === 'everyone' && category !== 'total',
      )
      .map(({ category, count }) => [category, count])
    expect(reasons).toEqual([
      ['client_prefers', 9],
      [rareReasons, 6],
    ])
  })

  test('show the whole before its parts: where small parts would hide it, they go', () => {
    fc.assert(
      fc.property(fc.array(choice, { minLength: 40, maxLength: 120 }), (choices) => {
        const whole = countChoices(choices).filter(
          ({ measure, month, value }) => measure === 'taken' && month === null && value === null,
        )
        const first = choices.filter(({ reason }) => reason === null).length
        const isTellable = [first, choices.length - first].every((count) => count === 0 || count >= 5)
        // Where few went one of the two ways, how many there were stands all the same.
        for (const { category, count } of whole) if (isTellable || category === 'total') expect(count).not.toBeNull()
      }),
      { numRuns: 60 },
    )
  })

  test('show no count from one to four', () => {
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 120 }), (choices) => {
        for (const { count } of countChoices(choices)) if (count !== null) expect(count === 0 || count >= 5).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('are the same in whatever order choices come', () => {
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 60 }), (choices) => {
        expect(countChoices(choices.toReversed())).toEqual(countChoices(choices))
      }),
      { numRuns: 30 },
    )
  })
})

test('who completed has come and was referred; who was not heard of is neither working nor not', () => {
  const { first, another } = sidesOf([
    { tookFirst: true, stage: 'completed', isWorking: true },
    { tookFirst: true, stage: 'referred', isWorking: null },
    { tookFirst: false, stage: 'not_referred', isWorking: false },
  ])
  expect(first).toEqual({ choices: 2, referred: 2, attended: 1, completed: 1, heard: 1, working: 1 })
  expect(another).toEqual({ choices: 1, referred: 0, attended: 0, completed: 0, heard: 1, working: 0 })
})
