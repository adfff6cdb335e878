// What each type of question can do: read what was typed, check it, show itself as a field and as a line of a summary.

import type { CalendarDay } from '#platform/dates.ts'
import type { FormBody } from '#platform/http/form.ts'
import type { MessageValues } from '#platform/i18n/index.ts'
import type { Result } from '#platform/result.ts'
import type { Answer } from '../answers.ts'
import type { Question, Words } from '../instrument.ts'

export interface AnswerProblem {
  /** A message's key. */
  readonly key: string
  readonly values?: MessageValues
  /** The part of the field to go to, when it has several inputs (`-day`, `-other`). */
  readonly part?: string
}

/** A text as it will be read: the instrument's and people's own words carry `isContent`, the catalogue's do not. */
export interface Spoken {
  readonly text: string
  readonly isContent: boolean
  /** Empty when not known (what people typed). */
  readonly language: string
  readonly direction: 'ltr' | 'rtl' | 'auto'
}

/** How this page speaks: the instrument in the language asked for, Waypost's own words in the reader's. */
export interface Say {
  content(words: Words): Spoken
  typed(text: string): Spoken
  /** A message of the catalogue. */
  own(key: string, values?: MessageValues): Spoken
  day(day: CalendarDay): string
  /** `YYYY-MM` as month and year. */
  month(month: string): string
  number(value: number): string
}

/** What a field shows: the answers known so far, or what was typed when it came back with a problem. */
export interface Shown {
  readonly given: readonly Answer[]
  readonly typed: FormBody | null
  readonly say: Say
}

interface InputField {
  readonly kind: 'input'
  readonly value: string
  readonly rows: number
  readonly inputMode: 'text' | 'numeric' | 'decimal'
  readonly width: string
  readonly maxLength: number | null
}

export interface DateField {
  readonly kind: 'date'
  readonly parts: readonly {
    readonly name: 'day' | 'month' | 'year'
    readonly label: string
    readonly value: string
    readonly width: string
  }[]
}

export interface ChoiceField {
  readonly kind: 'radios' | 'checkboxes' | 'select'
  readonly options: readonly {
    readonly value: string
    readonly label: Spoken
    readonly isChosen: boolean
    readonly isExclusive: boolean
    /** The text beside an open choice; null on every other option. */
    readonly otherText: string | null
  }[]
  /** A few short options stand in one line. */
  readonly isInline: boolean
}

export type Field = InputField | DateField | ChoiceField

export interface ItemKind<Q extends Question> {
  /** The answers in a form; empty when the question was left alone. Refused: what cannot be read as an answer. */
  parse(question: Q, body: FormBody): Result<readonly Answer[], AnswerProblem>
  /** What keeps answers from counting: out of range, too long, no such option. Being required is checked for all types alike. */
  check(question: Q, given: readonly Answer[]): AnswerProblem | null
  field(question: Q, shown: Shown): Field
  /** One line for each answer. */
  summary(question: Q, given: readonly Answer[], say: Say): readonly Spoken[]
}
