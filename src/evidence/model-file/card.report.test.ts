import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Card } from '../engine/card.ts'
import { aCard } from '../engine/card.factory.ts'
import { reportCard } from './card.report.ts'

const textOf = (replaced: Partial<Card> = {}) => reportCard(aCard(replaced)).join('\n')

describe('the first sentence', () => {
  test('names the service that adds most, with its doubt, and whether the model may rank', () => {
    expect(reportCard(aCard())[0]).toBe(
      'From 6,600 past episodes and working_at_365: on average language_training has the highest estimate, +6.2 people of a hundred (95 % interval +2.9 to +9.5); the checks hold, so the model may rank what helps whom.',
    )
  })

  test('claims nothing that chance explains', () => {
    const averages = [{ arm: 'language', estimate: 0.04, se: 0.03, low: -0.02, high: 0.1 }]
    expect(reportCard(aCard({ averages }))[0]).toContain('no service is better than none on average beyond what chance')
  })

  test('says when the model may not rank', () => {
    const limits: Card['limits'] = ['checks_failed', 'few_rows']
    const lines = reportCard(aCard({ usedForRanking: false, limits }))
    expect(lines[0]).toContain('the model may not rank, so everyone is shown the averages')
    expect(lines.join('\n')).toContain('the model is not used for ranking')
  })
})

test('a number keeps its own units', () => {
  const text = textOf({
    outcome: { name: 'earnings', kind: 'number' },
    averages: [{ arm: 'vocational', estimate: 1794.34, se: 633, low: 553.7, high: 3035 }],
  })
  expect(text).toContain(
    'vocational has the highest estimate, +1794 in the units of earnings (95 % interval +553.7 to +3035)',
  )
})

test('a policy tree is read aloud', () => {
  const text = textOf()
  expect(text).toContain(
    [
      '  If language_level is A2 or less, or it is not known:',
      '    language_training (2,900 people, +49.0)',
      '  Otherwise:',
      '    If months_unemployed is at most 11:',
      '      none (2,200 people, +47.0)',
      '    Otherwise:',
      '      vocational_training (1,500 people, +45.0)',
    ].join('\n'),
  )
})

test('costs and places are told with the rules that keep to them, and not where none were said', () => {
  expect(textOf()).not.toContain('cost a person')
  const text = textOf({
    terms: [
      { arm: 'language_training', cost: 0.03, capacity: 0.2 },
      { arm: 'vocational_training', cost: 0, capacity: null },
    ],
    values: [
      { rule: 'engine', value: 0.481, se: 0.01, cost: 0.012, isWithinPlaces: false },
      { rule: 'policy_tree', value: 0.475, se: 0.011, cost: 0.006, isWithinPlaces: true },
    ],
  })
  expect(text).toMatch(/language_training +3\.0 +20\.0 % of the people/)
  expect(text).toMatch(/vocational_training +0\.0 +not said/)
  expect(text).toMatch(/by this model +48\.1 +1\.0 +1\.2 +46\.9 +no/)
  expect(text).toMatch(/by the policy tree +47\.5 +1\.1 +0\.6 +46\.9 +yes/)
  expect(text).toContain('against none, less what it costs, people of a hundred')
})

test('a cut of a number is said as a number, levels of a category by name', () => {
  const leaf = { feature: null, cut: null, levels: null, missingGoesLeft: false, left: null, right: null, rows: 5 }
  const nodes = [
    { ...leaf, arm: null, feature: 'age', cut: 34.5, left: 1, right: 2, value: null },
    { ...leaf, arm: 'language', value: 0.5 },
    { ...leaf, arm: 'none', value: null },
  ]
  const text = textOf({ policyTree: { depth: 1, isExact: false, nodes } })
  expect(text).toContain('If age is at most 34.5:\n    language (5 people, +50.0)\n  Otherwise:\n    none (5 people)')
  expect(text).toContain('short cut')
  const [first, ...leaves] = nodes
  const named = [{ ...first!, feature: 'region', cut: null, levels: ['north', 'west'] }, ...leaves]
  expect(textOf({ policyTree: { depth: 1, isExact: true, nodes: named } })).toContain('If region is north or west:')
})

test('a tree that runs in a ring is told and ends', () => {
  const turn = { arm: null, feature: 'age', cut: 1, levels: null, missingGoesLeft: false, left: 0, right: 0 }
  expect(textOf({ policyTree: { depth: 2, isExact: true, nodes: [{ ...turn, rows: 1, value: null }] } })).toContain(
    'age',
  )
})

test('a check that few data cannot show is not shown; one that they speak against is contradicted', () => {
  const [first] = aCard().checks
  const resultOf = (p: number) => textOf({ checks: [{ ...first!, estimate: 0.1, p, passed: false }] })
  expect(resultOf(0.3)).toMatch(/0\.300 +not shown\n/)
  expect(resultOf(0.99)).toMatch(/0\.990 +contradicted\n/)
})

test('what there is none of has no heading', () => {
  const bare: Partial<Card> = { policyTree: null, sensitivity: [], values: [], members: [], intervals: [], checks: [] }
  for (const heading of ['Policy tree', 'Value of', 'Weight of', 'Intervals of', 'Checks', 'How strong'])
    expect(textOf(bare)).not.toContain(heading)
})

test('columns stand under one another whatever the names', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,40}$/), { minLength: 2, maxLength: 5 }), (arms) => {
      const averages = arms.map((arm) => ({ arm, estimate: 0.1, se: 0.01, low: 0.08, high: 0.12 }))
      const lines = reportCard(aCard({ averages }))
      const start = lines.findIndex((line) => line.startsWith('Average effects'))
      const table = lines.slice(start + 1, start + 2 + arms.length)
      expect(new Set(table.map((line) => line.length)).size).toBe(1)
    }),
  )
})
