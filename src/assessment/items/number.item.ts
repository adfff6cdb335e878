// Answers that are numbers: whole (`integer`) or with decimals (`decimal`).

import { textOf } from '#platform/http/form.ts'
import { ok, refused } from '#platform/result.ts'
import { fieldName } from '../field-name.ts'
import type { NumberQuestion } from '../instrument.ts'
import type { AnswerProblem, ItemKind } from './contract.ts'

// Where the ten digits of a script begin.
const zeros = [0x660, 0x6f0, 0x966]

export const numberItem: ItemKind<NumberQuestion> = {
  parse(question, body) {
    const typed = asciiDigits(textOf(body, fieldName(question.linkId)))
    if (typed === '') return ok([])
    const number = question.type === 'integer' ? wholeNumber(typed) : decimalNumber(typed)
    if (number === null)
      return refused({ key: question.type === 'integer' ? 'assessment.answer.integer' : 'assessment.answer.decimal' })
    return ok([{ kind: 'number', number }])
  },
  check(question, given) {
    for (const answer of given) {
      if (answer.kind === 'number' && !isWithin(answer.number, question)) return rangeProblem(question)
    }
    return null
  },
  field(question, { given, typed }) {
    const known = given[0]?.kind === 'number' ? String(given[0].number) : ''
    return {
      kind: 'input',
      value: typed ? textOf(typed, fieldName(question.linkId)) : known,
      rows: 1,
      inputMode: question.type === 'integer' ? 'numeric' : 'decimal',
      width: 'govuk-input--width-5',
      maxLength: null,
    }
  },
  summary: (_question, given, say) =>
    given.flatMap((answer) =>
      answer.kind === 'number' ? [{ ...say.typed(say.number(answer.number)), isContent: false }] : [],
    ),
}

/** Digits of Arabic, Persian and Devanagari keyboards as ASCII digits. */
export function asciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F]/g, (digit) => {
    const code = digit.charCodeAt(0)
    return String(code - (zeros.findLast((zero) => zero <= code) ?? code))
  })
}

function wholeNumber(typed: string): number | null {
  return /^[-−]?\d{1,9}$/.test(typed) ? Number(typed.replace('−', '-')) : null
}

/** Point or comma before the decimals. `1,500` may mean two numbers, so three digits after a comma are refused. */
function decimalNumber(typed: string): number | null {
  if (!/^[-−]?\d{1,12}([.,٫]\d{1,6})?$/.test(typed) || /,\d{3}$/.test(typed)) return null
  return Number(typed.replace('−', '-').replace(/[,٫]/, '.'))
}

function isWithin(number: number, { minimum, maximum }: NumberQuestion): boolean {
  return (minimum === null || number >= minimum) && (maximum === null || number <= maximum)
}

function rangeProblem({ minimum, maximum }: NumberQuestion): AnswerProblem {
  if (minimum !== null && maximum !== null) return { key: 'assessment.answer.between', values: { minimum, maximum } }
  return minimum !== null
    ? { key: 'assessment.answer.at_least', values: { minimum } }
    : { key: 'assessment.answer.at_most', values: { maximum } }
}
