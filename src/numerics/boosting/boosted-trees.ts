// A boosted model as plain typed arrays, and its predictions.

import { missingBin, type BinnedTable } from '../bins/bins.ts'

/** The nodes of all trees, one after another. Tree t belongs to output t mod `outputs` and starts at node `roots[t]`.
 *  A leaf has `left` 0 and adds `value` (learning rate included). A split sends a row to node root + left or the one after it;
 *  `side` bit 0: the column is a category and the level `cut` alone goes left, else bins up to `cut` do; bit 1: "not known"
 *  goes left. */
export interface BoostedTrees {
  readonly columns: number
  readonly outputs: number
  readonly base: Float64Array
  readonly roots: Uint32Array
  readonly column: Uint16Array
  readonly cut: Uint8Array
  readonly side: Uint8Array
  readonly left: Uint32Array
  readonly value: Float64Array
}

/** One tree of it: `left` counts from the tree's own root. */
export interface TreeNodes {
  readonly column: Uint16Array
  readonly cut: Uint8Array
  readonly side: Uint8Array
  readonly left: Uint32Array
  readonly value: Float64Array
}

/** Bits of `side`. */
export const levelGoesLeft = 1
export const missingGoesLeft = 2

/** Scores (base included, no offset): rows × outputs, column-major, in the order of `rows` (every row where null). Squared
 *  loss: the outcome; logistic: log odds; softmax: log odds up to a constant a row. rounds: only the first so many. Refuses a
 *  table with another number of columns. O(rows · trees · depth). */
export function predictBoosted(
  model: BoostedTrees,
  table: BinnedTable,
  rows: Uint32Array | null = null,
  rounds = Infinity,
): Float64Array {
  if (table.columns.length !== model.columns) throw new RangeError('the model was fitted on other columns')
  const count = rows === null ? table.rows : rows.length
  const scores = new Float64Array(count * model.outputs)
  for (let k = 0; k < model.outputs; k++) scores.fill(model.base[k], k * count, (k + 1) * count)
  const trees = Math.min(model.roots.length, rounds * model.outputs)
  for (let t = 0; t < trees; t++) {
    const output = t % model.outputs
    walk(table, model, model.roots[t], rows, scores.subarray(output * count, (output + 1) * count))
  }
  return scores
}

/** Adds a tree's values at `rows` to `scores[from + row]`, or where `inOrder` to `scores[from + place of the row]`. */
export function addTree(
  table: BinnedTable,
  tree: TreeNodes,
  rows: Uint32Array,
  scores: Float64Array,
  from: number,
  inOrder = false,
): void {
  if (tree.left[0] === 0) {
    const value = tree.value[0]
    for (let i = 0; i < rows.length; i++) scores[from + (inOrder ? i : rows[i])] += value
    return
  }
  const { bins } = table
  const { column, cut, side, left, value } = tree
  const starts = Uint32Array.from(column, (j) => j * table.rows)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    let node = 0
    let next = left[0]
    while (next !== 0) {
      const bin = bins[starts[node] + row]
      node = goesLeft(bin, cut[node], side[node]) ? next : next + 1
      next = left[node]
    }
    scores[from + (inOrder ? i : row)] += value[node]
  }
}

/** Whether a bin goes to the left of a split. */
export function goesLeft(bin: number, cut: number, side: number): boolean {
  if (bin === missingBin) return (side & missingGoesLeft) !== 0
  return (side & levelGoesLeft) !== 0 ? bin === cut : bin <= cut
}

function walk(table: BinnedTable, model: BoostedTrees, root: number, rows: Uint32Array | null, out: Float64Array) {
  const { bins } = table
  const { column, cut, side, left, value } = model
  const stride = table.rows
  for (let i = 0; i < out.length; i++) {
    const row = rows === null ? i : rows[i]
    let node = root
    let next = left[node]
    while (next !== 0) {
      const bin = bins[column[node] * stride + row]
      node = goesLeft(bin, cut[node], side[node]) ? root + next : root + next + 1
      next = left[node]
    }
    out[i] += value[node]
  }
}
