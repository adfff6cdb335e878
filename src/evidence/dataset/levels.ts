// The levels of a category, met one by one while a file streams by, and put in order at its end.

import { meaningOf } from './cell-sql.ts'
import { inOrder } from './roles.ts'

/** As many levels as fit a byte beside "other levels" and "not known". */
export const mostLevels = 254

/** What levels beyond the most frequent 254 are counted as. */
export const otherLevels = 'other levels'

/** Further labels are counted together at once: a column of names or ids must not fill the memory. */
const mostRemembered = 100_000

export interface MetLevels {
  /** The place at which what is written was first met, white space aside; NaN where not known. All labels beyond the hundred
   *  thousandth share a place. */
  readonly placeOf: (written: string) => number
  readonly labels: readonly string[]
}

export function startLevels(): MetLevels {
  const places = new Map<string, number>()
  const labels: string[] = []
  return {
    labels,
    placeOf(written) {
      const known = places.get(written)
      if (known !== undefined) return known
      const label = meaningOf(written)
      if (label === null) return NaN
      const met = places.get(label)
      if (met !== undefined) return met
      if (labels.length === mostRemembered) return mostRemembered
      places.set(label, labels.length)
      labels.push(label)
      return labels.length - 1
    },
  }
}

export interface SettledLevels {
  readonly levels: readonly string[]
  /** How many labels were met (at most one more than a hundred thousand are told apart). */
  readonly distinct: number
  /** Rows whose label is among "other levels". */
  readonly otherRows: number
}

/** Puts the levels in order and rewrites `values` from the places at which labels were met to the places of their levels,
 *  in place. With more than 254 labels the most frequent keep their own level (of equally frequent ones those first in
 *  order), and the last level is "other levels". Levels that no row has are left out. NaN stays NaN. O(rows). */
export function settleLevels(met: Pick<MetLevels, 'labels'>, values: Float64Array): SettledLevels {
  const counts = new Float64Array(met.labels.length + 1)
  for (const value of values) if (!Number.isNaN(value)) counts[value]!++
  const used = met.labels.flatMap((label, place) => (counts[place]! > 0 ? [{ label, count: counts[place]! }] : []))
  const distinct = used.length + (counts[met.labels.length]! > 0 ? 1 : 0)
  const ordered = inOrder(used.map(({ label }) => label))
  const kept = distinct <= mostLevels ? ordered : inOrder(mostFrequent(ordered, used))
  const hasOther = kept.length < distinct
  const levels = hasOther ? [...kept, otherLevels] : kept
  const placeOfLabel = new Map(kept.map((label, place) => [label, place]))
  const moved = Float64Array.from([...met.labels, otherLevels], (label, at) =>
    at < met.labels.length ? (placeOfLabel.get(label) ?? kept.length) : kept.length,
  )
  let otherRows = 0
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue
    values[i] = moved[values[i]!]!
    if (hasOther && values[i] === kept.length) otherRows++
  }
  return { levels, distinct, otherRows }
}

function mostFrequent(ordered: readonly string[], used: readonly { label: string; count: number }[]): string[] {
  const counts = new Map(used.map(({ label, count }) => [label, count]))
  const named = ordered.filter((label) => label !== otherLevels)
  return named.sort((a, b) => counts.get(b)! - counts.get(a)!).slice(0, mostLevels)
}
