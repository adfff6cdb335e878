import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeRandom, shuffled } from '../rng.ts'
import { atkinsonScale, chooseByWelfare, thirdsOf, usualAversions, type WelfareProblem } from './welfare.ts'

/** People of very different chances without help; each arm adds more to those who have more, as unequal help does. */
function people(rows: number, places: readonly number[] | null = [Infinity, 0.15, 0.1]): WelfareProblem {
  const random = makeRandom(8, rows)
  const outcomes = new Float64Array(rows * 3)
  const scores = new Float64Array(rows * 3)
  for (let i = 0; i < rows; i++) {
    const without = 0.05 + 0.6 * random.uniform()
    const gains = [0, 0.1 * without + 0.1 * random.uniform(), 0.3 * without * random.uniform()]
    gains.forEach((gain, a) => {
      outcomes[a * rows + i] = without + gain
      scores[a * rows + i] = without + gain + 0.3 * random.normal()
    })
  }
  return {
    outcomes,
    scores,
    rows,
    isChance: true,
    places: places && Float64Array.from(places, (share) => share * rows),
    cost: null,
    weight: null,
    cluster: null,
  }
}

const predictedUnder = ({ outcomes, rows }: WelfareProblem, chosen: Uint8Array) =>
  Float64Array.from(chosen, (arm, i) => outcomes[arm * rows + i]!)

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)

const ofTheWorseOff = (problem: WelfareProblem, chosen: Uint8Array) => {
  const third = thirdsOf(problem.outcomes.subarray(0, problem.rows))
  return sum(predictedUnder(problem, chosen).filter((_, i) => third[i] === 0))
}

describe('the welfare dial', () => {
  test('at aversion 0 nothing else has a larger sum', () => {
    const problem = people(600)
    const choices = chooseByWelfare(problem)
    const sums = choices.map(({ chosen }) => sum(predictedUnder(problem, chosen)))
    for (const other of sums) expect(sums[0]).toBeGreaterThanOrEqual(other - 1e-9)
  })

  test('each setting is the best of all settings in its own measure', () => {
    const problem = people(600)
    const aversions = [0, 0.5, 1, 2, 4, 8]
    const choices = chooseByWelfare(problem, aversions)
    for (const [at, aversion] of aversions.entries()) {
      const { utility } = atkinsonScale(aversion, 0, 1)
      const welfare = choices.map(({ chosen }) => sum(predictedUnder(problem, chosen).map(utility)))
      for (const other of welfare) expect(welfare[at]).toBeGreaterThanOrEqual(other - 1e-9 * Math.abs(other))
    }
  })

  test('the worst off first: no other setting does more for the worse-off third', () => {
    const problem = people(600)
    const choices = chooseByWelfare(problem)
    const worseOff = choices.map(({ chosen }) => ofTheWorseOff(problem, chosen))
    for (const other of worseOff) expect(worseOff.at(-1)).toBeGreaterThanOrEqual(other - 1e-9)
  })

  test('as aversion rises the sum falls, and the worse off have more than at 0', () => {
    const problem = people(3000)
    const choices = chooseByWelfare(problem, [0, 0.5, 1, 2, 4])
    const [without] = choices
    for (const [at, { chosen }] of choices.entries()) {
      const before = choices[at - 1]
      if (!before || !without) continue
      expect(sum(predictedUnder(problem, chosen))).toBeLessThanOrEqual(
        sum(predictedUnder(problem, before.chosen)) + 1e-9,
      )
      expect(ofTheWorseOff(problem, chosen)).toBeGreaterThan(ofTheWorseOff(problem, without.chosen))
    }
    expect(choices.at(-1)!.worseOff.estimate).toBeGreaterThan(choices[0]!.worseOff.estimate)
  })

  test('without limits or costs every setting gives everybody the best arm', () => {
    const problem = people(300, null)
    const [first, ...others] = chooseByWelfare(problem)
    for (const other of others) expect(other.chosen).toEqual(first!.chosen)
    for (const { prices } of [first!, ...others]) expect([...prices]).toEqual([0, 0, 0])
  })

  test('no arm has more people than places, at any setting', () => {
    const problem = people(500)
    for (const { shares } of chooseByWelfare(problem)) {
      expect(shares[1]).toBeLessThanOrEqual(0.15)
      expect(shares[2]).toBeLessThanOrEqual(0.1)
      expect(sum(shares)).toBeCloseTo(1, 12)
    }
  })

  test('values are of the scores, not of the predictions that chose', () => {
    const problem = people(400)
    const [choice] = chooseByWelfare(problem, [0])
    const scores = Float64Array.from(choice!.chosen, (arm, i) => problem.scores[arm * 400 + i]!)
    expect(choice!.value.estimate).toBeCloseTo(sum(scores) / 400, 10)
    expect(choice!.worseOff.se).toBeGreaterThan(choice!.value.se)
  })

  test('a cost above every gain leaves everybody without help; with priority the worse off get it first', () => {
    const problem = people(600, null)
    expect(chooseByWelfare({ ...problem, cost: Float64Array.of(0, 1, 1) }, [0])[0]!.shares[0]).toBe(1)
    const [plain, priority] = chooseByWelfare({ ...problem, cost: Float64Array.of(0, 0.1, 0.1) }, [0, 4])
    const helped = (chosen: Uint8Array) => chosen.filter((arm, i) => arm > 0 && problem.outcomes[i]! < 0.2).length
    expect(helped(priority!.chosen)).toBeGreaterThan(helped(plain!.chosen))
  })

  test('people in another order: the same welfare, shares and prices', () => {
    const problem = people(300)
    const order = shuffled(300, makeRandom(2, 2))
    const move = (values: Float64Array) => values.map((_, at) => values[Math.floor(at / 300) * 300 + order[at % 300]!]!)
    const moved = { ...problem, outcomes: move(problem.outcomes), scores: move(problem.scores) }
    const [choices, others] = [chooseByWelfare(problem), chooseByWelfare(moved)]
    choices.forEach(({ shares, prices, value }, at) => {
      expect(others[at]!.shares).toEqual(shares)
      others[at]!.prices.forEach((price, a) => expect(price).toBeCloseTo(prices[a]!, 9))
      expect(others[at]!.value.estimate).toBeCloseTo(value.estimate, 10)
    })
  })

  test('an amount in another unit: the same choice, and prices in the new unit', () => {
    const problem = { ...people(300), isChance: false }
    const scaled = {
      ...problem,
      outcomes: problem.outcomes.map((outcome) => 4000 * outcome),
      scores: problem.scores.map((score) => 4000 * score),
    }
    const [choices, others] = [chooseByWelfare(problem), chooseByWelfare(scaled)]
    choices.forEach((choice, at) => {
      expect(others[at]!.chosen).toEqual(choice.chosen)
      choice.prices.forEach((price, a) => expect(others[at]!.prices[a]).toBeCloseTo(4000 * price, 6))
    })
  })

  test('the Atkinson scale rises, and bends more the greater the aversion', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        fc.constantFrom(0, 0.5, 1, 2, 4),
        (outcome, more, aversion) => {
          const { utility, slope } = atkinsonScale(aversion, 0, 1)
          expect(utility(outcome + more)).toBeGreaterThan(utility(outcome))
          expect(slope(outcome + more)).toBeLessThanOrEqual(slope(outcome))
          expect((utility(outcome + 1e-7) - utility(outcome - 1e-7)) / 2e-7 / slope(outcome)).toBeCloseTo(1, 2)
        },
      ),
    )
  })
})

describe('a welfare dial without much to go by', () => {
  const flat = { ...people(6, null), outcomes: new Float64Array(18).fill(0.5), scores: new Float64Array(18).fill(0.5) }

  test('all alike, or no chance at all: the first arm, whatever the setting', () => {
    for (const level of [0, 0.5]) {
      for (const choice of chooseByWelfare({ ...flat, outcomes: new Float64Array(18).fill(level) })) {
        expect([...choice.chosen]).toEqual([0, 0, 0, 0, 0, 0])
      }
    }
  })

  test('one person, one arm', () => {
    const lone = { ...flat, rows: 1, outcomes: Float64Array.of(0.3), scores: Float64Array.of(0.4) }
    for (const { shares } of chooseByWelfare(lone, usualAversions)) expect([...shares]).toEqual([1])
  })

  test('amounts of nothing and below are taken as they are', () => {
    const outcomes = Float64Array.of(-5, 0, 100, 200, 0, 300, -5, 10, 100, 250, 0, 300, -5, 0, 100, 200, 0, 300)
    const places = Float64Array.of(Infinity, 1, 0)
    for (const { shares } of chooseByWelfare({ ...flat, isChance: false, outcomes, places })) {
      expect(shares[1]).toBeCloseTo(1 / 6, 12)
    }
  })

  test('what cannot be is refused', () => {
    expect(() => chooseByWelfare({ ...flat, outcomes: new Float64Array(18).fill(1.5) })).toThrow('between 0 and 1')
    expect(() => chooseByWelfare({ ...flat, outcomes: new Float64Array(18).fill(NaN) })).toThrow('no finite number')
    expect(() => chooseByWelfare({ ...flat, scores: new Float64Array(3) })).toThrow('differ in length')
    expect(() => chooseByWelfare(flat, [-1])).toThrow('aversion')
    expect(() => chooseByWelfare({ ...flat, places: Float64Array.of(1, 1, 1) })).toThrow('fewer people')
  })
})
