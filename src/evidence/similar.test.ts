import { describe, expect, test } from 'vitest'
import type { Facts } from '#directory/index.ts'
import { datasetOf, inventEpisodes, type Invented } from './episodes.factory.ts'
import { factNumbers } from './fact-table.ts'
import { countSimilar, packAnswers } from './similar.ts'

const episodes = inventEpisodes(800, 5)

function counts(past: readonly Invented[], facts: Facts): number[] {
  const dataset = datasetOf(past)
  const packed = packAnswers(dataset.facts, (row) => dataset.taken[row]!, 1)
  return [...countSimilar(packed, factNumbers(packed.facts, facts), dataset.types.length)]
}

const total = (list: readonly number[]) => list.reduce((sum, count) => sum + count, 0)

describe('similar past clients', () => {
  test('are about a quarter of all for someone in the middle, few for someone unlike the others', () => {
    const shares = episodes.slice(0, 100).map(({ facts }) => total(counts(episodes, facts)) / 800)
    const mean = shares.reduce((sum, share) => sum + share, 0) / 100
    expect(mean).toBeGreaterThan(0.15)
    expect(mean).toBeLessThan(0.35)
    const odd: Facts = {
      language_level: 'C2',
      schooling: 'none',
      months_unemployed: 400,
      children: 12,
      residence_area: 'island',
      needs: ['health'],
      driving_licence: false,
    }
    expect(total(counts(episodes, odd)) / 800).toBeLessThan(mean)
  })

  test('do not hang on a protected fact', () => {
    const { facts } = episodes[3]!
    expect(counts(episodes, { ...facts, age: 99, sex: 'other', born_abroad: true })).toEqual(
      counts(episodes, { ...facts, age: 18, sex: 'female', born_abroad: false }),
    )
  })

  test('cannot be told of someone with fewer than five known facts', () => {
    expect(
      total(counts(episodes, { children: 1, schooling: 'degree', driving_licence: true, months_unemployed: 3 })),
    ).toBe(0)
  })

  test('count the person whose answers are the very same', () => {
    const { facts, taken } = episodes[0]!
    const dataset = datasetOf(episodes)
    expect(counts(episodes, facts)[dataset.types.indexOf(taken)]).toBeGreaterThanOrEqual(1)
  })
})
