// What the learners of both nuisances share: which rows they see, how strongly they are shrunk, how fast they step.

import type { BoostingOptions } from '#numerics/index.ts'
import type { NuisanceInput, NuisancePlan } from './nuisances.ts'

/** The penalties of a design: `own` for the intercept, `penalty` for every other column. */
export function ridgeOf(columns: number, penalty: number, own: number): Float64Array {
  const ridge = new Float64Array(columns).fill(penalty)
  ridge[0] = own
  return ridge
}

/** At most `most` rows, evenly spaced among those given. */
export function spread(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows
  const step = rows.length / most
  return Uint32Array.from({ length: most }, (_, i) => rows[Math.floor(i * step)] ?? 0)
}

// Rows that a round of boosting needs at most: with so many, the noise of a leaf's mean is far below what a step adds.
const rowsOfRound = 50_000

/** Steps for so many rows: smaller trees and larger leaves for few. */
export function boostingPace(rows: number): Omit<BoostingOptions, 'rounds'> {
  const rowShare = Math.min(1, rowsOfRound / rows)
  if (rows < 5000) return { learningRate: 0.1, leaves: 4, minRows: 20, l2: 5, rowShare }
  return { learningRate: 0.2, leaves: 6, minRows: 30, l2: 20, rowShare }
}

/** The weights of the rows that train, zero for all others. */
export function heldOutWeights(input: NuisanceInput, train: Uint32Array): Float64Array {
  const weight = new Float64Array(input.table.rows)
  for (const row of train) weight[row] = input.weight === null ? 1 : (input.weight[row] ?? 0)
  return weight
}

/** A seed of a task's own, so that no two tasks draw alike. */
export function streamOf(seed: number, task: number): number {
  return (Math.imul(seed, 0x9e3779b1) + Math.imul(task + 1, 0x85ebca6b)) | 0
}

/** Rows that a tree of a forest sees at most. Many small trees tell a mean as well as few large ones, at less cost. */
export const rowsOfTree = 10_000

/** The places from 0 to rows − 1 that are wanted, rising. */
export function rowsWhere(rows: number, wanted: (row: number) => boolean): Uint32Array {
  const found = new Uint32Array(rows)
  let count = 0
  for (let row = 0; row < rows; row++) if (wanted(row)) found[count++] = row
  return found.slice(0, count)
}

/** The rows of a fold, rising. */
export function rowsOfFold(plan: NuisancePlan, fold: number): Uint32Array {
  return rowsWhere(plan.fold.length, (row) => plan.fold[row] === fold)
}
