// What learning a tree is worth: trees learned on folds, each valued by the scores of the fold that it has not seen.

import type { BinnedTable } from '../bins/bins.ts'
import { meanOf, type Estimate } from '../scores/estimate.ts'
import { rowValues } from '../scores/rule-value.ts'
import { bestPolicyTree, choosePolicy, type PolicyOptions, type PolicyProblem } from './policy-tree.ts'

/** `estimate`: mean outcome, before costs are taken off. */
export interface TreeValue extends Estimate {
  /** The mean cost of the arms chosen. */
  readonly meanCost: number
  /** Each row's arm by the tree that was learned without its fold. */
  readonly chosen: Uint8Array
  /** For each arm, the share of rows that get it. */
  readonly shares: Float64Array
}

/**
 * The value of learning a tree, honestly: for each fold a tree is learned on the others, and its choices are valued by the
 * fold's own scores, which it has not seen. Estimand: the mean outcome if everyone like these got the arm chosen by a tree
 * learned from a share (folds − 1)/folds of them. fold: each row's fold from 0; rows of a cluster share a fold. Limits per
 * leaf by default (one in a hundred rows) and capacities hold in the learning rows.
 * Throws as `bestPolicyTree` does, and where there are fewer than two folds or an empty one. Deterministic.
 */
export function crossFittedTreeValue(
  problem: PolicyProblem,
  options: PolicyOptions,
  { fold, cluster = null }: { fold: ArrayLike<number>; cluster?: Int32Array | null },
): TreeValue {
  const { table, arms, rewards, weight } = problem
  const { rows } = table
  if (fold.length !== rows) throw new RangeError('the folds have another number of rows')
  const folds = Array.from(fold).reduce((most, place) => Math.max(most, place + 1), 0)
  if (folds < 2) throw new RangeError('a held-out value needs at least two folds')
  const chosen = new Uint8Array(rows)
  for (let held = 0; held < folds; held++) {
    const [inside, outside] = [rowsWhere(fold, (place) => place === held), rowsWhere(fold, (place) => place !== held)]
    if (inside.length === 0) throw new RangeError(`fold ${held} has no rows`)
    const tree = bestPolicyTree(rowsOf(problem, outside), options)
    const choice = new Uint8Array(inside.length)
    choosePolicy(tree, tableOf(table, inside), choice)
    inside.forEach((row, at) => (chosen[row] = choice[at]))
  }
  const shares = new Float64Array(arms)
  for (const arm of chosen) shares[arm]++
  for (let a = 0; a < arms; a++) shares[a] /= rows
  const costs = Float64Array.from(chosen, (arm) => options.cost?.[arm] ?? 0)
  const value = meanOf(rowValues(rewards, rows, { chosen }), { weight, cluster })
  return { ...value, meanCost: meanOf(costs, { weight }).estimate, chosen, shares }
}

function rowsWhere(fold: ArrayLike<number>, isWanted: (place: number) => boolean): Uint32Array {
  return Uint32Array.from({ length: fold.length }, (_, i) => i).filter((i) => isWanted(fold[i]))
}

function rowsOf({ table, columns, rewards, arms, weight }: PolicyProblem, rows: Uint32Array): PolicyProblem {
  const kept = new Float64Array(rows.length * arms)
  for (let a = 0; a < arms; a++) {
    for (let at = 0; at < rows.length; at++) kept[a * rows.length + at] = rewards[a * table.rows + rows[at]]
  }
  const keptWeight = weight === null ? null : Float64Array.from(rows, (row) => weight[row])
  return { table: tableOf(table, rows), columns, rewards: kept, arms, weight: keptWeight }
}

function tableOf(table: BinnedTable, rows: Uint32Array): BinnedTable {
  const bins = new Uint8Array(rows.length * table.columns.length)
  for (let j = 0; j < table.columns.length; j++) {
    for (let at = 0; at < rows.length; at++) bins[j * rows.length + at] = table.bins[j * table.rows + rows[at]]
  }
  return { rows: rows.length, columns: table.columns, bins }
}
