import { expect, test } from 'vitest'
import type { FactCode, FactDefinition, Facts } from '#directory/index.ts'
import { startFactTable } from '../fact-table.ts'
import { featuresOfFacts, readFactsFor } from './fact-features.ts'

const definitions = new Map<FactCode, FactDefinition>([
  ['age', { kind: 'integer', isProtected: true }],
  ['sex', { kind: 'code', values: ['female', 'male', 'other'], isProtected: true }],
  ['residence_area', { kind: 'code' }],
  ['language_level', { kind: 'level', values: ['none', 'A1', 'A2'] }],
  ['driving_licence', { kind: 'yes_no' }],
  ['children', { kind: 'integer' }],
  ['needs', { kind: 'codes', values: ['language', 'health', 'housing', 'debt'] }],
])

const people: Facts[] = Array.from({ length: 60 }, (_, i) => ({
  age: 20 + i,
  sex: i % 2 ? 'male' : 'female',
  ...(i % 3 ? { residence_area: i % 4 ? 'south' : 'north' } : {}),
  language_level: ['A2', 'none'][i % 2]!,
  driving_licence: i % 5 === 0,
  ...(i < 19 ? { children: 1 } : {}),
  ...(i < 50
    ? { needs: [...(i % 2 ? ['health'] : []), ...(i < 30 ? ['language'] : []), ...(i < 19 ? ['debt'] : [])] }
    : {}),
}))

const { features } = (() => {
  const table = startFactTable(definitions)
  people.forEach((facts) => table.add(facts))
  return featuresOfFacts(table.table())
})()

test('facts become features by their kind, a list one yes or no for each label that at least twenty have', () => {
  expect(features.map(({ name, kind, levels }) => [name, kind, levels])).toEqual([
    ['age', 'number', []],
    ['sex', 'category', ['female', 'male']],
    ['residence_area', 'category', ['north', 'south']],
    ['language_level', 'ordered', ['none', 'A1', 'A2']],
    ['driving_licence', 'number', []],
    ['needs: language', 'number', []],
    ['needs: health', 'number', []],
  ])
})

test('a list that was not asked is not known, which is not the same as no', () => {
  const { values } = features.find(({ name }) => name === 'needs: language')!
  expect([values[0], values[40], values[55]]).toEqual([1, 0, NaN])
})

test('what is protected stays marked, a need that tells of health included', () => {
  expect(features.filter(({ isProtected }) => isProtected).map(({ name }) => name)).toEqual([
    'age',
    'sex',
    'needs: health',
  ])
})

test('one client is read as the past ones were', () => {
  const { read, foreign } = readFactsFor(features, definitions)
  expect(foreign).toEqual([])
  people.forEach((facts, i) => {
    expect(read(facts)).toEqual(Float64Array.from(features, ({ values }) => values[i]!))
  })
})

test('a label that the model never met is not known, and features that are no facts are named', () => {
  const { read, foreign } = readFactsFor([...features, { name: 'region', kind: 'number', levels: [] }], definitions)
  expect(foreign).toEqual(['region'])
  expect([...read({ residence_area: 'abroad', sex: 'other' })]).toEqual(Array.from({ length: 8 }, () => NaN))
})
