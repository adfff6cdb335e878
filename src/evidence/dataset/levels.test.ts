import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mostLevels, otherLevels, settleLevels, startLevels } from './levels.ts'

function settled(labels: readonly (string | null)[]) {
  const met = startLevels()
  const values = Float64Array.from(labels, (label) => (label === null ? NaN : met.placeOf(label)))
  return { ...settleLevels(met, values), values }
}

test('levels are in the order of their numbers where all are numbers, else of their characters', () => {
  expect(settled(['10', '9', '010']).levels).toEqual(['9', '010', '10'])
  expect(settled(['10', '9', 'b', 'B']).levels).toEqual(['10', '9', 'B', 'b'])
})

test('the order of the rows changes no level, and each row keeps its own label', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c', ' a ', null, 'NA', '7')), (labels) => {
      const { levels, values } = settled(labels)
      expect(levels).toEqual(settled([...labels].reverse()).levels)
      const back = Array.from(values, (place) => (Number.isNaN(place) ? null : levels[place]))
      expect(back).toEqual(labels.map((label) => (label === 'NA' ? null : (label?.trim() ?? null))))
    }),
  )
})

test('the most frequent levels keep their own place, also one that calls itself other', () => {
  const labels = Array.from({ length: 400 }, (_, i) => `l${i}`)
  const rows = [...labels, ...labels.slice(200), otherLevels, otherLevels, otherLevels]
  const { levels, otherRows, distinct, values } = settled(rows)
  expect(levels).toHaveLength(mostLevels + 1)
  expect(levels.filter((level) => level === otherLevels)).toEqual([otherLevels])
  expect(distinct).toBe(401)
  expect(levels).toContain('l200')
  expect(otherRows).toBe([...values].filter((place) => place === mostLevels).length)
})
