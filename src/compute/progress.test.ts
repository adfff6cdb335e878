import { expect, test } from 'vitest'
import { countProgress } from './index.ts'

function aClock() {
  const clock = { at: 0, read: () => clock.at }
  return clock
}

test('the rest takes as long as the done did on average', () => {
  const clock = aClock()
  const count = countProgress(10, clock.read)
  clock.at = 2000
  expect(count.advance(4)).toEqual({ done: 4, of: 10, seconds: 2, secondsLeft: 3 })
})

test('nothing is said of the time left before anything is done, or so soon that it means nothing', () => {
  const clock = aClock()
  const count = countProgress(10, clock.read)
  clock.at = 5000
  expect(count.now().secondsLeft).toBeNull()
  clock.at = 0
  const quick = countProgress(10, clock.read)
  clock.at = 5
  expect(quick.advance().secondsLeft).toBeNull()
})

test('work is never more than done', () => {
  const clock = aClock()
  const count = countProgress(3, clock.read)
  clock.at = 1000
  expect(count.advance(5)).toEqual({ done: 3, of: 3, seconds: 1, secondsLeft: 0 })
  expect(countProgress(0, clock.read).now()).toMatchObject({ done: 0, of: 0, secondsLeft: 0 })
  expect(() => countProgress(Number.NaN)).toThrow(RangeError)
})
