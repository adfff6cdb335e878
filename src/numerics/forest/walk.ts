// Rows walk down all trees, a few rows at a time, so that a tree is read from near memory and its leaves' records add up.

import { tossHalf, unitsOf } from './subsample.ts'
import { findFourLeaves, findLeaf, rowsFrom, type Trees } from './trees.ts'

/** How many rows walk together. */
export const rowsTogether = 256

/** Which of the rows from to to - 1 lie in which bag's half-sample: bit (row - from) & 7 of byte bag × width + (row -
 *  from >> 3). firstBag: the bag of byte 0. */
export interface HalfSamples {
  readonly from: number
  readonly width: number
  readonly firstBag: number
  readonly bagSize: number
  readonly bits: Uint8Array
}

/** Draws again who was in the half-samples of a forest's bags. O(bags × rows of the training table). */
export function recallHalfSamples(
  trees: Pick<Trees, 'first' | 'trees'>,
  seed: number,
  bagSize: number,
  table: { readonly rows: number; readonly cluster: Int32Array | null },
  from: number,
  to: number,
): HalfSamples {
  const firstBag = Math.floor(trees.first / bagSize)
  const bags = Math.ceil((trees.first + trees.trees) / bagSize) - firstBag
  const width = (to - from + 7) >> 3
  const bits = new Uint8Array(bags * width)
  const coins = new Uint8Array(unitsOf(table))
  for (let bag = 0; bag < bags; bag++) {
    tossHalf(seed, firstBag + bag, coins)
    for (let i = from; i < to; i++) {
      const coin = coins[table.cluster === null ? i : table.cluster[i]]
      bits[bag * width + ((i - from) >> 3)] |= coin << ((i - from) & 7)
    }
  }
  return { from, width, firstBag, bagSize, bits }
}

/** Rows that walk. bins: `count` of them side by side. halves: rows are not asked of trees whose half-sample had them (the
 *  first of `bins` is row halves.from + offset); null asks all. */
export interface Walkers {
  readonly bins: Uint8Array
  readonly columns: number
  readonly count: number
  readonly halves: HalfSamples | null
  readonly offset: number
}

/**
 * Adds up the records of the leaves that rows fall in, their first `size` numbers. sums: count × leafSize, the caller's, cleared
 * here. found: trees × count, the caller's: where in `leaves` each record begins, or -1 where a row may not ask the tree.
 */
export function sumLeaves(forest: Trees, walkers: Walkers, sums: Float64Array, found: Int32Array, size: number): void {
  const { leaves, leafSize } = forest
  const { count } = walkers
  sums.fill(0, 0, count * leafSize)
  for (let tree = 0; tree < forest.trees; tree++) {
    const at = tree * count
    findLeaves(forest, tree, walkers, found, at)
    for (let i = 0; i < count; i++) {
      const leaf = found[at + i]
      if (leaf < 0) continue
      const to = i * leafSize
      for (let s = 0; s < size; s++) sums[to + s] += leaves[leaf + s]
    }
  }
}

function findLeaves(forest: Trees, tree: number, walkers: Walkers, found: Int32Array, to: number): void {
  const { nodes, leafSize } = forest
  const { bins, columns, count, halves, offset } = walkers
  const base = 2 * forest.nodeStart[tree]
  const first = forest.leafStart[tree]
  let i = 0
  for (; i + 4 <= count; i += 4) findFourLeaves(nodes, base, bins, rowsFrom + i * columns, columns, found, to + i)
  for (; i < count; i++) found[to + i] = findLeaf(nodes, base, bins, rowsFrom + i * columns)
  for (let at = to; at < to + count; at++) found[at] = (first + found[at]) * leafSize
  if (halves === null) return
  const bits = (Math.floor((forest.first + tree) / halves.bagSize) - halves.firstBag) * halves.width
  for (let at = 0; at < count; at++) {
    const bit = offset + at
    if (((halves.bits[bits + (bit >> 3)] >> (bit & 7)) & 1) === 1) found[to + at] = -1
  }
}
