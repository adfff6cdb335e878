// Trees as they are kept, sent between threads and walked: two whole numbers a node, one record of numbers a leaf.

import type { BinnedTable } from '../bins/bins.ts'

/**
 * trees `first` to `first + trees` - 1 of a forest.
 * nodes: two numbers a node. [2i] is the split, or -1 in a leaf; [2i + 1] is the left child (the right one follows it), or
 *   the leaf's number; both counted from the tree's own start, so that forests are joined by laying them end to end.
 *   A split is column << 17 | shift << 9 | last << 1 | missingLeft, and a row goes left when
 *   (bin + shift & 255) <= last, or when its bin says "not known" and missingLeft is 1. A number has shift 0 and goes left
 *   up to the bin `last`; a category has last 0 and goes left at the level 256 - shift.
 * nodeStart, leafStart: trees + 1, where each tree's nodes and leaves begin. leaves: leafSize numbers a leaf.
 */
export interface Trees {
  readonly first: number
  readonly trees: number
  readonly nodes: Int32Array
  readonly nodeStart: Uint32Array
  readonly leaves: Float32Array
  readonly leafStart: Uint32Array
  readonly leafSize: number
}

/** A split as nodes keep it. bin: the last bin to the left (number) or the level on the left (category). */
export function packSplit(column: number, isCategory: boolean, bin: number, missingLeft: boolean): number {
  const shift = isCategory ? (256 - bin) & 255 : 0
  return (column << 17) | (shift << 9) | ((isCategory ? 0 : bin) << 1) | (missingLeft ? 1 : 0)
}

/** Writes each row's bins side by side: (to - from) × columns, row-major, which is how a walk down a tree reads them. */
export function rowsSideBySide(table: BinnedTable, from: number, to: number, out: Uint8Array): void {
  const columns = table.columns.length
  for (let c = 0; c < columns; c++) {
    const start = c * table.rows
    for (let i = from, at = c; i < to; i++, at += columns) out[at] = table.bins[start + i]
  }
}

/** The leaf that a row falls in, counted from the tree's own first. base: twice the tree's first node; at: where the row's
 *  bins begin. */
export function findLeaf(nodes: Int32Array, base: number, bins: Uint8Array, at: number): number {
  let node = base
  let split = nodes[node]
  // In whole numbers, without a branch to guess wrong: 1 for the right child.
  while (split >= 0) {
    const bin = bins[at + (split >> 17)]
    const isAbove = (((split >> 1) & 255) - ((bin + (split >> 9)) & 255)) >>> 31
    const isKeptLeft = ((bin + 1) >> 8) & split
    node = base + ((nodes[node + 1] + (isAbove & ~isKeptLeft)) << 1)
    split = nodes[node]
  }
  return nodes[node + 1]
}

/** Lays neighbouring ranges of trees end to end, in any order given. Throws a RangeError when they leave a gap or differ. */
export function joinTrees(parts: readonly Trees[]): Trees {
  const sorted = [...parts].sort((a, b) => a.first - b.first)
  if (sorted.length === 0) throw new RangeError('there is no part of a forest to join')
  const { first, leafSize } = sorted[0]
  let next = first
  for (const part of sorted) {
    if (part.first !== next || part.leafSize !== leafSize) throw new RangeError('these parts do not make one forest')
    next += part.trees
  }
  const trees = next - first
  const nodes = new Int32Array(sorted.reduce((sum, part) => sum + part.nodes.length, 0))
  const leaves = new Float32Array(sorted.reduce((sum, part) => sum + part.leaves.length, 0))
  const nodeStart = new Uint32Array(trees + 1)
  const leafStart = new Uint32Array(trees + 1)
  let tree = 0
  for (const part of sorted) {
    nodes.set(part.nodes, nodeStart[tree] * 2)
    leaves.set(part.leaves, leafStart[tree] * leafSize)
    for (let t = 1; t <= part.trees; t++) {
      nodeStart[tree + t] = nodeStart[tree] + part.nodeStart[t]
      leafStart[tree + t] = leafStart[tree] + part.leafStart[t]
    }
    tree += part.trees
  }
  return { first, trees, nodes, nodeStart, leaves, leafStart, leafSize }
}
