// Wage records as an authority hands them over: one row a person and period. A declared mapping says which column is which.

import { z } from 'zod'
import { daysBetween, dayFrom, parseDay, type CalendarDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'

/** Which column holds what. A period is two days (`from`, `to`) or a quarter written `2026Q1` or `2026-Q1`. */
export const wageMapping = z
  .strictObject({
    /** The client's reference, `C-7K3F-6Q`. */
    client: z.string().min(1),
    from: z.string().min(1).optional(),
    to: z.string().min(1).optional(),
    quarter: z.string().min(1).optional(),
    /** Pay of the whole period in the currency's main unit, with a point before the cents; nought means no pay reported. */
    pay: z.string().min(1),
    delimiter: z.string().length(1).optional(),
  })
  .refine((mapping) => (mapping.quarter === undefined) === (mapping.from !== undefined && mapping.to !== undefined), {
    message: 'A mapping names either quarter, or both from and to.',
  })
export type WageMapping = z.infer<typeof wageMapping>

export interface WageRecord {
  readonly clientReference: string
  readonly from: CalendarDay
  readonly to: CalendarDay
  readonly payCents: number
  readonly monthlyEarningsCents: number
}

export type WageRowProblem =
  | { readonly code: 'no_client' }
  | { readonly code: 'bad_day' | 'bad_quarter' | 'bad_pay'; readonly column: string }
  | { readonly code: 'period_backwards' | 'period_too_long' }

const daysOfAMonth = 365.25 / 12

/** The columns that a file must have for this mapping. */
export function columnsOf(mapping: WageMapping): readonly string[] {
  return [mapping.client, mapping.quarter, mapping.from, mapping.to, mapping.pay].filter((name) => name !== undefined)
}

/** One row as a record; refused with the column where it cannot be read. A period is at most a year long. */
export function readWageRow(
  row: Readonly<Record<string, string>>,
  mapping: WageMapping,
): Result<WageRecord, WageRowProblem> {
  const clientReference = (row[mapping.client] ?? '').trim().toUpperCase()
  if (clientReference === '') return refused({ code: 'no_client' })
  const period = readPeriod(row, mapping)
  if (!period.ok) return period
  const { from, to } = period.value
  const days = daysBetween(from, to) + 1
  if (days < 1) return refused({ code: 'period_backwards' })
  if (days > 366) return refused({ code: 'period_too_long' })
  const payCents = readCents(row[mapping.pay] ?? '')
  if (payCents === null) return refused({ code: 'bad_pay', column: mapping.pay })
  return ok({ clientReference, from, to, payCents, monthlyEarningsCents: monthlyPay(payCents, period.value) })
}

/** The pay of a period as pay a month, in cents. */
export function monthlyPay(payCents: number, { from, to }: Pick<WageRecord, 'from' | 'to'>): number {
  return Math.round((payCents / (daysBetween(from, to) + 1)) * daysOfAMonth)
}

function readPeriod(
  row: Readonly<Record<string, string>>,
  mapping: WageMapping,
): Result<{ from: CalendarDay; to: CalendarDay }, WageRowProblem> {
  if (mapping.quarter !== undefined) {
    const quarter = readQuarter((row[mapping.quarter] ?? '').trim())
    return quarter ? ok(quarter) : refused({ code: 'bad_quarter', column: mapping.quarter })
  }
  const fromColumn = mapping.from ?? ''
  const toColumn = mapping.to ?? ''
  const from = parseDay((row[fromColumn] ?? '').trim())
  const to = parseDay((row[toColumn] ?? '').trim())
  if (from === null) return refused({ code: 'bad_day', column: fromColumn })
  if (to === null) return refused({ code: 'bad_day', column: toColumn })
  return ok({ from, to })
}

function readQuarter(text: string): { from: CalendarDay; to: CalendarDay } | null {
  const parts = /^(\d{4})-?Q([1-4])$/i.exec(text)
  if (parts === null) return null
  const year = Number(parts[1])
  const quarter = Number(parts[2])
  const from = dayFrom(year, quarter * 3 - 2, 1)
  const to = dayFrom(year, quarter * 3, quarter === 1 || quarter === 4 ? 31 : 30)
  return from !== null && to !== null ? { from, to } : null
}

// Whole cents from text, so that no sum is bent by binary fractions; a pay below nought is a correction we cannot date.
function readCents(text: string): number | null {
  const parts = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim())
  if (parts === null) return null
  return Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'))
}
