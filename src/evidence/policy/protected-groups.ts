// Protected facts as groups that figures can be told for.

import type { Feature } from '../dataset/learning-table.ts'
import { otherLevels } from '../dataset/levels.ts'

export interface GroupColumn {
  readonly name: string
  readonly labels: readonly string[]
  /** The place of each row's label; `inNoGroup` where the row's group would be too small to be told. */
  readonly places: Uint8Array
}

export const inNoGroup = 255

/** Fewer rows than these have no estimate and no line. */
export const fewestRows = 20

/** More groups than these say nothing of each: the least frequent become one. */
const mostGroups = 8
const mostValues = 5

/**
 * One column for each protected feature, in order. Levels are groups; so are a number's values where there are up to five,
 * else its thirds. Not known is a group of its own: whoever did not say is not left out. What fewer than `fewest` have, and
 * what comes after the eight most frequent, is told together as `otherLevels`; where that is still too few, those rows are in no
 * group, so that their figures cannot be worked out as what the other groups lack.
 */
export function protectedGroups(features: readonly Feature[], fewest = fewestRows): readonly GroupColumn[] {
  return features.filter(({ isProtected }) => isProtected).map((feature) => groupsOf(feature, fewest))
}

function groupsOf({ name, kind, levels, values }: Feature, fewest: number): GroupColumn {
  const column = (labelOf: (value: number) => string): GroupColumn =>
    columnOf(name, values, (value) => (Number.isFinite(value) ? labelOf(value) : notKnown), fewest)
  if (kind !== 'number') return column((value) => levels[value] ?? notKnown)
  const known = values.filter(Number.isFinite).sort()
  if (new Set(known).size <= mostValues) return column(String)
  const [first = 0, second = 0] = [1, 2].map((third) => known[Math.ceil((third * known.length) / 3) - 1])
  return column((value) =>
    value <= first ? `≤ ${first}` : value <= second ? `> ${first}, ≤ ${second}` : `> ${second}`,
  )
}

/** Shown in the reader's language, as `otherLevels` is. */
const notKnown = 'unknown'

function columnOf(name: string, values: Float64Array, labelOf: (value: number) => string, fewest: number): GroupColumn {
  const found = new Map<string, { readonly label: string; rows: number; lowest: number }>()
  for (const value of values) {
    const label = labelOf(value)
    const group = found.get(label) ?? { label, rows: 0, lowest: Infinity }
    group.rows++
    // What is not known comes last.
    if (value < group.lowest) group.lowest = value
    found.set(label, group)
  }
  const frequent = [...found.values()].sort((a, b) => b.rows - a.rows || a.lowest - b.lowest)
  const told = frequent.filter(({ rows, label }) => rows >= fewest && label !== otherLevels)
  const kept = told.slice(0, told.length > mostGroups ? mostGroups - 1 : mostGroups)
  const labels = kept.sort((a, b) => a.lowest - b.lowest).map(({ label }) => label)
  const rest = values.length - kept.reduce((sum, { rows }) => sum + rows, 0)
  const placeOf = new Map(labels.map((label, place) => [label, place]))
  const restPlace = rest >= fewest ? labels.push(otherLevels) - 1 : inNoGroup
  return { name, labels, places: Uint8Array.from(values, (value) => placeOf.get(labelOf(value)) ?? restPlace) }
}
