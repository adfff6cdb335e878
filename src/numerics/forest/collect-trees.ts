// Grown trees become kept trees: leaves measured on their rows, those that nobody fell in cut away, all laid end to end.

import { findLeaf, rowsFrom, type Trees } from './trees.ts'

/** Trees laid end to end as they are grown. */
export interface Collected {
  readonly leafSize: number
  nodes: Int32Array
  leaves: Float32Array
  readonly nodeStart: number[]
  readonly leafStart: number[]
}

export function startCollecting(leafSize: number): Collected {
  return { leafSize, nodes: new Int32Array(4096), leaves: new Float32Array(4096), nodeStart: [0], leafStart: [0] }
}

export function finishCollecting(collected: Collected, first: number): Trees {
  const { nodeStart, leafStart, leafSize } = collected
  return {
    first,
    trees: nodeStart.length - 1,
    nodes: collected.nodes.slice(0, 2 * nodeStart[nodeStart.length - 1]),
    nodeStart: Uint32Array.from(nodeStart),
    leaves: collected.leaves.slice(0, leafSize * leafStart[leafStart.length - 1]),
    leafStart: Uint32Array.from(leafStart),
    leafSize,
  }
}

/** Adds one row to the sums of its leaf, which begin at `at`. */
export type AddRow = (row: number, sums: Float64Array, at: number) => void

/**
 * Keeps a grown tree. nodes: its `count` nodes as `growTree` left them (changed here). bins: the training rows side by
 * side. measured: the rows that fill its leaves. A leaf's record is its sums over the number of its rows, but for the last
 * `whole` numbers, which stay sums. A leaf without rows is cut away, and its parent becomes its sister; a tree without
 * rows becomes a single leaf of zeros, which has no say.
 */
export function collectTree(
  collected: Collected,
  nodes: Int32Array,
  count: number,
  bins: Uint8Array,
  columns: number,
  measured: Uint32Array,
  addRow: AddRow,
  whole: number,
): void {
  const { leafSize } = collected
  let leaves = 0
  for (let node = 0; node < count; node++) if (nodes[2 * node] < 0) nodes[2 * node + 1] = leaves++
  const sums = new Float64Array(leaves * leafSize)
  const rows = new Uint32Array(leaves)
  for (let i = 0; i < measured.length; i++) {
    const leaf = findLeaf(nodes, 0, bins, rowsFrom + measured[i] * columns)
    rows[leaf]++
    addRow(measured[i], sums, leaf * leafSize)
  }
  for (let leaf = 0; leaf < leaves; leaf++) {
    const scale = 1 / Math.max(1, rows[leaf])
    for (let s = leaf * leafSize; s < (leaf + 1) * leafSize - whole; s++) sums[s] *= scale
  }
  lay(collected, nodes, count, rows, sums)
}

function lay(collected: Collected, nodes: Int32Array, count: number, rows: Uint32Array, sums: Float64Array): void {
  const { leafSize, nodeStart, leafStart } = collected
  const has = new Uint8Array(count)
  // Children always follow their parent.
  for (let node = count - 1; node >= 0; node--) {
    const next = nodes[2 * node + 1]
    has[node] = nodes[2 * node] < 0 ? (rows[next] > 0 ? 1 : 0) : has[next] | has[next + 1]
  }
  const resolve = (from: number): number => {
    let node = from
    while (nodes[2 * node] >= 0) {
      const child = nodes[2 * node + 1]
      if (has[child] === 0) node = child + 1
      else if (has[child + 1] === 0) node = child
      else break
    }
    return node
  }
  const start = nodeStart[nodeStart.length - 1]
  const leafFrom = leafStart[leafStart.length - 1]
  reserve(collected, 2 * (start + count), leafSize * (leafFrom + rows.length))
  const sources = [resolve(0)]
  let kept = 0
  for (let node = 0; node < sources.length; node++) {
    const source = sources[node]
    const to = 2 * (start + node)
    collected.nodes[to] = nodes[2 * source]
    if (nodes[2 * source] >= 0) {
      const child = nodes[2 * source + 1]
      collected.nodes[to + 1] = sources.length
      sources.push(resolve(child), resolve(child + 1))
    } else {
      const leaf = nodes[2 * source + 1]
      collected.nodes[to + 1] = kept
      collected.leaves.set(sums.subarray(leaf * leafSize, (leaf + 1) * leafSize), (leafFrom + kept) * leafSize)
      kept++
    }
  }
  nodeStart.push(start + sources.length)
  leafStart.push(leafFrom + kept)
}

function reserve(collected: Collected, nodes: number, leaves: number): void {
  if (collected.nodes.length < nodes) {
    const wider = new Int32Array(Math.max(nodes, collected.nodes.length * 2))
    wider.set(collected.nodes)
    collected.nodes = wider
  }
  if (collected.leaves.length < leaves) {
    const wider = new Float32Array(Math.max(leaves, Math.ceil(collected.leaves.length * 1.6)))
    wider.set(collected.leaves)
    collected.leaves = wider
  }
}
