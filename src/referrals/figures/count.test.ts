import { describe, expect, test } from 'vitest'
import { parseDay } from '#platform/dates.ts'
import { ageBand, breakdowns, countFigures, workingDaysOn, type Breakdown, type Counted, type Figure } from './count.ts'

const months = ['2026-01', '2026-02', '2026-03']
const values = Object.fromEntries(breakdowns.map((breakdown) => [breakdown, 'all'])) as Record<Breakdown, string>
const people = (count: number, partner: string, month = '2026-03', category = 'answered'): Counted[] =>
  Array.from({ length: count }, () => ({
    ...{ month, values: { ...values, partner }, categories: { answer: category } },
    stays: [{ step: 'sent', days: 3, isOver: true }],
  }))
const find = (figures: readonly Figure[], wanted: Partial<Figure>) =>
  figures.find((figure) => Object.entries(wanted).every(([key, value]) => figure[key as keyof Figure] === value))

describe('rare values', () => {
  // Twenty partners with three referrals each, and one with thirty.
  const many = [...Array(20).keys()].flatMap((n) => people(3, `small ${n}`))
  const figures = countFigures([...many, ...people(30, 'large')], months, 5)

  test('are counted together, so that everyone’s totals need not be hidden for them', () => {
    expect(find(figures, { breakdown: 'everyone', month: null, category: 'answered' })).toMatchObject({ numerator: 90 })
    expect(find(figures, { breakdown: 'partner', value: 'large', category: 'answered' })).toMatchObject({
      numerator: 30,
    })
    expect(
      figures
        .filter(({ value }) => value?.startsWith('small'))
        .map(({ measure, category }) => `${measure} ${category}`),
    ).toEqual(Array(20).fill('note rare'))
  })

  test('a rest that is too small itself takes the next value in', () => {
    const two = countFigures([...people(30, 'large'), ...people(12, 'next'), ...people(2, 'small')], months, 5)
    expect(find(two, { value: 'next', measure: 'note' })).toMatchObject({ category: 'rare' })
    expect(find(two, { value: 'large', category: 'answered' })).toMatchObject({ numerator: 30 })
  })

  test('month by month stands only what has enough in a month', () => {
    expect(find(figures, { value: 'large', measure: 'note' })).toMatchObject({ category: 'no_months' })
    const dense = countFigures([...people(100, 'large'), ...people(90, 'other')], months, 5)
    expect(find(dense, { value: 'large', month: '2026-03', category: 'answered' })).toMatchObject({ numerator: 100 })
  })
})

test('each figure stands once, and no small count is among them', () => {
  const figures = countFigures(
    [...people(33, 'a'), ...people(4, 'a', '2026-02', 'expired'), ...people(40, 'b')],
    months,
    5,
  )
  const names = figures.map(({ measure, category, month, breakdown, value }) =>
    [measure, category, month, breakdown, value].join(),
  )
  expect(new Set(names).size).toBe(names.length)
  expect(figures.filter(({ numerator }) => numerator !== null && numerator > 0 && numerator < 5)).toEqual([])
  expect(find(figures, { breakdown: 'everyone', month: null, category: 'expired' })).toMatchObject({ numerator: null })
})

test('working days are counted after the first day, weekends and holidays aside', () => {
  const day = (text: string) => parseDay(text)!
  const count = workingDaysOn(day('2026-03-01'), day('2026-03-31'), new Set([day('2026-03-10')]))
  expect(count(day('2026-03-06'), day('2026-03-06'))).toBe(0)
  expect(count(day('2026-03-06'), day('2026-03-09'))).toBe(1)
  expect(count(day('2026-03-06'), day('2026-03-11'))).toBe(2)
  expect(count(day('2026-03-11'), day('2026-03-06'))).toBe(0)
})

test('bands of age', () => {
  expect([null, 24, 25, 44, 55].map(ageBand)).toEqual(['unknown', 'under_25', '25_34', '35_44', '55_and_over'])
})
