import { expect, test } from 'vitest'
import { tellProgress } from './long-work.ts'

function told() {
  const lines: string[] = []
  const clock = { at: 0 }
  const tell = tellProgress({ progress: (words) => lines.push(words) }, 'Learning', () => clock.at)
  return { lines, clock, tell }
}

test('short work says nothing', () => {
  const { lines, clock, tell } = told()
  for (const at of [0, 500, 1900]) {
    clock.at = at
    tell(at, 2000)
  }
  expect(lines).toEqual([])
})

test('work that lasts says how far it is every two seconds, and the time left', () => {
  const { lines, clock, tell } = told()
  for (const at of [2000, 2500, 3900, 4000, 5000]) {
    clock.at = at
    tell(at, 40_000)
  }
  expect(lines).toEqual(['Learning: 5 %, about 38 seconds left', 'Learning: 10 %, about 36 seconds left'])
})

test('long times are said in minutes and hours, and nothing while nothing is done', () => {
  const { lines, clock, tell } = told()
  for (const [at, done] of [
    [10_000, 0],
    [20_000, 100],
    [40_000, 2],
    [60_000, 999.9],
  ] as const) {
    clock.at = at
    tell(done, 1000)
  }
  expect(lines).toEqual([
    'Learning: 0 %',
    'Learning: 10 %, about 3 minutes left',
    'Learning: 0 %, about 6 hours left',
    'Learning: 99 %, almost done',
  ])
})
