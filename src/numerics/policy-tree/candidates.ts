// Which cuts a policy tree may make: the bins of each column merged until few enough cuts are left to try them all.

import { missingBin, type BinnedTable } from '../bins/bins.ts'

/** One column that may split. Its bins are renumbered 0 to `bins - 1` in rising order; `bins` itself is "not known". */
export interface SplitColumn {
  /** Its place in the table. */
  readonly column: number
  /** A category: "is this level" against the rest. Else a number: "at most". */
  readonly isLevel: boolean
  readonly bins: number
  /** For each bin but a last one that cannot be cut off: the table's bin where the cut lies. Length: the number of cuts. */
  readonly cuts: Uint8Array
  /** The renumbered bin of each row. */
  readonly codes: Uint8Array
}

/** The columns that have a cut at all, in the order given. Numbers: neighbouring bins merged into `mostCuts + 1` parts of
 *  about equal rows. Categories: the `mostCuts` most frequent levels; the others are never a side of their own.
 *  O(rows · columns). */
export function splitColumns(table: BinnedTable, columns: readonly number[], mostCuts: number): readonly SplitColumn[] {
  const found: SplitColumn[] = []
  for (const column of columns) {
    const bins = table.bins.subarray(column * table.rows, (column + 1) * table.rows)
    const counts = new Float64Array(missingBin + 1)
    for (let i = 0; i < bins.length; i++) counts[bins[i]]++
    const isLevel = table.columns[column].kind === 'category'
    const split = isLevel ? levelsOf(counts, mostCuts) : partsOf(counts, mostCuts)
    if (split.cuts.length === 0) continue
    const codes = new Uint8Array(bins.length)
    for (let i = 0; i < bins.length; i++) codes[i] = split.codeOf[bins[i]]
    found.push({ column, isLevel, bins: split.bins, cuts: split.cuts, codes })
  }
  return found
}

interface Renumbered {
  readonly bins: number
  readonly cuts: Uint8Array
  readonly codeOf: Uint8Array
}

/** A number's parts: each takes its fair share of the rows that are left. A cut lies at a part's last bin that has rows. */
function partsOf(counts: Float64Array, mostCuts: number): Renumbered {
  const used = usedBins(counts)
  let left = used.reduce((sum, bin) => sum + counts[bin], 0)
  const codeOf = new Uint8Array(missingBin + 1)
  const lastBins: number[] = []
  const parts = Math.min(mostCuts + 1, used.length)
  for (let at = 0; at < used.length;) {
    const partsLeft = parts - lastBins.length
    const share = left / partsLeft
    let taken = 0
    do {
      codeOf[used[at]] = lastBins.length
      taken += counts[used[at++]]
      // A part ends where the next bin would overshoot by more than stopping falls short; as many bins as parts are kept.
    } while (
      at < used.length &&
      (partsLeft === 1 || (used.length - at > partsLeft - 1 && taken + counts[used[at]] / 2 <= share))
    )
    left -= taken
    lastBins.push(used[at - 1])
  }
  codeOf[missingBin] = lastBins.length
  return { bins: lastBins.length, cuts: Uint8Array.from(lastBins.slice(0, -1)), codeOf }
}

function levelsOf(counts: Float64Array, mostCuts: number): Renumbered {
  const used = usedBins(counts)
  const hasRest = used.length > mostCuts
  const kept = hasRest
    ? [...used]
        .sort((a, b) => counts[b] - counts[a] || a - b)
        .slice(0, mostCuts)
        .sort((a, b) => a - b)
    : used
  const bins = kept.length + (hasRest ? 1 : 0)
  const codeOf = new Uint8Array(missingBin + 1).fill(kept.length)
  kept.forEach((level, code) => (codeOf[level] = code))
  codeOf[missingBin] = bins
  const hasTwoSides = bins > 1 || (bins === 1 && counts[missingBin] > 0)
  return { bins, cuts: Uint8Array.from(hasTwoSides ? kept : []), codeOf }
}

function usedBins(counts: Float64Array): readonly number[] {
  return Array.from({ length: missingBin }, (_, bin) => bin).filter((bin) => counts[bin] > 0)
}
