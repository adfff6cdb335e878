// Yes or no.

import { textOf } from '#platform/http/form.ts'
import { ok, refused } from '#platform/result.ts'
import { fieldName } from '../field-name.ts'
import type { BooleanQuestion } from '../instrument.ts'
import type { ItemKind } from './contract.ts'

export const booleanItem: ItemKind<BooleanQuestion> = {
  parse(question, body) {
    const typed = textOf(body, fieldName(question.linkId))
    if (typed === '') return ok([])
    return typed === 'true' || typed === 'false'
      ? ok([{ kind: 'yes_no', yes: typed === 'true' }])
      : refused({ key: 'assessment.answer.no_such_option' })
  },
  check: () => null,
  field(question, { given, typed, say }) {
    const known = given[0]?.kind === 'yes_no' ? String(given[0].yes) : ''
    const chosen = typed ? textOf(typed, fieldName(question.linkId)) : known
    const option = (value: string, key: string) => ({
      value,
      label: say.own(key),
      isChosen: chosen === value,
      isExclusive: false,
      otherText: null,
    })
    const options = [option('true', 'assessment.answer.yes'), option('false', 'assessment.answer.no')]
    // A radio cannot be unticked: once answered, there must be a way back to no answer.
    const isAnswered = known !== '' || chosen !== ''
    return {
      kind: 'radios',
      options: isAnswered ? [...options, option('', 'assessment.answer.none')] : options,
      isInline: true,
    }
  },
  summary: (_question, given, say) =>
    given.flatMap((answer) =>
      answer.kind === 'yes_no' ? [say.own(answer.yes ? 'assessment.answer.yes' : 'assessment.answer.no')] : [],
    ),
}
