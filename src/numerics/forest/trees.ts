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

/** A split as nodes keep it. bin: the last bin to the left (number) or the level on the left (category;
 *  255 for none but what is not known). */
export function packSplit(column: number, isCategory: boolean, bin: number, missingLeft: boolean): number {
  const shift = isCategory ? (256 - bin) & 255 : 0
  return (column << 17) | (shift << 9) | ((isCategory ? 0 : bin) << 1) | (missingLeft ? 1 : 0)
}

/** Where the first row's bins begin when rows lie side by side: before it is a byte that a walk may read in a leaf. */
export const rowsFrom = 1

/** Room for the bins of so many rows, side by side. */
export function roomForRows(rows: number, columns: number): Uint8Array {
  return new Uint8Array(rowsFrom + rows * columns)
}

/** Writes the bins of the rows from to to - 1 side by side, from `rowsFrom` on: how a walk down a tree reads them. */
export function rowsSideBySide(table: BinnedTable, from: number, to: number, out: Uint8Array): void {
  const columns = table.columns.length
  for (let c = 0; c < columns; c++) {
    const start = c * table.rows
    for (let i = from, at = rowsFrom + c; i < to; i++, at += columns) out[at] = table.bins[start + i]
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

/**
 * The same for four neighbouring rows at once, which hides how long a node takes to come from memory: writes their leaves
 * from `to` on. A row that has reached its leaf waits there: -1 >> 31 keeps its node, and as a split it reads the byte
 * before the row, to no effect.
 */
export function findFourLeaves(
  nodes: Int32Array,
  base: number,
  bins: Uint8Array,
  at: number,
  columns: number,
  leaves: Int32Array,
  to: number,
): void {
  const second = at + columns
  const third = second + columns
  const fourth = third + columns
  let a = base
  let b = base
  let c = base
  let d = base
  let ofA = nodes[base]
  let ofB = ofA
  let ofC = ofA
  let ofD = ofA
  while ((ofA & ofB & ofC & ofD) >= 0) {
    a = step(nodes, base, a, ofA, bins[at + (ofA >> 17)])
    b = step(nodes, base, b, ofB, bins[second + (ofB >> 17)])
    c = step(nodes, base, c, ofC, bins[third + (ofC >> 17)])
    d = step(nodes, base, d, ofD, bins[fourth + (ofD >> 17)])
    ofA = nodes[a]
    ofB = nodes[b]
    ofC = nodes[c]
    ofD = nodes[d]
  }
  leaves[to] = nodes[a + 1]
  leaves[to + 1] = nodes[b + 1]
  leaves[to + 2] = nodes[c + 1]
  leaves[to + 3] = nodes[d + 1]
}

function step(nodes: Int32Array, base: number, node: number, split: number, bin: number): number {
  const isAbove = (((split >> 1) & 255) - ((bin + (split >> 9)) & 255)) >>> 31
  const isKeptLeft = ((bin + 1) >> 8) & split
  const next = base + ((nodes[node + 1] + (isAbove & ~isKeptLeft)) << 1)
  const isLeaf = split >> 31
  return (node & isLeaf) | (next & ~isLeaf)
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
