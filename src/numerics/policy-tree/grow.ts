// A tree as typed arrays from its shape, with the people who reach each node; splits whose sides agree are closed again.

import type { SplitColumn } from './candidates.ts'
import type { Cut, Sample, Shape } from './search.ts'

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

interface Node {
  readonly rows: number
  /** The sums of weights, and of rewards under the tree. */
  readonly weight: number
  readonly total: number
  /** The leaf's arm; -1 at a split. */
  readonly arm: number
  readonly split: { readonly cut: Cut; readonly left: Node; readonly right: Node } | null
}

/** O(rows · depth). */
export function growTree(sample: Sample, columns: readonly SplitColumn[], shape: Shape): TreeArrays {
  const all = Uint32Array.from({ length: sample.rows }, (_, i) => i)
  const nodes: Node[] = []
  listNodes(nodeOf(sample, columns, shape, all), nodes)
  const places = new Map(nodes.map((node, at) => [node, at]))
  const placeOf = (node: Node | undefined): number => (node && places.get(node)) ?? -1
  const column = (node: Node): SplitColumn | null => (node.split ? columns[node.split.cut.place] : null)
  return {
    column: Int16Array.from(nodes, (node) => column(node)?.column ?? -1),
    cut: Uint8Array.from(nodes, (node) => (node.split && column(node)?.cuts[node.split.cut.code]) ?? 0),
    isLevel: Uint8Array.from(nodes, (node) => (column(node)?.isLevel ? 1 : 0)),
    missingLeft: Uint8Array.from(nodes, (node) => (node.split?.cut.missingLeft ? 1 : 0)),
    left: Int16Array.from(nodes, (node) => placeOf(node.split?.left)),
    right: Int16Array.from(nodes, (node) => placeOf(node.split?.right)),
    arm: Int16Array.from(nodes, (node) => node.arm),
    rows: Float64Array.from(nodes, (node) => node.rows),
    value: Float64Array.from(nodes, (node) => (node.weight > 0 ? node.total / node.weight : 0)),
  }
}

/** Whether a row of this code goes left. */
export function goesLeft(column: SplitColumn, cut: Cut, code: number): boolean {
  if (code === column.bins) return cut.missingLeft
  return column.isLevel ? code === cut.code : code <= cut.code
}

function nodeOf(sample: Sample, columns: readonly SplitColumn[], shape: Shape, rows: Uint32Array): Node {
  if ('arm' in shape) return leafOf(sample, shape.arm, rows)
  const { cut } = shape
  const codes = sample.codes[cut.place]
  const isLeft = (row: number): boolean => goesLeft(columns[cut.place], cut, codes[row])
  const left = nodeOf(sample, columns, shape.left, rows.filter(isLeft))
  const right = nodeOf(
    sample,
    columns,
    shape.right,
    rows.filter((row) => !isLeft(row)),
  )
  if (left.arm >= 0 && left.arm === right.arm) return leafOf(sample, left.arm, rows)
  return {
    rows: rows.length,
    weight: left.weight + right.weight,
    total: left.total + right.total,
    arm: -1,
    split: { cut, left, right },
  }
}

function leafOf({ arms, stats, weight }: Sample, arm: number, rows: Uint32Array): Node {
  let total = 0
  let size = 0
  for (const row of rows) {
    total += stats[row * (arms + 1) + arm]
    size += weight === null ? 1 : weight[row]
  }
  return { rows: rows.length, weight: size, total, arm, split: null }
}

function listNodes(node: Node, into: Node[]): void {
  into.push(node)
  if (node.split === null) return
  listNodes(node.split.left, into)
  listNodes(node.split.right, into)
}
