// One box for whatever the client says first: a name, a birth date, a reference, a phone number.

import { dayFrom, type CalendarDay } from '#platform/dates.ts'
import { wordsOfName } from './name.ts'
import { endOfPhone, parsePhone } from './phone.ts'

export interface SoughtClient {
  readonly reference: string | null
  /** All that the digits may mean: 3/4/1990 is the third of April or the fourth of March. */
  readonly birthDates: readonly CalendarDay[]
  readonly phoneEnd: string | null
  /** Folded words of a name; each must begin a word of the client's name, or come near one. */
  readonly words: readonly string[]
}

/** Reads what was typed. All parts empty when there is nothing to look for. Never refuses: a search is only a question. */
export function readSearch(text: string): SoughtClient {
  const reference = /\bC[-\s]?([0-9A-Z]{4})[-\s]?([0-9A-Z]{2})\b/i.exec(text)
  // A reference holds a digit or its dashes; without either it may be a name such as "Cassandra".
  if (reference && /\d|-/.test(reference[0])) {
    const [, first = '', second = ''] = reference
    return { ...nothing, reference: `C-${first}-${second}`.toUpperCase() }
  }
  const date = /\b(\d{1,4})[-./\s](\d{1,2})[-./\s](\d{1,4})\b/.exec(text)
  const birthDates = date ? daysOf(date) : []
  const rest = date && birthDates.length > 0 ? text.replace(date[0], ' ') : text
  const digits = /\+?\d[\d\s().\-/]{4,}/.exec(rest)?.[0]
  const phone = digits ? parsePhone(digits) : undefined
  return { reference: null, birthDates, phoneEnd: phone?.ok ? endOfPhone(phone.value) : null, words: wordsOfName(rest) }
}

export function isNothing(sought: SoughtClient): boolean {
  return sought.reference === null && sought.phoneEnd === null && sought.birthDates.length + sought.words.length === 0
}

const nothing: SoughtClient = { reference: null, birthDates: [], phoneEnd: null, words: [] }

function daysOf(parts: RegExpExecArray): readonly CalendarDay[] {
  const [first = 0, second = 0, third = 0] = parts.slice(1).map(Number)
  const candidates =
    (parts[1] ?? '').length === 4
      ? [dayFrom(first, second, third)]
      : (parts[3] ?? '').length === 4
        ? [dayFrom(third, second, first), dayFrom(third, first, second)]
        : []
  return [...new Set(candidates.filter((day) => day !== null))]
}
