// What a person's nearest past people have in common: the facts by which the trees part them from others.

import type { BinnedTable } from '../bins/bins.ts'
import type { Neighbours } from './neighbours.ts'
import { findLeaf, roomForRows, rowsFrom, rowsSideBySide } from './trees.ts'

/** One column of a group: its people lie in the bins from `from` to `to` (number), or in `levels` (category). */
export type GroupColumn =
  | { readonly kind: 'number'; readonly column: number; readonly from: number; readonly to: number }
  | { readonly kind: 'category'; readonly column: number; readonly levels: readonly number[] }

/** most: columns at most. fewest: people that a group must hold at least. */
export interface NearestOptions {
  readonly most: number
  readonly fewest: number
}

/** Less than a tenth of the past people set apart says next to nothing. */
const leastApart = 0.1

/**
 * The group that one row's nearest past people come from. Of each column whose answer is known, the bins that at least half of the
 * trees let go the row's way; the columns that part the row from most past people (mean over the trees of the share whose bin
 * goes another way) come first. A group is told only where a leaf that lies wholly inside it holds `fewest` people; else the last column is
 * left out, and so on to none. Deterministic. Throws a RangeError for a table of another shape. O(trees × depth + bins).
 */
export function nearestGroup(
  neighbours: Neighbours,
  table: BinnedTable,
  row: number,
  { most, fewest }: NearestOptions,
): readonly GroupColumn[] {
  const { columns, trees, seen } = neighbours
  if (table.columns.length !== columns) throw new RangeError(`the forest reads ${columns} columns`)
  const bins = roomForRows(1, columns)
  rowsSideBySide(table, row, row + 1, bins)
  const ways = waysOf(neighbours, table, bins)
  const apart = seen.map((counts, column) => shareApart(ways, column, counts.length))
  const known = seen.map((counts) => counts.reduce((sum, count) => sum + count, 0))
  const everyone = neighbours.taken.reduce((sum, count) => sum + count, 0)
  const chosen = seen
    .flatMap((counts, column) => {
      if (bins[rowsFrom + column] >= counts.length) return []
      const isIn = apart[column].map((out) => Number(2 * out <= trees))
      const total = known[column]
      const inside = counts.reduce((sum, count, bin) => sum + count * isIn[bin], 0)
      const parted = counts.reduce((sum, count, bin) => sum + (count * apart[column][bin]) / trees, 0)
      return inside <= (1 - leastApart) * total
        ? [{ column, isIn, parted: parted / total, isKnownOfAll: total === everyone }]
        : []
    })
    .sort((a, b) => b.parted - a.parted || a.column - b.column)
    .slice(0, most)
  while (chosen.length > 0 && peopleSurely(neighbours, ways, bins, chosen) < fewest) chosen.pop()
  return chosen.map(({ column, isIn }) => {
    const levels = [...isIn.keys()].filter((bin) => isIn[bin] === 1)
    return table.columns[column].kind === 'category'
      ? { kind: 'category', column, levels }
      : { kind: 'number', column, from: levels[0], to: levels[levels.length - 1] }
  })
}

/** What each tree lets go a row's way: at [tree × columns + column] the first and last bin of a number, and whether those of whom it
 *  is not known go along; at [tree × levels + first[column] + level] 1 for a level of a category that goes another way. */
interface Ways {
  readonly trees: number
  readonly columns: number
  readonly from: Uint8Array
  readonly to: Uint8Array
  readonly goesUnknown: Uint8Array
  readonly levels: number
  /** -1 for a number. */
  readonly first: Int32Array
  readonly isOut: Uint8Array
}

function waysOf({ nodes, nodeStart, trees, columns }: Neighbours, table: BinnedTable, row: Uint8Array): Ways {
  const first = new Int32Array(columns).fill(-1)
  let levels = 0
  table.columns.forEach(({ kind, bins }, column) => {
    if (kind !== 'category') return
    first[column] = levels
    levels += bins
  })
  const from = new Uint8Array(trees * columns)
  const to = new Uint8Array(trees * columns).fill(254)
  const goesUnknown = new Uint8Array(trees * columns).fill(1)
  const isOut = new Uint8Array(trees * levels)
  for (let tree = 0; tree < trees; tree++) {
    const base = 2 * nodeStart[tree]
    for (let node = base; nodes[node] >= 0;) {
      const split = nodes[node]
      const column = split >> 17
      const at = tree * columns + column
      const last = (split >> 1) & 255
      const level = (256 - ((split >> 9) & 255)) & 255
      const bin = row[rowsFrom + column]
      const isCategory = first[column] >= 0
      const goesLeft = bin === 255 ? (split & 1) === 1 : isCategory ? bin === level : bin <= last
      if ((split & 1) !== Number(goesLeft)) goesUnknown[at] = 0
      if (isCategory) {
        const out = tree * levels + first[column]
        const { bins } = table.columns[column]
        if (goesLeft) for (let other = 0; other < bins; other++) isOut[out + other] |= Number(other !== level)
        else if (level < bins) isOut[out + level] = 1
      } else if (goesLeft) to[at] = Math.min(to[at], last)
      else from[at] = Math.max(from[at], last + 1)
      node = base + 2 * (nodes[node + 1] + (goesLeft ? 0 : 1))
    }
  }
  return { trees, columns, from, to, goesUnknown, levels, first, isOut }
}

/** How many trees send each bin of a column another way. */
function shareApart({ trees, columns, from, to, levels, first, isOut }: Ways, column: number, bins: number) {
  const apart = new Float64Array(bins)
  if (first[column] >= 0) {
    for (let tree = 0; tree < trees; tree++)
      for (let level = 0; level < bins; level++) apart[level] += isOut[tree * levels + first[column] + level]
    return apart
  }
  // Steps at the ends of each tree's range, then their running sum.
  const enters = new Float64Array(257)
  for (let at = column; at < trees * columns; at += columns) {
    enters[from[at]]++
    enters[to[at] + 1]--
  }
  let inside = 0
  for (let bin = 0; bin < bins; bin++) {
    inside += enters[bin]
    apart[bin] = trees - inside
  }
  return apart
}

/** The most people of a leaf that lies wholly in the group: so many it holds at least. */
function peopleSurely(
  { nodes, nodeStart, leafStart, leaves, leafSize }: Neighbours,
  ways: Ways,
  row: Uint8Array,
  group: readonly { readonly column: number; readonly isIn: Float64Array; readonly isKnownOfAll: boolean }[],
): number {
  const { columns, levels, first } = ways
  let people = 0
  for (let tree = 0; tree < ways.trees; tree++) {
    const isInside = group.every(({ column, isIn, isKnownOfAll }) => {
      const at = tree * columns + column
      if (!isKnownOfAll && ways.goesUnknown[at] === 1) return false
      if (first[column] >= 0) {
        const out = tree * levels + first[column]
        return isIn.every((one, level) => one === 1 || ways.isOut[out + level] === 1)
      }
      // What a group holds of a number is one range with the row's own bin in it.
      const to = Math.min(ways.to[at], isIn.length - 1)
      return isIn[ways.from[at]] === 1 && isIn[to] === 1
    })
    if (!isInside) continue
    const leaf = leafStart[tree] + findLeaf(nodes, 2 * nodeStart[tree], row, rowsFrom)
    people = Math.max(people, leaves[leaf * leafSize + leafSize - 1])
  }
  return people
}
