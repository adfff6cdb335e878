// One tree, grown by histograms: at each node every split of a few columns is tried, and the one that gains most is taken.

import type { Random } from '../rng.ts'
import type { SplitCells } from './split-cells.ts'
import { packSplit } from './trees.ts'

/** What splits must keep to. minNode: the least mass of a child. minShare: and its least share of its parent.
 *  leastGain: what a split must gain. columnsTried: drawn anew at every node. */
export interface SplitRule {
  readonly minNode: number
  readonly minShare: number
  readonly leastGain: number
  readonly columnsTried: number
}

/**
 * What a split gains, told from sums that add up over rows. stride: numbers a cell.
 * fill: adds the rows at the places start to end - 1 of `order` to the cells of the columns that are tried.
 * massOf: of one record. gainOf: of a side whose sums begin at `at`; a split gains what both sides have more than their
 * parent. charge: taken off a split's gain, Infinity to forbid it; `left` at `at`, `total` from its start.
 */
export interface Criterion {
  readonly stride: number
  readonly fill: (shop: Workshop, start: number, end: number, tried: number) => void
  readonly massOf: (sums: Float64Array, at: number) => number
  readonly gainOf: (sums: Float64Array, at: number) => number
  readonly charge: (left: Float64Array, at: number, total: Float64Array) => number
}

/** Room to grow trees in, made once a thread. Local rows are places in the tree's own list of rows.
 *  order: the tree's rows, those of a node side by side. cells: local rows × columns, row-major. mass: of each local row.
 *  nodes: as in `Trees`. tried: the columns, those that the present node tries first. */
export interface Workshop {
  readonly layout: SplitCells
  readonly order: Uint32Array
  readonly spare: Uint32Array
  readonly cells: Uint16Array
  readonly mass: Float64Array
  readonly nodes: Int32Array
  readonly histogram: Float64Array
  readonly total: Float64Array
  readonly left: Float64Array
  readonly right: Float64Array
  readonly tried: Uint16Array
  readonly stack: Uint32Array
  readonly best: BestSplit
}

/** The best split found so far. cell: the last on the left (number) or the level's (category). */
interface BestSplit {
  gain: number
  column: number
  cell: number
  missingLeft: boolean
}

/** Makes room for trees of at most `rows` rows, all of mass one. */
export function openWorkshop(layout: SplitCells, rows: number, stride: number): Workshop {
  return {
    layout,
    order: new Uint32Array(rows),
    spare: new Uint32Array(rows),
    cells: new Uint16Array(rows * layout.count),
    mass: new Float64Array(rows).fill(1),
    nodes: new Int32Array(4 * rows + 4),
    histogram: new Float64Array(layout.first[layout.count] * stride),
    total: new Float64Array(stride),
    left: new Float64Array(2 * stride),
    right: new Float64Array(stride),
    tried: Uint16Array.from({ length: layout.count }, (_, c) => c),
    stack: new Uint32Array(3 * (rows + 2)),
    best: { gain: 0, column: 0, cell: 0, missingLeft: false },
  }
}

/** Lays out the tree's rows: `order` from 0 on, and their cells side by side. */
export function takeRows(shop: Workshop, rows: Uint32Array): void {
  const { layout, order, cells } = shop
  const { count } = layout
  let to = 0
  for (let i = 0; i < rows.length; i++) {
    order[i] = i
    const from = rows[i] * count
    for (let c = 0; c < count; c++) cells[to++] = layout.cells[from + c]
  }
}

/** Grows a tree on the first `rows` rows of the workshop; returns how many nodes it has. Draws columns from `random`,
 *  depth first, left before right. O(rows × columns tried × depth). */
export function growTree(shop: Workshop, rows: number, criterion: Criterion, rule: SplitRule, random: Random): number {
  const { nodes, stack, best } = shop
  let count = 1
  let top = 0
  stack[0] = 0
  stack[1] = 0
  stack[2] = rows
  while (top >= 0) {
    const node = stack[top]
    const start = stack[top + 1]
    const end = stack[top + 2]
    top -= 3
    if (!seekSplit(shop, start, end, criterion, rule, random)) {
      nodes[2 * node] = -1
      nodes[2 * node + 1] = start
      continue
    }
    const { layout } = shop
    const isCategory = layout.isCategory[best.column] === 1
    nodes[2 * node] = packSplit(layout.column[best.column], isCategory, layout.upper[best.cell], best.missingLeft)
    nodes[2 * node + 1] = count
    const middle = part(shop, start, end)
    stack[top + 3] = count + 1
    stack[top + 4] = middle
    stack[top + 5] = end
    stack[top + 6] = count
    stack[top + 7] = start
    stack[top + 8] = middle
    top += 6
    count += 2
  }
  return count
}

function seekSplit(
  shop: Workshop,
  start: number,
  end: number,
  criterion: Criterion,
  rule: SplitRule,
  random: Random,
): boolean {
  const { best, tried, histogram, layout, total } = shop
  const wanted = Math.min(rule.columnsTried, tried.length)
  if (wanted === 0 || end - start < 2 || massAt(shop, start, end) < 2 * rule.minNode) return false
  drawColumns(tried, wanted, random)
  const { stride } = criterion
  for (let k = 0; k < wanted; k++) {
    histogram.fill(0, layout.first[tried[k]] * stride, layout.first[tried[k] + 1] * stride)
  }
  criterion.fill(shop, start, end, wanted)
  addUp(shop, stride)
  const parent = criterion.gainOf(total, 0)
  const floor = parent + rule.leastGain
  best.gain = floor
  for (let k = 0; k < wanted; k++) scanColumn(shop, tried[k], criterion, rule)
  return best.gain > floor
}

function massAt(shop: Workshop, start: number, end: number): number {
  const { order, mass } = shop
  let sum = 0
  for (let at = start; at < end; at++) sum += mass[order[at]]
  return sum
}

/** The first `wanted` of `tried` become a draw without replacement, in rising order so that ties fall alike. */
function drawColumns(tried: Uint16Array, wanted: number, random: Random): void {
  if (wanted < tried.length) {
    // Sorted first: what was drawn before must not matter, or trees would depend on their neighbours.
    tried.sort()
    for (let k = 0; k < wanted; k++) {
      const other = k + random.below(tried.length - k)
      const held = tried[k]
      tried[k] = tried[other]
      tried[other] = held
    }
    tried.subarray(0, wanted).sort()
  }
}

/** The node's totals, from the cells of any one column. */
function addUp(shop: Workshop, stride: number): void {
  const { histogram, total, layout, tried } = shop
  total.fill(0)
  for (let cell = layout.first[tried[0]]; cell < layout.first[tried[0] + 1]; cell++) {
    for (let s = 0; s < stride; s++) total[s] += histogram[cell * stride + s]
  }
}

/** Tries every split of a column, with the rows that are not known on either side. */
function scanColumn(shop: Workshop, column: number, criterion: Criterion, rule: SplitRule): void {
  const { histogram, left, layout, total } = shop
  const { stride } = criterion
  const missing = layout.first[column + 1] - 1
  const isCategory = layout.isCategory[column] === 1
  const missingMass = criterion.massOf(histogram, missing * stride)
  const mass = criterion.massOf(total, 0)
  const least = Math.max(rule.minNode, rule.minShare * mass)
  left.fill(0)
  for (let cell = layout.first[column]; cell < missing; cell++) {
    const from = cell * stride
    // An empty cell splits as the one before it does.
    if (criterion.massOf(histogram, from) === 0) continue
    for (let s = 0; s < stride; s++) left[s] = (isCategory ? 0 : left[s]) + histogram[from + s]
    const leftMass = criterion.massOf(left, 0)
    if (leftMass >= least && mass - leftMass >= least) judge(shop, 0, column, cell, criterion)
    if (missingMass === 0 || leftMass + missingMass < least || mass - leftMass - missingMass < least) continue
    for (let s = 0; s < stride; s++) left[stride + s] = left[s] + histogram[missing * stride + s]
    judge(shop, stride, column, cell, criterion)
  }
  // Known against not known: for a number that is its last bin; for a category it is no level at all.
  if (!isCategory || missingMass < least || mass - missingMass < least) return
  for (let s = 0; s < stride; s++) left[stride + s] = histogram[missing * stride + s]
  judge(shop, stride, column, missing, criterion)
}

/** Weighs the split whose left side is summed up in `left` from `at` on (past the first record: with those not known). */
function judge(shop: Workshop, at: number, column: number, cell: number, criterion: Criterion): void {
  const { left, right, total, best } = shop
  for (let s = 0; s < criterion.stride; s++) right[s] = total[s] - left[at + s]
  let gain = criterion.gainOf(left, at) + criterion.gainOf(right, 0)
  if (gain <= best.gain) return
  gain -= criterion.charge(left, at, total)
  if (gain <= best.gain) return
  best.gain = gain
  best.column = column
  best.cell = cell
  best.missingLeft = at > 0
}

/** Brings the rows that go left before those that go right, each side in its order; returns where the right begins. */
function part(shop: Workshop, start: number, end: number): number {
  const { order, spare, cells, layout, best } = shop
  const columns = layout.count
  const { column, cell: limit, missingLeft } = best
  const isCategory = layout.isCategory[column] === 1
  const missing = layout.first[column + 1] - 1
  let to = start
  let held = 0
  for (let at = start; at < end; at++) {
    const row = order[at]
    const cell = cells[row * columns + column]
    const isLeft = cell === missing ? missingLeft : isCategory ? cell === limit : cell <= limit
    if (isLeft) order[to++] = row
    else spare[held++] = row
  }
  for (let i = 0; i < held; i++) order[to + i] = spare[i]
  return to
}
