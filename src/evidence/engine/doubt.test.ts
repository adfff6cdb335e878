import { describe, expect, test } from 'vitest'
import { fitBayesRidge, type BayesRidge } from '#numerics/index.ts'
import { drawDistances, misfitOf, stretchOf, type DoubtProblem } from './doubt.ts'
import { drawTable } from './learning-table.factory.ts'
import { prepare } from './prepared.ts'
import { groundRidge, momentsWithout, ridgeRules, type RidgeRule } from './ridge-member.ts'

/** Distances of which 5 % lie beyond 1.96 times `factor`, evenly spread: people × effects. */
function distancesOf(people: number, factors: readonly number[]): Float64Array {
  return Float64Array.from({ length: people * factors.length }, (_, at) => {
    const [k, i] = [Math.floor(at / people), at % people]
    return ((i % 2 === 0 ? 1 : -1) * factors[k]! * 1.959964 * i) / (0.95 * people)
  })
}

describe('how far an interval is stretched', () => {
  const everyone = new Uint8Array(400).fill(1)

  test('until 95 of 100 distances lie within, each service for itself', () => {
    const [first, second] = stretchOf([distancesOf(200, [1, 2.5])], everyone, 200)
    expect(first).toBeCloseTo(1, 12)
    expect(second).toBeCloseTo(2.5, 12)
  })

  test('all drawings count together', () => {
    const both = stretchOf([distancesOf(200, [1, 1]), distancesOf(200, [3, 1])], everyone, 200)
    expect(both[0]).toBeGreaterThan(2)
    expect(both[0]).toBeLessThan(3)
    expect(both[1]).toBeCloseTo(1, 2)
  })

  test('those whom nobody is like do not count', () => {
    const distances = distancesOf(200, [1, 1])
    const isCounted = everyone.slice()
    for (let i = 100; i < 200; i++) {
      isCounted[i] = 0
      distances[i] = 1000
    }
    expect(stretchOf([distances], isCounted, 200)[0]).toBeLessThan(1)
    expect(stretchOf([distances], everyone, 200)[0]).toBeGreaterThan(100)
  })

  test('with fewer than twenty people to try it on, the posterior is left as it is', () => {
    const few = new Uint8Array(19).fill(1)
    expect([...stretchOf([distancesOf(19, [7])], few, 19)]).toStrictEqual([1])
    expect(stretchOf([distancesOf(20, [7])], new Uint8Array(20).fill(1), 20)[0]).toBeGreaterThan(5)
  })

  test('a distance that is no number counts for nothing', () => {
    const distances = distancesOf(400, [1])
    distances[0] = NaN
    expect(stretchOf([distances], everyone, 400)[0]).toBeCloseTo(1, 2)
  })
})

describe('what held-out groups miss beyond chance', () => {
  const groups = (miss: number, se = 0.02) =>
    Array.from({ length: 10 }, (_, i) => ({ predicted: 0.1, estimate: 0.1 + (i % 2 ? miss : -miss), se }))

  test('is nought where groups find what was predicted, and where they miss as chance does', () => {
    expect(misfitOf(groups(0))).toBe(0)
    expect(misfitOf(groups(0.02))).toBe(0)
  })

  test('is about the square of the miss where they miss by much more', () => {
    const misfit = misfitOf(groups(0.2))
    expect(misfit).toBeGreaterThan(0.8 * 0.2 ** 2)
    expect(misfit).toBeLessThan(0.2 ** 2)
  })

  test('goes with the square of the units', () => {
    const cents = groups(0.2).map(({ predicted, estimate, se }) => {
      return { predicted: 100 * predicted, estimate: 100 * estimate, se: 100 * se }
    })
    expect(misfitOf(cents)).toBeCloseTo(1e4 * misfitOf(groups(0.2)), 8)
  })

  test('is nought where groups have no standard error, or are fewer than three', () => {
    expect(misfitOf(groups(0.2, Infinity))).toBe(0)
    expect(misfitOf(groups(0.2, 0))).toBe(0)
    expect(misfitOf(groups(0.2).slice(0, 2))).toBe(0)
  })
})

describe('truths drawn to try intervals on', () => {
  const rows = 500
  const { table: people, arm, arms, y, isProtected } = prepare(drawTable({ rows, isProtected: true }).table)
  const fold = new Uint8Array(rows)
  const ground = groundRidge({ table: people, arm, arms, y, weight: null, fold, folds: 1 })
  const rules = Object.keys(ridgeRules) as RidgeRule[]
  const fits = Object.fromEntries(
    rules.map((rule) => [
      rule,
      fitBayesRidge(momentsWithout(ground, null), ground.basis, { rule: ridgeRules[rule], rounds: 20 }),
    ]),
  ) as Record<RidgeRule, BayesRidge>
  const problem: DoubtProblem = {
    ...{ ground, fits, heard: rules, people, atMean: isProtected, seed: 5 },
    weights: new Float64Array(2 * rules.length).fill(1 / rules.length),
    worth: rules.map(() => 1 / rules.length),
  }

  test('are the same again by the same draw, and others by another', () => {
    const once = drawDistances(problem, { draw: 0, belief: 'free' })
    expect(drawDistances(problem, { draw: 0, belief: 'free' })).toStrictEqual(once)
    expect(drawDistances(problem, { draw: 1, belief: 'free' })).not.toStrictEqual(once)
    expect(once.length).toBe(2 * rows)
  })

  test.each(rules)('lie from the estimates about as far as the posterior says (%s)', (belief) => {
    const draws = [0, 1, 2, 3, 4, 5].flatMap((draw) => [...drawDistances(problem, { draw, belief })])
    expect(draws.every(Number.isFinite)).toBe(true)
    const spread = Math.sqrt(draws.reduce((sum, distance) => sum + distance ** 2, 0) / draws.length)
    expect(spread).toBeGreaterThan(0.4)
    expect(spread).toBeLessThan(2.5)
  })
})
