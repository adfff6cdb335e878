// All types of question at one door: each call goes to the type's own file.

import type { FormBody } from '#platform/http/form.ts'
import type { Result } from '#platform/result.ts'
import { askedQuestions, enabledItems, type Answer, type Answers } from '../answers.ts'
import { everyItem, type Instrument, type Item, type Question } from '../instrument.ts'
import { booleanItem } from './boolean.item.ts'
import { choiceItem } from './choice.item.ts'
import type { AnswerProblem, Field, ItemKind, Say, Shown, Spoken } from './contract.ts'
import { dateItem } from './date.item.ts'
import { numberItem } from './number.item.ts'
import { textItem } from './text.item.ts'

export interface QuestionProblem extends AnswerProblem {
  readonly linkId: string
}

/** A question with all that its type can do. */
export interface Asked {
  parse(body: FormBody): Result<readonly Answer[], AnswerProblem>
  check(given: readonly Answer[]): AnswerProblem | null
  field(shown: Shown): Field
  summary(given: readonly Answer[], say: Say): readonly Spoken[]
}

export function ask(question: Question): Asked {
  switch (question.type) {
    case 'string':
    case 'text':
      return bind(textItem, question)
    case 'integer':
    case 'decimal':
      return bind(numberItem, question)
    case 'boolean':
      return bind(booleanItem, question)
    case 'date':
      return bind(dateItem, question)
    case 'choice':
    case 'open-choice':
      return bind(choiceItem, question)
  }
}

/** What keeps these items' answers from being complete: answers that do not count, and required ones that are missing.
 *  Items that do not show are left out of account. */
export function checkAnswers(
  instrument: Instrument,
  answers: Answers,
  items: readonly Item[],
): readonly QuestionProblem[] {
  const enabled = enabledItems(instrument, answers)
  const problems: QuestionProblem[] = []
  for (const question of askedQuestions(items, enabled)) {
    const { linkId } = question
    const given = answers.get(linkId) ?? []
    const problem = given.length === 0 ? null : ask(question).check(given)
    if (problem) problems.push({ ...problem, linkId })
    else if (question.isRequired && given.length === 0) problems.push({ key: 'assessment.answer.missing', linkId })
  }
  return [...problems, ...emptyGroups(items, answers, enabled)]
}

/** Whether these answers could be given to the question: in range, not too long, no exclusive option beside another. */
export function answerCounts(question: Question, given: readonly Answer[]): boolean {
  return ask(question).check(given) === null
}

function bind<Q extends Question>(kind: ItemKind<Q>, question: Q): Asked {
  return {
    parse: (body) => kind.parse(question, body),
    check: (given) => kind.check(question, given),
    field: (shown) => kind.field(question, shown),
    summary: (given, say) => kind.summary(question, given, say),
  }
}

/** A required group wants at least one answer in it; the problem stands at its first question. */
function emptyGroups(
  items: readonly Item[],
  answers: Answers,
  enabled: ReadonlySet<string>,
): readonly QuestionProblem[] {
  return [...everyItem(items)].flatMap(({ item }) => {
    if (item.type !== 'group' || !item.isRequired || !enabled.has(item.linkId)) return []
    const asked = askedQuestions(item.items, enabled)
    const first = asked[0]
    const isEmpty = asked.every((question) => !answers.has(question.linkId))
    return first && isEmpty && !first.isRequired ? [{ key: 'assessment.answer.missing', linkId: first.linkId }] : []
  })
}
