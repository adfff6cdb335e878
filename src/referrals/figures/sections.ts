// From cells to what a reader asks: rates, counts and times for each row. What is hidden stays hidden here.

import type { AnyMeasure } from './count.ts'
import type { KeptFigure } from './figures.store.ts'
import { wilson, type Interval } from './interval.ts'

/** A share of people: `yes` of those that are `yes` or one of `no`; `beside` is counted apart, because it is not known yet. */
export const rates = [
  { id: 'answer', yes: 'answered', no: ['expired'], beside: 'open' },
  { id: 'within_5', yes: 'yes', no: ['no'], beside: null },
  { id: 'within_10', yes: 'yes', no: ['no'], beside: null },
  { id: 'decision', yes: 'accepted', no: ['declined_by_partner', 'declined_by_client'], beside: null },
  { id: 'attendance', yes: 'attended', no: ['never'], beside: 'open' },
  { id: 'missed', yes: 'missed', no: ['none'], beside: null },
  { id: 'completion', yes: 'completed', no: ['stopped'], beside: 'open' },
  { id: 'closing', yes: 'closed', no: ['waiting'], beside: null },
] as const satisfies readonly { id: AnyMeasure; yes: string; no: readonly string[]; beside: string | null }[]
export type Rate = (typeof rates)[number]

/** `none`: nobody there. `hidden`: too few to show. */
export type ShownRate =
  | { readonly state: 'none' }
  | { readonly state: 'hidden' }
  | ({ readonly state: 'shown'; readonly count: number; readonly of: number; readonly share: number } & Interval)

/** A count: null where it is hidden, 0 where there is no cell. */
export type ShownCount = number | null

/** The cells of one row (one month or one value), by measure and category. */
export type Cells = ReadonlyMap<string, KeptFigure>

export function cellsOf(figures: readonly KeptFigure[]): Cells {
  return new Map(figures.map((figure) => [`${figure.measure} ${figure.category}`, figure]))
}

/** The months, the latest first, without those before the first referral: they say nothing, table after table. A hidden
 *  figure (null) says that there was one. */
export function monthsSince(
  figures: readonly Pick<KeptFigure, 'month' | 'numerator'>[],
  months: readonly string[],
): readonly string[] {
  const spoken = new Set(figures.filter(({ numerator }) => numerator !== 0).map(({ month }) => month))
  return months.slice(0, months.findLastIndex((month) => spoken.has(month)) + 1)
}

export function countIn(cells: Cells, measure: AnyMeasure, category: string): ShownCount {
  // So rare that it was counted with others: what is missing here is not nothing.
  if (isRare(cells)) return null
  const cell = cells.get(`${measure} ${category}`)
  return cell === undefined ? 0 : cell.numerator
}

function isRare(cells: Cells): boolean {
  return cells.has('note rare')
}

/** The rate with its likely range, where its count and its counterpart may both be shown. */
export function rateIn(cells: Cells, { id, yes, no }: Rate): ShownRate {
  const all =
    no.length > 1 ? countIn(cells, id, 'total') : sumOf([yes, ...no].map((category) => countIn(cells, id, category)))
  const count = countIn(cells, id, yes)
  if (all === null || count === null) return { state: 'hidden' }
  if (all === 0) return { state: 'none' }
  return { state: 'shown', count, of: all, share: count / all, ...wilson(count, all) }
}

/** A rate counted from so few says little. */
export function isOfFew(rate: ShownRate): boolean {
  return rate.state === 'shown' && rate.of < 30
}

/** `not_reached`: so many still wait that no median is known. */
export type ShownTime =
  | { readonly state: 'none' | 'hidden' | 'not_reached' }
  | { readonly state: 'shown'; readonly median: number; readonly ninetieth: number | null }

export function timeIn(cells: Cells, measure: string): ShownTime {
  if (isRare(cells)) return { state: 'hidden' }
  const cell = cells.get(`${measure} time`)
  if (cell === undefined) return { state: cells.has(`${measure} hidden`) ? 'hidden' : 'none' }
  if (cell.median === null) return { state: 'not_reached' }
  return { state: 'shown', median: cell.median, ninetieth: cell.ninetieth }
}

function sumOf(counts: readonly ShownCount[]): ShownCount {
  return counts.reduce<ShownCount>((sum, count) => (sum === null || count === null ? null : sum + count), 0)
}
