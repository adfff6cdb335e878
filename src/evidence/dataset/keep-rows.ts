// Part of a learning table: the rows of the arms that can be learned from, the features that tell people apart.

import type { LearningTable } from './learning-table.ts'

/** The table of these rows, in their order. Arms and levels stay, whoever has them. O(rows · features). */
export function keepRows(table: LearningTable, rows: Uint32Array): LearningTable {
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!)
  const { arms, cluster, provider, knownPropensity } = table
  return {
    ...table,
    rows: rows.length,
    features: table.features.map((feature) => ({ ...feature, values: pick(feature.values) })),
    arm: Uint8Array.from(rows, (row) => table.arm[row]!),
    outcome: { ...table.outcome, values: pick(table.outcome.values) },
    weight: table.weight && pick(table.weight),
    cluster: cluster && { ...cluster, places: Int32Array.from(rows, (row) => cluster.places[row]!) },
    provider: provider && { ...provider, places: Int32Array.from(rows, (row) => provider.places[row]!) },
    knownPropensity:
      knownPropensity &&
      Float64Array.from({ length: rows.length * arms.length }, (_, at) => {
        return knownPropensity[Math.floor(at / rows.length) * table.rows + rows[at % rows.length]!]!
      }),
  }
}

/** Without the services (never the control) of which fewer than `fewest` outcomes are known, and without their rows: a network
 *  should not wait with learning until the rarest service has been taken often. Names the services left out. */
export function withoutRareArms(
  table: LearningTable,
  fewest: number,
): { readonly table: LearningTable; readonly leftOut: readonly string[] } {
  const known = table.arms.map(() => 0)
  table.outcome.values.forEach((value, row) => {
    if (!Number.isNaN(value)) known[table.arm[row]!]!++
  })
  const isKept = known.map((count, arm) => arm === 0 || count >= fewest)
  if (isKept.every(Boolean)) return { table, leftOut: [] }
  if (table.knownPropensity !== null)
    throw new RangeError('known chances of arms that are left out no longer sum to one')
  const rows: number[] = []
  table.arm.forEach((arm, row) => {
    if (isKept[arm]) rows.push(row)
  })
  const kept = keepRows(table, Uint32Array.from(rows))
  const arms = table.arms.filter((_, arm) => isKept[arm])
  const placeOf = table.arms.map((name) => arms.indexOf(name))
  return {
    table: { ...kept, arms, arm: kept.arm.map((arm) => placeOf[arm]!) },
    leftOut: table.arms.filter((_, arm) => !isKept[arm]),
  }
}

/** Without the features by which nobody differs: not known of anybody, or known of everybody and the same. One that is the same for
 *  all of whom it is known stays: whether it is known may tell something. The table itself where none is left out. O(rows · features). */
export function withoutIdleFeatures(table: LearningTable): LearningTable {
  const features = table.features.filter(({ values }) => !isIdle(values))
  return features.length === table.features.length ? table : { ...table, features }
}

/** An infinite value counts as not known, as it does in the bins. */
function isIdle(values: Float64Array): boolean {
  const known = Number.isFinite(values[0])
  return values.every((value) => Number.isFinite(value) === known && (!known || value === values[0]))
}
