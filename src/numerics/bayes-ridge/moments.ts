// The sums that the regression needs of the rows, arm by arm and fold by fold. Rows are counted into a table of pairs of
// cells first, and the terms come in afterwards: a row costs one addition a pair of columns, however many terms there are.

import { type BinnedTable } from '../bins/bins.ts'
import { type Basis } from './basis.ts'

/** Sums over one group of rows. gram: size × size, symmetric, size = terms + 1 (the first is the constant). */
export interface Moments {
  readonly size: number
  readonly gram: Float64Array
  readonly cross: Float64Array
  readonly squares: number
  readonly weight: number
  readonly rows: number
}

export interface MomentsInput {
  readonly table: BinnedTable
  readonly basis: Basis
  readonly y: Float64Array
  readonly weight: Float64Array | null
  readonly arm: Uint8Array
  readonly arms: number
  readonly fold: Uint8Array
  readonly folds: number
}

/** Sums of each fold's rows of each arm, at [fold * arms + arm]. Rows of weight 0 count for nothing.
 *  O(rows · columns² + folds · arms · (cells² + cells · terms)). */
export function gatherMoments(input: MomentsInput): Moments[] {
  const { basis, arms, folds } = input
  const order = rowsByGroup(input)
  const pairs = new Float64Array(basis.cells * basis.cells)
  const sums = new Float64Array(basis.cells)
  return Array.from({ length: folds * arms }, (_, group) => {
    const rows = order.rows.subarray(order.from[group], order.from[group + 1])
    return momentsOf(input, rows, pairs, sums)
  })
}

/** The sum of moments. At least one. */
export function addMoments(parts: readonly Moments[]): Moments {
  const size = parts[0].size
  const gram = new Float64Array(size * size)
  const cross = new Float64Array(size)
  let squares = 0
  let weight = 0
  let rows = 0
  for (const part of parts) {
    for (let i = 0; i < gram.length; i++) gram[i] += part.gram[i]
    for (let i = 0; i < size; i++) cross[i] += part.cross[i]
    squares += part.squares
    weight += part.weight
    rows += part.rows
  }
  return { size, gram, cross, squares, weight, rows }
}

function rowsByGroup({ arm, arms, fold, folds, weight }: MomentsInput) {
  const from = new Uint32Array(folds * arms + 1)
  const isIn = (i: number) => weight === null || weight[i] > 0
  for (let i = 0; i < arm.length; i++) if (isIn(i)) from[fold[i] * arms + arm[i] + 1]++
  for (let g = 0; g < folds * arms; g++) from[g + 1] += from[g]
  const next = from.slice()
  const rows = new Uint32Array(from[folds * arms])
  for (let i = 0; i < arm.length; i++) if (isIn(i)) rows[next[fold[i] * arms + arm[i]]++] = i
  return { from, rows }
}

function momentsOf(input: MomentsInput, rows: Uint32Array, pairs: Float64Array, sums: Float64Array): Moments {
  const { basis, table, y, weight } = input
  const { columns, cells, cellOf } = basis
  pairs.fill(0)
  sums.fill(0)
  const cell = new Uint32Array(columns)
  let squares = 0
  let total = 0
  let ySum = 0
  for (const row of rows) {
    const w = weight === null ? 1 : weight[row]
    const wy = w * y[row]
    squares += wy * y[row]
    ySum += wy
    total += w
    for (let a = 0; a < columns; a++) {
      const own = cellOf[a * 256 + table.bins[a * table.rows + row]]
      cell[a] = own
      sums[own] += wy
      const from = own * cells
      for (let b = 0; b <= a; b++) pairs[from + cell[b]] += w
    }
  }
  return { ...project(basis, pairs, sums, total, ySum), squares, weight: total, rows: rows.length }
}

/** From counts of pairs of cells to sums of products of terms. */
function project(basis: Basis, pairs: Float64Array, sums: Float64Array, total: number, ySum: number) {
  const { terms, termColumn, valueAt, values, firstCell, cells } = basis
  const size = terms + 1
  const gram = new Float64Array(size * size)
  const cross = new Float64Array(size)
  gram[0] = total
  cross[0] = ySum
  const half = new Float64Array(cells)
  for (let s = 0; s < terms; s++) {
    const column = termColumn[s]
    const [from, to] = [firstCell[column], firstCell[column + 1]]
    // half[c]: the sum of term s over the rows that lie in cell c of any earlier column (or of its own).
    half.fill(0, 0, to)
    let sum = 0
    let withY = 0
    for (let c = from; c < to; c++) {
      const value = values[valueAt[s] + c - from]
      sum += value * pairs[c * cells + c]
      withY += value * sums[c]
      if (value === 0) continue
      const row = c * cells
      for (let d = 0; d < from; d++) half[d] += value * pairs[row + d]
      half[c] += value * pairs[row + c]
    }
    gram[s + 1] = gram[(s + 1) * size] = sum
    cross[s + 1] = withY
    for (let t = 0; t <= s; t++) {
      const first = firstCell[termColumn[t]]
      const end = firstCell[termColumn[t] + 1]
      let product = 0
      for (let c = first; c < end; c++) product += half[c] * values[valueAt[t] + c - first]
      gram[(s + 1) * size + t + 1] = gram[(t + 1) * size + s + 1] = product
    }
  }
  return { size, gram, cross }
}
