import { describe, expect, test } from 'vitest'
import { fitBayesRidge, makeRandom, type BayesRidge } from '#numerics/index.ts'
import { drawDistances, misfitOf, placeOfPair, stretchOf, stretchOfPairs, type DoubtProblem } from './doubt.ts'
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

describe('how far the difference of two effects is stretched', () => {
  const people = 2000
  const random = makeRandom(4, 0)
  const both = new Uint8Array(2 * people).fill(1)
  const deviations = new Float64Array(2 * people).fill(3)
  /** Of two effects whose errors have so much in common. */
  const drawnWith = (shared: number) => {
    const distances = new Float64Array(2 * people)
    for (let i = 0; i < people; i++) {
      const common = Math.sqrt(Math.abs(shared)) * random.normal()
      const own = () => Math.sqrt(1 - Math.abs(shared)) * random.normal()
      distances[i] = common + own()
      distances[people + i] = Math.sign(shared) * common + own()
    }
    return [{ distances, deviations }]
  }

  test('not at all where errors have nothing in common, less the more they share, more where they are contrary', () => {
    const stretchWith = (shared: number) => stretchOfPairs(drawnWith(shared), both, people)[0]!
    expect(stretchWith(0)).toBeCloseTo(1, 1)
    expect(stretchWith(0.75)).toBeCloseTo(0.5, 1)
    expect(stretchWith(1)).toBeCloseTo(0, 12)
    expect(stretchWith(-1)).toBeCloseTo(Math.SQRT2, 1)
  })

  test('only people with support for both count; with fewer than twenty it is one', () => {
    const few = both.slice()
    few.fill(0, people + 19)
    const drawn = drawnWith(1)
    expect([...stretchOfPairs(drawn, few, people)]).toStrictEqual([1])
    few[people + 19] = 1
    expect(stretchOfPairs(drawn, few, people)[0]).toBeCloseTo(0, 12)
  })

  test('each pair has its own place', () => {
    const places = [0, 1, 2, 3, 4].flatMap((k) => [0, 1, 2, 3, 4].filter((l) => l < k).map((l) => placeOfPair(k, l)))
    expect(places).toStrictEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(placeOfPair(1, 3)).toBe(placeOfPair(3, 1))
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
    for (const values of [once.distances, once.deviations]) expect(values.length).toBe(2 * rows)
  })

  test.each(rules)('lie from the estimates about as far as the posterior says (%s)', (belief) => {
    const draws = [0, 1, 2, 3, 4, 5].flatMap((draw) => [...drawDistances(problem, { draw, belief }).distances])
    expect(draws.every(Number.isFinite)).toBe(true)
    const spread = Math.sqrt(draws.reduce((sum, distance) => sum + distance ** 2, 0) / draws.length)
    expect(spread).toBeGreaterThan(0.4)
    expect(spread).toBeLessThan(2.5)
  })
})
