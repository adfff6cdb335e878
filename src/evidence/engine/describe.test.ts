import { beforeAll, describe, expect, test } from 'vitest'
import { viewOf } from './card-view.ts'
import type { Card } from './card.ts'
import { describe as describeLearned, type Occasion } from './describe.ts'
import { learnModel, type Learned } from './learn-evidence.run.ts'
import { drawTable } from './learning-table.factory.ts'

const rows = 500
const occasion: Occasion = {
  ...{ learnedAt: '2026-01-01T00:00:00.000Z', seed: 1, refused: 7, threads: 0 },
  ...{ seconds: 1, cpuSeconds: 2, peakMiB: 3 },
}
const drawn = drawTable({ rows, effect: 0.5, isProtected: true }).table
const table = {
  ...drawn,
  provider: {
    names: ['North', 'South', 'Nobody'],
    places: Int32Array.from({ length: rows }, (_, i) => (i % 2 ? 0 : 1)),
  },
}

describe('the card of five hundred people', () => {
  let learned: Learned
  let card: Card
  beforeAll(async () => {
    learned = await learnModel(table, { seed: 1, threads: 0, trees: 8 })
    card = describeLearned(table, learned, occasion)
  })
  const meanOf = (isIn: (row: number) => boolean) => {
    const some = [...table.outcome.values].filter((_, row) => isIn(row))
    return some.reduce((sum, value) => sum + value, 0) / some.length
  }

  test('counts who took what, how they fared, and what was not answered', () => {
    card.arms.forEach(({ arm, rows: count, outcomeKnown, meanOutcome }, place) => {
      expect(arm).toBe(table.arms[place])
      expect(count).toBe(table.arm.filter((one) => one === place).length)
      expect(outcomeKnown).toBe(count)
      expect(meanOutcome).toBeCloseTo(
        meanOf((row) => table.arm[row] === place),
        12,
      )
    })
    const level = table.features[1]!.values
    expect(card.features.map(({ missingShare }) => missingShare)).toStrictEqual([
      ...[0, level.filter(Number.isNaN).length / rows, 0, 0],
    ])
    expect(card.data).toMatchObject({ rows, refused: 7, clusters: null, hasWeights: false })
  })

  test('says of "as it was" what was', () => {
    expect(card.values.find(({ rule }) => rule === 'as_it_was')!.value).toBeCloseTo(
      meanOf(() => true),
      12,
    )
  })

  test('lets the engine choose what gains most among what is supported, none where nothing gains', () => {
    const support = learned.support.slice()
    for (let row = 0; row < 100; row++) support[row] = 0
    const { chosen } = viewOf(table, { ...learned, support })
    chosen.forEach((place, row) => {
      const gains = [0, 1].map((k) => (support[k * rows + row] === 1 ? learned.heldOut[k * rows + row]! : -Infinity))
      const most = Math.max(0, ...gains)
      expect(place).toBe(most === 0 ? 0 : gains.indexOf(most) + 1)
    })
    expect([...chosen.subarray(0, 100)]).not.toContain(1)
  })

  test('gives every service its weights, checks, interval and bound', () => {
    expect(card.members).toHaveLength(2 * learned.memberNames.length)
    for (const arm of ['course', 'talk']) {
      const own = card.checks.filter((check) => check.arm === arm).map(({ name }) => name)
      expect(own).toStrictEqual(['mean_forest_prediction', 'differential_prediction', 'rate', 'overlap'])
      expect(card.intervals.find((one) => one.arm === arm)!.meanWidth).toBeGreaterThan(0)
      expect(card.sensitivity.map((one) => one.arm)).toContain(arm)
    }
  })

  test('shares out everybody at every setting of the dial, and in every group', () => {
    for (const { allocation } of [...card.welfare, ...card.groups]) {
      expect(allocation.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
    }
    expect(card.groups.map(({ group }) => group)).toStrictEqual(expect.arrayContaining(['female', 'male']))
  })

  test('names providers who took part, and none who did not', () => {
    const names = card.providers.filter(({ arm }) => arm === 'course').map(({ provider }) => provider)
    expect(names).toStrictEqual(['North', 'South'])
    const counted = card.providers.filter(({ arm }) => arm === 'course').reduce((sum, one) => sum + one.rows, 0)
    expect(counted).toBe(table.arm.filter((arm) => arm === 1).length)
  })

  test('tells what rules cost and whether the places hold where these were said, and moves the dial to them', () => {
    expect(card.terms).toStrictEqual([])
    expect(card.values.map(({ cost, isWithinPlaces }) => [cost, isWithinPlaces])).toStrictEqual(
      card.values.map(() => [null, null]),
    )
    const terms = [{ arm: 'course', cost: 0.1, capacity: 0.2 }]
    const told = describeLearned(table, { ...learned, terms }, occasion)
    expect(told.terms).toStrictEqual(terms)
    const took = table.arm.filter((place) => place === 1).length / rows
    const asItWas = told.values.find(({ rule }) => rule === 'as_it_was')!
    expect(asItWas.cost).toBeCloseTo(0.1 * took, 12)
    expect(asItWas.isWithinPlaces).toBe(took <= 0.21)
    expect(told.values.find(({ rule }) => rule === 'random')!.cost).toBeCloseTo(0.1 / 3, 12)
    expect(told.values.find(({ rule }) => rule === 'policy_tree')!.isWithinPlaces).toBe(true)
    const course = (of: Card) =>
      of.welfare.map(({ allocation }) => allocation.find(({ arm }) => arm === 'course')!.share)
    expect(Math.max(...course(told))).toBeLessThanOrEqual(0.2)
    const free = describeLearned(table, { ...learned, terms: [{ ...terms[0]!, cost: 0.9, capacity: null }] }, occasion)
    expect(Math.max(...course(free))).toBeLessThan(Math.max(...course(card)))
  })

  test('says what to beware of', () => {
    expect(card.limits).toStrictEqual(expect.arrayContaining(['few_rows', 'no_known_propensities']))
    expect(card.limits).not.toContain('weak_overlap')
    expect(card.usedForRanking).toBe(!card.limits.includes('checks_failed'))
  })

  test('tells of weak overlap where most have no support', () => {
    const support = learned.support.slice()
    support.fill(0, 0, 300)
    const other = describeLearned(table, { ...learned, support }, occasion)
    expect(other.limits).toContain('weak_overlap')
    expect(other.arms[1]!.supportedShare).toBeLessThan(0.5)
  })
})
