import { expect, test } from 'vitest'
import { missingBin } from '#numerics/index.ts'
import { keepRows, withoutRareArms } from '../dataset/keep-rows.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import { drawTable, inClusters, withFeature, withOutcome } from './learning-table.factory.ts'
import { NothingToLearn, prepare } from './prepared.ts'

const { table } = drawTable({ rows: 300, isProtected: true })
const { table: earnings } = drawTable({ rows: 300, kind: 'number' })

function refusalOf(one: LearningTable): string {
  try {
    prepare(one)
  } catch (error) {
    if (error instanceof NothingToLearn) return error.message
    throw error
  }
  return 'it was not refused'
}

const someWeight = Float64Array.from({ length: 300 }, (_, i) => 1 + (i % 2))

test.each<[string, LearningTable, string]>([
  ['two rows', keepRows(table, Uint32Array.of(0, 1)), 'There are 2 rows, and it takes at least 30.'],
  [
    'one service type',
    { ...table, arms: ['none'], arm: new Uint8Array(300) },
    'There is only one service type: there is nothing to compare.',
  ],
  [
    'hardly any known outcome',
    withOutcome(table, (value, i) => (i < 19 ? value : NaN)),
    'The outcome is known of 19 rows, and it takes at least 20.',
  ],
  [
    'outcomes known only of rows that count for nothing',
    { ...table, weight: Float64Array.from({ length: 300 }, (_, i) => Number(i < 5)) },
    'The outcome is known of 5 rows, and it takes at least 20.',
  ],
  [
    'an outcome that is the same for all',
    withOutcome(table, () => 1),
    'The outcome employed is the same for everybody.',
  ],
  [
    'an infinite outcome',
    withOutcome(earnings, (value, i) => (i === 7 ? -Infinity : value)),
    'The outcome earnings is infinite somewhere.',
  ],
  [
    'an outcome too large for any figure',
    withOutcome(earnings, (value) => value * 1e150),
    expect.stringMatching(/^The outcome earnings reaches .*e\+15\d: give it in larger units\.$/),
  ],
  [
    'an outcome that a file of six decimals would lose',
    withOutcome(earnings, (value) => value / 1e12),
    'The outcome earnings varies by less than a millionth: give it in smaller units.',
  ],
  [
    'one row that weighs as much as all others',
    { ...table, weight: Float64Array.from({ length: 300 }, (_, i) => (i === 7 ? 1e12 : 1)) },
    'A few rows outweigh the others: by their weights all rows together say as much as 1 of equal weight would, and it takes at least 20.',
  ],
  [
    'a service of which nobody’s outcome is known',
    withOutcome(table, (value, i) => (table.arm[i] === 2 ? NaN : value)),
    'Of talk fewer than 2 outcomes are known: leave its rows out.',
  ],
  [
    'everybody at one site',
    inClusters(table, 1),
    'All rows have the same site: no part of them can judge what the others taught.',
  ],
  [
    'nothing known of anybody',
    ['years', 'level', 'region', 'sex'].reduce((one, name) => withFeature(one, name, () => NaN), table),
    'No feature varies: there is nothing by which people differ.',
  ],
  [
    'everybody alike as far as known',
    ['years', 'level', 'region', 'sex'].reduce(
      (one, name) => withFeature(one, name, (_, i) => (i % 3 ? 1 : Infinity)),
      table,
    ),
    'No feature varies: there is nothing by which people differ.',
  ],
])('%s is refused with its reason', (_, one, sentence) => {
  expect(refusalOf(one)).toEqual(sentence)
})

test('the outcome is learned on a scale of mean nought and deviation one, weights of mean one', () => {
  const { y, centre, scale, weight } = prepare({ ...earnings, weight: someWeight })
  const total = weight!.reduce((sum, w) => sum + w, 0)
  expect(total).toBeCloseTo(300, 9)
  expect(y.reduce((sum, value, i) => sum + weight![i]! * value, 0)).toBeCloseTo(0, 9)
  expect(y.reduce((sum, value, i) => sum + weight![i]! * value ** 2, 0) / total).toBeCloseTo(1, 9)
  y.forEach((value, i) => expect(value * scale + centre).toBeCloseTo(earnings.outcome.values[i]!, 6))
})

test('an outcome that is not known counts for nothing in the scale', () => {
  const { y, isKnown, centre } = prepare(withOutcome(earnings, (value, i) => (i % 2 ? NaN : value)))
  const known = earnings.outcome.values.filter((_, i) => i % 2 === 0)
  expect(centre).toBeCloseTo(known.reduce((sum, value) => sum + value, 0) / 150, 6)
  expect([...isKnown.slice(0, 4)]).toStrictEqual([1, 0, 1, 0])
  expect(y[1]).toBe(0)
})

test('protected columns are learned from, and not among those that rank', () => {
  const { table: whole, ranking, isProtected } = prepare(table)
  expect([...isProtected]).toStrictEqual([0, 0, 0, 1])
  expect(whole.columns).toHaveLength(4)
  expect(ranking.columns).toStrictEqual(whole.columns.slice(0, 3))
  expect(ranking.bins).toStrictEqual(whole.bins.slice(0, 900))
})

test('an infinite answer is one that is not known', () => {
  const { table: whole } = prepare(withFeature(table, 'years', (value, i) => (i === 3 ? Infinity : value)))
  expect(whole.bins[3]).toBe(missingBin)
  expect(whole.bins[4]).not.toBe(missingBin)
})

test('some rows of a table keep all that belongs to them, in their order', () => {
  const chances = Float64Array.from({ length: 900 }, (_, at) => at)
  const whole = { ...inClusters(table, 7), weight: someWeight, knownPropensity: chances }
  const kept = keepRows(whole, Uint32Array.of(5, 2))
  expect(kept.rows).toBe(2)
  expect([...kept.knownPropensity!]).toStrictEqual([5, 2, 305, 302, 605, 602])
  expect([...kept.cluster!.places]).toStrictEqual([5, 2])
  expect([...kept.weight!]).toStrictEqual([2, 1])
  expect([...kept.arm]).toStrictEqual([table.arm[5], table.arm[2]])
  kept.features.forEach(({ values }, j) => {
    expect([...values]).toStrictEqual([5, 2].map((row) => table.features[j]!.values[row]))
  })
})

test('a service taken too rarely is left out with its rows, the control never', () => {
  const few = Float64Array.from(table.outcome.values, (value, i) => (table.arm[i] === 1 ? value : NaN))
  const rare = withOutcome(table, (_, i) => few[i]!)
  const { table: kept, leftOut } = withoutRareArms(rare, 10)
  expect(leftOut).toStrictEqual(['talk'])
  expect(kept.arms).toStrictEqual(['none', 'course'])
  expect(kept.rows).toBe(table.arm.filter((arm) => arm !== 2).length)
  expect([...new Set(kept.arm)].sort()).toStrictEqual([0, 1])
  expect(withoutRareArms(table, 1)).toStrictEqual({ table, leftOut: [] })
})
