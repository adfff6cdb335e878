// A day, or a month where the question asks for no more.

import { dayFrom, parseDay, type CalendarDay } from '#platform/dates.ts'
import { textOf, type FormBody } from '#platform/http/form.ts'
import { ok, refused } from '#platform/result.ts'
import { fieldName } from '../field-name.ts'
import type { DateQuestion } from '../instrument.ts'
import type { AnswerProblem, DateField, ItemKind, Say } from './contract.ts'
import { asciiDigits } from './number.item.ts'

export const dateItem: ItemKind<DateQuestion> = {
  parse(question, body) {
    const [day, month, year] = (['day', 'month', 'year'] as const).map((part) => typedPart(question, body, part))
    const isMonth = question.precision === 'month'
    const needed = isMonth ? [month, year] : [day, month, year]
    if (needed.every((part) => part === '')) return ok([])
    if (isMonth ? !month : !day) return refused(incomplete(isMonth ? 'month' : 'day'))
    if (!month) return refused(incomplete('month'))
    if (!year) return refused(incomplete('year'))
    // Two digits could be this century or the last one; nobody should have to guess which was meant.
    if (!/^\d{4}$/.test(year)) return refused({ key: 'assessment.answer.year', part: 'year' })
    const date = dayFrom(Number(year), Number(month), isMonth ? 1 : Number(day))
    if (!date)
      return refused({
        key: isMonth ? 'assessment.answer.no_such_month' : 'assessment.answer.no_such_day',
        part: isMonth ? 'month' : 'day',
      })
    return ok([{ kind: 'date', date: isMonth ? date.slice(0, 7) : date }])
  },
  check({ minimum, maximum, precision }, given) {
    const part = precision === 'month' ? 'month' : 'day'
    for (const answer of given) {
      if (answer.kind !== 'date') continue
      const length = answer.date.length
      if (minimum !== null && answer.date < minimum.slice(0, length))
        return { key: 'assessment.answer.not_before', values: { day: minimum }, part }
      if (maximum !== null && answer.date > maximum.slice(0, length))
        return { key: 'assessment.answer.not_after', values: { day: maximum }, part }
    }
    return null
  },
  field(question, { given, typed, say }) {
    const known = given[0]?.kind === 'date' ? given[0].date.split('-') : []
    const [year = '', month = '', day = ''] = known.map((part) => part.replace(/^0+(?=\d{1,2}$)/, ''))
    const value = { day, month, year }
    const part = (name: 'day' | 'month' | 'year'): DateField['parts'][number] => ({
      name,
      label: say.own(`assessment.answer.part_${name}`).text,
      value: typed ? typedPart(question, typed, name) : value[name],
      width: name === 'year' ? 'govuk-input--width-4' : 'govuk-input--width-2',
    })
    const parts = question.precision === 'month' ? (['month', 'year'] as const) : (['day', 'month', 'year'] as const)
    return { kind: 'date', parts: parts.map(part) }
  },
  summary: (_question, given, say) =>
    given.flatMap((answer) =>
      answer.kind === 'date' ? [{ ...say.typed(spokenDate(answer.date, say)), isContent: false }] : [],
    ),
}

function typedPart(question: DateQuestion, body: FormBody, part: 'day' | 'month' | 'year'): string {
  return asciiDigits(textOf(body, `${fieldName(question.linkId)}-${part}`))
}

function incomplete(part: 'day' | 'month' | 'year'): AnswerProblem {
  // messages: assessment.answer.incomplete_*
  return { key: `assessment.answer.incomplete_${part}`, part }
}

function spokenDate(date: CalendarDay | string, say: Say): string {
  const day = parseDay(date)
  return day ? say.day(day) : say.month(date)
}
