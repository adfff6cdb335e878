// What both forests demand of their input, said once at the door.

/** Which trees: `from` up to but not including `to`. */
export interface TreeRange {
  readonly from: number
  readonly to: number
}

export function checkTrees(range: TreeRange): void {
  const isWhole = Number.isInteger(range.from) && Number.isInteger(range.to)
  if (!isWhole || range.from < 0 || range.to <= range.from)
    throw new RangeError(`trees ${range.from} to ${range.to} are not a range`)
}

export function checkSplits(rule: { readonly minNode: number; readonly splitBins: number }): void {
  if (!(rule.minNode > 0)) throw new RangeError('a node holds more than nothing')
  if (!(Number.isInteger(rule.splitBins) && rule.splitBins >= 2 && rule.splitBins <= 255))
    throw new RangeError('splits are sought among 2 to 255 bins')
}

/** Weights scaled to a mean of one over the rows that have any; null where none are given. */
export function checkRows(rows: number, weight: Float64Array | null, cluster: Int32Array | null): Float64Array | null {
  if (rows < 1) throw new RangeError('a forest needs rows')
  if (cluster !== null) {
    if (cluster.length !== rows) throw new RangeError('there is not one cluster a row')
    for (const place of cluster) if (place < 0) throw new RangeError('a cluster is a place from 0')
  }
  if (weight === null) return null
  if (weight.length !== rows) throw new RangeError('there is not one weight a row')
  let sum = 0
  let some = 0
  for (const value of weight) {
    if (!(value >= 0) || value === Infinity) throw new RangeError('a weight is a finite number of nought or more')
    sum += value
    if (value > 0) some++
  }
  if (some === 0) throw new RangeError('every weight is nought')
  return weight.map((value) => (value * some) / sum)
}
