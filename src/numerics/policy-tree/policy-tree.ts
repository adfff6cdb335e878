// The best small rule that says who gets which arm: exact trees of depth one and two, depth three by a stated heuristic.
//
// Maximises  Σ_i Γ_i,π(i) − cost_π(i)  over trees π, with Γ the doubly robust scores of the rows. Sources: Athey and Wager
// (2021), Econometrica 89(1), 133–161 (policies by doubly robust scores); Zhou, Athey and Wager (2023), Operations Research
// 71(1), 148–183 (several arms, exact trees). The method page is docs/methods/policy-trees.md.

import type { BinnedTable } from '../bins/bins.ts'
import { splitColumns, type SplitColumn } from './candidates.ts'
import { growTree, type GrownTree } from './grow.ts'
import { priceCapacity } from './prices.ts'
import {
  bestLeafValue,
  bestOf,
  bestSingleSplit,
  ratedFirstSplits,
  sumByBins,
  type RatedShape,
  type Sample,
  type SearchRules,
  type Shape,
} from './search.ts'

/** rewards: rows × arms, column-major (arm k of row i at [k * rows + i]), in the outcome's units: held-out doubly robust
 *  scores. columns: places in the table that may split; protected ones are left out by the caller. weight: 0 or more, one
 *  where null; a row counts so much in the value (capacity and leaf sizes count rows). */
export interface PolicyProblem {
  readonly table: BinnedTable
  readonly columns: readonly number[]
  readonly rewards: Float64Array
  readonly arms: number
  readonly weight: Float64Array | null
}

export interface PolicyOptions {
  readonly depth: 1 | 2 | 3
  /** For each arm, in the outcome's units, taken off each person's reward. None where left out. */
  readonly cost?: Float64Array
  /** For each arm, the largest share of the people, 0 to 1; Infinity (or 1) where there is no limit. They sum to 1 or more. */
  readonly capacity?: Float64Array
  /** Fewest rows in a leaf. Default one in a hundred rows. */
  readonly minimumLeaf?: number
  /** Most cuts tried in a column. Default 32. */
  readonly mostCuts?: number
  /** Depth three: how many first splits are followed up. Default 20. */
  readonly screened?: number
}

/** A tree as typed arrays, the root first, each node before its children; a leaf has column -1. A row whose bin of `column`
 *  is at most `cut` (a number), or is `cut` (a category, isLevel 1), goes to `left`; one not known goes to `left` where
 *  missingLeft is 1. rows, value: how many rows of the learning data reached the node, and their mean reward less cost under
 *  the tree (in the data it was learned from, so it flatters; `crossFittedTreeValue` does not). */
export interface PolicyTree {
  readonly depth: number
  /** The best tree there is at these cuts (and prices); false for depth three. */
  readonly isExact: boolean
  readonly arms: number
  readonly column: Int16Array
  readonly cut: Uint8Array
  readonly isLevel: Uint8Array
  readonly missingLeft: Uint8Array
  readonly left: Int16Array
  readonly right: Int16Array
  /** The leaf's arm; -1 at a split. */
  readonly arm: Int16Array
  readonly rows: Float64Array
  readonly value: Float64Array
  /** For each arm, what a place in it was worth; all 0 where no capacity binds. */
  readonly prices: Float64Array
  /** For each arm, the share of the learning rows that the tree gives it. */
  readonly shares: Float64Array
  /** False only where no tree within the capacities was found (possible where every arm is limited). */
  readonly isWithinCapacity: boolean
}

/**
 * The best tree on binned cuts. A split that adds nothing is not made, so a tree may be smaller than its depth; equals are
 * settled by the order of columns, cuts, "not known" to the right, and arms.
 *
 * Throws RangeError for a wrong shape, a reward, cost or weight that is no finite number, a column that is not there,
 * capacities that hold fewer than everybody, and capacity with depth three. Deterministic, draws no random numbers.
 * O(rows · columns² · arms + columns² · cuts² · arms); capacity repeats the second part some forty times; depth three
 * repeats both for each first split that it follows.
 */
export function bestPolicyTree(problem: PolicyProblem, options: PolicyOptions): PolicyTree {
  checkProblem(problem, options)
  const { table, arms } = problem
  const columns = splitColumns(table, problem.columns, options.mostCuts ?? 32)
  const sample = sampleOf(problem, columns, options.cost ?? new Float64Array(arms))
  const minimumLeaf = options.minimumLeaf ?? Math.max(1, Math.ceil(table.rows / 100))
  const size = totalSize(sample)
  const margin = 1e-12 * size
  const { depth } = options
  // Without pairs of columns there is nothing to search anew when prices change, so sums are made once.
  const sums = columns.length > 0 ? sumByBins(sample, columns, depth > 1) : null
  const grow = (prices: Float64Array): GrownTree => {
    const rules = { prices, minimumLeaf, margin }
    let shape: Shape | null = null
    if (sums !== null && arms > 1) {
      if (depth === 1) shape = bestSingleSplit(sums, rules)?.shape ?? null
      else if (depth === 2)
        shape = bestOf(ratedFirstSplits(sums, rules), bestLeafValue(sums, rules), margin)?.shape ?? null
      else {
        const screened = screen(ratedFirstSplits(sums, rules), options.screened ?? 20)
        const deeper = screened.map((first) => followUp(first, sample, columns, rules))
        shape = bestOf([...screened, ...deeper], bestLeafValue(sums, rules), margin)?.shape ?? null
      }
    }
    return growTree(sample, columns, shape, prices)
  }
  const { grown, prices, isWithinCapacity } = priceCapacity(
    options.capacity ?? null,
    size / table.rows || 1,
    arms,
    grow,
  )
  return { ...grown.tree, arms, prices, shares: grown.shares, isWithinCapacity, isExact: depth < 3, depth }
}

/** Writes each row's arm into `out` (length rows). The table is binned by the cuts that the tree was learned on. O(rows · depth). */
export function choosePolicy(tree: PolicyTree, table: BinnedTable, out: Uint8Array): void {
  const { column, cut, isLevel, missingLeft, left, right, arm } = tree
  if (out.length !== table.rows) throw new RangeError('the choice does not have one place a row')
  if (column.some((place) => place >= table.columns.length))
    throw new RangeError('the tree asks a column that is not there')
  for (let i = 0; i < table.rows; i++) {
    let node = 0
    while (column[node] >= 0) {
      const bin = table.bins[column[node] * table.rows + i]
      const isUnknown = bin >= table.columns[column[node]].bins
      const goesLeft = isUnknown ? missingLeft[node] === 1 : isLevel[node] === 1 ? bin === cut[node] : bin <= cut[node]
      node = goesLeft ? left[node] : right[node]
    }
    out[i] = arm[node]
  }
}

/** The best first splits by what a tree of depth two reaches behind them, no column with more than a quarter of the places
 *  (neighbouring cuts of one column say nearly the same). */
function screen(shapes: readonly RatedShape[], wanted: number): readonly RatedShape[] {
  const perColumn = new Map<number, number>()
  const kept: RatedShape[] = []
  for (const rated of [...shapes].sort((a, b) => b.value - a.value)) {
    const { place } = rated.shape.cut
    const taken = perColumn.get(place) ?? 0
    if (taken >= Math.max(1, Math.ceil(wanted / 4))) continue
    perColumn.set(place, taken + 1)
    if (kept.push(rated) === wanted) break
  }
  return kept
}

/** The same first split with the exact tree of depth two on either side. */
function followUp(
  { shape: { cut } }: RatedShape,
  sample: Sample,
  columns: readonly SplitColumn[],
  rules: SearchRules,
): RatedShape {
  const sides = [true, false].map((wantsLeft) => {
    const side = sideOf(sample, columns[cut.place], cut, wantsLeft)
    const sums = sumByBins(side, columns, true)
    const value = bestLeafValue(sums, rules)
    return bestOf(ratedFirstSplits(sums, rules), value, rules.margin) ?? { shape: null, value }
  })
  return { shape: { cut, left: sides[0].shape, right: sides[1].shape }, value: sides[0].value + sides[1].value }
}

function sideOf(sample: Sample, column: SplitColumn, cut: Shape['cut'], wantsLeft: boolean): Sample {
  const codes = sample.codes[cut.place]
  const kept = Uint32Array.from({ length: sample.rows }, (_, i) => i).filter((i) => {
    const code = codes[i]
    const isLeft = code === column.bins ? cut.missingLeft : column.isLevel ? code === cut.code : code <= cut.code
    return isLeft === wantsLeft
  })
  const width = sample.arms + 1
  const stats = new Float64Array(kept.length * width)
  kept.forEach((row, at) => stats.set(sample.stats.subarray(row * width, (row + 1) * width), at * width))
  return {
    rows: kept.length,
    arms: sample.arms,
    stats,
    codes: sample.codes.map((all) => Uint8Array.from(kept, (row) => all[row])),
  }
}

function sampleOf(problem: PolicyProblem, columns: readonly SplitColumn[], cost: Float64Array): Sample {
  const { rewards, arms, weight } = problem
  const { rows } = problem.table
  const stats = new Float64Array(rows * (arms + 1))
  for (let i = 0, at = 0; i < rows; i++) {
    const w = weight === null ? 1 : weight[i]
    for (let a = 0; a < arms; a++) stats[at++] = w * (rewards[a * rows + i] - cost[a])
    stats[at++] = 1
  }
  return { rows, arms, stats, codes: columns.map((column) => column.codes) }
}

/** The size of all rewards together, against which a gain counts as more than rounding. */
function totalSize({ rows, arms, stats }: Sample): number {
  let sum = 0
  for (let i = 0; i < rows; i++) {
    let size = 0
    for (let a = 0; a < arms; a++) size = Math.max(size, Math.abs(stats[i * (arms + 1) + a]))
    sum += size
  }
  return sum
}

function checkProblem({ table, columns, rewards, arms, weight }: PolicyProblem, options: PolicyOptions): void {
  const { rows } = table
  if (rows < 1) throw new RangeError('a policy needs at least one row')
  if (!Number.isInteger(arms) || arms < 1 || arms > 255) throw new RangeError('a policy chooses among 1 to 255 arms')
  if (rewards.length !== rows * arms) throw new RangeError('the rewards are not rows by arms')
  if (table.bins.length !== rows * table.columns.length) throw new RangeError('the bins are not rows by columns')
  if (columns.some((column) => !(column in table.columns))) throw new RangeError('a column that may split is not there')
  if (!rewards.every(Number.isFinite)) throw new RangeError('a reward is no finite number')
  if (weight !== null) {
    if (weight.length !== rows) throw new RangeError('the weights have another number of rows')
    if (!weight.every((w) => w >= 0 && w < Infinity)) throw new RangeError('weights are 0 or more')
  }
  const { depth, cost, capacity, minimumLeaf = 1, mostCuts = 32 } = options
  if (cost && (cost.length !== arms || !cost.every(Number.isFinite)))
    throw new RangeError('there is not one cost an arm')
  if (!Number.isInteger(minimumLeaf) || minimumLeaf < 1) throw new RangeError('a leaf has at least one row')
  if (!Number.isInteger(mostCuts) || mostCuts < 1 || mostCuts > 253) throw new RangeError('1 to 253 cuts a column')
  if (!capacity) return
  if (depth === 3) throw new RangeError('capacity goes with trees of depth one or two')
  if (capacity.length !== arms || !capacity.every((share) => share >= 0))
    throw new RangeError('there is not one capacity an arm')
  if (capacity.reduce((sum, share) => sum + share, 0) < 1 - 1e-9)
    throw new RangeError('the capacities hold fewer than everybody')
}
