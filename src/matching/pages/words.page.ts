// Points, estimates and rules in the reader's words.

import {
  factNature,
  factInWords,
  factsOf,
  serviceTypeKey,
  isServiceType,
  speechOf,
  unmetInWords,
  type FactCode,
  type Unmet,
} from '#directory/index.ts'
import type { Estimate } from '#evidence/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { parseDay } from '#platform/dates.ts'
import { namedLanguage } from '#platform/languages.ts'
import type { Point } from '../fit.ts'
import { estimateSentence, hundredths, intervalSentence, isThin } from '../sentence.ts'

/** All that speaking needs of a scene; a command has it too. */
export type Reader = Pick<Scene, 't' | 'day' | 'locale' | 'words'> & { readonly network: { readonly locale: string } }

// messages: matching.aim.*
// messages: matching.hours.*
// messages: matching.point.*
// messages: matching.estimate.*
// messages: directory.need.*
// messages: clients.access.*

export function typeInWords(type: string | null, { t }: Reader): string {
  return t(serviceTypeKey(isServiceType(type) ? type : null))
}

/** `12 minutes from home, by the straight line`. */
export function pointInWords({ key, values }: Point, reader: Reader): string {
  if (key === 'costs') return reader.t('matching.point.costs', { amount: amountInWords(values, reader) })
  const shown = Object.entries(values).map(([name, value]) => [name, valueInWords(name, value, reader)])
  return reader.t(`matching.point.${key}`, Object.fromEntries(shown) as Record<string, string | number>)
}

export function sentenceInWords(estimate: Estimate, { t }: Reader): string {
  const { key, values } = estimateSentence(estimate)
  return t(key, values)
}

export function thinInWords(estimate: Estimate, { t }: Reader): string | null {
  if (estimate.similar === 0) return t('matching.estimate.nobody')
  return isThin(estimate) ? t('matching.estimate.thin') : null
}

/** Why nothing is estimated for a kind of service: nobody like this client took it, or too few of anybody. */
export function noEstimateInWords(
  type: string | null,
  { unsupported }: { readonly unsupported: readonly string[] },
  { t }: Pick<Reader, 't'>,
): string {
  return t(unsupported.includes(type ?? '') ? 'matching.estimate.no_support' : 'matching.estimate.none')
}

/** `7 to 36 more`. */
export function intervalInWords(estimate: Pick<Estimate, 'low' | 'high'>, { t }: Reader): string {
  const { key, values } = intervalSentence(estimate)
  return t(key, values)
}

// messages: matching.panel.gain_*

/** `about 27 more of 100 working`. */
export function gainInWords(gain: number, { t }: Reader): string {
  const people = hundredths(gain)
  return t(people < 0 ? 'matching.panel.gain_fewer' : 'matching.panel.gain_more', { count: Math.abs(people) })
}

/** The chart in words, for who cannot see it. */
export function pictureInWords(estimate: Pick<Estimate, 'gain' | 'low' | 'high'>, reader: Reader): string {
  const said = { gain: gainInWords(estimate.gain, reader), between: intervalInWords(estimate, reader) }
  return reader.t('matching.estimate.picture', said)
}

/** Why a service is not open to the client, and what of it help can change. */
export function unmetWords(unmet: readonly Unmet[], reader: Reader): { reasons: string[]; change: string | null } {
  const speech = speechOf(reader)
  const changeable = unmet.flatMap(({ rule }) => factsOf(rule)).filter((code) => factNature(code) !== 'fixed')
  return {
    reasons: unmet.map((each) => unmetInWords(each, speech)),
    change: changeable.length > 0 ? reader.t('matching.list.change', { facts: factList(changeable, reader) }) : null,
  }
}

/** The questions that would settle what is not known. */
export function openWords(open: readonly FactCode[], reader: Reader): string {
  return reader.t('matching.list.ask', { facts: factList(open, reader) })
}

function factList(codes: readonly FactCode[], reader: Reader): string {
  const speech = speechOf(reader)
  return speech.and([...new Set(codes)].map((code) => factInWords(code, speech)))
}

function valueInWords(name: string, value: string | number, reader: Reader): string | number {
  if (typeof value === 'number') return value
  const { t, day } = reader
  switch (name) {
    case 'need':
      return t(`directory.need.${value}`)
    case 'access':
      return t(`clients.access.${value}`)
    case 'aim':
      return t(`matching.aim.${value}`)
    case 'hours':
      return t(`matching.hours.${value}`)
    case 'language':
      return namedLanguage(reader, value)
    case 'day': {
      const parsed = parseDay(value)
      return parsed ? day(parsed) : value
    }
    default:
      return value
  }
}

function amountInWords({ cents, currency }: Point['values'], { locale }: Reader): string {
  const amount = Number(cents) / 100
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return String(amount)
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount)
}
