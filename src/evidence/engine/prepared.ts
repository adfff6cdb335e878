// The learning table as the learners see it: columns in bytes, the outcome on one scale, and which columns may rank.

import { binTable, cutColumn, type BinnedColumn, type BinnedTable } from '#numerics/index.ts'
import type { Feature, LearningTable } from '../dataset/learning-table.ts'

/** y: the outcome less `centre`, over `scale`; 0 where it is not known (its weight is then 0 too). table: all features in
 *  their order; ranking: those that may move an effect, by the same cuts. weight: rows, mean one over all rows, or null. */
export interface Prepared {
  readonly rows: number
  readonly arms: number
  readonly arm: Uint8Array
  readonly y: Float64Array
  readonly isKnown: Uint8Array
  readonly centre: number
  readonly scale: number
  readonly table: BinnedTable
  readonly ranking: BinnedTable
  readonly isProtected: Uint8Array
  readonly weight: Float64Array | null
  readonly cluster: Int32Array | null
  readonly propensity: Float64Array | null
}

/** Why nothing can be learned from a table, in words for whoever asked. */
export class NothingToLearn extends Error {
  override readonly name = 'NothingToLearn'
}

/** Fewest rows and known outcomes that an engine makes anything of: below, an average has no standard error to speak of. */
export const fewest = { rows: 30, known: 20, knownInArm: 2 } as const

/** Refuses (NothingToLearn) too few rows or known outcomes, an arm of which fewer than two outcomes are known, an outcome that is infinite
 *  or does not vary or is in units of no use, weights by which a few rows count for all, a single cluster, and a table in which no feature varies. A row of no weight counts as none. O(rows · columns · log rows). */
export function prepare(table: LearningTable): Prepared {
  const { rows, arms, arm, outcome, features } = table
  refuseUnlearnable(table)
  const weight = meanOne(table.weight)
  const isKnown = Uint8Array.from(outcome.values, (value) => (Number.isNaN(value) ? 0 : 1))
  const { centre, scale } = scaleOf(outcome.values, weight)
  const cuts = features.map(cutsOf)
  const binned = binTable(
    cuts,
    features.map(({ values }) => values),
    rows,
  )
  const isProtected = Uint8Array.from(features, (feature) => Number(feature.isProtected))
  return {
    rows,
    arms: arms.length,
    arm,
    y: outcome.values.map((value) => (Number.isNaN(value) ? 0 : (value - centre) / scale)),
    isKnown,
    centre,
    scale,
    table: binned,
    ranking: withoutColumns(binned, isProtected),
    isProtected,
    weight,
    cluster: table.cluster?.places ?? null,
    propensity: table.knownPropensity,
  }
}

/** The cuts of a feature: ordered levels are cut like numbers. */
export function cutsOf({ kind, levels, values }: Feature): BinnedColumn {
  return cutColumn({ kind: kind === 'category' ? 'category' : 'number', levels: levels.length, values })
}

/** The table without the columns marked 1. The table itself where none is. */
export function withoutColumns(table: BinnedTable, isLeftOut: Uint8Array): BinnedTable {
  const kept = table.columns.flatMap((_, column) => (isLeftOut[column] === 1 ? [] : [column]))
  if (kept.length === table.columns.length) return table
  const { rows } = table
  const bins = new Uint8Array(rows * kept.length)
  kept.forEach((column, place) => bins.set(table.bins.subarray(column * rows, (column + 1) * rows), place * rows))
  return { rows, columns: kept.map((column) => table.columns[column]!), bins }
}

function refuseUnlearnable({ rows, arms, arm, outcome, features, weight, cluster }: LearningTable): void {
  if (rows < fewest.rows) throw new NothingToLearn(`There are ${rows} rows, and it takes at least ${fewest.rows}.`)
  if (arms.length < 2) throw new NothingToLearn('There is only one service type: there is nothing to compare.')
  const known = new Float64Array(arms.length)
  let [least, most, total] = [Infinity, -Infinity, 0]
  outcome.values.forEach((value, i) => {
    if (Number.isNaN(value) || weight?.[i] === 0) return
    known[arm[i]!]!++
    total++
    least = Math.min(least, value)
    most = Math.max(most, value)
  })
  if (total < fewest.known) {
    throw new NothingToLearn(`The outcome is known of ${total} rows, and it takes at least ${fewest.known}.`)
  }
  if (least === -Infinity || most === Infinity)
    throw new NothingToLearn(`The outcome ${outcome.name} is infinite somewhere.`)
  if (least === most) throw new NothingToLearn(`The outcome ${outcome.name} is the same for everybody.`)
  refuseUnits(outcome.name, least, most)
  refuseLopsided(outcome.values, weight)
  const empty = known.findIndex((count) => count < fewest.knownInArm)
  if (empty >= 0) {
    throw new NothingToLearn(
      `Of ${arms[empty]!} fewer than ${fewest.knownInArm} outcomes are known: leave its rows out.`,
    )
  }
  if (cluster?.places.every((place) => place === cluster.places[0])) {
    throw new NothingToLearn(
      `All rows have the same ${cluster.name}: no part of them can judge what the others taught.`,
    )
  }
  if (!features.some(({ values }) => varies(values))) {
    throw new NothingToLearn('No feature varies: there is nothing by which people differ.')
  }
}

/** Beyond these a card and a file of predictions, written in decimals, would lose the effects. */
const units = { largest: 1e11, leastApart: 1e-6 } as const

function refuseUnits(name: string, least: number, most: number): void {
  const largest = Math.max(Math.abs(least), Math.abs(most))
  if (largest > units.largest)
    throw new NothingToLearn(`The outcome ${name} reaches ${largest.toPrecision(3)}: give it in larger units.`)
  if (most - least < units.leastApart)
    throw new NothingToLearn(`The outcome ${name} varies by less than a millionth: give it in smaller units.`)
}

/** So many rows of equal weight would say as much (Kish 1965, Survey Sampling): a few rows that outweigh all others teach of themselves alone. */
function refuseLopsided(values: Float64Array, weight: Float64Array | null): void {
  if (weight === null) return
  let [sum, squares] = [0, 0]
  weight.forEach((w, i) => {
    if (Number.isNaN(values[i]!)) return
    sum += w
    squares += w * w
  })
  const worth = sum ** 2 / squares
  if (worth < fewest.known) {
    throw new NothingToLearn(
      `A few rows outweigh the others: by their weights all rows together say as much as ${Math.floor(worth)} of equal weight would, and it takes at least ${fewest.known}.`,
    )
  }
}

/** An infinite value counts as not known, as it does in the bins. */
function varies(values: Float64Array): boolean {
  const first = values.find(Number.isFinite)
  return first !== undefined && values.some((value) => Number.isFinite(value) && value !== first)
}

function meanOne(weight: Float64Array | null): Float64Array | null {
  if (weight === null) return null
  const mean = weight.reduce((sum, w) => sum + w, 0) / weight.length
  return weight.map((w) => w / mean)
}

/** Mean and standard deviation of the known outcomes. */
function scaleOf(values: Float64Array, weight: Float64Array | null) {
  let [total, sum, squares] = [0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    const w = weight?.[i] ?? 1
    total += w
    sum += w * value
  }
  const centre = sum / total
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isNaN(value)) squares += (weight?.[i] ?? 1) * (value - centre) ** 2
  }
  return { centre, scale: Math.sqrt(squares / total) }
}
