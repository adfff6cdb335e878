import { expect, test } from 'vitest'
import { parseTimeOfDay } from './time-of-day.ts'

test.each([
  ['9', '09:00'],
  ['9:30', '09:30'],
  [' 9.30 ', '09:30'],
  ['930', '09:30'],
  ['1415', '14:15'],
  ['14h15', '14:15'],
  ['2pm', '14:00'],
  ['2:15 PM', '14:15'],
  ['12 am', '00:00'],
  ['12pm', '12:00'],
])('%s is %s', (typed, time) => expect(parseTimeOfDay(typed)).toBe(time))

test.each(['', 'noon', '25', '9:75', '13pm', '0am', '9:3', '12345'])('%s is no time', (typed) => {
  expect(parseTimeOfDay(typed)).toBeNull()
})
