// From referrals to figures: counted by month and by one thing at a time, and suppressed before anything leaves this file.

import { daysBetween, isWorkingDay, addDays, type CalendarDay, type Holidays } from '#platform/dates.ts'
import { hideLinked, showsMedian, showsNinetieth, withTotals, type LinkedTable } from '#platform/suppression.ts'
import { clientDeclineReasons, partnerDeclineReasons } from '../reason.ts'
import { informalOutcomes } from '../informal/informal.ts'
import { timeUntil, type Durations } from './duration.ts'
import { measures, type CountWorkingDays, type Loop } from './loop.ts'

/** What the figures are broken down by, one at a time. */
export const breakdowns = [
  ...(['site', 'partner', 'service_type', 'language', 'age_band', 'sex', 'born_abroad', 'disability'] as const),
] as const
export type Breakdown = (typeof breakdowns)[number]

export const ageBands = ['under_25', '25_34', '35_44', '45_54', '55_and_over'] as const
/** The value of somebody of whom it is not known. */
export const unknownValue = 'unknown'

/** Everything that is counted, each with its categories. */
export const allMeasures = {
  ...measures,
  partner_reasons: partnerDeclineReasons,
  client_reasons: clientDeclineReasons,
  informal: ['told'],
  informal_outcome: [...informalOutcomes, 'became_formal', 'open'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type AnyMeasure = keyof typeof allMeasures

/** One referral, formal or informal, with the value that it has in each breakdown. */
export interface Counted {
  /** `2026-03`. */
  readonly month: string
  readonly values: Readonly<Record<Breakdown, string>>
  readonly categories: Readonly<Partial<Record<AnyMeasure, string>>>
  readonly stays: Loop['stays']
}

/** One cell. `value` null: everyone. `month` null: all months. Numbers are null where they are hidden. */
export interface Figure {
  readonly month: string | null
  readonly breakdown: Breakdown | 'everyone'
  readonly value: string | null
  readonly measure: string
  /** A category; `total`: all of the measure; `time`; `hidden`: a time of too few. */
  readonly category: string
  readonly numerator: number | null
  readonly denominator: number | null
  /** Working days. Null with `time`: not so many are through that it is known. */
  readonly median: number | null
  readonly ninetieth: number | null
}

/** What one referral's loop is counted as. */
export function categoriesOf(loop: Loop): Counted['categories'] {
  return {
    ...loop.counted,
    ...(loop.declinedBy === 'partner' && loop.declineReason ? { partner_reasons: loop.declineReason } : {}),
    ...(loop.declinedBy === 'client' && loop.declineReason ? { client_reasons: loop.declineReason } : {}),
  }
}

export function ageBand(age: number | null): string {
  if (age === null) return unknownValue
  return age < 25 ? 'under_25' : age < 35 ? '25_34' : age < 45 ? '35_44' : age < 55 ? '45_54' : '55_and_over'
}

/** All figures of these months, suppressed. The same people give the same figures, in whatever order they come. */
export function countFigures(
  people: readonly Counted[],
  months: readonly string[],
  minimum: number,
): readonly Figure[] {
  const kept = breakdowns.map((breakdown) => keptValues(people, breakdown, { months: months.length, minimum }))
  const tables = [
    ...tablesOf(people, { breakdown: 'everyone', months: null, values: [] }),
    ...tablesOf(people, { breakdown: 'everyone', months, values: [] }),
    ...kept.flatMap(({ breakdown, whole, monthly }) => [
      ...tablesOf(people, { breakdown, months: null, values: whole }),
      ...(monthly.length > 0 ? tablesOf(people, { breakdown, months, values: monthly }) : []),
    ]),
  ]
  const hidden = hideLinked(tables, minimum)
  return [
    ...onceEach(tables.flatMap((table) => figuresOf(table, hidden))),
    ...kept.flatMap(notesOf),
    ...timesOf(people, { breakdown: 'everyone', minimum, isKept: () => true }),
    ...kept.flatMap(({ breakdown, whole, monthly }) =>
      timesOf(people, {
        ...{ breakdown, minimum },
        isKept: (value, month) => (month === null ? whole : monthly).includes(value),
      }),
    ),
  ]
}

interface KeptValues {
  readonly breakdown: Breakdown
  /** Shown over all months together. */
  readonly whole: readonly string[]
  /** Shown month by month too. */
  readonly monthly: readonly string[]
  /** Too rare to be shown at all. */
  readonly rare: readonly string[]
}

/** Of a handful of people nearly every cell would be hidden, and to protect those the totals with them. So a value stands by
 *  itself from twice the minimum of people on, and month by month from four times the minimum a month; the rarer ones are
 *  one value together, which takes in the next when it is too small itself. */
function keptValues(
  people: readonly Counted[],
  breakdown: Breakdown,
  { months, minimum }: { months: number; minimum: number },
): KeptValues {
  const counts = new Map<string, number>()
  for (const { values } of people) counts.set(values[breakdown], (counts.get(values[breakdown]) ?? 0) + 1)
  const bySize = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const largeEnough = (least: number) => {
    const kept = bySize.filter(([, count]) => count >= least)
    const rest = bySize.slice(kept.length).reduce((sum, [, count]) => sum + count, 0)
    if (rest > 0 && rest < least) kept.pop()
    return kept.map(([value]) => value)
  }
  const whole = largeEnough(2 * minimum)
  const monthly = largeEnough(4 * minimum * months).filter((value) => whole.includes(value))
  return { breakdown, whole, monthly, rare: bySize.map(([value]) => value).filter((value) => !whole.includes(value)) }
}

/** What a reader must know of a value whose cells are missing: that it is too rare, or too rare for single months. */
function notesOf({ breakdown, whole, monthly, rare }: KeptValues): readonly Figure[] {
  const note = (value: string, category: string): Figure => ({
    ...{ month: null, breakdown, value, measure: 'note', category },
    ...{ numerator: null, denominator: null, median: null, ninetieth: null },
  })
  return [
    ...rare.map((value) => note(value, 'rare')),
    ...whole.filter((value) => !monthly.includes(value)).map((value) => note(value, 'no_months')),
  ]
}

/** A cell that stands in several tables is one figure. */
function onceEach(figures: readonly Figure[]): readonly Figure[] {
  const seen = new Map<string, Figure>()
  for (const figure of figures) {
    const { month, breakdown, value, measure, category } = figure
    seen.set([measure, category, month, breakdown, value].join(' '), figure)
  }
  return [...seen.values()]
}

/** Counts working days on a calendar that reaches from the first day to the last; days outside are its ends. */
export function workingDaysOn(first: CalendarDay, last: CalendarDay, holidays: Holidays): CountWorkingDays {
  const before = new Map<CalendarDay, number>()
  let count = 0
  for (let n = 0, day = first; n <= daysBetween(first, last); n++, day = addDays(day, 1)) {
    if (isWorkingDay(day, holidays)) count++
    before.set(day, count)
  }
  const at = (day: CalendarDay) => before.get(day) ?? (day < first ? 0 : count)
  return (from, to) => Math.max(0, at(to) - at(from))
}

interface TableWish {
  readonly breakdown: Breakdown | 'everyone'
  /** Null: all months together. */
  readonly months: readonly string[] | null
  /** The values that stand by themselves; the others are counted as one, which is not shown. */
  readonly values: readonly string[]
}

interface MeasureTable extends LinkedTable {
  readonly wish: TableWish
  readonly measure: AnyMeasure
  /** What each cell is a figure of; null: of nothing that is shown. */
  readonly figures: readonly (Omit<Figure, 'numerator' | 'denominator' | 'median' | 'ninetieth'> | null)[]
}

/** Where two measures count the same people, their cells have one name, so that what is hidden in one is not shown by the other. */
const sameCells: Readonly<Record<string, string>> = {
  'informal told': 'informal total',
  'informal_outcome total': 'informal total',
  'attendance total': 'decision accepted',
  'partner_reasons total': 'decision declined_by_partner',
  'client_reasons total': 'decision declined_by_client',
  'completion total': 'attendance attended',
}

/** One table a measure: months, values and categories, each with its total; an axis that is not asked for is left out. What is
 *  the same people in several tables has the same name in all. */
function tablesOf(people: readonly Counted[], wish: TableWish): readonly MeasureTable[] {
  const { breakdown, values } = wish
  const months = wish.months ?? []
  const monthAt = new Map(months.map((month, n) => [month, n]))
  const valueAt = new Map(values.map((value, n) => [value, n]))
  const valueParts = breakdown === 'everyone' ? 0 : values.length + 1
  const isWhole = breakdown === 'everyone' && wish.months === null
  // What came of being told is asked of few: by month or value nearly all of it would be hidden, and totals with it.
  const wanted = (Object.keys(allMeasures) as AnyMeasure[]).filter(
    (measure) => isWhole || measure !== 'informal_outcome',
  )
  return wanted.map((measure) => {
    const categories: readonly string[] = allMeasures[measure]
    const categoryAt = new Map(categories.map((category, n) => [category, n]))
    const parts = [months.length, valueParts, categories.length].filter((size) => size > 0)
    const inner = new Array<number>(parts.reduce((product, size) => product * size, 1)).fill(0)
    for (const one of people) {
      const category = one.categories[measure]
      const c = category === undefined ? undefined : categoryAt.get(category)
      const m = wish.months === null ? 0 : monthAt.get(one.month)
      if (c === undefined || m === undefined) continue
      const v = breakdown === 'everyone' ? 0 : (valueAt.get(one.values[breakdown]) ?? values.length)
      const cell = (m * Math.max(1, valueParts) + v) * categories.length + c
      inner[cell] = inner[cell]! + 1
    }
    const table = withTotals(parts, inner)
    const cells = cellsOf(wish, { measure, categories })
    return { ...table, wish, measure, names: cells.map(({ name }) => name), figures: cells.map(({ figure }) => figure) }
  })
}

/** Every cell of a table in its order: what it is called, and what it is a figure of. */
function cellsOf(
  { breakdown, months, values }: TableWish,
  { measure, categories }: { measure: AnyMeasure; categories: readonly string[] },
): readonly { readonly name: string; readonly figure: MeasureTable['figures'][number] }[] {
  const rest = Symbol('rest')
  const monthsHere: readonly (string | null)[] = months === null ? [null] : [...months, null]
  const valuesHere: readonly (string | typeof rest | null)[] =
    breakdown === 'everyone' ? [null] : [...values, rest, null]
  return monthsHere.flatMap((month) =>
    valuesHere.flatMap((value) =>
      [...categories, 'total'].map((category) => {
        const cell = `${measure} ${category}`
        const of =
          value === null
            ? 'everyone'
            : value === rest
              ? `${breakdown} the rest ${months === null ? 'of all' : 'of months'}`
              : `${breakdown} ${value}`
        const name = `${sameCells[cell] ?? cell} ${month ?? 'all'} ${of}`
        if (value === rest) return { name, figure: null }
        return {
          name,
          figure: { month, breakdown: value === null ? ('everyone' as const) : breakdown, value, measure, category },
        }
      }),
    ),
  )
}

/** Nobody there: no row. */
function figuresOf({ measure, names, counts, figures }: MeasureTable, hidden: ReadonlySet<string>): readonly Figure[] {
  const width = allMeasures[measure].length + 1
  return figures.flatMap((figure, cell): Figure[] => {
    if (figure === null || counts[cell] === 0) return []
    const whole = cell - (cell % width) + width - 1
    const shown = (at: number) => (hidden.has(names[at]!) ? null : counts[at]!)
    return [{ ...figure, numerator: shown(cell), denominator: shown(whole), median: null, ninetieth: null }]
  })
}

interface TimeWish {
  readonly breakdown: Breakdown | 'everyone'
  readonly minimum: number
  readonly isKept: (value: string, month: string | null) => boolean
}

/** How long each step takes, for each month and all months, of everyone or of each value. */
function timesOf(people: readonly Counted[], { breakdown, minimum, isKept }: TimeWish): readonly Figure[] {
  const all = staysOf(people, breakdown)
  const months = [null, ...new Set(all.map(({ month }) => month))]
  return [...Map.groupBy(all, ({ step, value }) => JSON.stringify([step, value])).values()].flatMap((here) => {
    const { step, value } = here[0]!
    return months
      .filter((month) => isKept(value, month))
      .flatMap((month) =>
        timeOf(month === null ? here : here.filter((stay) => stay.month === month), minimum).map((time) => ({
          ...{ month, breakdown, value: breakdown === 'everyone' ? null : value, measure: `time_${step}` },
          ...time,
        })),
      )
  })
}

function timeOf(
  stays: readonly Durations[],
  minimum: number,
): readonly Omit<Figure, 'month' | 'breakdown' | 'value' | 'measure'>[] {
  const people = stays.reduce((sum, { over, waiting }) => sum + over + waiting, 0)
  if (people === 0) return []
  const isShown = showsMedian(people, minimum)
  return [
    {
      category: isShown ? 'time' : 'hidden',
      ...{ numerator: null, denominator: null },
      median: isShown ? timeUntil(0.5, stays) : null,
      ninetieth: showsNinetieth(people, minimum) ? timeUntil(0.9, stays) : null,
    },
  ]
}

interface CountedStays extends Durations {
  readonly step: string
  readonly month: string
  readonly value: string
}

/** Stays of the same step, month, value and length, counted together: far fewer rows than stays. */
function staysOf(people: readonly Counted[], breakdown: Breakdown | 'everyone'): readonly CountedStays[] {
  const counts = new Map<string, Map<number, { over: number; waiting: number }>>()
  for (const { month, values, stays } of people) {
    for (const { step, days, isOver } of stays) {
      const key = JSON.stringify([step, month, breakdown === 'everyone' ? '' : values[breakdown]])
      const lengths = counts.get(key) ?? new Map<number, { over: number; waiting: number }>()
      if (lengths.size === 0) counts.set(key, lengths)
      const count = lengths.get(days) ?? { over: 0, waiting: 0 }
      if (isOver) count.over++
      else count.waiting++
      lengths.set(days, count)
    }
  }
  return [...counts].flatMap(([key, lengths]) => {
    const [step, month, value] = JSON.parse(key) as [string, string, string]
    return [...lengths].map(([days, count]) => ({ step, month, value, days, ...count }))
  })
}
