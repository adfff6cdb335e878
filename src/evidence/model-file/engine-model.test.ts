import { expect, test } from 'vitest'
import type { EngineModel } from '../engine/model.ts'
import { aCard } from '../engine/card.factory.ts'
import { keepEngineModel, packModelBytes, readEngineModel, unpackModelBytes, type ModelFile } from './index.ts'

/** Everyone is told the average: the least that an engine can have learned from the card's data. */
const model: EngineModel = {
  ...{ kind: 'engine', treatment: 'service', outcome: { name: 'working_at_365', kind: 'yes_no' } },
  arms: ['none', 'language_training', 'vocational_training'],
  features: aCard().features.map(({ name, kind, levels, isProtected }) => ({ name, kind, levels, isProtected })),
  cuts: aCard().features.map((_, j) => ({
    ...{ kind: 'number', bins: 2, edges: Float64Array.of(j), centres: Float64Array.of(0, 1) },
  })),
  scale: 0.5,
  centre: 0.5,
  basis: {
    ...{ columns: 4, cells: 0, terms: 0, cellOf: new Uint16Array(0), firstCell: new Uint32Array(0) },
    ...{ termColumn: new Uint16Array(0), termShape: new Uint8Array(0), valueAt: new Uint32Array(0) },
    values: new Float64Array(0),
  },
  ...{ ridge: [], covariance: [], boosted: null, forest: null, policy: null, supportFloor: 0.01 },
  stack: { weights: new Float64Array(0), centre: new Float64Array(0), average: Float64Array.of(0.04, 0.12) },
  neighbours: {
    ...{ kind: 'neighbours', arms: 3, columns: 4, first: 0, trees: 1, leafSize: 7 },
    ...{ nodes: Int32Array.of(-1, 0), nodeStart: Uint32Array.of(0, 1), leafStart: Uint32Array.of(0, 1) },
    ...{ leaves: new Float32Array(7), taken: Float64Array.of(9, 4, 7), seen: [] },
  },
  interval: { stretch: Float64Array.of(1.2, 1.4), stretchOfPairs: Float64Array.of(0.9), misfit: 0.01 },
  support: {
    ...{ arms: 3, rounds: 0, regression: null, boosting: null },
    ...{ shares: Float64Array.of(0.45, 0.2, 0.35), weights: Float64Array.of(1, 0, 0) },
  },
}

const kept = keepEngineModel(model, aCard())
const problemOf = (file: ModelFile) => {
  const read = readEngineModel(file)
  return read.ok ? null : read.problem.reason
}

test('the engine’s model comes back from bytes as it was', () => {
  const read = unpackModelBytes(packModelBytes(kept))
  if (!read.ok) return expect.unreachable()
  expect(readEngineModel(read.value)).toStrictEqual({ ok: true, value: model })
})

test('a model that does not fit the card beside it is refused', () => {
  const [first, ...others] = aCard().features
  const cards = [
    aCard({ arms: aCard().arms.slice(1) }),
    aCard({ control: 'language_training' }),
    aCard({ features: others }),
    aCard({ features: [{ ...first!, name: 'years' }, ...others] }),
  ]
  for (const card of cards) expect(problemOf(keepEngineModel(model, card))).toBe('damaged')
  const fewer = { ...model, stack: { ...model.stack, average: Float64Array.of(0.04) } }
  expect(problemOf(keepEngineModel(fewer, aCard()))).toBe('damaged')
})

test('a model of another engine, or of none, is refused', () => {
  expect(problemOf({ ...kept, manifest: { ...kept.manifest, engineVersion: '0' } })).toBe('other_engine')
  expect(problemOf({ ...kept, sections: [] })).toBe('damaged')
  expect(problemOf({ ...kept, sections: kept.sections.slice(0, 2) })).toBe('damaged')
  const classic = { ...model, kind: 'classic' as 'engine' }
  expect(problemOf(keepEngineModel(classic, aCard()))).toBe('damaged')
})
