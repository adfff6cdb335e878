import { expect, test } from 'vitest'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import { newId } from '#platform/ids.ts'
import { followUpDay, isOpen, mayUndo } from './informal.ts'

const day = (text: string): CalendarDay => parseDay(text)!
const teller = newId<'staff'>()
const told = { toldBy: teller, toldAt: new Date('2026-03-02T09:00:00Z'), outcome: null, referralId: null }

test('Today asks two weeks later, on a working day', () => {
  expect(followUpDay(day('2026-03-02'), new Set())).toBe('2026-03-16')
  expect(followUpDay(day('2026-03-07'), new Set())).toBe('2026-03-23')
  expect(followUpDay(day('2026-03-02'), new Set([day('2026-03-16')]))).toBe('2026-03-17')
})

test('who noted it may take it back for half an hour, and nobody else', () => {
  expect(mayUndo(told, teller, new Date('2026-03-02T09:29:00Z'))).toBe(true)
  expect(mayUndo(told, teller, new Date('2026-03-02T09:30:00Z'))).toBe(false)
  expect(mayUndo(told, newId<'staff'>(), told.toldAt)).toBe(false)
})

test('what something has come of is not taken back', () => {
  expect(mayUndo({ ...told, outcome: 'went' }, teller, told.toldAt)).toBe(false)
  expect(mayUndo({ ...told, referralId: newId<'referral'>() }, teller, told.toldAt)).toBe(false)
})

test('it is open until an answer is known or a formal referral came after it', () => {
  expect(isOpen(told)).toBe(true)
  expect(isOpen({ outcome: 'not_known', referralId: null })).toBe(false)
  expect(isOpen({ outcome: null, referralId: newId<'referral'>() })).toBe(false)
})
