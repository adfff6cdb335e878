import { expect, test } from 'vitest'
import { monthsSince } from './sections.ts'

const months = ['2026-04', '2026-03', '2026-02', '2026-01']
const figure = (month: string | null, numerator: number | null) => ({ month, numerator })

test('months before the first referral are left out; an empty one after it stays', () => {
  const figures = [
    figure(null, 9),
    figure('2026-04', 0),
    figure('2026-03', 9),
    figure('2026-02', 0),
    figure('2026-01', 0),
  ]
  expect(monthsSince(figures, months)).toEqual(['2026-04', '2026-03'])
})

test('a month of which all is hidden had referrals, and stays', () => {
  expect(monthsSince([figure('2026-03', 9), figure('2026-02', null)], months)).toEqual([
    '2026-04',
    '2026-03',
    '2026-02',
  ])
})

test('of nothing at all there are no months', () => {
  expect(monthsSince([], months)).toEqual([])
})
