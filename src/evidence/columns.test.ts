import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { designCells, learnedFacts, planColumns, scalingOf } from './columns.ts'
import { datasetOf, inventEpisodes, someDefinitions } from './episodes.factory.ts'
import { factNumbers, startFactTable } from './fact-table.ts'

const named = (episodes: ReturnType<typeof inventEpisodes>) =>
  planColumns(datasetOf(episodes).facts).map(({ code, part, label }) => `${code} ${label ?? part}`)

describe('columns', () => {
  const names = named(inventEpisodes(400, 1))

  test('are numbers as they are, steps in order, a label each, and what is not known apart', () => {
    expect(names).toContain('months_unemployed value')
    expect(names).toContain('language_level value')
    expect(names.filter((name) => name.startsWith('residence_area'))).toHaveLength(2)
    expect(names.filter((name) => name.startsWith('needs'))).toHaveLength(4)
    expect(names).toContain('driving_licence unknown')
    expect(names).not.toContain('age unknown')
  })

  test('leave out the languages spoken, which tell origin', () => {
    expect(learnedFacts(someDefinitions).has('languages')).toBe(false)
  })

  test('mark what is protected, a need that tells of health included, and keep it last', () => {
    const marks = planColumns(datasetOf(inventEpisodes(400, 1)).facts).map((column) => column.isProtected)
    expect(names.filter((_, at) => marks[at])).toEqual(
      expect.arrayContaining(['age value', 'born_abroad value', 'needs health']),
    )
    expect([...marks].sort()).toEqual(marks)
  })

  test('leave out a label that nineteen people have, and take it with twenty', () => {
    const with19 = inventEpisodes(400, 1).map((one, at) =>
      at < 19 ? { ...one, facts: { ...one.facts, residence_area: 'island' } } : one,
    )
    expect(named(with19)).not.toContain('residence_area island')
    const with20 = inventEpisodes(400, 1).map((one, at) =>
      at < 20 ? { ...one, facts: { ...one.facts, residence_area: 'island' } } : one,
    )
    expect(named(with20)).toContain('residence_area island')
  })

  test('leave out a fact that is the same for everyone', () => {
    expect(
      named(inventEpisodes(400, 1).map((one) => ({ ...one, facts: { ...one.facts, children: 2 } }))),
    ).not.toContain('children value')
  })
})

test('scaling is the weighted mean and deviation of what is known; a weight of two is the same person twice', () => {
  const { facts } = datasetOf(inventEpisodes(300, 2))
  const columns = planColumns(facts)
  const cells = designCells(facts, columns)
  const place = columns.findIndex(({ code }) => code === 'driving_licence')
  const known = [...cells.subarray(place * 300, (place + 1) * 300)].filter((cell) => !Number.isNaN(cell))
  const mean = known.reduce((sum, cell) => sum + cell, 0) / known.length
  const scaling = scalingOf(cells, 300, new Float64Array(300).fill(1))
  expect(scaling.mean[place]).toBeCloseTo(mean, 12)
  expect(scaling.deviation[place]).toBeCloseTo(Math.sqrt(mean * (1 - mean)), 12)
  const doubled = scalingOf(cells, 300, new Float64Array(300).fill(2))
  doubled.mean.forEach((value, j) => expect(value).toBeCloseTo(scaling.mean[j]!, 12))
})

test("one person's numbers are those that the table holds for them", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (seed) => {
      const episodes = inventEpisodes(30, seed)
      const { facts } = datasetOf(episodes)
      episodes.forEach((one, row) => {
        const numbers = factNumbers(facts.columns, one.facts)
        facts.columns.forEach((column, f) => expect(numbers[f]).toEqual(column.values[row]))
      })
    }),
    { numRuns: 10 },
  )
})

test('a value of the wrong kind, or a step that there is not, is not known', () => {
  const table = startFactTable(someDefinitions)
  table.add({ age: 'forty', language_level: 'D9', driving_licence: 1, needs: 'skills', residence_area: true })
  for (const column of table.table().columns) expect(column.values[0]).toBeNaN()
})
