// Grows one regression tree of a boosting round, best leaf first.

import type { BinnedTable } from '../bins/bins.ts'
import { goesLeft, type TreeNodes } from './boosted-trees.ts'
import type { BoostingOptions } from './boosting-problem.ts'
import { fillHistogram, makeHistograms, subtractHistogram, type Histograms } from './histograms.ts'
import { bestSplit, type Split, type SplitRules } from './splits.ts'

/** A tree, and which rows of its space ended in each leaf. */
export interface GrownTree extends TreeNodes {
  readonly ends: readonly { readonly node: number; readonly from: number; readonly to: number }[]
}

/** What trees of one fit share, so that nothing of the rows' size is allocated a tree. */
export interface TreeSpace {
  readonly table: BinnedTable
  readonly rules: SplitRules
  readonly leaves: number
  readonly depth: number
  readonly learningRate: number
  readonly histograms: Histograms
  /** The rows of each node, side by side, in rising order within a node. */
  readonly rows: Uint32Array
  readonly goneRight: Uint32Array
  /** Gradient and hessian of a node's rows in their order. */
  readonly gradient: Float64Array
  readonly hessian: Float64Array
}

interface Leaf {
  readonly node: number
  readonly from: number
  readonly to: number
  readonly depth: number
  readonly sums: NodeSums
  /** Which histogram holds its sums; -1: none was made, since it cannot be split. */
  readonly slot: number
  readonly split: Split | null
}

interface NodeSums {
  readonly gradient: number
  readonly hessian: number
}

export function treeSpace(table: BinnedTable, rows: number, options: BoostingOptions): TreeSpace {
  const { leaves = 8, depth = 6, l2 = 1, minHessian = 1e-3, minRows = 20, learningRate = 0.1 } = options
  if (!(leaves >= 2 && leaves <= 1024)) throw new RangeError('a tree has 2 to 1024 leaves')
  if (!(l2 >= 0) || !(minHessian >= 0) || !(minRows >= 1)) throw new RangeError('a limit of leaves is below its least')
  return {
    table,
    rules: { l2, minHessian, minRows },
    leaves,
    depth,
    learningRate,
    histograms: makeHistograms(table.columns.length, leaves),
    rows: new Uint32Array(rows),
    goneRight: new Uint32Array(rows),
    gradient: new Float64Array(rows),
    hessian: new Float64Array(rows),
  }
}

/** The tree that lowers the loss most, leaf by leaf. of: gradient and hessian of each row of the table (hessian null: one).
 *  rows: those that grow it. columns: the places of those that may split. */
export function growTree(
  space: TreeSpace,
  of: { readonly gradient: Float64Array; readonly hessian: Float64Array | null },
  rows: Uint32Array,
  columns: Uint32Array,
): GrownTree {
  const nodes = emptyNodes(2 * space.leaves - 1)
  space.rows.set(rows)
  const sums = sumUp(rows, of)
  const open: Leaf[] = [look(space, of, columns, { node: 0, from: 0, to: rows.length, depth: 0, sums }, 0)]
  let used = 1
  for (let leaves = 1; leaves < space.leaves; leaves++) {
    const at = mostGain(open)
    if (at < 0) break
    const [leaf] = open.splice(at, 1)
    const { split } = leaf
    if (split === null) break
    nodes.column[leaf.node] = split.column
    nodes.cut[leaf.node] = split.cut
    nodes.side[leaf.node] = split.side
    nodes.left[leaf.node] = used
    open.push(...divide(space, of, columns, leaf, { split, left: used, isLast: leaves + 1 === space.leaves }))
    used += 2
  }
  for (const leaf of open) nodes.value[leaf.node] = leafValue(space, leaf.sums)
  return {
    column: nodes.column.slice(0, used),
    cut: nodes.cut.slice(0, used),
    side: nodes.side.slice(0, used),
    left: nodes.left.slice(0, used),
    value: nodes.value.slice(0, used),
    ends: open.map(({ node, from, to }) => ({ node, from, to })),
  }
}

/** Adds the values of the tree that was grown last to the scores of the rows that grew it. */
export function addToOwnRows(space: TreeSpace, tree: GrownTree, scores: Float64Array): void {
  const { rows } = space
  for (const { node, from, to } of tree.ends) {
    const value = tree.value[node]
    for (let i = from; i < to; i++) scores[rows[i]] += value
  }
}

type Sources = Parameters<typeof growTree>[1]

/** Cuts a leaf in two. Sums the smaller side's histogram and has the larger side's by subtraction. */
function divide(
  space: TreeSpace,
  of: Sources,
  columns: Uint32Array,
  leaf: Leaf,
  by: { readonly split: Split; readonly left: number; readonly isLast: boolean },
): [Leaf, Leaf] {
  const { split, left, isLast } = by
  const middle = partition(space, leaf, split)
  const depth = leaf.depth + 1
  const leftSums = { gradient: split.leftGradient, hessian: split.leftHessian }
  const rightSums = {
    gradient: leaf.sums.gradient - split.leftGradient,
    hessian: leaf.sums.hessian - split.leftHessian,
  }
  const first = { node: left, from: leaf.from, to: middle, depth, sums: leftSums }
  const second = { node: left + 1, from: middle, to: leaf.to, depth, sums: rightSums }
  if (isLast) return [closed(first), closed(second)]
  const isLeftSmaller = middle - leaf.from <= leaf.to - middle
  const smaller = isLeftSmaller ? first : second
  const larger = isLeftSmaller ? second : first
  // A node that cannot be split needs no histogram; where the larger one can, it still comes from the smaller one's.
  if (!maySplit(space, larger)) return [closed(first), closed(second)]
  // A split makes one leaf more, so the slot numbered by the pair that it made is free.
  const slot = (left + 1) >> 1
  sumNode(space, of, columns, smaller, slot)
  subtractHistogram(space.histograms, space.table, columns, leaf.slot, slot)
  const lookedSmaller = withSplit(space, columns, smaller, slot)
  const lookedLarger = withSplit(space, columns, larger, leaf.slot)
  return isLeftSmaller ? [lookedSmaller, lookedLarger] : [lookedLarger, lookedSmaller]
}

type Unlooked = Omit<Leaf, 'slot' | 'split'>

const closed = (leaf: Unlooked): Leaf => ({ ...leaf, slot: -1, split: null })

function maySplit(space: TreeSpace, leaf: Unlooked): boolean {
  return leaf.depth < space.depth && leaf.to - leaf.from >= 2 * space.rules.minRows
}

function look(space: TreeSpace, of: Sources, columns: Uint32Array, leaf: Unlooked, slot: number): Leaf {
  if (!maySplit(space, leaf)) return closed(leaf)
  sumNode(space, of, columns, leaf, slot)
  return withSplit(space, columns, leaf, slot)
}

function withSplit(space: TreeSpace, columns: Uint32Array, leaf: Unlooked, slot: number): Leaf {
  if (!maySplit(space, leaf)) return closed(leaf)
  const totals = { ...leaf.sums, rows: leaf.to - leaf.from }
  const split = bestSplit(space.histograms, slot, space.table.columns, columns, totals, space.rules)
  return { ...leaf, slot, split }
}

function sumNode(space: TreeSpace, of: Sources, columns: Uint32Array, leaf: Unlooked, slot: number): void {
  const { rows, gradient, hessian } = space
  const { from, to } = leaf
  for (let i = from; i < to; i++) gradient[i] = of.gradient[rows[i]]
  if (of.hessian !== null) for (let i = from; i < to; i++) hessian[i] = of.hessian[rows[i]]
  fillHistogram(space.histograms, slot, space.table, columns, {
    rows: rows.subarray(from, to),
    gradient: gradient.subarray(from, to),
    hessian: of.hessian === null ? null : hessian.subarray(from, to),
  })
}

/** Puts the rows that go left first, each side in its old order. Returns where the right side starts. */
function partition(space: TreeSpace, leaf: Leaf, split: Split): number {
  const { rows, goneRight, table } = space
  const { cut, side } = split
  const bins = table.bins.subarray(split.column * table.rows, (split.column + 1) * table.rows)
  let left = leaf.from
  let right = 0
  for (let i = leaf.from; i < leaf.to; i++) {
    const row = rows[i]
    if (goesLeft(bins[row], cut, side)) rows[left++] = row
    else goneRight[right++] = row
  }
  rows.set(goneRight.subarray(0, right), left)
  return left
}

function sumUp(rows: Uint32Array, of: Sources): NodeSums {
  let gradient = 0
  let hessian = 0
  for (let i = 0; i < rows.length; i++) gradient += of.gradient[rows[i]]
  if (of.hessian === null) return { gradient, hessian: rows.length }
  for (let i = 0; i < rows.length; i++) hessian += of.hessian[rows[i]]
  return { gradient, hessian }
}

/** The open leaf with most gain, the earlier one where two are alike; -1 where none may be split. */
function mostGain(open: readonly Leaf[]): number {
  let best = -1
  let gain = 0
  open.forEach((leaf, i) => {
    if (leaf.split === null || leaf.split.gain <= gain) return
    gain = leaf.split.gain
    best = i
  })
  return best
}

function leafValue(space: TreeSpace, sums: NodeSums): number {
  const below = sums.hessian + space.rules.l2
  return below > 0 ? (space.learningRate * sums.gradient) / below : 0
}

function emptyNodes(count: number): TreeNodes {
  return {
    column: new Uint16Array(count),
    cut: new Uint8Array(count),
    side: new Uint8Array(count),
    left: new Uint32Array(count),
    value: new Float64Array(count),
  }
}
