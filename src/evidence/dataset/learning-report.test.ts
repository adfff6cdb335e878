import { expect, test } from 'vitest'
import type { Feature, LearningTable } from './learning-table.ts'
import { reportLines, reportOf } from './learning-report.ts'

const feature = (name: string, values: number[], levels: readonly string[] = []): Feature => {
  const kind = levels.length > 0 ? 'category' : 'number'
  return { name, kind, levels, isProtected: name === 'sex', values: Float64Array.from(values) }
}

function tableOf(features: readonly Feature[], arm: number[], outcome: number[], weight?: number[]): LearningTable {
  return {
    ...{ rows: arm.length, features, treatment: 'service', arms: ['none', 'course'], arm: Uint8Array.from(arm) },
    outcome: { name: 'works', kind: 'yes_no', values: Float64Array.from(outcome) },
    weight: weight ? Float64Array.from(weight) : null,
    ...{ cluster: null, knownPropensity: null, span: { from: '2022-01-01', to: '2024-12-31' }, provider: null },
  }
}

const arm = [0, 0, 0, 0, 1, 1, 1, 1]
const works = [1, 0, NaN, 0, 1, 1, 1, 0]
const table = tableOf(
  [
    feature('age', [20, 30, 40, 50, 50, 60, 70, 80]),
    feature('sex', [0, 1, 0, 1, 0, 1, 0, 1], ['f', 'm']),
    feature('region', [0, 0, 0, 0, 1, 1, 2, NaN], ['a', 'b', 'c']),
    feature(
      'never',
      Array.from({ length: 8 }, () => NaN),
    ),
  ],
  arm,
  works,
)

test('each arm tells its rows, and of how many the outcome is known', () => {
  expect(reportOf(table).arms).toEqual([
    { arm: 'none', rows: 4, outcomeKnown: 3, meanOutcome: 1 / 3 },
    { arm: 'course', rows: 4, outcomeKnown: 4, meanOutcome: 0.75 },
  ])
})

test('weights count in the means and in the differences', () => {
  const doubled = reportOf(tableOf(table.features, arm, works, [1, 2, 1, 1, 1, 1, 1, 1]))
  const repeated = tableOf(
    table.features.map(({ values, ...rest }) => ({ ...rest, values: Float64Array.from([...values, values[1]!]) })),
    [...arm, 0],
    [...works, 0],
  )
  expect(doubled.arms[0]!.meanOutcome).toBe(0.25)
  const differences = reportOf(repeated).differences.map(({ difference }) => difference)
  doubled.differences.forEach(({ difference }, i) => expect(difference).toBeCloseTo(differences[i]!, 12))
})

test('the differences are in standard deviations, largest first, of a category its most different level', () => {
  const { differences } = reportOf(table)
  // Within each arm ages vary by the square root of 125; their means are 30 apart.
  expect(differences.find(({ feature: name }) => name === 'age')!.difference).toBeCloseTo(30 / Math.sqrt(125), 12)
  expect(differences.map(({ feature: name, level }) => [name, level])).toEqual([
    ['region', 'a'],
    ['age', null],
    ['sex', 'f'],
  ])
})

test('a change of scale changes no difference', () => {
  const scaled = table.features.map((one) =>
    one.kind === 'number' ? { ...one, values: one.values.map((value) => 1e6 + 3 * value) } : one,
  )
  const before = reportOf(table).differences
  reportOf(tableOf(scaled, arm, works)).differences.forEach(({ difference }, i) => {
    expect(difference).toBeCloseTo(before[i]!.difference, 8)
  })
})

test('what is missing, what is known of nobody and what hardly compares is said', () => {
  const { features, notes } = reportOf(table)
  expect(features.map(({ missing, distinct }) => [missing, distinct])).toEqual([
    [0, 7],
    [0, 2],
    [0.125, 3],
    [1, 0],
  ])
  expect(notes).toEqual([
    '“works” is not known of 1 of 8.',
    '“never” is not known of anybody: it is left out.',
    'Some groups differ much from the control; where hardly anyone alike took both, no effect can be known.',
  ])
})

test('the report is plain JSON, and reads line by line in a terminal', () => {
  const report = reportOf(table, {
    countedIn: 'line',
    refusals: {
      count: 30,
      shown: Array.from({ length: 25 }, (_, i) => ({ place: i + 2, column: 'w', reason: 'is empty' })),
    },
  })
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  const lines = reportLines(report)
  expect(lines[0]).toBe('8 rows, from 2022-01-01 to 2024-12-31; 30 refused.')
  expect(lines).toContain('  course      4              4        0.7500')
  expect(lines).toContain('  line 2: “w” is empty')
  expect(lines.at(-1)).toBe('  and 10 more')
})

test('an empty table has a report', () => {
  expect(reportOf(tableOf([], [], []))).toMatchObject({ rows: 0, differences: [], features: [] })
})
