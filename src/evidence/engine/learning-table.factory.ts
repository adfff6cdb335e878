// Made-up episodes with known effects, for the engine's tests.

import { makeRandom } from '#numerics/index.ts'
import type { Feature, LearningTable } from '../dataset/learning-table.ts'

/** A table, and what is true of each row: effects rows × 2, column-major, in the outcome's units. */
export interface DrawnTable {
  readonly table: LearningTable
  readonly effects: Float64Array
}

/** effect: by how much the first service helps those of level `b` (the second helps nobody). isProtected: of `sex`. */
export interface DrawnOrder {
  readonly rows: number
  readonly seed?: number
  readonly kind?: 'yes_no' | 'number'
  readonly effect?: number
  readonly isProtected?: boolean
}

/**
 * People with a number, an ordered answer (one in ten does not give it), a category and sex. Those with a high number take the
 * first service more often and fare better without any: averages as they are mislead.
 */
export function drawTable(order: DrawnOrder): DrawnTable {
  const { rows, seed = 1, kind = 'yes_no', effect = 0.3, isProtected = false } = order
  const random = makeRandom(seed, 0)
  const draw = (of: () => number) => Float64Array.from({ length: rows }, of)
  const years = draw(() => 10 * random.uniform())
  const level = draw(() => (random.uniform() < 0.1 ? NaN : random.below(3)))
  const region = draw(() => random.below(3))
  const sex = draw(() => random.below(2))
  const arm = new Uint8Array(rows)
  const y = new Float64Array(rows)
  const effects = new Float64Array(2 * rows)
  for (let i = 0; i < rows; i++) {
    const first = 0.2 + 0.03 * years[i]!
    const drawn = random.uniform()
    arm[i] = drawn < first ? 1 : drawn < first + 0.2 ? 2 : 0
    effects[i] = region[i] === 1 ? effect : 0
    const chance = 0.2 + 0.03 * years[i]! + 0.05 * sex[i]! + (arm[i] === 1 ? effects[i]! : 0)
    y[i] = kind === 'yes_no' ? Number(random.uniform() < chance) : 20_000 * (chance + 0.2 * random.normal())
  }
  const features: readonly Feature[] = [
    { name: 'years', kind: 'number', levels: [], isProtected: false, values: years },
    { name: 'level', kind: 'ordered', levels: ['low', 'middle', 'high'], isProtected: false, values: level },
    { name: 'region', kind: 'category', levels: ['a', 'b', 'c'], isProtected: false, values: region },
    { name: 'sex', kind: 'category', levels: ['female', 'male'], isProtected, values: sex },
  ]
  const scale = kind === 'yes_no' ? 1 : 20_000
  return {
    table: {
      ...{ rows, features, arm, treatment: 'service', arms: ['none', 'course', 'talk'] },
      outcome: { name: kind === 'yes_no' ? 'employed' : 'earnings', kind, values: y },
      ...{ weight: null, cluster: null, knownPropensity: null, span: null, provider: null },
    },
    effects: effects.map((value) => value * scale),
  }
}

/** The table with one feature changed. */
export function withFeature(
  table: LearningTable,
  name: string,
  valueOf: (value: number, row: number) => number,
): LearningTable {
  return {
    ...table,
    features: table.features.map((feature) =>
      feature.name === name ? { ...feature, values: feature.values.map(valueOf) } : feature,
    ),
  }
}

/** The table with every outcome changed. */
export function withOutcome(table: LearningTable, valueOf: (value: number, row: number) => number): LearningTable {
  return { ...table, outcome: { ...table.outcome, values: table.outcome.values.map(valueOf) } }
}

/** The table in clusters dealt out in turn. */
export function inClusters(table: LearningTable, count: number): LearningTable {
  const places = Int32Array.from({ length: table.rows }, (_, i) => i % count)
  return { ...table, cluster: { name: 'site', places, count } }
}
