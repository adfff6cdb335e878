import { expect, test } from 'vitest'
import { makeRandom } from '#numerics/index.ts'
import { cardShape } from './card.ts'
import { checkAnswers, type CheckedAnswers } from './checks.ts'

const rows = 800
const arms = ['none', 'course', 'talk']
const random = makeRandom(9, 0)
const truth = Float64Array.from({ length: 2 * rows }, () => 0.1 + 0.2 * random.normal())
const effect = truth.map((value) => value + random.normal())
const ofCard = cardShape.pick({ calibration: true, toc: true, checks: true })

function checked(heldOut: Float64Array, more: Partial<CheckedAnswers> = {}) {
  const found = checkAnswers({ rows, arms, effect, heldOut, seed: 3, ...more })
  expect(ofCard.parse(found)).toStrictEqual(found)
  return { ...found, together: found.checks[0]! }
}

test('answers that come true pass: what is found is what was predicted', () => {
  const { calibration, together, checks } = checked(truth)
  expect(calibration.passed).toBe(true)
  expect(together).toMatchObject({ name: 'differential_prediction', arm: null, passed: true })
  expect(Math.abs(together.estimate! - 1)).toBeLessThan(3 * together.se!)
  expect(checks.filter(({ name }) => name === 'rate').map(({ passed }) => passed)).toStrictEqual([true, true])
})

test('answers the wrong way round fail every check', () => {
  const { calibration, together, checks } = checked(truth.map((value) => 0.2 - value))
  expect(calibration.passed).toBe(false)
  expect(together.passed).toBe(false)
  expect(together.estimate).toBeLessThan(0)
  expect(checks.filter(({ name, passed }) => name === 'rate' && passed)).toStrictEqual([])
})

test('answers by chance pass no check of differences', () => {
  const { together } = checked(truth.map(() => 0.1 + 0.2 * random.normal()))
  expect(together.passed).toBe(false)
})

test('differences told three times too large pass as differences, and fail as effects', () => {
  const { calibration, together } = checked(truth.map((value) => 0.1 + 3 * (value - 0.1)))
  expect(together.passed).toBe(true)
  expect(calibration.passed).toBe(false)
})

test.each([0, 0.1])(
  'the same answer for everyone (%s) has no differences to pass by, and no number that is none',
  (value) => {
    const { together, checks, toc } = checked(new Float64Array(2 * rows).fill(value))
    expect(together).toMatchObject({ estimate: null, se: null, p: null, passed: false })
    expect(checks.filter(({ name, passed }) => name !== 'mean_forest_prediction' && passed)).toStrictEqual([])
    expect(toc.map(({ rate }) => rate.estimate)).toStrictEqual([0, 0])
  },
)

test('with two clusters nothing can be told, and the record still holds numbers', () => {
  const cluster = Int32Array.from({ length: rows }, (_, i) => i % 2)
  const { checks } = checked(truth, { cluster })
  expect(checks.filter(({ name, passed }) => name === 'rate' && passed)).toStrictEqual([])
})

test('a service is checked on those who count for it, and on nobody else', () => {
  const among = Float64Array.from({ length: 2 * rows }, (_, at) => Number(at % rows >= 200))
  const reversed = truth.map((value, at) => (among[at] === 0 ? 100 - value : value))
  expect(checked(reversed, { among })).toStrictEqual(checked(truth, { among }))
  expect(checked(reversed).calibration.passed).toBe(false)
})
