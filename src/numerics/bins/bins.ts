// The one form in which every learner sees a table: a byte a cell. A number becomes the place of its bin, a category the
// place of its level, and "not known" a bin of its own, so that no learner treats a missing answer as a value.

import { makeRandom } from '../rng.ts'

/** The byte that says "not known". */
export const missingBin = 255

/** The most bins a column may have; the byte after the last is `missingBin`. */
export const mostBins = 255

/** One column's cut points. Number: bin b holds values above `edges[b - 1]` and up to `edges[b]`; the last has no upper edge.
 *  Category: bin b is level b, `edges` is empty. `centres[b]`: the weighted mean of the values that made bin b (numbers),
 *  or b itself (categories). */
export interface BinnedColumn {
  readonly kind: 'number' | 'category'
  readonly bins: number
  readonly edges: Float64Array
  readonly centres: Float64Array
}

/** bins: rows × columns, column-major, one byte a cell: the place of the bin, or `missingBin`. */
export interface BinnedTable {
  readonly rows: number
  readonly columns: readonly BinnedColumn[]
  readonly bins: Uint8Array
}

/** A column before it is binned: numbers as they are, or the place of a category's level. NaN (and ±Infinity) where not
 *  known. levels: how many levels a category has; those past the 255th count as not known. */
export interface RawColumn {
  readonly kind: 'number' | 'category'
  readonly levels: number
  readonly values: ArrayLike<number>
}

/**
 * Cuts a column at its own quantiles, ties kept together: a column of few distinct values gets a bin for each, and any
 * strictly rising change of scale gives the same bins. O(n log n); looks at no more than 200,000 rows, evenly spaced.
 */
export function cutColumn(column: RawColumn, wanted = 128): BinnedColumn {
  if (column.kind === 'category') {
    const bins = Math.min(column.levels, mostBins)
    return {
      kind: 'category',
      bins,
      edges: new Float64Array(0),
      centres: Float64Array.from({ length: bins }, (_, b) => b),
    }
  }
  const known = knownSorted(column.values)
  const edges = edgesOf(known, Math.min(wanted, mostBins))
  return { kind: 'number', bins: edges.length + 1, edges, centres: centresOf(known, edges) }
}

/** Writes the bytes of `values` into `out`, `out.length` of them from `from` on. */
export function binInto(column: BinnedColumn, values: ArrayLike<number>, out: Uint8Array): void {
  const { edges } = column
  for (let i = 0; i < out.length; i++) {
    const value = values[i]
    out[i] = Number.isFinite(value) ? binOf(column, value, edges) : missingBin
  }
}

/** Bins whole columns of one length. Throws a RangeError when lengths differ. */
export function binTable(
  cuts: readonly BinnedColumn[],
  columns: readonly ArrayLike<number>[],
  rows: number,
): BinnedTable {
  const bins = new Uint8Array(rows * cuts.length)
  cuts.forEach((cut, j) => {
    if (columns[j].length !== rows) throw new RangeError(`column ${j} has ${columns[j].length} rows, not ${rows}`)
    binInto(cut, columns[j], bins.subarray(j * rows, (j + 1) * rows))
  })
  return { rows, columns: cuts, bins }
}

function binOf(column: BinnedColumn, value: number, edges: Float64Array): number {
  if (column.kind === 'category') return value >= 0 && value < column.bins ? Math.floor(value) : missingBin
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value <= edges[middle]) high = middle
    else low = middle + 1
  }
  return low
}

const mostLookedAt = 200_000

/** Known values in rising order; of many rows one from each stretch, its place in the stretch by chance, so that no rhythm in
 *  the rows' order hides values. */
function knownSorted(values: ArrayLike<number>): Float64Array {
  const random = makeRandom(1, 0)
  const step = Math.max(1, values.length / mostLookedAt)
  const known = new Float64Array(Math.min(values.length, mostLookedAt))
  let count = 0
  for (let i = 0; i < known.length; i++) {
    const value = values[step === 1 ? i : Math.min(values.length - 1, Math.floor((i + random.uniform()) * step))]
    if (Number.isFinite(value)) known[count++] = value
  }
  return known.subarray(0, count).sort()
}

/** Upper edges between bins: each bin takes its fair share of what is left, and the rest of a run of equal values. */
function edgesOf(sorted: Float64Array, wanted: number): Float64Array {
  const distinct = distinctUpTo(sorted, wanted)
  if (distinct !== null) return Float64Array.from(distinct.slice(0, -1))
  const edges: number[] = []
  let start = 0
  while (start < sorted.length && edges.length < wanted - 1) {
    const share = Math.max(1, Math.round((sorted.length - start) / (wanted - edges.length)))
    let end = start + share
    if (end >= sorted.length) break
    const last = sorted[end - 1]
    while (end < sorted.length && sorted[end] === last) end++
    if (end >= sorted.length) break
    edges.push(last)
    start = end
  }
  return Float64Array.from(edges)
}

/** The distinct values, or null where there are more than `most`. */
function distinctUpTo(sorted: Float64Array, most: number): number[] | null {
  const distinct: number[] = []
  for (const value of sorted) {
    if (distinct.length > 0 && value === distinct[distinct.length - 1]) continue
    if (distinct.length === most) return null
    distinct.push(value)
  }
  return distinct
}

function centresOf(sorted: Float64Array, edges: Float64Array): Float64Array {
  const sums = new Float64Array(edges.length + 1)
  const counts = new Float64Array(edges.length + 1)
  let bin = 0
  for (const value of sorted) {
    while (bin < edges.length && value > edges[bin]) bin++
    sums[bin] += value
    counts[bin]++
  }
  return sums.map((sum, b) => (counts[b] > 0 ? sum / counts[b] : 0))
}
