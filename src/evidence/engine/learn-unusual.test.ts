import { expect, test } from 'vitest'
import type { LearningTable } from '../dataset/learning-table.ts'
import { keepRows } from '../dataset/keep-rows.ts'
import { cardShape } from './card.ts'
import { drawTable, inClusters, withFeature, withOutcome } from './learning-table.factory.ts'
import { learnEvidence } from './learn.run.ts'
import { predictEvidence } from './predict-evidence.ts'
import { NothingToLearn } from './prepared.ts'

const rows = 300
const { table } = drawTable({ rows })

/** Learns, and asks about everyone: every number is one, and the card is whole. */
async function answersTo(one: LearningTable) {
  const { model, card } = await learnEvidence(one, { seed: 1, threads: 0, trees: 8, now: new Date(0) })
  expect(cardShape.parse(card)).toStrictEqual(card)
  const kept = model.features.map(({ name }) => one.features.find((feature) => feature.name === name)!)
  const predicted = predictEvidence(
    model,
    kept.map(({ values }) => values),
    one.rows,
  )
  for (const values of [predicted.tau, predicted.lo, predicted.hi]) expect(values.every(Number.isFinite)).toBe(true)
  return { model, card, predicted }
}

test('earnings are learned in their own units, whatever these are', async () => {
  // Drawn so that held-out groups miss by more than chance: intervals are widened, in every unit.
  const { table: earnings } = drawTable({ rows: 400, kind: 'number', seed: 11 })
  // A power of two, so that no rounding comes between the two.
  const [euros, small] = [await answersTo(earnings), await answersTo(withOutcome(earnings, (value) => 128 * value))]
  const [average] = euros.card.averages
  expect(average!.low).toBeLessThan(2000)
  expect(average!.high).toBeGreaterThan(2000)
  for (const what of ['tau', 'lo', 'hi'] as const) {
    euros.predicted[what].forEach((value, at) => expect(small.predicted[what][at]! / 128).toBeCloseTo(value, 6))
  }
  expect(euros.card.values.map(({ rule }) => rule)).not.toContain('classic')
})

test('features by which nobody differs are left out of the model, and it is the model that is learned without them', async () => {
  const [years, ...others] = table.features
  const idle = [
    { ...years!, name: 'never asked', values: new Float64Array(rows).fill(NaN) },
    { ...years!, name: 'the same', values: new Float64Array(rows).fill(3) },
  ]
  const asked = { ...years!, name: 'asked of some', values: years!.values.map((value) => (value > 5 ? 1 : NaN)) }
  const { card, predicted } = await answersTo({ ...table, features: [idle[0]!, years!, asked, idle[1]!, ...others] })
  expect(card.features.map(({ name }) => name)).toEqual(['years', 'asked of some', 'level', 'region', 'sex'])
  const without = await answersTo({ ...table, features: [years!, asked, ...others] })
  expect(predicted).toStrictEqual(without.predicted)
  await expect(learnEvidence({ ...table, features: idle }, { seed: 1, threads: 0 })).rejects.toThrow(
    'No feature varies',
  )
})

test('outcomes that are not known are weighted for, and counted as not known', async () => {
  const { card } = await answersTo(withOutcome(table, (value, i) => (i % 4 === 0 ? NaN : value)))
  expect(card.data.rows).toBe(rows)
  expect(card.arms.reduce((sum, { outcomeKnown }) => sum + outcomeKnown, 0)).toBe(225)
})

test('a table whose weights are all two is the table without weights', async () => {
  const { model } = await answersTo({ ...table, weight: new Float64Array(rows).fill(2) })
  const { model: plain } = await answersTo(table)
  model.stack.average.forEach((value, k) => expect(value).toBeCloseTo(plain.stack.average[k]!, 9))
})

test('the outcomes of rows of no weight teach nothing of averages', async () => {
  const weight = Float64Array.from({ length: rows }, (_, i) => Number(i % 4 > 0))
  const { card } = await answersTo({ ...table, weight })
  const { card: other } = await answersTo({
    ...withOutcome(table, (value, i) => (i % 4 > 0 ? value : 1 - value)),
    weight,
  })
  expect(other.averages).toStrictEqual(card.averages)
})

test('one site teaches nothing, two teach without standard errors to rank by, twenty are as good as people', async () => {
  await expect(answersTo(inClusters(table, 1))).rejects.toThrow(NothingToLearn)
  const two = await answersTo(inClusters(table, 2))
  expect(two.card.data.clusters).toBe(2)
  expect(two.card.usedForRanking).toBe(false)
  const twenty = await answersTo(inClusters(table, 20))
  expect(twenty.card.data.clusters).toBe(20)
})

test('known chances are used as they are, and said to be', async () => {
  const years = table.features[0]!.values
  const knownPropensity = new Float64Array(3 * rows)
  years.forEach((value, i) => {
    const first = 0.2 + 0.03 * value
    knownPropensity.set([1 - first - 0.2], i)
    knownPropensity.set([first], rows + i)
    knownPropensity.set([0.2], 2 * rows + i)
  })
  const { card } = await answersTo({ ...table, knownPropensity })
  expect(card.data.hasKnownPropensities).toBe(true)
  expect(card.limits).not.toContain('no_known_propensities')
  expect(card.arms[1]!.lowestPropensity).toBeCloseTo(0.2 + 0.03 * Math.min(...years), 9)
})

test('a service closed to a region by design is judged by those who could get it', async () => {
  const region = table.features[2]!.values
  const isClosed = (row: number) => region[row] === 2
  const knownPropensity = new Float64Array(3 * rows)
  for (let row = 0; row < rows; row++) {
    const [none, course, talk] = isClosed(row) ? [0.6, 0, 0.4] : [0.3, 0.4, 0.3]
    knownPropensity.set([none], row)
    knownPropensity.set([course], rows + row)
    knownPropensity.set([talk], 2 * rows + row)
  }
  const arm = table.arm.map((one, row) => (one === 1 && isClosed(row) ? 0 : one))
  const { card } = await answersTo({ ...table, arm, knownPropensity })
  const elsewhere = (value: number, row: number) => (isClosed(row) ? 1 - value : value)
  const { card: turned } = await answersTo({ ...withOutcome(table, elsewhere), arm, knownPropensity })
  expect(card.arms[1]!.lowestPropensity).toBe(0)
  // Outcomes of those who could not get it move the regressions a little, and none of its scores.
  expect(turned.averages[0]!.estimate).toBeCloseTo(card.averages[0]!.estimate, 1)
  expect(card.averages[0]!.se).toBeGreaterThan(card.averages[1]!.se)
})

test('a service that nobody in a region took has no support there, and has it elsewhere', async () => {
  const { table: large } = drawTable({ rows: 1500 })
  const region = large.features[2]!.values
  const { predicted, card } = await answersTo({
    ...large,
    arm: large.arm.map((arm, i) => (arm === 1 && region[i] === 2 ? 0 : arm)),
  })
  const shareOf = (isIn: (row: number) => boolean) => {
    const some = [...region.keys()].filter(isIn)
    return some.reduce((sum, row) => sum + predicted.support[row]!, 0) / some.length
  }
  expect(shareOf((row) => region[row] === 2)).toBe(0)
  expect(shareOf((row) => region[row] !== 2)).toBe(1)
  expect(predicted.support.slice(1500).every((one) => one === 1)).toBe(true)
  expect(card.arms[1]!.supportedShare).toBeCloseTo(region.filter((value) => value !== 2).length / 1500, 9)
})

test('a feature that says who took what leaves nobody to compare: the card says so', async () => {
  const { card } = await answersTo(withFeature(table, 'region', (_, i) => table.arm[i]!))
  expect(card.limits).toContain('weak_overlap')
  expect(card.arms[1]!.supportedShare).toBeLessThan(0.5)
  expect(card.usedForRanking).toBe(false)
})

test('infinite and lost answers count as not known', async () => {
  const infinite = withFeature(table, 'years', (value, i) => (i % 50 === 0 ? (i % 100 ? Infinity : -Infinity) : value))
  const lost = withFeature(table, 'years', (value, i) => (i % 50 === 0 ? NaN : value))
  expect((await answersTo(infinite)).predicted).toStrictEqual((await answersTo(lost)).predicted)
})

test('of forty people averages are told, wide as they are, and that they are few', async () => {
  const { card } = await answersTo(
    keepRows(
      table,
      Uint32Array.from({ length: 40 }, (_, i) => i),
    ),
  )
  expect(card.limits).toStrictEqual(expect.arrayContaining(['few_rows', 'arm_too_small']))
  for (const { low, high } of card.averages) expect(high - low).toBeGreaterThan(0.5)
})
