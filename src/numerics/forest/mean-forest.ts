// A forest of means: what is usual among rows like this one, for several targets at once. With targets of 0 and 1 it is a
// probability forest.

import type { BinnedTable } from '../bins/bins.ts'
import { makeRandom } from '../rng.ts'
import { checkRows, checkSplits, checkTrees, type TreeRange } from './checks.ts'
import { collectTree, finishCollecting, startCollecting } from './collect-trees.ts'
import { meansDiffer, sharesDiffer } from './criteria.ts'
import { growTree, openWorkshop, takeRows } from './grow-tree.ts'
import { layOutCells } from './split-cells.ts'
import { drawRows, tossHalf, unitsOf } from './subsample.ts'
import { joinTrees, roomForRows, rowsSideBySide, type Trees } from './trees.ts'
import { recallHalfSamples, rowsTogether, sumLeaves, type HalfSamples } from './walk.ts'

/** targets: rows × targetCount, column-major, no NaN. weight: nought or more, or null for all one; rows of weight zero are
 *  not used. cluster: places from 0, or null. columns: places of those that may split, or null for all. */
export interface MeanForestInput {
  readonly table: BinnedTable
  readonly targets: Float64Array
  readonly targetCount: number
  readonly weight: Float64Array | null
  readonly cluster: Int32Array | null
  readonly columns: readonly number[] | null
}

/** minNode: the least mass (rows, weights scaled to a mean of one) of a leaf. columnsTried: at each split, null for a
 *  third of them. rowsPerTree: about the most rows a tree sees; never more than half. splitBins: the most bins that a
 *  number keeps when splits are sought. */
export interface MeanForestOptions {
  readonly seed: number
  readonly minNode?: number
  readonly columnsTried?: number | null
  readonly rowsPerTree?: number
  readonly splitBins?: number
}

/** A leaf's record: its mean weight, then each target's mean of weight × target. */
export interface MeanForest extends Trees {
  readonly kind: 'mean'
  readonly targets: number
  readonly columns: number
  readonly seed: number
  readonly trainingRows: number
}

const defaults = { minNode: 30, columnsTried: null, rowsPerTree: 60_000, splitBins: 48 }

/**
 * Grows trees `from` to `to` - 1 of a forest that estimates E[target | row], each on half of the rows. A split takes what
 * lowers the squared error of all targets together the most, targets scaled to a variance of one; what is not known goes
 * to the side that gains. Equal seed, equal forest, whatever the ranges. Source: Breiman (2001), Machine Learning 45(1).
 * Throws a RangeError for lengths that differ, NaN, negative weights, no row of weight. O(trees × rows × columns × depth).
 */
export function growMeanForest(input: MeanForestInput, options: MeanForestOptions, range: TreeRange): MeanForest {
  const { table, targets, targetCount, cluster } = input
  const rule = { ...defaults, ...options }
  checkTrees(range)
  checkSplits(rule)
  const weight = checkRows(table.rows, input.weight, cluster)
  checkTargets(targets, table.rows, targetCount)
  const layout = layOutCells(table, input.columns, rule.splitBins)
  const columnsTried = rule.columnsTried ?? Math.ceil(layout.count / 3)
  const columns = table.columns.length
  const sampling = { seed: rule.seed, rows: table.rows, cluster, weight, bagSize: 1, rowsPerTree: rule.rowsPerTree }
  const scale = scalesOf(targets, table.rows, targetCount, weight)
  const classOf = classesOf(targets, table.rows, targetCount)
  const group = new Uint8Array(table.rows)
  const labels = new Float64Array(classOf === null ? table.rows * targetCount : 0)
  const criterion = classOf === null ? meansDiffer(labels, targetCount) : sharesDiffer(group, scale.factor)
  const bins = roomForRows(table.rows, columns)
  rowsSideBySide(table, 0, table.rows, bins)
  const coins = new Uint8Array(unitsOf(sampling))
  const sides = new Uint8Array(coins.length)
  const shop = openWorkshop(layout, table.rows, criterion.stride)
  const collected = startCollecting(1 + targetCount)
  const addRow = (row: number, sums: Float64Array, at: number): void => {
    const mass = weight === null ? 1 : weight[row]
    sums[at] += mass
    for (let t = 0; t < targetCount; t++) sums[at + 1 + t] += mass * targets[t * table.rows + row]
  }
  // Rounding alone may gain a hair above nothing.
  const splits = { minNode: rule.minNode, minShare: 0, leastGain: 1e-9, columnsTried }
  for (let tree = range.from; tree < range.to; tree++) {
    const random = makeRandom(rule.seed, tree)
    tossHalf(rule.seed, tree, coins)
    const { grown } = drawRows(sampling, coins, sides, random, false)
    takeRows(shop, grown)
    if (weight !== null) for (let i = 0; i < grown.length; i++) shop.mass[i] = weight[grown[i]]
    for (let i = 0; i < grown.length; i++) {
      if (classOf !== null) group[i] = classOf[grown[i]]
      else {
        for (let t = 0; t < targetCount; t++)
          labels[i * targetCount + t] = scale.factor[t] * (targets[t * table.rows + grown[i]] - scale.mean[t])
      }
    }
    const count = growTree(shop, grown.length, criterion, splits, random)
    collectTree(collected, shop.nodes, count, bins, columns, grown, addRow, 0)
  }
  return {
    kind: 'mean',
    targets: targetCount,
    columns,
    seed: rule.seed,
    trainingRows: table.rows,
    ...finishCollecting(collected, range.from),
  }
}

/** Ranges of trees become one forest. Throws a RangeError when they leave a gap. */
export function joinMeanForests(parts: readonly MeanForest[]): MeanForest {
  const joined = joinTrees(parts)
  return { ...parts[0], ...joined }
}

/** Writes E[target | row] for each row of `table` into `out`, rows × targets, column-major. O(rows × trees × depth). */
export function predictMeanForest(forest: MeanForest, table: BinnedTable, out: Float64Array): void {
  predict(forest, table, out, 0, table.rows, null)
}

/**
 * Held-out predictions of the training rows: each row is asked only of the trees whose half-sample left it (or its
 * cluster) out. out: rows × targets, column-major; only the rows of `range` are written. NaN where no tree left a row out.
 */
export function predictMeanForestOutOfBag(
  forest: MeanForest,
  input: Pick<MeanForestInput, 'table' | 'cluster'>,
  out: Float64Array,
  range: TreeRange = { from: 0, to: input.table.rows },
): void {
  const { table, cluster } = input
  if (table.rows !== forest.trainingRows) throw new RangeError('these are not the rows that the forest was grown on')
  const step = 65_536
  for (let from = range.from; from < range.to; from += step) {
    const to = Math.min(from + step, range.to)
    const halves = recallHalfSamples(forest, forest.seed, 1, { rows: table.rows, cluster }, from, to)
    predict(forest, table, out, from, to, halves)
  }
}

function predict(
  forest: MeanForest,
  table: BinnedTable,
  out: Float64Array,
  from: number,
  to: number,
  halves: HalfSamples | null,
): void {
  const { columns, targets, leafSize } = forest
  if (table.columns.length !== columns) throw new RangeError(`the forest reads ${columns} columns`)
  if (out.length !== table.rows * targets) throw new RangeError('the output is not rows by targets')
  const bins = roomForRows(rowsTogether, columns)
  const found = new Int32Array(forest.trees * rowsTogether)
  const sums = new Float64Array(rowsTogether * leafSize)
  for (let start = from; start < to; start += rowsTogether) {
    const count = Math.min(rowsTogether, to - start)
    rowsSideBySide(table, start, start + count, bins)
    const offset = halves === null ? 0 : start - halves.from
    sumLeaves(forest, { bins, columns, count, halves, offset }, sums, found, leafSize)
    for (let i = 0; i < count; i++) {
      const at = i * leafSize
      for (let t = 0; t < targets; t++) out[t * table.rows + start + i] = sums[at + 1 + t] / sums[at]
    }
  }
}

/** Each target's mean, and one over its deviation: so that none weighs more for its unit. Nought for a constant. */
function scalesOf(targets: Float64Array, rows: number, count: number, weight: Float64Array | null) {
  const factor = new Float64Array(count)
  const mean = new Float64Array(count)
  for (let t = 0; t < count; t++) {
    let mass = 0
    let square = 0
    for (let i = 0; i < rows; i++) {
      const w = weight === null ? 1 : weight[i]
      mass += w
      mean[t] += w * targets[t * rows + i]
    }
    mean[t] /= mass
    for (let i = 0; i < rows; i++) square += (weight === null ? 1 : weight[i]) * (targets[t * rows + i] - mean[t]) ** 2
    factor[t] = square > 1e-20 * mass * (mean[t] * mean[t] + 1e-280) ? Math.sqrt(mass / square) : 0
  }
  return { factor, mean }
}

/** The class of each row where every row has a one in exactly one of several targets and noughts elsewhere; else null. */
function classesOf(targets: Float64Array, rows: number, count: number): Uint8Array | null {
  if (count < 2 || count > 255) return null
  const classOf = new Uint8Array(rows).fill(255)
  for (let t = 0; t < count; t++) {
    for (let i = 0; i < rows; i++) {
      const value = targets[t * rows + i]
      if (value === 0) continue
      if (value !== 1 || classOf[i] !== 255) return null
      classOf[i] = t
    }
  }
  return classOf.includes(255) ? null : classOf
}

function checkTargets(targets: Float64Array, rows: number, count: number): void {
  if (!(count >= 1) || targets.length !== rows * count) throw new RangeError('targets are not rows by targetCount')
  for (const value of targets) if (!Number.isFinite(value)) throw new RangeError('a target is not a finite number')
}
