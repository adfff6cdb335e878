// Answers in words: one line (`string`) or several (`text`).

import { optionalText, textOf } from '#platform/http/form.ts'
import { ok, refused } from '#platform/result.ts'
import { fieldName } from '../field-name.ts'
import type { TextQuestion } from '../instrument.ts'
import type { ItemKind } from './contract.ts'

// A page of writing. Longer notes belong to the client's file, not into an answer.
const longest = { string: 500, text: 5000 }

export const textItem: ItemKind<TextQuestion> = {
  parse(question, body) {
    const max = mostCharacters(question)
    const read = optionalText(max).safeParse(textOf(body, fieldName(question.linkId)))
    if (!read.success) return refused({ key: 'assessment.answer.too_long', values: { max } })
    return ok(read.data === null ? [] : [{ kind: 'text', text: read.data }])
  },
  check(question, given) {
    const max = mostCharacters(question)
    const isTooLong = given.some((answer) => answer.kind === 'text' && answer.text.length > max)
    return isTooLong ? { key: 'assessment.answer.too_long', values: { max } } : null
  },
  field(question, { given, typed }) {
    const known = given[0]?.kind === 'text' ? given[0].text : ''
    return {
      kind: 'input',
      value: typed ? textOf(typed, fieldName(question.linkId)) : known,
      rows: question.type === 'text' ? 4 : 1,
      inputMode: 'text',
      width: question.maxLength !== null && question.maxLength <= 20 ? 'govuk-input--width-20' : '',
      maxLength: question.maxLength,
    }
  },
  summary: (_question, given, say) =>
    given.flatMap((answer) => (answer.kind === 'text' ? [say.typed(answer.text)] : [])),
}

function mostCharacters(question: TextQuestion): number {
  return Math.min(question.maxLength ?? longest[question.type], longest[question.type])
}
