// The best split of one node from its histogram.

import { missingBin, type BinnedColumn } from '../bins/bins.ts'
import { levelGoesLeft, missingGoesLeft } from './boosted-trees.ts'
import { startOf, sumsOfCell, sumsOfColumn, type Histograms } from './histograms.ts'

const missingAt = missingBin * sumsOfCell

export interface SplitRules {
  readonly l2: number
  readonly minHessian: number
  readonly minRows: number
}

/** `gain`: how much half the loss falls to second order, times two: GL²/(HL+l2) + GR²/(HR+l2) − G²/(H+l2). */
export interface Split {
  readonly column: number
  readonly cut: number
  readonly side: number
  readonly gain: number
  readonly leftGradient: number
  readonly leftHessian: number
}

export interface NodeTotals {
  readonly gradient: number
  readonly hessian: number
  readonly rows: number
}

interface Search {
  readonly totals: NodeTotals
  readonly rules: SplitRules
  /** What a split must exceed: the node's own score. */
  readonly own: number
  score: number
  column: number
  cut: number
  side: number
  leftGradient: number
  leftHessian: number
}

/** The split with most gain over all columns that are looked at; of equal ones the first column's, then the lowest cut's.
 *  Null where none leaves enough on both sides or none gains. */
export function bestSplit(
  histograms: Histograms,
  slot: number,
  columns: readonly BinnedColumn[],
  wanted: Uint32Array,
  totals: NodeTotals,
  rules: SplitRules,
): Split | null {
  const own = scoreOf(totals.gradient, totals.hessian, rules.l2)
  // Rounding alone must not look like gain: sums of many rows differ by their order.
  const least = own + 1e-12 * (Math.abs(own) + 1e-300)
  const search: Search = {
    totals,
    rules,
    own: least,
    score: least,
    column: -1,
    cut: 0,
    side: 0,
    leftGradient: 0,
    leftHessian: 0,
  }
  for (const j of wanted) {
    const start = startOf(histograms, slot, j)
    const sums = histograms.sums.subarray(start, start + sumsOfColumn)
    if (columns[j].kind === 'number') searchNumber(search, j, columns[j].bins, sums)
    else searchCategory(search, j, columns[j].bins, sums)
  }
  if (search.column < 0) return null
  return {
    column: search.column,
    cut: search.cut,
    side: search.side,
    gain: search.score - own,
    leftGradient: search.leftGradient,
    leftHessian: search.leftHessian,
  }
}

/** "bin <= t", "not known" tried on both sides; after the last bin that holds rows, known against not known. */
function searchNumber(search: Search, column: number, bins: number, sums: Float64Array): void {
  const { rows } = search.totals
  const missing = sums[missingAt + 2]
  let gradient = 0
  let hessian = 0
  let left = 0
  for (let b = 0; b < bins; b++) {
    const at = b * sumsOfCell
    if (sums[at + 2] === 0) continue
    gradient += sums[at]
    hessian += sums[at + 1]
    left += sums[at + 2]
    if (left === rows) break
    // No row of the node is missing: later ones follow the larger side.
    if (missing === 0) consider(search, column, b, 2 * left >= rows ? missingGoesLeft : 0, gradient, hessian, left)
    else {
      consider(search, column, b, 0, gradient, hessian, left)
      if (left + missing === rows) break
      const withMissing = hessian + sums[missingAt + 1]
      consider(search, column, b, missingGoesLeft, gradient + sums[missingAt], withMissing, left + missing)
    }
  }
}

/** One level against the rest, "not known" tried on both sides; then known against not known. */
function searchCategory(search: Search, column: number, bins: number, sums: Float64Array): void {
  const { rows } = search.totals
  const missing = sums[missingAt + 2]
  const both = levelGoesLeft | missingGoesLeft
  for (let b = 0; b < bins; b++) {
    const gradient = sums[b * sumsOfCell]
    const hessian = sums[b * sumsOfCell + 1]
    const left = sums[b * sumsOfCell + 2]
    if (left === 0 || left === rows) continue
    const side = missing === 0 && 2 * left >= rows ? both : levelGoesLeft
    consider(search, column, b, side, gradient, hessian, left)
    if (missing === 0 || left + missing === rows) continue
    const withMissing = hessian + sums[missingAt + 1]
    consider(search, column, b, both, gradient + sums[missingAt], withMissing, left + missing)
  }
  // A level that does not exist: "not known" alone goes left.
  if (missing > 0 && missing < rows) consider(search, column, bins, both, sums[missingAt], sums[missingAt + 1], missing)
}

function consider(
  search: Search,
  column: number,
  cut: number,
  side: number,
  gradient: number,
  hessian: number,
  left: number,
): void {
  const { totals, rules } = search
  const right = totals.hessian - hessian
  if (left < rules.minRows || totals.rows - left < rules.minRows) return
  if (hessian < rules.minHessian || right < rules.minHessian) return
  const score = scoreOf(gradient, hessian, rules.l2) + scoreOf(totals.gradient - gradient, right, rules.l2)
  if (score <= search.score) return
  search.score = score
  search.column = column
  search.cut = cut
  search.side = side
  search.leftGradient = gradient
  search.leftHessian = hessian
}

function scoreOf(gradient: number, hessian: number, l2: number): number {
  const below = hessian + l2
  return below > 0 ? (gradient * gradient) / below : 0
}
