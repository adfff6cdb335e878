import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDay } from '#platform/dates.ts'
import type { DueItem } from '#platform/due.ts'
import { dueGroups, orderDay } from './today.ts'

const now = new Date('2026-03-04T10:00:00Z')
const at = { now, today: parseDay('2026-03-04')!, timeZone: 'Europe/Zurich' }
const item = (title: string, due: string, waitsFor: DueItem['waitsFor'] = 'me'): DueItem => ({
  ...{ title, waitsFor, due: new Date(due), href: '/', about: null, wanted: '', tag: null },
})
const titles = (items: readonly DueItem[]) => items.map(({ title }) => title)

test('what is late comes first, then today, this week, later; in each what is due first', () => {
  const day = orderDay(
    [
      item('in a month', '2026-04-04T16:00:00Z'),
      item('this evening', '2026-03-04T16:00:00Z'),
      item('since Monday', '2026-03-02T16:00:00Z'),
      item('on Friday', '2026-03-06T16:00:00Z'),
      item('since last week', '2026-02-26T16:00:00Z'),
    ],
    at,
  )
  expect(day.mine.map(({ group, items }) => [group, titles(items)])).toEqual([
    ['late', ['since last week', 'since Monday']],
    ['today', ['this evening']],
    ['this_week', ['on Friday']],
    ['later', ['in a month']],
  ])
})

test('what waits for others stands apart until it is late; then somebody must ask after it', () => {
  const day = orderDay(
    [item('silent', '2026-03-03T16:00:00Z', 'others'), item('patient', '2026-03-05T16:00:00Z', 'others')],
    at,
  )
  expect(day.mine.flatMap(({ items }) => titles(items))).toEqual(['silent'])
  expect(titles(day.others)).toEqual(['patient'])
})

test('nothing is lost and nothing stands twice', () => {
  const any = fc.array(
    fc.record({
      due: fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
      waitsFor: fc.constantFrom('me' as const, 'others' as const),
    }),
  )
  fc.assert(
    fc.property(any, (list) => {
      const items = list.map((each, index) => ({ ...item(String(index), '2026-01-01'), ...each }))
      const day = orderDay(items, at)
      const all = [...day.mine.flatMap(({ items: some }) => some), ...day.others]
      expect(titles(all).sort()).toEqual(titles(items).sort())
      const order = day.mine.map(({ group }) => dueGroups.indexOf(group))
      expect(order).toEqual(order.toSorted((a, b) => a - b))
    }),
  )
})
