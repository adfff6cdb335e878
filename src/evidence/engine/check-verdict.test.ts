import { expect, test } from 'vitest'
import { verdictOf } from './check-verdict.ts'

const check = { name: 'differential_prediction', arm: null, se: 0.5 } as const

test('what the data show is shown', () => {
  expect(verdictOf({ ...check, estimate: 1, p: 0.02, passed: true })).toBe('shown')
})

test('what few data cannot show is not contradicted', () => {
  expect(verdictOf({ ...check, estimate: 0.4, p: 0.21, passed: false })).toBe('not_shown')
  expect(verdictOf({ ...check, estimate: -0.4, p: 0.79, passed: false })).toBe('not_shown')
  expect(verdictOf({ ...check, estimate: null, se: null, p: null, passed: false })).toBe('not_shown')
})

test('what the data clearly speak against is contradicted, as is too little overlap', () => {
  expect(verdictOf({ ...check, estimate: -1.2, p: 0.99, passed: false })).toBe('contradicted')
  const overlap = { name: 'overlap', arm: 'course', estimate: 0.2, se: null, p: null, passed: false } as const
  expect(verdictOf(overlap)).toBe('contradicted')
})
