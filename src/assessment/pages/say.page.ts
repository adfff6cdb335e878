// How a page speaks: the instrument in the language asked for, Waypost's own words in the reader's.

import { parseDay } from '#platform/dates.ts'
import type { Scene } from '#platform/http/index.ts'
import { isRightToLeft, pseudoLocale } from '#platform/i18n/index.ts'
import { wordsIn, type Instrument } from '../instrument.ts'
import type { AnswerProblem, Say } from '../items/contract.ts'

type Speaking = Pick<Scene, 't' | 'day' | 'locale' | 'words'>

/** Names of staff by id, handed over by the application: assessment itself knows no staff. */
export type StaffNames = (id: string | null) => string

export interface Seen {
  readonly clientName: string
  readonly staffName: StaffNames
}

export function sayIn(scene: Speaking, instrument: Instrument, language: string): Say {
  const formats = scene.locale === pseudoLocale || scene.locale === 'en' ? 'en-GB' : scene.locale
  return {
    content(words) {
      const said = wordsIn(words, language, instrument.language)
      return {
        text: said.text,
        isContent: true,
        language: said.language,
        direction: isRightToLeft(said.language) ? 'rtl' : 'ltr',
      }
    },
    typed: (text) => ({ text, isContent: true, language: '', direction: 'auto' }),
    own: (key, values) => ({ text: scene.t(key, values), isContent: false, language: '', direction: 'auto' }),
    day: (day) => scene.day(day),
    month(month) {
      const moment = new Date(`${month}-01T00:00:00Z`)
      const format = new Intl.DateTimeFormat(formats, { month: 'long', year: 'numeric', timeZone: 'UTC' })
      return scene.words.formatted(format.format(moment))
    },
    number: (value) => new Intl.NumberFormat(formats).format(value),
  }
}

/** What is wrong with an answer, in the reader's words; days as the reader writes them. */
export function problemInWords(scene: Pick<Scene, 't' | 'day'>, { key, values = {} }: AnswerProblem): string {
  const day = parseDay(values['day'])
  return scene.t(key, day ? { ...values, day: scene.day(day) } : values)
}

/** A language by its own name and tag, for choosing one: Deutsch, العربية. */
export function languageName(tag: string): string {
  return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
}
