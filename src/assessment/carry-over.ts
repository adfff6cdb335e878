// Answers to an earlier version, as far as another version asks the same.

import type { CalendarDay } from '#platform/dates.ts'
import type { StaffId } from '#platform/ids.ts'
import type { Answer, Answers } from './answers.ts'
import type { Assessment } from './assessment.ts'
import { isSameQuestion, questionsOf, type Instrument, type Question } from './instrument.ts'
import { noMargins, type Manner, type Margins, type Note, type Told } from './margin.ts'

type Earlier = Pick<Assessment, 'instrument' | 'answers' | 'margins' | 'manner' | 'answeredOn' | 'completedBy'>

export interface Carried {
  readonly answers: Answers
  readonly margins: Margins
}

/** The answers whose question has the same link id and type in the other version, and could be given there: its options are
 *  still offered, and `counts` says that its bounds hold. Each keeps who told it, and its note. */
export function carryOver(
  earlier: Earlier,
  to: Instrument,
  counts: (question: Question, given: readonly Answer[]) => boolean,
): Carried {
  const before = new Map(questionsOf(earlier.instrument.items).map((question) => [question.linkId, question]))
  const { told, notes } = earlier.margins ?? noMargins
  const answers = new Map<string, readonly Answer[]>()
  const kept = { told: new Map<string, Told>(), notes: new Map<string, Note>() }
  for (const question of questionsOf(to.items)) {
    const { linkId } = question
    const given = earlier.answers?.get(linkId)
    const asked = before.get(linkId)
    if (!given || !asked || !isSameQuestion(asked, question)) continue
    if (!fits(question, given) || !counts(question, given)) continue
    answers.set(linkId, given)
    const teller = told.get(linkId) ?? tellerOf(earlier)
    if (teller) kept.told.set(linkId, teller)
    const note = notes.get(linkId)
    if (note) kept.notes.set(linkId, note)
  }
  return { answers, margins: kept }
}

function fits(question: Question, given: readonly Answer[]): boolean {
  const isKnown = given.every((answer) => {
    if (!('options' in question)) return true
    if (answer.kind === 'other') return question.type === 'open-choice'
    return answer.kind === 'option' && question.options.some(({ key }) => key === answer.key)
  })
  return isKnown && (given.length < 2 || ('repeats' in question && question.repeats))
}

/** Before tellings were kept, the assessment as a whole says who told it. */
function tellerOf({
  manner,
  answeredOn,
  completedBy,
}: {
  readonly manner: Manner
  readonly answeredOn: CalendarDay | null
  readonly completedBy: StaffId | null
}): Told | null {
  return answeredOn ? { way: manner, on: answeredOn, by: manner === 'by_client' ? null : completedBy } : null
}
