// How a language shows days, moments and problems.

import type { CalendarDay } from '../dates.ts'
import { pseudoLocale, type Words } from '../i18n/index.ts'
import type { FieldProblem } from './form.ts'
import { noProblems, type Scene, type ShownProblems } from './scene.ts'

type Presenting = Pick<Scene, 'words' | 'locale' | 't' | 'day' | 'moment' | 'problems'>

const dayStyles = {
  long: { day: 'numeric', month: 'long', year: 'numeric' },
  short: { day: 'numeric', month: 'short' },
  weekday: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
} as const

export function presentingIn(words: Words, networkZone: string): Presenting {
  const { locale } = words
  // British English writes days as most of the world does; the pseudo-locale borrows its formats.
  const formatLocale = locale === pseudoLocale || locale === 'en' ? 'en-GB' : locale
  return {
    words,
    locale,
    t: (key, values) => words.t(key, values),
    day: (day, style = 'long') =>
      words.formatted(formatter(formatLocale, { ...dayStyles[style], timeZone: 'UTC' }).format(midnight(day))),
    moment: (moment, { timeZone, style = 'full' } = {}) => {
      const clock = { hour: '2-digit', minute: '2-digit', timeZone: timeZone ?? networkZone } as const
      const shape = style === 'time' ? clock : { ...dayStyles.long, ...clock }
      return words.formatted(formatter(formatLocale, shape).format(moment))
    },
    problems: (list) => (list.length === 0 ? noProblems : shownProblems(words, list)),
  }
}

function shownProblems(words: Words, list: readonly FieldProblem[]): ShownProblems {
  const shown = list.map(({ field, key, values }) => ({ field, text: words.t(key, values) }))
  return {
    any: true,
    summary: shown.map(({ field, text }) => ({ text, href: `#${field}` })),
    byField: Object.fromEntries(shown.map(({ field, text }) => [field, { text }])),
  }
}

function midnight(day: CalendarDay): Date {
  return new Date(`${day}T00:00:00Z`)
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Making a formatter costs far more than using one. */
function formatter(locale: string, shape: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(shape)}`
  let made = formatters.get(key)
  if (!made) formatters.set(key, (made = new Intl.DateTimeFormat(locale, shape)))
  return made
}
