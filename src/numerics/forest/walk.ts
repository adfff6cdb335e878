// Rows walk down all trees, a few rows at a time, so that a tree is read from near memory and its leaves' records add up.

import { tossHalf, unitsOf } from './subsample.ts'
import { findLeaf, type Trees } from './trees.ts'

/** How many rows walk together. */
export const rowsTogether = 128

/** Which of the rows from to to - 1 lie in which bag's half-sample: bit (row - from) & 7 of byte bag × width + (row -
 *  from >> 3). firstBag: the bag of byte 0. */
export interface HalfSamples {
  readonly from: number
  readonly width: number
  readonly firstBag: number
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
  return { from, width, firstBag, bits }
}

/**
 * Adds up the records of the leaves that rows fall in. bins: `count` rows side by side. sums: count × leafSize, caller's,
 * cleared here. found: trees × count, caller's, or null: where in `leaves` each record begins, -1 where the tree was not
 * asked. halves: rows are not asked of trees whose half-sample had them (row i of `bins` is row halves.from + offset + i);
 * null asks all.
 */
export function sumLeaves(
  forest: Trees,
  bins: Uint8Array,
  columns: number,
  count: number,
  sums: Float64Array,
  found: Int32Array | null,
  halves: (HalfSamples & { readonly bagSize: number; readonly offset: number }) | null,
): void {
  const { nodes, leaves, leafSize, nodeStart, leafStart } = forest
  sums.fill(0, 0, count * leafSize)
  for (let tree = 0; tree < forest.trees; tree++) {
    const base = 2 * nodeStart[tree]
    const bag = halves === null ? 0 : Math.floor((forest.first + tree) / halves.bagSize) - halves.firstBag
    for (let i = 0; i < count; i++) {
      if (halves !== null) {
        const at = halves.offset + i
        if (((halves.bits[bag * halves.width + (at >> 3)] >> (at & 7)) & 1) === 1) {
          if (found !== null) found[tree * count + i] = -1
          continue
        }
      }
      const leaf = (leafStart[tree] + findLeaf(nodes, base, bins, i * columns)) * leafSize
      if (found !== null) found[tree * count + i] = leaf
      const to = i * leafSize
      for (let s = 0; s < leafSize; s++) sums[to + s] += leaves[leaf + s]
    }
  }
}
