// The best small rule that says who gets which arm: exact trees of depth one and two, depth three by a stated heuristic.
//
// Maximises  Σ_i Γ_i,π(i) − cost_π(i)  over trees π, with Γ the doubly robust scores of the rows. Sources: Athey and Wager
// (2021), Econometrica 89(1), 133–161 (policies by doubly robust scores); Zhou, Athey and Wager (2023), Operations Research
// 71(1), 148–183 (several arms, exact trees). The method page is docs/methods/policy-trees.md.

import type { BinnedTable } from '../bins/bins.ts'
import { splitColumns, type SplitColumn } from './candidates.ts'
import { goesLeft, growTree } from './grow.ts'
import { betterOf, placesOf, priceCapacity } from './prices.ts'
import {
  bestOf,
  ratedLeaves,
  ratedSplits,
  sumByBins,
  type Cut,
  type RatedSplit,
  type RatedTree,
  type Sample,
  type SearchRules,
  type Sums,
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
  /** No tree of this depth on these cuts, within the capacities, does better on the learning data. Depth three: false. */
  readonly isExact: boolean
  /** The most that a tree of this depth within the capacities can reach, per row, less cost: equal to the root's value where
   *  `isExact`. Depth three: NaN. */
  readonly mostPossible: number
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
  /** For each arm, what one more person in it would be worth, in the outcome's units; all 0 where no capacity binds. */
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
 * Throws RangeError for a wrong shape, a reward, cost or weight that is no finite number, a column that is not there, and
 * capacities that hold fewer than everybody. Deterministic, draws no random numbers.
 * O(rows · columns² · arms + columns² · cuts² · arms); a capacity that binds repeats the second part up to eighty times;
 * depth three repeats both for each first split that it follows. Memory: 4 · columns² · cuts² · arms bytes.
 */
export function bestPolicyTree(problem: PolicyProblem, options: PolicyOptions): PolicyTree {
  checkProblem(problem, options)
  const { table, arms } = problem
  const { rows } = table
  const { depth, capacity } = options
  const columns = splitColumns(table, problem.columns, options.mostCuts ?? 32)
  const sample = sampleOf(problem, columns, options.cost ?? new Float64Array(arms))
  const limits = {
    minimumLeaf: options.minimumLeaf ?? Math.max(1, Math.ceil(rows / 100)),
    margin: 1e-12 * totalSize(sample),
  }
  const sums = sumByBins(sample, columns, depth > 1)
  const treesAt = (prices: Float64Array): readonly RatedTree[] => {
    const rules = { ...limits, prices }
    const trees = treesOf(sums, rules, depth === 1 ? 1 : 2)
    return [bestOf(trees, limits.margin), ...(capacity ? trees : [])]
  }
  const shares = capacity ?? new Float64Array(arms).fill(Infinity)
  const lottery = sums.total.subarray(0, arms).reduce((sum, total) => sum + total / arms, 0)
  const shallow = priceCapacity(shares, rows, { margin: limits.margin, lottery }, treesAt)
  const { prices } = shallow
  let chosen = { tree: shallow.best, total: shallow.total, excess: shallow.excess }
  if (depth === 3) {
    const rules = { ...limits, prices }
    const screened = screen(ratedSplits(sums, rules, 2), options.screened ?? 20)
    const deeper = screened.map((first) => followUp(first, sample, columns, rules))
    for (const tree of deeper) chosen = betterOf(chosen, tree, { ...rules, places: placesOf(shares, rows) })
  }
  return {
    ...growTree(sample, columns, chosen.tree.shape),
    depth,
    arms,
    isExact: depth < 3 && chosen.excess === 0 && chosen.total >= shallow.bound - limits.margin,
    mostPossible: depth < 3 ? shallow.bound / rows : NaN,
    prices,
    shares: chosen.tree.given.map((given) => given / rows),
    isWithinCapacity: chosen.excess === 0,
  }
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

/** Smaller trees first, so that a deeper one is taken only for what it adds. */
function treesOf(sums: Sums, rules: SearchRules, depth: 1 | 2): readonly RatedTree[] {
  const splits = ratedSplits(sums, rules, 1)
  return [...ratedLeaves(sums, rules), ...splits, ...(depth === 2 ? ratedSplits(sums, rules, 2) : [])]
}

/** The best first splits by what a tree of depth two reaches behind them, no column with more than a quarter of the places
 *  (neighbouring cuts of one column say nearly the same). */
function screen(splits: readonly RatedSplit[], wanted: number): readonly RatedSplit[] {
  const perColumn = new Map<number, number>()
  const kept: RatedSplit[] = []
  for (const rated of [...splits].sort((a, b) => b.value - a.value)) {
    const { place } = rated.shape.cut
    const taken = perColumn.get(place) ?? 0
    if (taken >= Math.ceil(wanted / 4)) continue
    perColumn.set(place, taken + 1)
    if (kept.push(rated) === wanted) break
  }
  return kept
}

/** The same first split with the exact tree of depth two on either side. */
function followUp(
  { shape: { cut } }: RatedSplit,
  sample: Sample,
  columns: readonly SplitColumn[],
  rules: SearchRules,
): RatedTree {
  const [left, right] = [true, false].map((wantsLeft) => {
    const sums = sumByBins(sideOf(sample, columns[cut.place], cut, wantsLeft), columns, true)
    return bestOf(treesOf(sums, rules, 2), rules.margin)
  })
  return {
    shape: { cut, left: left.shape, right: right.shape },
    value: left.value + right.value,
    given: left.given.map((rows, a) => rows + right.given[a]),
  }
}

function sideOf(sample: Sample, column: SplitColumn, cut: Cut, wantsLeft: boolean): Sample {
  const codes = sample.codes[cut.place]
  const kept = Uint32Array.from({ length: sample.rows }, (_, i) => i).filter(
    (i) => goesLeft(column, cut, codes[i]) === wantsLeft,
  )
  const width = sample.arms + 1
  const stats = new Float64Array(kept.length * width)
  kept.forEach((row, at) => stats.set(sample.stats.subarray(row * width, (row + 1) * width), at * width))
  const { arms } = sample
  return { rows: kept.length, arms, stats, weight: null, codes: sample.codes.map((all) => kept8(all, kept)) }
}

function kept8(codes: Uint8Array, rows: Uint32Array): Uint8Array {
  const kept = new Uint8Array(rows.length)
  for (let at = 0; at < rows.length; at++) kept[at] = codes[rows[at]]
  return kept
}

/** Weights are scaled to one on average, so that sums over rows are means of the weighted people. */
function sampleOf(problem: PolicyProblem, columns: readonly SplitColumn[], cost: Float64Array): Sample {
  const { rewards, arms } = problem
  const { rows } = problem.table
  const all = problem.weight?.reduce((sum, w) => sum + w, 0) ?? 0
  const weight = problem.weight?.map((w) => (w * rows) / all) ?? null
  const stats = new Float64Array(rows * (arms + 1))
  for (let i = 0, at = 0; i < rows; i++) {
    const w = weight === null ? 1 : weight[i]
    for (let a = 0; a < arms; a++) stats[at++] = w * (rewards[a * rows + i] - cost[a])
    stats[at++] = 1
  }
  return { rows, arms, stats, weight, codes: columns.map((column) => column.codes) }
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
    if (weight.every((w) => w === 0)) throw new RangeError('all weights are 0')
  }
  const { cost, capacity, screened = 20, minimumLeaf = 1, mostCuts = 32 } = options
  if (cost && (cost.length !== arms || !cost.every(Number.isFinite)))
    throw new RangeError('there is not one cost an arm')
  if (!Number.isInteger(minimumLeaf) || minimumLeaf < 1) throw new RangeError('a leaf has at least one row')
  if (!Number.isInteger(mostCuts) || mostCuts < 1 || mostCuts > 253) throw new RangeError('1 to 253 cuts a column')
  if (!Number.isInteger(screened) || screened < 1) throw new RangeError('at least one first split is followed')
  if (!capacity) return
  if (capacity.length !== arms || !capacity.every((share) => share >= 0))
    throw new RangeError('there is not one capacity an arm')
  if (capacity.reduce((sum, share) => sum + share, 0) < 1 - 1e-9)
    throw new RangeError('the capacities hold fewer than everybody')
}
