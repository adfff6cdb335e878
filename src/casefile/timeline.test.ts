import { expect, it } from 'vitest'
import { joinTimelines } from './timeline.ts'

const item = (text: string, minute: number) => ({
  text,
  at: new Date(Date.UTC(2026, 2, 2, 9, minute)),
  by: null,
  href: null,
})

it('the timelines of all features become one, the latest first, cut at what a page shows', () => {
  const own = [item('note', 5), item('registered', 0)]
  const referrals = [item('accepted', 7), item('sent', 5)]
  expect(joinTimelines([own, referrals], 3).map(({ text }) => text)).toEqual(['accepted', 'note', 'sent'])
})
