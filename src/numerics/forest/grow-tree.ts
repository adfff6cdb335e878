// One tree, grown on labels: at each node the split is sought that tells the labels apart most, by histograms over cells.

import type { Random } from '../rng.ts'
import type { SplitCells } from './split-cells.ts'
import { packSplit } from './trees.ts'

/** What splits must keep to. minNode: the least mass of a child. minShare: and its least share of its parent.
 *  minGroup: the least mass of each group (arm) in a child, where the parent has twice that. imbalance: what a split that
 *  parts the groups unevenly must gain more (in units of the labels' variance). columnsTried: drawn anew at every node. */
export interface SplitRule {
  readonly minNode: number
  readonly minShare: number
  readonly minGroup: number
  readonly imbalance: number
  readonly columnsTried: number
}

/** Room to grow trees in, made once a thread. Local rows are places in the tree's own list of rows.
 *  labels: `targets` a row, times its mass, in the order of `order`. cells: local rows × columns, row-major.
 *  group, mass: of each local row. nodes: as in `Trees`, a leaf's second number is its first row's place in `order`. */
export interface Workshop {
  readonly layout: SplitCells
  readonly targets: number
  readonly groups: number
  readonly order: Uint32Array
  readonly spare: Uint32Array
  readonly labels: Float64Array
  readonly cells: Uint16Array
  readonly group: Uint8Array
  readonly mass: Float64Array
  readonly nodes: Int32Array
  readonly histogram: Float64Array
  readonly total: Float64Array
  readonly left: Float64Array
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

/** Fills `labels` for the places start to end - 1 of `order`. Returns the labels' variance, or 0 where nothing varies. */
export type Relabel = (start: number, end: number) => number

/** Makes room for trees of at most `rows` rows. */
export function openWorkshop(layout: SplitCells, rows: number, targets: number, groups: number): Workshop {
  const stride = targets + groups
  return {
    layout,
    targets,
    groups,
    order: new Uint32Array(rows),
    spare: new Uint32Array(rows),
    labels: new Float64Array(rows * targets),
    cells: new Uint16Array(rows * layout.count),
    group: new Uint8Array(rows),
    mass: new Float64Array(rows).fill(1),
    nodes: new Int32Array(4 * rows + 4),
    histogram: new Float64Array(layout.first[layout.count] * stride),
    total: new Float64Array(stride),
    left: new Float64Array(2 * stride),
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
export function growTree(shop: Workshop, rows: number, relabel: Relabel, rule: SplitRule, random: Random): number {
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
    if (!seekSplit(shop, start, end, relabel, rule, random)) {
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
  relabel: Relabel,
  rule: SplitRule,
  random: Random,
): boolean {
  const { best, tried } = shop
  // Rows of weight zero are never drawn, and masses are about one: so few rows cannot make two children.
  if (end - start < 2 * Math.min(1, rule.minNode) || end - start < 2) return false
  const variance = massOf(shop, start, end) < 2 * rule.minNode ? 0 : relabel(start, end)
  if (!(variance > 0)) return false
  const wanted = Math.min(rule.columnsTried, tried.length)
  drawColumns(tried, wanted, random)
  clearCells(shop, wanted)
  countMasses(shop, start, end, wanted)
  let target = 0
  for (; target + 4 <= shop.targets; target += 4) addFour(shop, start, end, wanted, target)
  if (target + 2 <= shop.targets) {
    addTwo(shop, start, end, wanted, target)
    target += 2
  }
  if (target < shop.targets) addOne(shop, start, end, wanted, target)
  addUp(shop)
  // Rounding alone may gain a hair above nothing.
  best.gain = 1e-9 * variance
  const floor = best.gain
  for (let k = 0; k < wanted; k++) scanColumn(shop, tried[k], rule, rule.imbalance * variance)
  return best.gain > floor
}

function massOf(shop: Workshop, start: number, end: number): number {
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

function clearCells(shop: Workshop, wanted: number): void {
  const { histogram, tried, layout } = shop
  const stride = shop.targets + shop.groups
  for (let k = 0; k < wanted; k++) {
    histogram.fill(0, layout.first[tried[k]] * stride, layout.first[tried[k] + 1] * stride)
  }
}

function countMasses(shop: Workshop, start: number, end: number, wanted: number): void {
  const { histogram, tried, cells, order, group, mass, targets } = shop
  const stride = targets + shop.groups
  const columns = shop.layout.count
  for (let at = start; at < end; at++) {
    const row = order[at]
    const base = row * columns
    const slot = targets + group[row]
    const weight = mass[row]
    for (let k = 0; k < wanted; k++) histogram[cells[base + tried[k]] * stride + slot] += weight
  }
}

function addFour(shop: Workshop, start: number, end: number, wanted: number, target: number): void {
  const { histogram, tried, cells, order, labels, targets } = shop
  const stride = targets + shop.groups
  const columns = shop.layout.count
  for (let at = start; at < end; at++) {
    const base = order[at] * columns
    const from = at * targets + target
    const a = labels[from]
    const b = labels[from + 1]
    const c = labels[from + 2]
    const d = labels[from + 3]
    for (let k = 0; k < wanted; k++) {
      const to = cells[base + tried[k]] * stride + target
      histogram[to] += a
      histogram[to + 1] += b
      histogram[to + 2] += c
      histogram[to + 3] += d
    }
  }
}

function addTwo(shop: Workshop, start: number, end: number, wanted: number, target: number): void {
  const { histogram, tried, cells, order, labels, targets } = shop
  const stride = targets + shop.groups
  const columns = shop.layout.count
  for (let at = start; at < end; at++) {
    const base = order[at] * columns
    const a = labels[at * targets + target]
    const b = labels[at * targets + target + 1]
    for (let k = 0; k < wanted; k++) {
      const to = cells[base + tried[k]] * stride + target
      histogram[to] += a
      histogram[to + 1] += b
    }
  }
}

function addOne(shop: Workshop, start: number, end: number, wanted: number, target: number): void {
  const { histogram, tried, cells, order, labels, targets } = shop
  const stride = targets + shop.groups
  const columns = shop.layout.count
  for (let at = start; at < end; at++) {
    const base = order[at] * columns
    const a = labels[at * targets + target]
    for (let k = 0; k < wanted; k++) histogram[cells[base + tried[k]] * stride + target] += a
  }
}

/** The node's totals, from the cells of any one column. */
function addUp(shop: Workshop): void {
  const { histogram, total, layout, tried } = shop
  const stride = shop.targets + shop.groups
  total.fill(0)
  for (let cell = layout.first[tried[0]]; cell < layout.first[tried[0] + 1]; cell++) {
    for (let s = 0; s < stride; s++) total[s] += histogram[cell * stride + s]
  }
}

/** Tries every split of a column, the rows that are not known on either side. */
function scanColumn(shop: Workshop, column: number, rule: SplitRule, penalty: number): void {
  const { histogram, left, layout, targets, groups } = shop
  const stride = targets + groups
  const missing = layout.first[column + 1] - 1
  const isCategory = layout.isCategory[column] === 1
  const missingMass = massAt(histogram, missing * stride + targets, groups)
  left.fill(0)
  for (let cell = layout.first[column]; cell < missing; cell++) {
    const from = cell * stride
    if (massAt(histogram, from + targets, groups) === 0) continue
    for (let s = 0; s < stride; s++) left[s] = (isCategory ? 0 : left[s]) + histogram[from + s]
    judge(shop, 0, column, cell, rule, penalty)
    if (missingMass === 0) continue
    for (let s = 0; s < stride; s++) left[stride + s] = left[s] + histogram[missing * stride + s]
    judge(shop, stride, column, cell, rule, penalty)
  }
}

function massAt(histogram: Float64Array, at: number, groups: number): number {
  let sum = 0
  for (let g = 0; g < groups; g++) sum += histogram[at + g]
  return sum
}

/** Weighs the split whose left side is summed up in `left` from `at` on (past the first record: with those not known). */
function judge(shop: Workshop, at: number, column: number, cell: number, rule: SplitRule, penalty: number): void {
  const { left, total, targets, groups, best } = shop
  const stride = targets + groups
  let leftMass = 0
  let mass = 0
  for (let s = targets; s < stride; s++) {
    leftMass += left[at + s]
    mass += total[s]
  }
  const rightMass = mass - leftMass
  const least = Math.max(rule.minNode, rule.minShare * mass)
  if (!(leftMass >= least && rightMass >= least)) return
  let gain = 0
  for (let s = 0; s < targets; s++) {
    const sum = left[at + s]
    const rest = total[s] - sum
    gain += (sum * sum) / leftMass + (rest * rest) / rightMass - (total[s] * total[s]) / mass
  }
  if (gain <= best.gain) return
  if (groups > 1) gain -= unevenness(shop, at, rule.minGroup, penalty)
  if (gain <= best.gain) return
  best.gain = gain
  best.column = column
  best.cell = cell
  best.missingLeft = at > 0
}

/** What is taken off a split's gain for leaving a side with few of a group; infinite where it must not be left so. */
function unevenness(shop: Workshop, at: number, minGroup: number, penalty: number): number {
  const { left, total, targets, groups } = shop
  let charge = 0
  for (let s = targets; s < targets + groups; s++) {
    const here = left[at + s]
    const there = total[s] - here
    if (total[s] >= 2 * minGroup && (here < minGroup || there < minGroup)) return Infinity
    // The variance of an effect goes as one over the arm's rows; a half keeps an empty side finite.
    if (penalty > 0 && total[s] > 0) charge += 1 / (here + 0.5) + 1 / (there + 0.5) - 1 / (total[s] + 0.5)
  }
  return penalty * charge
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
