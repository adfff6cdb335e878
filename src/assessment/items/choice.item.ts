// One of some options or several of them; an open choice also takes the person's own words.

import { optionalText, textOf, textsOf, type FormBody } from '#platform/http/form.ts'
import { ok, refused } from '#platform/result.ts'
import type { Answer } from '../answers.ts'
import { fieldName } from '../field-name.ts'
import type { ChoiceQuestion, Option } from '../instrument.ts'
import type { ChoiceField, ItemKind } from './contract.ts'

// Options are posted as `o:<key>`, so that no option's key can be taken for "something else".
const other = 'other'
const longestOther = 200
// Beyond this a list of radios no longer fits a phone's screen, and a drop-down is quicker.
const mostRadios = 15

export const choiceItem: ItemKind<ChoiceQuestion> = {
  parse(question, body) {
    const name = fieldName(question.linkId)
    const chosen = textsOf(body, name).filter((value) => value !== '')
    const answers: Answer[] = []
    for (const value of chosen) {
      const option = question.options.find(({ key }) => value === `o:${key}`)
      if (option) answers.push({ kind: 'option', key: option.key })
      else if (value !== other || question.type !== 'open-choice')
        return refused({ key: 'assessment.answer.no_such_option' })
    }
    if (chosen.includes(other)) {
      const read = optionalText(longestOther).safeParse(textOf(body, `${name}-other`))
      if (!read.success)
        return refused({ key: 'assessment.answer.too_long', values: { max: longestOther }, part: 'other' })
      if (read.data === null) return refused({ key: 'assessment.answer.other_missing', part: 'other' })
      answers.push(ownWords(question, read.data))
    }
    return !question.repeats && answers.length > 1
      ? refused({ key: 'assessment.answer.one_only' })
      : ok(unique(answers))
  },
  check(question, given) {
    if (!question.repeats && given.length > 1) return { key: 'assessment.answer.one_only' }
    const exclusive = question.options.find(
      (option) =>
        standsAlone(question, option) && given.some((answer) => answer.kind === 'option' && answer.key === option.key),
    )
    return exclusive && given.length > 1
      ? { key: 'assessment.answer.exclusive', values: { option: exclusive.words.text } }
      : null
  },
  field(question, shown) {
    const chosen = chosenValues(question, shown.given, shown.typed)
    const options: ChoiceField['options'][number][] = question.options.map((option) => ({
      value: `o:${option.key}`,
      label: shown.say.content(option.words),
      isChosen: chosen.includes(`o:${option.key}`),
      isExclusive: standsAlone(question, option),
      otherText: null,
    }))
    if (question.type === 'open-choice') options.splice(placeOfOther(options), 0, otherOption(question, shown))
    const kind = question.repeats ? 'checkboxes' : isLong(question) ? 'select' : 'radios'
    if (!question.repeats && (kind === 'select' || chosen.length > 0)) {
      // A radio cannot be unticked: once answered, there must be a way back to no answer.
      const none = {
        value: '',
        label: shown.say.own('assessment.answer.none'),
        isChosen: chosen.length === 0,
        isExclusive: false,
        otherText: null,
      }
      if (kind === 'select') options.unshift(none)
      else options.push(none)
    }
    return { kind, options, isInline: false }
  },
  summary: (question, given, say) =>
    given.flatMap((answer) => {
      if (answer.kind === 'other') return [say.typed(answer.text)]
      const option = answer.kind === 'option' ? question.options.find(({ key }) => key === answer.key) : undefined
      return option ? [say.content(option.words)] : []
    }),
}

/** "None of these" and "prefer not to say" go with no other answer. */
function standsAlone(question: ChoiceQuestion, option: Option): boolean {
  return question.repeats && (option.isExclusive || option.withholds !== null)
}

function isLong(question: ChoiceQuestion): boolean {
  return question.type === 'choice' && question.options.length > mostRadios
}

function chosenValues(question: ChoiceQuestion, given: readonly Answer[], typed: FormBody | null): readonly string[] {
  if (typed) return textsOf(typed, fieldName(question.linkId)).filter((value) => value !== '')
  return given.flatMap((answer) =>
    answer.kind === 'option' ? [`o:${answer.key}`] : answer.kind === 'other' ? [other] : [],
  )
}

function otherOption(
  question: ChoiceQuestion,
  { given, typed, say }: Parameters<typeof choiceItem.field>[1],
): ChoiceField['options'][number] {
  const written = given.flatMap((answer) => (answer.kind === 'other' ? [answer.text] : []))[0] ?? ''
  return {
    value: other,
    label: say.own('assessment.answer.other'),
    isChosen: chosenValues(question, given, typed).includes(other),
    isExclusive: false,
    otherText: typed ? textOf(typed, `${fieldName(question.linkId)}-other`) : written,
  }
}

/** Before the options that stand alone ("none of these", "prefer not to say"), which come last. */
function placeOfOther(options: readonly { readonly isExclusive: boolean }[]): number {
  const exclusive = options.findIndex((option) => option.isExclusive)
  return exclusive < 0 ? options.length : exclusive
}

/** Words that repeat an option are that option: the answer then reads the same when it comes back from FHIR. */
function ownWords(question: ChoiceQuestion, text: string): Answer {
  const same = question.options.find(({ value }) => value.kind === 'string' && value.text === text)
  return same ? { kind: 'option', key: same.key } : { kind: 'other', text }
}

function unique(answers: readonly Answer[]): readonly Answer[] {
  const seen = new Set<string>()
  return answers.filter((answer) => {
    const name = JSON.stringify(answer)
    return !seen.has(name) && seen.add(name)
  })
}
