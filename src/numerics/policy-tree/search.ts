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
  readonly codes: readonly Uint8Array[]
}

/** place: of the split column. code: of its cut. */
export interface Cut {
  readonly place: number
  readonly code: number
  readonly missingLeft: boolean
}

/** Where a tree splits; null is a leaf. */
export interface Shape {
  readonly cut: Cut
  readonly left: Shape | null
  readonly right: Shape | null
}

/** A first split with the best that can follow on each side. value: the sum of rewards. */
export interface RatedShape {
  readonly shape: Shape
  readonly value: number
}

export interface SearchRules {
  /** For each arm, taken off each person's reward. */
  readonly prices: Float64Array
  /** At least this many rows in each leaf; 1 or more. */
  readonly minimumLeaf: number
  /** A larger tree must add more than this to the sum: rounding never decides. */
  readonly margin: number
}

/** Sums by bins. pair(j, k) for j <= k: (bins of j + 1) × (bins of k + 1) × (arms + 1). */
export interface Sums {
  readonly columns: readonly SplitColumn[]
  readonly arms: number
  /** Of each column alone: (bins + 1) × (arms + 1). */
  readonly single: readonly Float64Array[]
  readonly pairs: readonly (readonly Float64Array[])[]
}

/** Adds up the rows. With pairs: O(rows · columns² / 2 · arms) and columns² / 2 · cuts² · arms numbers of memory. */
export function sumByBins(sample: Sample, columns: readonly SplitColumn[], withPairs: boolean): Sums {
  const width = sample.arms + 1
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
  return { columns, arms: sample.arms, single, pairs }
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

/** The best single split, or null where none adds to the best leaf. */
export function bestSingleSplit(sums: Sums, rules: SearchRules): RatedShape | null {
  const total = pricedTotal(sums, rules)
  const found = new Float64Array(3)
  let best: RatedShape | null = null
  let bestValue = largest(total, 0, sums.arms)
  for (let j = 0; j < sums.columns.length; j++) {
    const table = priced(sums.single[j], sums.arms, rules.prices)
    found[0] = bestValue
    if (!bestCut(table, total, sums.columns[j], sums.arms, rules, found)) continue
    bestValue = found[0]
    best = { shape: { cut: cutOf(j, found), left: null, right: null }, value: bestValue }
  }
  return best
}

/** Every first split that both sides are large enough for, each with the best split that can follow on either side, in the
 *  order of columns and cuts. O(columns² · cuts² · arms). */
export function ratedFirstSplits(sums: Sums, rules: SearchRules): readonly RatedShape[] {
  const total = pricedTotal(sums, rules)
  return sums.columns.flatMap((_, j) => firstSplitsOf(sums, rules, total, j))
}

/** The best of them where it adds to `value` by more than the margin; the first of equals. */
export function bestOf(shapes: readonly RatedShape[], value: number, margin: number): RatedShape | null {
  let best: RatedShape | null = null
  for (const shape of shapes) if (shape.value > (best?.value ?? value) + margin) best = shape
  return best
}

/** The best sum of rewards when all rows share one arm. */
export function bestLeafValue(sums: Sums, rules: SearchRules): number {
  return largest(pricedTotal(sums, rules), 0, sums.arms)
}

/** The best on one side of a first split so far. */
interface Side {
  value: number
  shape: Shape | null
}

interface FirstSplit {
  readonly code: number
  readonly missingLeft: boolean
  /** Rewards and rows of each side. */
  readonly totals: readonly [Float64Array, Float64Array]
  readonly sides: readonly [Side, Side]
}

function firstSplitsOf(sums: Sums, rules: SearchRules, total: Float64Array, j: number): readonly RatedShape[] {
  const splits = openFirstSplits(sums, rules, total, j)
  const found = new Float64Array(3)
  for (let k = 0; k < sums.columns.length && splits.length > 0; k++) {
    const second = sums.columns[k]
    const length = (second.bins + 1) * (sums.arms + 1)
    const whole = priced(sums.single[k], sums.arms, rules.prices)
    const tables = [new Float64Array(length), new Float64Array(length)] as const
    const running = new Float64Array(length)
    let next = 0
    for (const split of splits) {
      if (sums.columns[j].isLevel) {
        running.fill(0)
        next = split.code
      }
      for (; next <= split.code; next++) addSlice(running, sums, rules, j, k, next)
      tables[0].set(running)
      if (split.missingLeft) addSlice(tables[0], sums, rules, j, k, sums.columns[j].bins)
      for (let cell = 0; cell < length; cell++) tables[1][cell] = whole[cell] - tables[0][cell]
      for (let side = 0; side < 2; side++) {
        found[0] = split.sides[side].value
        if (!bestCut(tables[side], split.totals[side], second, sums.arms, rules, found)) continue
        split.sides[side].value = found[0]
        split.sides[side].shape = { cut: cutOf(k, found), left: null, right: null }
      }
    }
  }
  return splits.map(({ code, missingLeft, sides: [left, right] }) => ({
    shape: { cut: { place: j, code, missingLeft }, left: left.shape, right: right.shape },
    value: left.value + right.value,
  }))
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
      splits.push({
        code,
        missingLeft: hasMissing ? withMissing === 1 : left[arms] >= right[arms],
        totals: [left, right],
        sides: [
          { value: largest(left, 0, arms), shape: null },
          { value: largest(right, 0, arms), shape: null },
        ],
      })
    }
  }
  return splits
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

function cutOf(place: number, found: Float64Array): Cut {
  return { place, code: found[1], missingLeft: found[2] === 1 }
}

function priced(table: Float64Array, arms: number, prices: Float64Array): Float64Array {
  const width = arms + 1
  const out = Float64Array.from(table)
  for (let at = 0; at < out.length; at += width) {
    for (let a = 0; a < arms; a++) out[at + a] -= prices[a] * out[at + arms]
  }
  return out
}

function pricedTotal(sums: Sums, rules: SearchRules): Float64Array {
  const width = sums.arms + 1
  const total = new Float64Array(width)
  const table = sums.single[0]
  for (let at = 0; at < table.length; at++) total[at % width] += table[at]
  for (let a = 0; a < sums.arms; a++) total[a] -= rules.prices[a] * total[sums.arms]
  return total
}

function largest(values: Float64Array, from: number, to: number): number {
  let best = -Infinity
  for (let at = from; at < to; at++) if (values[at] > best) best = values[at]
  return best
}
