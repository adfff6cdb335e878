// The short first conversation: the questions that the sets mark for the front desk, together on one page.

import type { CalendarDay } from '#platform/dates.ts'
import { askedQuestions, enabledItems, type Answers } from './answers.ts'
import { currentAnswers, currentMargins, stateOf, type Assessment, type InstrumentId } from './assessment.ts'
import { questionsOf, type Instrument, type InstrumentPage, type Item } from './instrument.ts'

/** The desk's questions of one set. */
export interface DeskPart {
  /** Of the version that is asked: the one that is open, else the one in use. */
  readonly instrumentId: InstrumentId
  readonly instrument: Instrument
  readonly page: InstrumentPage
  /** What the answers go into; null when it is still to be started. */
  readonly open: Assessment | null
  readonly answers: Answers
}

interface Offered {
  readonly id: InstrumentId
  readonly instrument: Instrument
}

/** The parts of the page, in the order of the sets. A link id is asked once: where two sets mark the same, the first asks it. */
export function deskParts(offered: readonly Offered[], assessments: readonly Assessment[]): readonly DeskPart[] {
  const taken = new Set<string>()
  return offered.flatMap((one): DeskPart[] => {
    const open = assessments.find((begun) => stateOf(begun) === 'open' && begun.instrument.url === one.instrument.url)
    const instrument = open?.instrument ?? one.instrument
    const items = deskItems(instrument).filter(({ linkId }) => !taken.has(linkId))
    if (items.length === 0) return []
    for (const { linkId } of items) taken.add(linkId)
    return [
      {
        instrumentId: open?.instrumentId ?? one.id,
        instrument,
        page: { linkId: 'at-desk', words: instrument.title, group: null, items },
        open: open ?? null,
        answers: open ? currentAnswers(open) : new Map(),
      },
    ]
  })
}

export interface DeskStanding {
  /** Questions of this set that were answered at the desk, and the day on which the last of them was. */
  readonly answered: number
  readonly on: CalendarDay
  /** All questions that show now. */
  readonly asked: number
}

/** How far the desk has come with an assessment; null when nothing of it was told there. */
export function deskStanding(assessment: Assessment): DeskStanding | null {
  const { told } = currentMargins(assessment)
  const days = [...told.values()].filter(({ way }) => way === 'at_desk').map(({ on }) => on)
  const on = days.toSorted().at(-1)
  if (!on) return null
  const enabled = enabledItems(assessment.instrument, currentAnswers(assessment))
  return { answered: days.length, on, asked: askedQuestions(assessment.instrument.items, enabled).length }
}

/** Open, and all that was answered in it was told at the desk: the recommendation has it, the rest is still to be asked. */
export function isOnlyAtDesk(assessment: Assessment): boolean {
  if (stateOf(assessment) !== 'open') return false
  const { told } = currentMargins(assessment)
  const answered = [...currentAnswers(assessment).keys()]
  return answered.length > 0 && answered.every((linkId) => told.get(linkId)?.way === 'at_desk')
}

/** The marked questions with their hints; what stands under them is asked later. */
function deskItems({ items }: Instrument): readonly Item[] {
  return questionsOf(items)
    .filter(({ isAtDesk }) => isAtDesk)
    .map((question) => ({ ...question, items: question.items.filter(({ type }) => type === 'display') }))
}
