import { expect, test } from 'vitest'
import { aCard } from './engine/card.factory.ts'
import { resultsIn } from './provider-results.ts'

const about = (estimate: number, half: number) => ({
  estimate,
  se: half / 1.96,
  low: estimate - half,
  high: estimate + half,
})
const type = { arm: 'language_training', ...about(0.1, 0.03) }

test('a provider’s effect is taken apart into the type’s and its own difference, and so are their doubts', () => {
  const providers = [{ arm: type.arm, provider: 'A school', rows: 40, raw: 0.2, ...about(0.12, 0.05) }]
  const [result] = resultsIn(aCard({ treated: [type], providers }))
  expect(result).toMatchObject({ provider: 'A school', clients: 40 })
  expect(result!.difference).toBeCloseTo(0.02)
  expect(Math.hypot(result!.high - result!.difference, 0.03)).toBeCloseTo(0.05)
})

test('a provider of which nothing but the type is known differs by nothing', () => {
  const providers = [{ arm: type.arm, provider: 'New', rows: 2, raw: null, ...about(0.1, 0.03) }]
  expect(resultsIn(aCard({ treated: [type], providers }))).toMatchObject([{ difference: 0, low: 0, high: 0 }])
})

test('of a type without a figure nothing is said', () => {
  const providers = [{ arm: type.arm, provider: 'A school', rows: 40, raw: null, ...about(0.1, 0.1) }]
  expect(resultsIn(aCard({ treated: [], providers }))).toEqual([])
})
