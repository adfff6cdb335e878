import { expect, test } from 'vitest'
import { makeRandom } from '#numerics/index.ts'
import { designOf } from './design-matrix.ts'
import { learnLinearEffects, predictLinearEffects, type LinearProblem } from './linear-dr.ts'

/** Effects 1 + x and -2 x, given by shares that move with x, which also moves the outcome. */
function draw(rows: number, seed: number): LinearProblem & { truth: readonly Float64Array[] } {
  const random = makeRandom(seed, 0)
  const x = new Float64Array(rows * 2).fill(1, 0, rows)
  const arm = new Uint8Array(rows)
  const y = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const z = random.normal()
    x[rows + i] = z
    arm[i] = random.uniform() < 1 / (1 + Math.exp(-z)) ? 1 + random.below(2) : 0
    y[i] = 3 * z + [0, 1 + z, -2 * z][arm[i]!]! + random.normal()
  }
  const z = x.subarray(rows)
  return { x, rows, columns: 2, arm, arms: 3, y, isYesNo: false, truth: [z.map((v) => 1 + v), z.map((v) => -2 * v)] }
}

test('finds linear effects, and its intervals hold them, though raw differences mislead', () => {
  let held = 0
  const trials = 30
  for (let seed = 1; seed <= trials; seed++) {
    const problem = draw(1500, seed)
    const effects = learnLinearEffects(problem, 1)
    const { tau, low, high } = predictLinearEffects(effects, problem.x, problem.rows)
    for (const k of [0, 1]) {
      const truth = problem.truth[k]!
      expect(Math.hypot(...tau[k]!.map((value, i) => value - truth[i]!)) / Math.sqrt(problem.rows)).toBeLessThan(0.5)
      held += truth.filter((value, i) => low[k]![i]! <= value && value <= high[k]![i]!).length / problem.rows / 2
    }
  }
  expect(held / trials).toBeGreaterThan(0.85)
  expect(held / trials).toBeLessThanOrEqual(1)
})

test('text becomes indicators, what is missing the mean with a mark, and a column without variation nothing', () => {
  const table = new Map([
    ['a', ['1', '', '3', '2']],
    ['b', ['x', 'y', 'z', 'x']],
    ['c', ['7', '7', '7', '7']],
  ])
  const { train, test: other } = designOf(table, new Map([...table, ['b', ['x', 'new', 'z', 'x']]]), ['a', 'b', 'c'])
  expect(train.columns).toBe(1 + 2 + 2)
  const second = [...Array(train.columns).keys()].map((j) => train.x[j * train.rows + 1]!)
  expect(second[1]).toBeCloseTo(0, 12)
  expect(second[2]).toBeGreaterThan(1)
  expect([...other.x.subarray(0, 4)]).toEqual([1, 1, 1, 1])
  expect(other.x[3 * 4 + 1]).toBe(train.x[3 * 4])
})

test('an arm that nobody took has an answer that is a number', () => {
  const problem = { ...draw(300, 1), arms: 4 }
  const { tau, low } = predictLinearEffects(learnLinearEffects(problem, 1), problem.x, problem.rows)
  expect([...tau[2]!, ...low[2]!].every(Number.isFinite)).toBe(true)
})
