// The exact search for the best tree of depth one or two, from sums of rewards by pairs of bins.
//
// A tree of depth two asks one column at the root and one on each side, so all it needs of the rows are the sums of rewards
// in each pair of bins of two columns. Those are added up once; every tree is then a matter of cumulating small tables. Prices
// (below) change the sums by price × rows, so that no row is looked at again when prices change.

import type { SplitColumn } from './candidates.ts'

/** The rows of a node. stats: row-major, rows × (arms + 1): the arms' rewards, then 1. codes: one array a split column. */
export interface Sample {
  readonly rows: number
  readonly arms: number
  readonly stats: Float64Array
  /** One on average, or null: already in the rewards; here for the means of nodes alone. */
  readonly weight: Float64Array | null
  readonly codes: readonly Uint8Array[]
}

/** place: of the split column. code: of its cut. */
export interface Cut {
  readonly place: number
  readonly code: number
  readonly missingLeft: boolean
}

export type Shape = { readonly arm: number } | { readonly cut: Cut; readonly left: Shape; readonly right: Shape }

export interface RatedTree {
  readonly shape: Shape
  /** The sum of rewards, prices taken off. */
  readonly value: number
  /** For each arm, how many rows get it. */
  readonly given: Float64Array
}

/** A tree that splits at all. */
export interface RatedSplit extends RatedTree {
  readonly shape: Exclude<Shape, { readonly arm: number }>
}

export interface SearchRules {
  /** For each arm, taken off each person's reward. */
  readonly prices: Float64Array
  /** At least this many rows in each leaf; 1 or more. */
  readonly minimumLeaf: number
  /** A larger tree, or an arm of a higher number, must add more than this to the sum: rounding never decides. */
  readonly margin: number
}

/** Sums by bins. pair(j, k) for j <= k: (bins of j + 1) × (bins of k + 1) × (arms + 1). */
export interface Sums {
  readonly columns: readonly SplitColumn[]
  readonly arms: number
  /** Of all rows: arms + 1. */
  readonly total: Float64Array
  /** Of each column alone: (bins + 1) × (arms + 1). */
  readonly single: readonly Float64Array[]
  readonly pairs: readonly (readonly Float64Array[])[]
}

/** Adds up the rows. With pairs: O(rows · columns² / 2 · arms) and columns² / 2 · cuts² · arms numbers of memory. */
export function sumByBins(sample: Sample, columns: readonly SplitColumn[], withPairs: boolean): Sums {
  const width = sample.arms + 1
  const total = new Float64Array(width)
  for (let at = 0; at < sample.rows * width; at++) total[at % width] += sample.stats[at]
  const single = columns.map((column, j) => {
    const sums = new Float64Array((column.bins + 1) * width)
    addRows(sums, sample, width, sample.codes[j], null, 0)
    return sums
  })
  const pairs = withPairs
    ? columns.map((first, j) =>
        columns.map((second, k) => {
          if (k <= j) return new Float64Array(0)
          const sums = new Float64Array((first.bins + 1) * (second.bins + 1) * width)
          addRows(sums, sample, width, sample.codes[k], sample.codes[j], second.bins + 1)
          return sums
        }),
      )
    : []
  return { columns, arms: sample.arms, total, single, pairs }
}

function addRows(
  sums: Float64Array,
  sample: Sample,
  width: number,
  codes: Uint8Array,
  outer: Uint8Array | null,
  stride: number,
): void {
  const { rows, stats } = sample
  for (let i = 0, from = 0; i < rows; i++) {
    const bin = outer === null ? codes[i] : outer[i] * stride + codes[i]
    for (let cell = bin * width, end = cell + width; cell < end; cell++) sums[cell] += stats[from++]
  }
}

/** Everybody in one arm: a tree an arm. */
export function ratedLeaves(sums: Sums, rules: SearchRules): readonly RatedTree[] {
  const total = pricedTotal(sums, rules)
  return Array.from({ length: sums.arms }, (_, arm) => {
    const given = new Float64Array(sums.arms)
    given[arm] = total[sums.arms]
    return { shape: { arm }, value: total[arm], given }
  })
}

/** Every first split that both sides are large enough for, in the order of columns and cuts; depth 2: each with the best
 *  split that can follow on either side. O(columns · cuts · arms), depth 2: O(columns² · cuts² · arms). */
export function ratedSplits(sums: Sums, rules: SearchRules, depth: 1 | 2): readonly RatedSplit[] {
  const total = pricedTotal(sums, rules)
  return sums.columns.flatMap((_, j) => {
    const splits = openFirstSplits(sums, rules, total, j)
    if (depth === 2 && splits.length > 0) followSplits(sums, rules, j, splits)
    return splits.map((split) => ratedOf(sums, rules, j, split))
  })
}

/** The best of them; of equals the first. */
export function bestOf<T extends RatedTree>(trees: readonly T[], margin: number): T {
  let best = trees[0]
  for (const tree of trees) if (tree.value > best.value + margin) best = tree
  return best
}

/** One side of a first split. found: [value, code, missingLeft] of the best second split so far; place: its column, -1 where
 *  none beats one leaf. leaves: the sums of its two leaves, left then right. */
interface Side {
  readonly total: Float64Array
  readonly found: Float64Array
  place: number
  readonly leaves: Float64Array
}

interface FirstSplit {
  readonly code: number
  readonly missingLeft: boolean
  readonly sides: readonly [Side, Side]
}

/** The first splits of one column with each side as one leaf; where nobody is "not known", it goes with the larger side. */
function openFirstSplits(sums: Sums, rules: SearchRules, total: Float64Array, j: number): readonly FirstSplit[] {
  const { arms } = sums
  const width = arms + 1
  const { bins, cuts, isLevel } = sums.columns[j]
  const table = priced(sums.single[j], arms, rules.prices)
  const missing = table.subarray(bins * width)
  const hasMissing = missing[arms] > 0
  const running = new Float64Array(width)
  const splits: FirstSplit[] = []
  for (let code = 0; code < cuts.length; code++) {
    if (isLevel) running.fill(0)
    for (let s = 0; s < width; s++) running[s] += table[code * width + s]
    for (let withMissing = 0; withMissing <= (hasMissing ? 1 : 0); withMissing++) {
      const left = running.map((sum, s) => (withMissing === 1 ? sum + missing[s] : sum))
      const right = total.map((sum, s) => sum - left[s])
      if (left[arms] < rules.minimumLeaf || right[arms] < rules.minimumLeaf) continue
      const missingLeft = hasMissing ? withMissing === 1 : left[arms] >= right[arms]
      splits.push({ code, missingLeft, sides: [leafSide(left, arms), leafSide(right, arms)] })
    }
  }
  return splits
}

function leafSide(total: Float64Array, arms: number): Side {
  const found = Float64Array.of(largest(total, arms), 0, 0)
  return { total, found, place: -1, leaves: new Float64Array(2 * (arms + 1)) }
}

/** Looks for the best second split on each side of the first splits of column j. */
function followSplits(sums: Sums, rules: SearchRules, j: number, splits: readonly FirstSplit[]): void {
  const width = sums.arms + 1
  for (let k = 0; k < sums.columns.length; k++) {
    const second = sums.columns[k]
    const whole = priced(sums.single[k], sums.arms, rules.prices)
    const tables = [new Float64Array(whole.length), new Float64Array(whole.length)]
    const running = new Float64Array(whole.length)
    let next = 0
    for (const split of splits) {
      if (sums.columns[j].isLevel) {
        running.fill(0)
        next = split.code
      }
      for (; next <= split.code; next++) addSlice(running, sums, rules, j, k, next)
      tables[0].set(running)
      if (split.missingLeft) addSlice(tables[0], sums, rules, j, k, sums.columns[j].bins)
      for (let cell = 0; cell < whole.length; cell++) tables[1][cell] = whole[cell] - tables[0][cell]
      for (let at = 0; at < 2; at++) {
        const side = split.sides[at]
        if (!bestCut(tables[at], side.total, second, sums.arms, rules, side.found)) continue
        side.place = k
        const cell = side.found[1] * width
        const missing = second.bins * width
        for (let s = 0; s < width; s++) {
          const left = tables[at][cell + s] + (side.found[2] === 1 ? tables[at][missing + s] : 0)
          side.leaves[s] = left
          side.leaves[width + s] = side.total[s] - left
        }
      }
    }
  }
}

function ratedOf(sums: Sums, rules: SearchRules, j: number, split: FirstSplit): RatedSplit {
  const given = new Float64Array(sums.arms)
  const leaf = (total: Float64Array): Shape => {
    let arm = 0
    for (let a = 1; a < sums.arms; a++) if (total[a] > total[arm] + rules.margin) arm = a
    given[arm] += total[sums.arms]
    return { arm }
  }
  const [left, right] = split.sides.map(({ total, found, place, leaves }): Shape => {
    if (place < 0) return leaf(total)
    const half = leaves.length / 2
    const cut = { place, code: found[1], missingLeft: found[2] === 1 }
    return { cut, left: leaf(leaves.subarray(0, half)), right: leaf(leaves.subarray(half)) }
  })
  const cut = { place: j, code: split.code, missingLeft: split.missingLeft }
  return { shape: { cut, left, right }, value: split.sides[0].found[0] + split.sides[1].found[0], given }
}

/** Adds column k's sums among the rows whose column j has this code, prices taken off. */
function addSlice(into: Float64Array, sums: Sums, rules: SearchRules, j: number, k: number, code: number): void {
  const { arms } = sums
  const width = arms + 1
  const { prices } = rules
  const cells = sums.columns[k].bins + 1
  // Within one column a row's two bins are the same.
  const from = j === k ? sums.single[j] : j < k ? sums.pairs[j][k] : sums.pairs[k][j]
  const first = j === k ? code : 0
  const last = j === k ? code + 1 : cells
  const start = j === k ? 0 : j < k ? code * cells * width : code * width
  const step = j > k ? (sums.columns[j].bins + 1) * width : width
  for (let bin = first; bin < last; bin++) {
    const source = start + bin * step
    const target = bin * width
    const rows = from[source + arms]
    if (rows === 0) continue
    for (let a = 0; a < arms; a++) into[target + a] += from[source + a] - prices[a] * rows
    into[target + arms] += rows
  }
}

/** Looks for a cut of one column that beats found[0] by more than the margin; writes [value, code, missingLeft]. */
function bestCut(
  table: Float64Array,
  total: Float64Array,
  column: SplitColumn,
  arms: number,
  rules: SearchRules,
  found: Float64Array,
): boolean {
  const width = arms + 1
  const { minimumLeaf, margin } = rules
  const cuts = column.cuts.length
  const missing = column.bins * width
  const rows = total[arms]
  if (rows < 2 * minimumLeaf) return false
  const rowsMissing = table[missing + arms]
  // The table is the caller's scratch: a number's sums are cumulated in it as the cuts rise.
  const isLevel = column.isLevel
  let isFound = false
  for (let code = 0; code < cuts; code++) {
    const at = code * width
    if (!isLevel && code > 0) for (let s = 0; s < width; s++) table[at + s] += table[at - width + s]
    const rowsLeft = table[at + arms]
    for (let withMissing = 0; withMissing < 2; withMissing++) {
      if (withMissing === 1 && rowsMissing === 0) break
      const left = withMissing === 1 ? rowsLeft + rowsMissing : rowsLeft
      if (left < minimumLeaf || rows - left < minimumLeaf) continue
      let bestLeft = -Infinity
      let bestRight = -Infinity
      for (let a = 0; a < arms; a++) {
        const sum = withMissing === 1 ? table[at + a] + table[missing + a] : table[at + a]
        const rest = total[a] - sum
        if (sum > bestLeft) bestLeft = sum
        if (rest > bestRight) bestRight = rest
      }
      if (bestLeft + bestRight > found[0] + margin) {
        found[0] = bestLeft + bestRight
        found[1] = code
        found[2] = rowsMissing > 0 ? withMissing : left >= rows - left ? 1 : 0
        isFound = true
      }
    }
  }
  return isFound
}

function priced(table: Float64Array, arms: number, prices: Float64Array): Float64Array {
  const width = arms + 1
  const out = Float64Array.from(table)
  for (let at = 0; at < out.length; at += width) {
    for (let a = 0; a < arms; a++) out[at + a] -= prices[a] * out[at + arms]
  }
  return out
}

function pricedTotal({ total, arms }: Sums, rules: SearchRules): Float64Array {
  return priced(total, arms, rules.prices)
}

function largest(total: Float64Array, arms: number): number {
  let best = -Infinity
  for (let a = 0; a < arms; a++) if (total[a] > best) best = total[a]
  return best
}
