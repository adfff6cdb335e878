// What a rule gives to each protected group and to each intersection of two, small groups and small counts left out.

import { meanOf, type Estimate, type Sampling } from '#numerics/index.ts'
import { hideLinked, usualMinimum, withTotals, type LinkedTable } from '#platform/suppression.ts'
import type { Card } from '../engine/card.ts'
import { fewestRows, inNoGroup, type GroupColumn } from './protected-groups.ts'

type GroupFigure = Card['groups'][number]

/** asItWas, engine: each row's value by held-out scores, as it was and under the rule. chosen: the rule's arm of each row. */
export interface RuleFigures extends Sampling {
  readonly asItWas: Float64Array
  readonly engine: Float64Array
  readonly chosen: Uint8Array
  readonly arms: readonly string[]
}

/**
 * Figures of every group with at least `fewest` rows, single facts first, then pairs of facts in the order of columns; `leftOut`
 * counts the others that have anyone in them. Rows that are in no group of some fact are in no figure. Counts by group and arm below `usualMinimum` are hidden with as many others as
 * it takes that none can be worked out from the rest (docs/methods/suppression.md): such an arm is missing from the
 * allocation, and a group whose own size would tell another's is left out. An estimate without a standard error (one
 * cluster) is null. O(columns² · rows).
 */
export function groupFigures(
  columns: readonly GroupColumn[],
  figures: RuleFigures,
  fewest = fewestRows,
): { readonly groups: readonly GroupFigure[]; readonly leftOut: number } {
  if (columns.length === 0) return { groups: [], leftOut: 0 }
  const isTold = Uint8Array.from(figures.chosen, (_, i) =>
    columns.some(({ places }) => places[i] === inNoGroup) ? 0 : 1,
  )
  const tables = tablesOf(columns, figures, isTold)
  const hidden = hideLinked(tables, usualMinimum)
  const groups: GroupFigure[] = []
  let leftOut = columns.filter(({ places }) => places.includes(inNoGroup)).length
  for (const { facts, arms, names, counts, sizes } of tables) {
    const across = arms + 1
    for (let cell = 0; cell * across < counts.length; cell++) {
      const places = placesOf(cell, sizes.slice(0, -1))
      if (places.some((place, axis) => place === facts[axis]?.labels.length)) continue
      const total = cell * across + arms
      const rows = counts[total] ?? 0
      if (rows === 0) continue
      if (rows < fewest || hidden.has(names[total] ?? '')) {
        leftOut++
        continue
      }
      const members = membersOf(facts, places, isTold)
      groups.push({
        feature: facts.map(({ name }) => name).join(' × '),
        group: facts.map(({ labels }, axis) => labels[places[axis] ?? 0] ?? '').join(' × '),
        rows,
        asItWas: estimateIn(figures.asItWas, members, figures),
        engine: estimateIn(figures.engine, members, figures),
        allocation: figures.arms.flatMap((arm, a) => {
          const at = cell * across + a
          return hidden.has(names[at] ?? '') ? [] : [{ arm, share: (counts[at] ?? 0) / rows }]
        }),
      })
    }
  }
  return { groups, leftOut }
}

/** Counts by the groups of one or two facts and by arm, with totals. */
interface FactTable extends LinkedTable {
  readonly facts: readonly GroupColumn[]
  readonly arms: number
}

function tablesOf(
  columns: readonly GroupColumn[],
  { chosen, arms }: RuleFigures,
  isTold: Uint8Array,
): readonly FactTable[] {
  const pairs = columns.flatMap((first, j) => columns.slice(j + 1).map((second) => [first, second]))
  return [...columns.map((column) => [column]), ...pairs].map((facts) => {
    const parts = [...facts.map(({ labels }) => labels.length), arms.length]
    const inner = new Array<number>(parts.reduce((product, part) => product * part, 1)).fill(0)
    for (let i = 0; i < chosen.length; i++) {
      if (isTold[i] === 0) continue
      let at = 0
      for (const { labels, places } of facts) at = at * labels.length + (places[i] ?? 0)
      at = at * arms.length + (chosen[i] ?? 0)
      inner[at] = (inner[at] ?? 0) + 1
    }
    const table = withTotals(parts, inner)
    const axes = [...facts.map(({ name }) => name), 'arm']
    // A total over a fact has the same name in every table, for it counts the same people.
    const names = table.counts.map((_, cell) =>
      placesOf(cell, table.sizes)
        .map((place, axis) => (place === parts[axis] ? '' : `${axes[axis]}=${place};`))
        .join(''),
    )
    return { ...table, names, facts, arms: arms.length }
  })
}

function placesOf(cell: number, sizes: readonly number[]): readonly number[] {
  const places: number[] = []
  for (let rest = cell, axis = sizes.length - 1; axis >= 0; axis--) {
    const size = sizes[axis] ?? 1
    places.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return places
}

function membersOf(facts: readonly GroupColumn[], places: readonly number[], isTold: Uint8Array): Uint32Array {
  return Uint32Array.from({ length: isTold.length }, (_, i) => i).filter(
    (i) => isTold[i] === 1 && facts.every((fact, axis) => fact.places[i] === places[axis]),
  )
}

function estimateIn(values: Float64Array, members: Uint32Array, { weight, cluster }: Sampling): Estimate | null {
  const own = (all: ArrayLike<number>): Float64Array => Float64Array.from(members, (row) => all[row] ?? NaN)
  const weights = weight ? own(weight) : null
  if (weights?.every((w) => w === 0)) return null
  const estimate = meanOf(own(values), { weight: weights, cluster: cluster ? Int32Array.from(own(cluster)) : null })
  return Number.isFinite(estimate.se) ? estimate : null
}
