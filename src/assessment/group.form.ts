// Reading one group's form: what was typed becomes answers, with what is wrong and what it opened.

import { optionalText, textOf, textsOf, type FormBody } from '#platform/http/index.ts'
import { enabledItems, withAnswers, type Answer, type Answers } from './answers.ts'
import { everyItem, questionsOf, type Instrument, type InstrumentPage } from './instrument.ts'
import { noteName } from './field-name.ts'
import { ask, checkAnswers, type QuestionProblem } from './items/every-type.item.ts'
import { longestNote } from './margin.ts'

export interface GroupForm {
  /** All answers of the assessment, with what could be read of this form. */
  readonly answers: Answers
  /** What was typed beside the questions, by link id; only of questions whose note was on the form. */
  readonly notes: ReadonlyMap<string, string>
  readonly problems: readonly QuestionProblem[]
  /** Questions of this page that show because of these answers and were not on the form as it was seen. Without a script
   *  they are asked now; with one the person has seen them already. */
  readonly opened: readonly string[]
}

/** Reads the form. `isWhole` is false for "save and come back": then nothing is missing yet. What was typed into questions
 *  that do not show is kept where it can be read, and is never a problem. */
export function readGroup(
  instrument: Instrument,
  page: InstrumentPage,
  before: Answers,
  { body, isWhole }: { body: FormBody; isWhole: boolean },
): GroupForm {
  const typed = new Map<string, readonly Answer[]>()
  const unreadable: QuestionProblem[] = []
  const questions = questionsOf(page.items)
  for (const question of questions) {
    const read = ask(question).parse(body)
    if (read.ok) typed.set(question.linkId, read.value)
    else unreadable.push({ ...read.problem, linkId: question.linkId })
  }
  const answers = withAnswers(before, typed)
  const enabled = enabledItems(instrument, answers)
  const unfit = checkAnswers(instrument, answers, page.group ? [page.group] : page.items)
  const isUnreadable = new Set(unreadable.map(({ linkId }) => linkId))
  const problems = [
    ...unreadable.filter(({ linkId }) => enabled.has(linkId)),
    ...unfit.filter(({ key, linkId }) => !isUnreadable.has(linkId) && (isWhole || key !== 'assessment.answer.missing')),
  ]
  const notes = new Map<string, string>()
  for (const { linkId } of questions) {
    if (textsOf(body, noteName(linkId)).length === 0) continue
    const note = optionalText(longestNote).safeParse(textOf(body, noteName(linkId)))
    if (note.success) notes.set(linkId, note.data ?? '')
    else problems.push({ key: 'assessment.note.too_long', values: { max: longestNote }, part: 'note', linkId })
  }
  const order = [...everyItem(page.items)].map(({ item }) => item.linkId)
  const seen = new Set(textsOf(body, 'shown'))
  return {
    answers,
    notes,
    problems: problems.toSorted((a, b) => order.indexOf(a.linkId) - order.indexOf(b.linkId)),
    opened: questions.map(({ linkId }) => linkId).filter((linkId) => enabled.has(linkId) && !seen.has(linkId)),
  }
}
