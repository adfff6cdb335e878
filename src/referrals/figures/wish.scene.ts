// What of the figures is wanted, as the address says it, and the names of what there are figures of.

import { serviceTypeKey, isServiceType } from '#directory/index.ts'
import { sitesOf } from '#networks/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { namedLanguage } from '#platform/languages.ts'
import { ageBands, breakdowns, unknownValue, type Breakdown } from './count.ts'
import type { FigureCount, FigureWish, ValueWithFigures } from './figures.store.ts'

// messages: referrals.figures.group.*

export interface Asked {
  readonly by: string
  readonly of: string
  readonly month: string
}

/** Compared by one thing where that is asked, else one value's or everyone's months. What is unknown is everyone. */
export function wishOf({ by, of, month }: Asked): FigureWish {
  const compared = breakdowns.find((each) => each === by)
  if (compared)
    return { over: 'values', breakdown: compared, month: /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : null }
  const [kind = '', ...rest] = of.split(':')
  const breakdown = breakdowns.find((each) => each === kind)
  const value = rest.join(':')
  const isId = breakdown === 'site' || breakdown === 'partner'
  const isUsable =
    breakdown && (isId ? /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) : /^[\w-]{1,40}$/.test(value))
  return isUsable ? { over: 'months', breakdown, value } : { over: 'months', breakdown: 'everyone', value: null }
}

/** How a value is called. */
export type NameOfValue = (breakdown: Breakdown | 'everyone', value: string | null, name: string | null) => string

export async function namesOfValues(scene: Scene): Promise<NameOfValue> {
  const sites = new Map<string, string>((await sitesOf(scene.db)).map(({ id, name }) => [id, name]))
  return (breakdown, value, name) => {
    if (breakdown === 'everyone' || value === null) return scene.t('referrals.figures.everyone')
    if (value === unknownValue) return scene.t('referrals.figures.unknown')
    switch (breakdown) {
      case 'site':
        return sites.get(value) ?? ''
      case 'partner':
        return name ?? ''
      case 'service_type':
        return scene.t(serviceTypeKey(isServiceType(value) ? value : null))
      case 'language':
        return namedLanguage(scene, value)
      default:
        return scene.t(`referrals.figures.group.${breakdown}_${value}`)
    }
  }
}

/** By name, bands of age in their order, what is not known last. Never by how well somebody does. */
export function inOrder<
  Value extends { readonly breakdown: string; readonly value: string | null; readonly label: string },
>(scene: Pick<Scene, 'locale'>, values: readonly Value[]): readonly Value[] {
  const rank = ({ breakdown, value }: Value) =>
    value === unknownValue ? 99 : breakdown === 'age_band' ? ageBands.findIndex((band) => band === value) : 0
  return values.toSorted((a, b) => rank(a) - rank(b) || a.label.localeCompare(b.label, scene.locale))
}

/** The months counted, the latest first. */
export function monthsOf({ firstMonth, lastMonth }: FigureCount): readonly string[] {
  const months: string[] = []
  for (let month = lastMonth; month >= firstMonth;) {
    months.push(month)
    const [year, number] = month.split('-').map(Number) as [number, number]
    month = number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`
  }
  return months
}

/** `March 2026` in the reader's language. */
export function monthName(scene: Pick<Scene, 'locale' | 'words'>, month: string): string {
  const date = new Date(`${month}-15T12:00:00Z`)
  return scene.words.formatted(
    new Intl.DateTimeFormat(scene.locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(date),
  )
}

/** Values by breakdown, each with its name, in their order. */
export function groupedValues(scene: Scene, values: readonly ValueWithFigures[], nameOf: NameOfValue) {
  return breakdowns.flatMap((breakdown) => {
    const here = values
      .filter((each) => each.breakdown === breakdown)
      .map((each) => ({ ...each, label: nameOf(breakdown, each.value, each.name) }))
    return here.length === 0 ? [] : [{ breakdown, values: inOrder(scene, here) }]
  })
}
