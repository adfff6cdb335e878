// A card's names and numbers in the reader's words. A name that the catalogue does not have is shown as it was given.

import { definitionOf, factCodes, factInWords, isServiceType, serviceTypeKey, speechOf } from '#directory/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { noService } from '../episode.ts'
import { otherLevels } from '../dataset/levels.ts'
import type { Card } from '../engine/card.ts'

// messages: evidence.level.*
// messages: evidence.outcome.*
// messages: directory.level.*
// messages: directory.schooling.*
// messages: directory.need.*
// messages: directory.permission.*

export type Reader = Pick<Scene, 't' | 'locale' | 'words' | 'day' | 'moment'> & {
  readonly network: { readonly locale: string }
}

type Kind = Card['outcome']['kind']

export function armInWords(arm: string, { t }: Reader): string {
  if (arm === noService) return t('evidence.arm.none')
  return isServiceType(arm) ? t(serviceTypeKey(arm)) : t('evidence.arm.named', { name: arm })
}

export function featureInWords(name: string, reader: Reader): string {
  // A label of a list is a feature of its own: `needs: housing`.
  const [head = '', label = null] = name.split(': ')
  const fact = factCodes.find((code) => code === head)
  if (fact && label !== null) {
    const group = levelInWords(fact, label, reader)
    return reader.t('evidence.groups.name', { feature: factInWords(fact, speechOf(reader)), group })
  }
  return fact ? factInWords(fact, speechOf(reader)) : reader.t('evidence.arm.named', { name })
}

/** Whether a feature of numbers says yes or no: a fact of that kind, or a label of a list. */
export function isYesNo(name: string): boolean {
  const [head = '', label = null] = name.split(': ')
  const fact = factCodes.find((code) => code === head)
  return fact !== undefined && (label !== null || definitionOf(fact).kind === 'yes_no')
}

/** A level of a feature: `A2`, `Yes`, or as it was given. */
export function levelInWords(feature: string, level: string, { t, words }: Reader): string {
  if (isYesNo(feature) && (level === '1' || level === '0')) return t(`evidence.level.${level === '1' ? 'yes' : 'no'}`)
  if (level === otherLevels) return t('evidence.level.other_levels')
  const families: Readonly<Record<string, string>> = {
    language_level: 'directory.level',
    schooling: 'directory.schooling',
    needs: 'directory.need',
    work_permission: 'directory.permission',
  }
  const keys = [`${families[feature] ?? 'evidence.level'}.${level}`, `evidence.level.${level}`]
  const key = keys.find((each) => /^[\w.]+$/.test(each) && words.has(each))
  return key === undefined ? t('evidence.arm.named', { name: level }) : t(key)
}

export function outcomeInWords({ outcome }: Pick<Card, 'outcome'>, { t, words }: Reader): string {
  const key = `evidence.outcome.${outcome.name}`
  return /^[\w.]+$/.test(key) && words.has(key) ? t(key) : t('evidence.arm.named', { name: outcome.name })
}

/** A difference: `+6.2` of a hundred people, or in the outcome's own units. */
export function gainInWords(gain: number, kind: Kind, reader: Reader): string {
  return spoken(gain, kind, reader, 'exceptZero')
}

/** A mean outcome: `48.1` of a hundred people, or in the outcome's own units. */
export function valueInWords(value: number, kind: Kind, reader: Reader): string {
  return spoken(value, kind, reader, 'auto')
}

/** `+2.9 to +9.5`. */
export function rangeInWords({ low, high }: { low: number; high: number }, kind: Kind, reader: Reader): string {
  return reader.t('evidence.range', { low: gainInWords(low, kind, reader), high: gainInWords(high, kind, reader) })
}

/** A whole number with the reader's separators. */
export function countInWords(count: number, reader: Reader): string {
  return numberInWords(count, reader, { maximumFractionDigits: 0 })
}

/** `94%`, in whole hundredths. */
export function shareInWords(share: number, reader: Reader): string {
  return numberInWords(share, reader, { style: 'percent', maximumFractionDigits: 0 })
}

/** How often chance alone would make it, as far as that can be told. */
export function chanceInWords(p: number, reader: Reader): string {
  return p < 0.0001
    ? reader.t('evidence.checks.below', { p: plainInWords(0.0001, 4, reader) })
    : plainInWords(p, 4, reader)
}

/** A number of no special unit, to so many places. */
export function plainInWords(value: number, places: number, reader: Reader): string {
  return numberInWords(value, reader, { minimumFractionDigits: places, maximumFractionDigits: places })
}

function spoken(value: number, kind: Kind, reader: Reader, signDisplay: 'exceptZero' | 'auto'): string {
  if (kind === 'number') return numberInWords(value, reader, { maximumSignificantDigits: 3, signDisplay })
  const people = Math.round(value * 1000) / 10
  return numberInWords(people, reader, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay })
}

function numberInWords(value: number, { words, locale }: Reader, options: Intl.NumberFormatOptions): string {
  // The pseudo-locale is English in another dress.
  const said = words.formatted(value.toLocaleString(/-X[AB]$/.test(locale) ? 'en' : locale, options)).replace('-', '−')
  // A sign stands before its number, whichever way the page reads.
  return words.direction === 'rtl' ? `\u2066${said}\u2069` : said
}
