// Reading the question and its answer as they were filled in.

import { languageTag } from '#directory/index.ts'
import { optionalInteger, readDay, textOf, textsOf, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { partsOfWeek, placeNeeds, type CapacityAnswer, type Wanted } from './question.ts'

const mostWords = 500

/** One place unless more are wanted; a day that is today or later; an interpreter has a language. */
export function readWanted(body: FormBody, today: CalendarDay): Result<Wanted, FieldProblem[]> {
  const places = optionalInteger(1, 99).safeParse(textOf(body, 'places'))
  const from = readAhead(body, 'from', today)
  const needs = placeNeeds.filter((need) => textsOf(body, 'needs').includes(need))
  const language = languageTag(textOf(body, 'language'))
  const note = wordsOf(body, 'note')
  const problems: FieldProblem[] = [...(from.ok ? [] : from.problem), ...(note.ok ? [] : note.problem)]
  if (!places.success)
    problems.push({ field: 'places', key: 'platform.form.integer_between', values: { min: 1, max: 99 } })
  if (needs.includes('interpreter') && language === null)
    problems.push({ field: 'language', key: 'referrals.capacity.language_missing' })
  if (problems.length > 0 || !places.success || !from.ok || !note.ok) return refused(problems)
  return ok({
    places: places.data ?? 1,
    from: from.value,
    hours: partsOfWeek.filter((part) => textsOf(body, 'hours').includes(part)),
    needs,
    language: needs.includes('interpreter') ? language : null,
    note: note.value,
  })
}

export interface Said {
  readonly answer: CapacityAnswer
  readonly words: string | null
}

/** Yes needs a number; the days may be left open. */
export function readAnswer(body: FormBody, today: CalendarDay): Result<Said, FieldProblem[]> {
  const words = wordsOf(body, 'words')
  if (!words.ok) return words
  const answer = readChosen(body, today)
  return answer.ok ? ok({ answer: answer.value, words: words.value }) : answer
}

function readChosen(body: FormBody, today: CalendarDay): Result<CapacityAnswer, FieldProblem[]> {
  switch (textOf(body, 'answer')) {
    case 'places': {
      const free = optionalInteger(0, 999).safeParse(textOf(body, 'free'))
      const starts = readAhead(body, 'starts', today)
      const problems: FieldProblem[] = starts.ok ? [] : [...starts.problem]
      if (!free.success || free.data === null)
        problems.push({ field: 'free', key: 'platform.form.integer_between', values: { min: 0, max: 999 } })
      if (problems.length > 0 || !free.success || free.data === null || !starts.ok) return refused(problems)
      return ok({ kind: 'places', free: free.data, startsOn: starts.value })
    }
    case 'ask_again': {
      const on = readAhead(body, 'again', today)
      return on.ok ? ok({ kind: 'ask_again', on: on.value }) : on
    }
    case 'not_taking':
      return ok({ kind: 'not_taking' })
    default:
      return refused([{ field: 'answer', key: 'referrals.capacity.answer_missing' }])
  }
}

function readAhead(body: FormBody, name: string, today: CalendarDay): Result<CalendarDay | null, FieldProblem[]> {
  const typed = readDay(body, name)
  if (!typed.ok || typed.value === null || typed.value >= today) return typed
  return refused([{ field: name, key: 'referrals.form.day_in_past' }])
}

function wordsOf(body: FormBody, field: string): Result<string | null, FieldProblem[]> {
  const words = textOf(body, field).normalize('NFC').replace(/\r\n?/g, '\n')
  if (words.length > mostWords) return refused([{ field, key: 'platform.form.too_long', values: { max: mostWords } }])
  return ok(words === '' ? null : words)
}
