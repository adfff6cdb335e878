// Occupations and skills as published classifications name them, and what is said of their labour market.

import type { CalendarDay } from '#platform/dates.ts'
import type { Id } from '#platform/ids.ts'

export type OccupationId = Id<'occupation'>
export type SkillId = Id<'skill'>

/** Where words come from: the European classification, the American one, or the list that comes with Waypost. */
export const sourceCodes = ['esco', 'onet', 'waypost'] as const
export type SourceCode = (typeof sourceCodes)[number]

export interface Source {
  readonly source: SourceCode
  readonly title: string
  readonly licence: string
  readonly url: string | null
}

/** What must be said wherever the words of a source are shown. */
export const sources: Readonly<Record<SourceCode, Source>> = {
  esco: {
    source: 'esco',
    title: 'ESCO classification of the European Commission',
    licence: 'CC BY 4.0',
    url: 'https://esco.ec.europa.eu',
  },
  onet: {
    source: 'onet',
    title: 'O*NET Database by the U.S. Department of Labor, Employment and Training Administration (USDOL/ETA)',
    licence: 'CC BY 4.0',
    url: 'https://www.onetcenter.org/database.html',
  },
  waypost: { source: 'waypost', title: 'Waypost’s own short list', licence: 'the licence of Waypost', url: null },
}

/** What a skill is about, as far as its source says. */
export const skillKinds = ['skill', 'knowledge', 'language', 'digital', 'transversal'] as const
export type SkillKind = (typeof skillKinds)[number]

export type Relation = 'essential' | 'optional'

/** An occupation in the language in which it is shown. */
export interface Occupation {
  readonly id: OccupationId
  readonly source: SourceCode
  readonly code: string
  /** ISCO-08 unit group and SOC code; null where the source does not tell. */
  readonly isco: string | null
  readonly soc: string | null
  readonly name: string
  readonly language: string
  readonly description: string | null
}

export interface Skill {
  readonly id: SkillId
  readonly source: SourceCode
  readonly kind: SkillKind
  readonly name: string
  readonly language: string
}

/** A skill that an occupation asks for. */
export interface NeededSkill extends Skill {
  readonly relation: Relation
}

export const earningsPeriods = ['hour', 'week', 'month', 'year'] as const
export type EarningsPeriod = (typeof earningsPeriods)[number]

export interface LabourMarket {
  readonly source: string
  readonly asOf: CalendarDay
  /** Empty: everywhere. */
  readonly area: string
  readonly growth: { readonly percent: number; readonly years: number } | null
  readonly earnings: { readonly cents: number; readonly per: EarningsPeriod; readonly currency: string } | null
  /** Null: not said. */
  readonly isInDemand: boolean | null
}

/** Of the languages in which something is named, the one to show: the first that is wished for, else English, else the first
 *  in the alphabet. Null when there is none. A tag counts for its language: `pt-BR` finds `pt`. */
export function languageToShow(available: readonly string[], wished: readonly string[]): string | null {
  const known = new Set(available)
  for (const tag of [...wished.flatMap((wish) => [wish, wish.split('-')[0] ?? wish]), 'en'])
    if (known.has(tag)) return tag
  return available.toSorted()[0] ?? null
}
