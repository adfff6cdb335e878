// The boosted doubly robust learner: trees fitted to the scores of one service's effect, which find together what the
// regression cannot write down beforehand. Heard only where there are many episodes.

import { fitBoosting, predictBoosted, type BinnedTable, type BoostedTrees } from '#numerics/index.ts'

const rounds = 60
const shape = { learningRate: 0.05, leaves: 6, l2: 20 } as const

/** effect: each row's score of the effect. weight: rows, or null. Returns the trees on all rows, and each row's prediction by trees that have not
 *  seen its fold. O(folds · rounds · rows · columns). */
export function fitBoostedMember(
  { table, fold, folds, weight }: { table: BinnedTable; fold: Uint8Array; folds: number; weight: Float64Array | null },
  effect: Float64Array,
): { trees: BoostedTrees; heldOut: Float32Array } {
  const options = { ...shape, rounds, minRows: Math.max(50, Math.round(table.rows / 100)) }
  const problem = { table, loss: 'squared', outputs: 1, y: effect, weight, offset: null } as const
  const heldOut = new Float32Array(table.rows)
  for (let left = 0; left < folds; left++) {
    const [inside, outside] = split(fold, left)
    const { model } = fitBoosting({ ...problem, rows: outside }, options)
    const predicted = predictBoosted(model, table, inside)
    inside.forEach((row, i) => (heldOut[row] = predicted[i]!))
  }
  return { trees: fitBoosting({ ...problem, rows: null }, options).model, heldOut }
}

function split(fold: Uint8Array, left: number): [Uint32Array, Uint32Array] {
  let count = 0
  for (const f of fold) if (f === left) count++
  const inside = new Uint32Array(count)
  const outside = new Uint32Array(fold.length - count)
  let [i, o] = [0, 0]
  fold.forEach((f, row) => {
    if (f === left) inside[i++] = row
    else outside[o++] = row
  })
  return [inside, outside]
}
