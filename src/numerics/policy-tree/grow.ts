// A tree from where it splits: each leaf takes its best arm, and splits whose sides agree are closed again.

import type { SplitColumn } from './candidates.ts'
import type { Sample, Shape } from './search.ts'

/** The arrays of a `PolicyTree`, its root first. */
export interface TreeArrays {
  readonly column: Int16Array
  readonly cut: Uint8Array
  readonly isLevel: Uint8Array
  readonly missingLeft: Uint8Array
  readonly left: Int16Array
  readonly right: Int16Array
  readonly arm: Int16Array
  readonly rows: Float64Array
  readonly value: Float64Array
}

export interface GrownTree {
  readonly tree: TreeArrays
  /** The share of the rows that each arm gets. */
  readonly shares: Float64Array
  /** The sum of rewards, prices not taken off. */
  readonly total: number
}

interface Node {
  readonly rows: number
  /** Rewards under the tree, prices not taken off. */
  readonly total: number
  /** The leaf's arm; -1 at a split. */
  readonly arm: number
  readonly split: { readonly cut: Shape['cut']; readonly left: Node; readonly right: Node } | null
}

/** O(rows · depth). */
export function growTree(
  sample: Sample,
  columns: readonly SplitColumn[],
  shape: Shape | null,
  prices: Float64Array,
): GrownTree {
  const all = Uint32Array.from({ length: sample.rows }, (_, i) => i)
  const root = nodeOf(sample, columns, shape, prices, all)
  const nodes: Node[] = []
  listNodes(root, nodes)
  const places = new Map(nodes.map((node, at) => [node, at]))
  const placeOf = (node: Node | undefined): number => (node ? places.get(node)! : -1)
  const shares = new Float64Array(sample.arms)
  for (const node of nodes) if (node.arm >= 0) shares[node.arm] += node.rows / sample.rows
  const column = (node: Node): SplitColumn | null => (node.split ? columns[node.split.cut.place] : null)
  return {
    shares,
    total: root.total,
    tree: {
      column: Int16Array.from(nodes, (node) => column(node)?.column ?? -1),
      cut: Uint8Array.from(nodes, (node) => column(node)?.cuts[node.split!.cut.code] ?? 0),
      isLevel: Uint8Array.from(nodes, (node) => (column(node)?.isLevel ? 1 : 0)),
      missingLeft: Uint8Array.from(nodes, (node) => (node.split?.cut.missingLeft ? 1 : 0)),
      left: Int16Array.from(nodes, (node) => placeOf(node.split?.left)),
      right: Int16Array.from(nodes, (node) => placeOf(node.split?.right)),
      arm: Int16Array.from(nodes, (node) => node.arm),
      rows: Float64Array.from(nodes, (node) => node.rows),
      value: Float64Array.from(nodes, (node) => node.total / node.rows),
    },
  }
}

function nodeOf(
  sample: Sample,
  columns: readonly SplitColumn[],
  shape: Shape | null,
  prices: Float64Array,
  rows: Uint32Array,
): Node {
  if (shape === null) return leafOf(sample, prices, rows)
  const { cut } = shape
  const column = columns[cut.place]
  const codes = sample.codes[cut.place]
  const goesLeft = (row: number): boolean => {
    const code = codes[row]
    return code === column.bins ? cut.missingLeft : column.isLevel ? code === cut.code : code <= cut.code
  }
  const left = nodeOf(sample, columns, shape.left, prices, rows.filter(goesLeft))
  const right = nodeOf(
    sample,
    columns,
    shape.right,
    prices,
    rows.filter((row) => !goesLeft(row)),
  )
  if (left.arm >= 0 && left.arm === right.arm) return leafOf(sample, prices, rows)
  return { rows: rows.length, total: left.total + right.total, arm: -1, split: { cut, left, right } }
}

function leafOf(sample: Sample, prices: Float64Array, rows: Uint32Array): Node {
  const { arms, stats } = sample
  const totals = new Float64Array(arms)
  for (const row of rows) for (let a = 0; a < arms; a++) totals[a] += stats[row * (arms + 1) + a]
  let arm = 0
  for (let a = 1; a < arms; a++) {
    // Rounding never decides between arms: the first of equals is taken.
    const gain = totals[a] - prices[a] * rows.length - (totals[arm] - prices[arm] * rows.length)
    if (gain > 1e-12 * (Math.abs(totals[a]) + Math.abs(totals[arm]))) arm = a
  }
  return { rows: rows.length, total: totals[arm], arm, split: null }
}

function listNodes(node: Node, into: Node[]): void {
  into.push(node)
  if (node.split === null) return
  listNodes(node.split.left, into)
  listNodes(node.split.right, into)
}
