// A row of a labour-market file: what is said of one occupation in one area.

import { dayFrom, parseDay, type CalendarDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { earningsPeriods, type EarningsPeriod } from '../occupation.ts'
import type { RowReason, Values } from './row.ts'

export interface MarketEntry {
  readonly source: string
  readonly asOf: CalendarDay
  readonly scheme: 'isco' | 'soc' | 'esco'
  readonly code: string
  readonly area: string
  readonly growthPercent: number | null
  readonly growthYears: number | null
  readonly earningsCents: number | null
  readonly earningsPer: EarningsPeriod | null
  readonly currency: string | null
  readonly isInDemand: boolean | null
}

/** What the command says for rows that do not say it themselves. */
export interface MarketDefaults {
  readonly source: string | null
  readonly asOf: CalendarDay | null
  /** Being in the file means being in demand. */
  readonly isInDemand: boolean
}

/** Columns that may hold the code: files name it after the classification. */
export const codeColumns = ['code', 'soc', 'isco', 'esco', 'occupation'] as const

export function marketRow(values: Values, defaults: MarketDefaults): Result<MarketEntry, RowReason> {
  const code = codeColumns.map((column) => values[column]).find((value) => value !== undefined)
  if (code === undefined) return refused('no_code')
  const known = schemeOf(code)
  if (known === null) return refused('unknown_code')
  const growth = numberIn(values['growth_percent'])
  const years = numberIn(values['growth_years'])
  const earnings = numberIn(values['earnings'])
  if (growth === undefined || years === undefined || earnings === undefined) return refused('not_a_number')
  const asOf = values['as_of'] === undefined ? defaults.asOf : dayOf(values['as_of'])
  if (asOf === null) return refused('not_a_day')
  const source = values['source'] ?? defaults.source
  const per = earningsPeriods.find((period) => period === values['earnings_per']?.toLowerCase()) ?? null
  const currency = /^[A-Z]{3}$/.test(values['currency'] ?? '') ? values['currency']! : null
  const inDemand = demandIn(values['in_demand']) ?? (defaults.isInDemand ? true : null)
  // Growth without its years, or earnings without period and currency, would be read as something else.
  const isWhole =
    source !== null &&
    (growth === null) === (years === null) &&
    (earnings === null || (per !== null && currency !== null)) &&
    (growth !== null || earnings !== null || inDemand !== null)
  if (!isWhole) return refused('incomplete')
  if (!isInRange(growth, years, earnings)) return refused('not_a_number')
  return ok({
    ...{ source, asOf, ...known, area: values['area'] ?? '', isInDemand: inDemand },
    ...{ growthPercent: growth, growthYears: years },
    earningsCents: earnings === null ? null : Math.round(earnings * 100),
    ...(earnings === null ? { earningsPer: null, currency: null } : { earningsPer: per, currency }),
  })
}

function schemeOf(code: string): Pick<MarketEntry, 'scheme' | 'code'> | null {
  if (/^https?:\/\/data\.europa\.eu\/esco\/occupation\/\S+$/.test(code)) return { scheme: 'esco', code }
  if (/^\d{2}-\d{4}(\.\d{2})?$/.test(code)) return { scheme: 'soc', code: code.replace(/\.00$/, '') }
  const [, isco] = /^(?:http:\/\/data\.europa\.eu\/esco\/isco\/)?C?(\d{1,4})$/.exec(code) ?? []
  return isco === undefined ? null : { scheme: 'isco', code: isco }
}

/** Null: not said. Undefined: no number. */
function numberIn(text: string | undefined): number | null | undefined {
  if (text === undefined) return null
  return /^[+-]?\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined
}

function isInRange(growth: number | null, years: number | null, earnings: number | null): boolean {
  const isGrowth = growth === null || Math.abs(growth) < 100_000
  const areYears = years === null || (Number.isInteger(years) && years > 0 && years <= 100)
  return isGrowth && areYears && (earnings === null || (earnings >= 0 && earnings < 1e12))
}

function demandIn(text: string | undefined): boolean | null {
  const word = text?.toLowerCase() ?? ''
  if (['yes', 'true', '1', 'y'].includes(word)) return true
  return ['no', 'false', '0', 'n'].includes(word) ? false : null
}

/** A day, or the first of a year or month. */
function dayOf(text: string): CalendarDay | null {
  const [, year = '', month = '1'] = /^(\d{4})(?:-(\d{2}))?$/.exec(text) ?? []
  return parseDay(text) ?? (year === '' ? null : dayFrom(Number(year), Number(month), 1))
}
