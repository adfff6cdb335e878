// The multi-arm causal forest: trees that part people by how much each service helps them, kept as sufficient statistics.

import type { BinnedTable } from '../bins/bins.ts'
import { makeRandom } from '../rng.ts'
import { checkRows, checkSplits, checkTrees, type TreeRange } from './checks.ts'
import { collectTree, finishCollecting, startCollecting, type AddRow } from './collect-trees.ts'
import { effectsDiffer } from './criteria.ts'
import { growTree, openWorkshop, takeRows } from './grow-tree.ts'
import { commonEffects } from './common-effects.ts'
import { layOutCells } from './split-cells.ts'
import { drawRows, tossHalf, unitsOf } from './subsample.ts'
import { joinTrees, roomForRows, rowsSideBySide, type Trees } from './trees.ts'

/** Rows of the training table. y: outcome. arm: places from 0 (the control) to arms - 1. yHat: E[y | row], of all arms
 *  together. eHat: rows × arms, column-major, the chance of each arm. weight: nought or more, or null for all one.
 *  cluster: places from 0, or null. columns: places of those that may split (a protected one may not), null for all. */
export interface CausalForestInput {
  readonly table: BinnedTable
  readonly y: Float64Array
  readonly arm: Uint8Array
  readonly arms: number
  readonly yHat: Float64Array
  readonly eHat: Float64Array
  readonly weight: Float64Array | null
  readonly cluster: Int32Array | null
  readonly columns: readonly number[] | null
}

export interface CausalForestOptions {
  readonly seed: number
  /** Neighbouring trees that share a half-sample (two or more); the variance is told from how bags differ. */
  readonly bagSize?: number
  /** Half of a tree's rows decide its splits and the other half fills its leaves. */
  readonly honest?: boolean
  /** The least mass of a child, in the part that decides splits. */
  readonly minNode?: number
  /** The least share of its parent that a child holds. */
  readonly minShare?: number
  /** The least mass of each arm in a child where the parent has twice that, in the part that decides splits. */
  readonly minArm?: number
  /** What a split that parts the arms unevenly must gain more, in units of the labels' variance. */
  readonly imbalance?: number
  /** What a split must gain at least, in units of the residuals' variance. */
  readonly leastGain?: number
  /** Columns drawn anew at each split; null for a third of them. */
  readonly columnsTried?: number | null
  /** About the most rows a tree sees; it never sees more than half. */
  readonly rowsPerTree?: number
  /** The most bins that a number keeps when splits are sought. */
  readonly splitBins?: number
}

/**
 * With E = arms - 1 effects, a leaf's record is the means over its rows of: weight, weight × y, weight × w (E), weight × w × y
 * (E), weight × w w' (lower triangle by columns, E (E + 1) / 2), where y and w are residuals (w: took that arm, less its
 * chance); then how many of its rows took each arm (arms).
 */
export interface CausalForest extends Trees {
  readonly kind: 'causal'
  readonly arms: number
  readonly columns: number
  readonly seed: number
  readonly bagSize: number
  readonly trainingRows: number
}

export const causalForestDefaults = {
  bagSize: 4,
  honest: true,
  minNode: 60,
  minShare: 0.05,
  minArm: 1,
  imbalance: 0,
  leastGain: 1e-9,
  columnsTried: null,
  rowsPerTree: 60_000,
  splitBins: 48,
}

/** Numbers in a leaf's record but for the counts of arms. */
export function momentsOf(effects: number): number {
  return 2 + 2 * effects + (effects * (effects + 1)) / 2
}

/**
 * Grows trees `from` to `to` - 1 of a forest that estimates the effect of each arm against arm 0 for rows like this one. Equal
 * seed, equal forest, whatever the ranges. Source: Athey, Tibshirani and Wager (2019), Annals of Statistics 47(2).
 * Throws a RangeError for lengths that differ, NaN, an arm out of place, fewer than two arms, an arm that nobody
 * took, negative weights.
 * O(trees × rows × columns × arms × depth).
 */
export function growCausalForest(
  input: CausalForestInput,
  options: CausalForestOptions,
  range: TreeRange,
): CausalForest {
  const rule = { ...causalForestDefaults, ...options }
  const { table, cluster, arms } = input
  const rows = table.rows
  checkTrees(range)
  checkRule(rule)
  const weight = checkRows(rows, input.weight, cluster)
  checkCausal(input)
  const effects = arms - 1
  const layout = layOutCells(table, input.columns, rule.splitBins)
  const columns = table.columns.length
  const columnsTried = rule.columnsTried ?? Math.ceil(layout.count / 3)
  const residuals = residualsOf(input)
  const bins = roomForRows(rows, columns)
  rowsSideBySide(table, 0, rows, bins)
  const { bagSize, seed } = rule
  const sampling = { seed, rows, cluster, weight, bagSize, rowsPerTree: rule.rowsPerTree }
  const coins = new Uint8Array(unitsOf(sampling))
  const sides = new Uint8Array(coins.length)
  const group = new Uint8Array(rows)
  const residual = new Float64Array(rows)
  let variance = 1
  const criterion = effectsDiffer(group, residual, arms, { ...rule, variance: () => variance })
  const shop = openWorkshop(layout, rows, criterion.stride)
  const collected = startCollecting(momentsOf(effects) + arms)
  const addRow = addMoments(input, residuals, weight)
  let tossed = -1
  for (let tree = range.from; tree < range.to; tree++) {
    const bag = Math.floor(tree / bagSize)
    if (bag !== tossed) tossHalf(seed, bag, coins)
    tossed = bag
    const random = makeRandom(seed, tree)
    const { grown, measured } = drawRows(sampling, coins, sides, random, rule.honest)
    takeRows(shop, grown)
    const common = commonEffects(residuals.arms, residuals.outcome, weight, effects, grown)
    for (let i = 0; i < grown.length; i++) {
      const row = grown[i]
      group[i] = input.arm[row]
      if (weight !== null) shop.mass[i] = weight[row]
      // What is left when the arm's common effect is left in: y - (yHat - Σ eHat × effect).
      let expected = 0
      for (let j = 0; j < effects; j++) expected += input.eHat[(j + 1) * rows + row] * common[j]
      residual[i] = residuals.outcome[row] + expected
    }
    variance = varianceOf(residual, grown.length)
    const splits = {
      minNode: rule.minNode,
      minShare: rule.minShare,
      leastGain: variance > 0 ? rule.leastGain * variance : Infinity,
      columnsTried,
    }
    const count = growTree(shop, grown.length, criterion, splits, random)
    collectTree(collected, shop.nodes, count, bins, columns, measured, addRow, arms)
  }
  return {
    kind: 'causal',
    arms,
    columns,
    seed,
    bagSize,
    trainingRows: rows,
    ...finishCollecting(collected, range.from),
  }
}

/** Ranges of trees become one forest. Throws a RangeError when they leave a gap. */
export function joinCausalForests(parts: readonly CausalForest[]): CausalForest {
  return { ...parts[0], ...joinTrees(parts) }
}

function checkRule(rule: { readonly bagSize: number; readonly minNode: number; readonly splitBins: number }): void {
  if (!(Number.isInteger(rule.bagSize) && rule.bagSize >= 2)) throw new RangeError('a bag holds two trees or more')
  checkSplits(rule)
}

function checkCausal(input: CausalForestInput): void {
  const { table, y, arm, arms, yHat, eHat } = input
  const { rows } = table
  if (!(Number.isInteger(arms) && arms >= 2 && arms <= 255)) throw new RangeError('effects need at least two arms')
  if (y.length !== rows || arm.length !== rows || yHat.length !== rows || eHat.length !== rows * arms)
    throw new RangeError('outcome, arm, yHat and eHat do not fit the table')
  for (const place of arm) if (place >= arms) throw new RangeError(`there is no arm ${place}`)
  const taken = new Float64Array(arms)
  for (let i = 0; i < rows; i++) taken[arm[i]] += input.weight === null ? 1 : input.weight[i]
  taken.forEach((mass, place) => {
    if (mass === 0) throw new RangeError(`nobody with any weight took arm ${place}`)
  })
  for (const values of [y, yHat, eHat])
    for (const value of values)
      if (!Number.isFinite(value)) throw new RangeError('an outcome or expectation is not a finite number')
}

function residualsOf(input: CausalForestInput): { arms: Float64Array; outcome: Float64Array } {
  const { y, yHat, arm, eHat, table } = input
  const effects = input.arms - 1
  const arms = new Float64Array(table.rows * effects)
  for (let i = 0; i < table.rows; i++) {
    for (let j = 0; j < effects; j++)
      arms[i * effects + j] = (arm[i] === j + 1 ? 1 : 0) - eHat[(j + 1) * table.rows + i]
  }
  return { arms, outcome: y.map((value, i) => value - yHat[i]) }
}

function varianceOf(values: Float64Array, count: number): number {
  let sum = 0
  let square = 0
  for (let i = 0; i < count; i++) {
    sum += values[i]
    square += values[i] * values[i]
  }
  const variance = square / count - (sum / count) ** 2
  // Rounding alone varies by less.
  return count > 0 && variance > (1e-12 * square) / count ? variance : 0
}

function addMoments(
  input: CausalForestInput,
  residuals: { arms: Float64Array; outcome: Float64Array },
  weights: Float64Array | null,
): AddRow {
  const effects = input.arms - 1
  const moments = momentsOf(effects)
  const { arms, outcome } = residuals
  const { arm } = input
  return (row, sums, at) => {
    const weight = weights === null ? 1 : weights[row]
    const y = weight * outcome[row]
    const from = row * effects
    sums[at] += weight
    sums[at + 1] += y
    let to = at + 2 + 2 * effects
    for (let j = 0; j < effects; j++) {
      const w = arms[from + j]
      const weighted = weight * w
      sums[at + 2 + j] += weighted
      sums[at + 2 + effects + j] += w * y
      for (let k = j; k < effects; k++) sums[to++] += weighted * arms[from + k]
    }
    sums[at + moments + arm[row]]++
  }
}
