// From referrals to figures: counted by month and by one thing at a time, and suppressed before anything leaves this file.

import { daysBetween, isWorkingDay, addDays, type CalendarDay, type Holidays } from '#platform/dates.ts'
import { hideLinked, showsMedian, showsNinetieth, withTotals, type LinkedTable } from '#platform/suppression.ts'
import { clientDeclineReasons, partnerDeclineReasons } from '../reason.ts'
import { informalOutcomes } from '../informal/informal.ts'
import { timeUntil, type Durations } from './duration.ts'
import { measures, steps, type CountWorkingDays, type Loop } from './loop.ts'

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
  informal: [...informalOutcomes, 'became_formal', 'open'],
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
  const tables = breakdowns.flatMap((breakdown) => tablesOf(people, months, breakdown))
  const hidden = hideLinked(tables, minimum)
  const figures = tables.flatMap((table) => figuresOf(table, hidden))
  return [...figures, ...breakdowns.flatMap((breakdown) => timesOf(people, breakdown, minimum))]
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

interface MeasureTable extends LinkedTable {
  readonly breakdown: Breakdown
  readonly measure: AnyMeasure
  readonly months: readonly string[]
  readonly values: readonly string[]
  readonly categories: readonly string[]
}

/** Where two measures count the same people, their cells have one name, so that what is hidden in one is not shown by the other. */
const sameCells: Readonly<Record<string, string>> = {
  'attendance total': 'decision accepted',
  'partner_reasons total': 'decision declined_by_partner',
  'client_reasons total': 'decision declined_by_client',
  'completion total': 'attendance attended',
}

/** One table a measure: month, value and category, each with its total. What is the same for everyone has the same name in
 *  the tables of all breakdowns. */
function tablesOf(
  people: readonly Counted[],
  months: readonly string[],
  breakdown: Breakdown,
): readonly MeasureTable[] {
  const values = [...new Set(people.map((one) => one.values[breakdown]))].sort()
  const monthAt = new Map(months.map((month, n) => [month, n]))
  const valueAt = new Map(values.map((value, n) => [value, n]))
  return (Object.keys(allMeasures) as AnyMeasure[]).map((measure) => {
    const categories: readonly string[] = allMeasures[measure]
    const categoryAt = new Map(categories.map((category, n) => [category, n]))
    const inner = new Array<number>(months.length * values.length * categories.length).fill(0)
    for (const one of people) {
      const category = one.categories[measure]
      const [m, v] = [monthAt.get(one.month), valueAt.get(one.values[breakdown])]
      const c = category === undefined ? undefined : categoryAt.get(category)
      if (m === undefined || v === undefined || c === undefined) continue
      const cell = (m * values.length + v) * categories.length + c
      inner[cell] = inner[cell]! + 1
    }
    const table = withTotals([months.length, values.length, categories.length], inner)
    const names = eachCell(table.sizes).map(([m, v, c]) => {
      const cell = `${measure} ${categories[c] ?? 'total'}`
      const where = values[v] === undefined ? 'everyone' : `${breakdown} ${values[v]}`
      return `${sameCells[cell] ?? cell} ${months[m] ?? 'all'} ${where}`
    })
    return { ...table, names, breakdown, measure, months, values, categories }
  })
}

function figuresOf(table: MeasureTable, hidden: ReadonlySet<string>): readonly Figure[] {
  const { breakdown, measure, months, values, categories, names, counts, sizes } = table
  const total = categories.length
  return eachCell(sizes).flatMap(([m, v, c], cell): Figure[] => {
    // Everyone stands once, not with every breakdown. Nobody there: no row.
    const isEveryone = v === values.length
    if ((isEveryone && breakdown !== breakdowns[0]) || counts[cell] === 0) return []
    const whole = cell - c + total
    const shown = (at: number) => (hidden.has(names[at]!) ? null : counts[at]!)
    return [
      {
        ...{
          month: months[m] ?? null,
          breakdown: isEveryone ? 'everyone' : breakdown,
          value: values[v] ?? null,
          measure,
        },
        ...{ category: categories[c] ?? 'total', numerator: shown(cell), denominator: shown(whole) },
        ...{ median: null, ninetieth: null },
      },
    ]
  })
}

/** How long each step takes, for each month and value, and for all months and everyone. */
function timesOf(people: readonly Counted[], breakdown: Breakdown, minimum: number): readonly Figure[] {
  const all = staysOf(people, breakdown)
  const months = [null, ...new Set(all.map(({ month }) => month))]
  const values = [...(breakdown === breakdowns[0] ? [null] : []), ...new Set(all.map(({ value }) => value))]
  const byStep = Map.groupBy(all, ({ step, value }) => `${step} ${value}`)
  return steps.flatMap((step) =>
    values.flatMap((value) => {
      const here = value === null ? all.filter((stay) => stay.step === step) : (byStep.get(`${step} ${value}`) ?? [])
      return months.flatMap((month) =>
        timeOf(month === null ? here : here.filter((stay) => stay.month === month), minimum).map((time) => ({
          ...{ month, value, measure: `time_${step}`, ...time },
          breakdown: value === null ? ('everyone' as const) : breakdown,
        })),
      )
    }),
  )
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
function staysOf(people: readonly Counted[], breakdown: Breakdown): readonly CountedStays[] {
  const counts = new Map<string, Map<number, { over: number; waiting: number }>>()
  for (const { month, values, stays } of people) {
    for (const { step, days, isOver } of stays) {
      const key = JSON.stringify([step, month, values[breakdown]])
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

/** The steps as measures of time. */
export const timeMeasures = steps.map((step) => `time_${step}` as const)

function eachCell(sizes: readonly number[]): readonly (readonly [number, number, number])[] {
  const [months = 0, values = 0, categories = 0] = sizes
  const cells: [number, number, number][] = []
  for (let m = 0; m < months; m++)
    for (let v = 0; v < values; v++) for (let c = 0; c < categories; c++) cells.push([m, v, c])
  return cells
}
