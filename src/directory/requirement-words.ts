// Rules, and why they are not met, in words. Pure: the catalogue comes as an argument.

import type { FactCode, FactValue } from './fact.ts'
import type { Rule, Unmet } from './requirement.ts'

// messages: directory.rule.*
// messages: directory.has.*
// messages: directory.level.*
// messages: directory.schooling.*
// messages: directory.permission.*
// messages: directory.document.*
// messages: directory.need.*
// messages: directory.yes.*
// messages: directory.no.*
// messages: directory.fact.*

/** How to speak: the reader's catalogue and lists, and what the network's own language is called. */
export interface Speech {
  readonly t: Say
  /** `a, b or c`. */
  readonly or: (words: readonly string[]) => string
  /** `a, b and c`. */
  readonly and: (words: readonly string[]) => string
  /** The language that levels are about: `German`. */
  readonly language: string
}

type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string

interface Speaker {
  readonly t: Say
  readonly locale: string
  readonly words: { readonly formatted: (text: string) => string }
  readonly network: { readonly locale: string }
}

/** The speech of a request (`scene`). */
export function speechOf({ t, locale, words, network }: Speaker): Speech {
  // The pseudo-locale is English in another dress.
  const reader = /-X[AB]$/.test(locale) ? 'en' : locale
  const names = new Intl.DisplayNames([reader, 'en'], { type: 'language' })
  const list = (type: 'conjunction' | 'disjunction') => {
    const format = new Intl.ListFormat(reader, { type })
    return (items: readonly string[]) => format.format(items)
  }
  const language = words.formatted(names.of(network.locale.split('-')[0] ?? 'en') ?? network.locale)
  return { t, or: list('disjunction'), and: list('conjunction'), language }
}

/** What the rule asks: `English at B1 or above`. */
export function ruleInWords(rule: Rule, speech: Speech): string {
  const { t, or, and, language } = speech
  switch (rule.kind) {
    case 'age':
      return bounded('age', rule.from, rule.to, speech)
    case 'months_unemployed':
      return bounded('months_unemployed', rule.atLeast, rule.atMost, speech)
    case 'residence':
      return t('directory.rule.residence', { areas: or(rule.areas) })
    case 'work_permission':
      return t('directory.rule.work_permission', {
        kinds: or(rule.accepts.map((code) => t(`directory.permission.${code}`))),
      })
    case 'language':
      return t('directory.rule.language', { language, level: t(`directory.level.${rule.atLeast}`) })
    case 'schooling': {
      const [least, most] = [rule.atLeast, rule.atMost].map((step) => step && t(`directory.schooling.${step}`))
      return bounded('schooling', least, most, speech)
    }
    case 'documents':
      return t('directory.rule.documents', { documents: and(rule.all.map((code) => t(`directory.document.${code}`))) })
    case 'need':
      return t('directory.rule.need', { needs: or(rule.anyOf.map((code) => t(`directory.need.${code}`))) })
    case 'yes_no':
      return t(`directory.${rule.is ? 'yes' : 'no'}.${rule.fact}`)
    case 'any_of':
      return t('directory.rule.any_of', { rules: or(rule.rules.map((part) => ruleInWords(part, speech))) })
  }
}

/** Why a rule is not met: `Needs English at B1 or above; the client has A2.` */
export function unmetInWords(unmet: Unmet, speech: Speech): string {
  const { t } = speech
  const needs = ruleInWords(unmet.rule, speech)
  const has = hasInWords(unmet, speech)
  return has === null ? t('directory.rule.unmet', { needs }) : t('directory.rule.unmet_has', { needs, has })
}

/** What a fact is called in a question that would settle it: `the level of English`. */
export function factInWords(code: FactCode, { t, language }: Speech): string {
  return t(`directory.fact.${code}`, { language })
}

/** What is known of the client instead. Any-of tells each part's; an empty list says that there are none. */
function hasInWords({ rule, has, parts }: Unmet, speech: Speech): string | null {
  const { t, and } = speech
  if (rule.kind === 'any_of') {
    const known = [...new Set(parts.map((part) => hasInWords(part, speech)).filter((words) => words !== null))]
    return known.length > 0 ? and(known) : null
  }
  if (has === null) return null
  switch (rule.kind) {
    case 'age':
    case 'months_unemployed':
      return t(`directory.has.${rule.kind}`, { number: Number(has) })
    case 'residence':
      return t('directory.has.residence', { area: String(has) })
    case 'work_permission':
      return t('directory.has.work_permission', { kind: t(`directory.permission.${String(has)}`) })
    case 'language':
      return t('directory.has.language', { level: t(`directory.level.${String(has)}`) })
    case 'schooling':
      return t('directory.has.schooling', { schooling: t(`directory.schooling.${String(has)}`) })
    case 'documents':
    case 'need':
      return listed(rule.kind === 'need' ? 'need' : 'document', has, speech)
    case 'yes_no':
      // The contrary of the rule: the rule itself says it.
      return null
  }
}

function listed(family: 'need' | 'document', has: FactValue, { t, and }: Speech): string {
  const codes = typeof has === 'object' ? has : []
  if (codes.length === 0) return t(`directory.has.no_${family}`)
  return t(`directory.has.${family}`, { list: and(codes.map((code) => t(`directory.${family}.${code}`))) })
}

type Bound = string | number | undefined

function bounded(family: string, least: Bound, most: Bound, { t }: Speech): string {
  if (least !== undefined && most !== undefined) return t(`directory.rule.${family}_between`, { least, most })
  if (least !== undefined) return t(`directory.rule.${family}_least`, { least })
  return t(`directory.rule.${family}_most`, { most: most ?? '' })
}
