// One set of questions put to one client: how far it is, and what can be done next.

import type { CalendarDay } from '#platform/dates.ts'
import type { AssessmentId, ClientId, Id, SiteId, StaffId } from '#platform/ids.ts'
import { askedQuestions, enabledItems, type Answers } from './answers.ts'
import { pagesOf, type Instrument, type InstrumentPage } from './instrument.ts'
import { noMargins, type Manner, type Margins } from './margin.ts'

export type InstrumentId = Id<'instrument'>

export interface Assessment {
  readonly id: AssessmentId
  readonly reference: string
  readonly clientId: ClientId
  readonly siteId: SiteId
  readonly restrictedTo: readonly StaffId[] | null
  readonly instrumentId: InstrumentId
  readonly instrument: Instrument
  readonly manner: Manner
  readonly language: string
  /** The day on which the client answered; null while a conversation has not ended. */
  readonly answeredOn: CalendarDay | null
  /** What is being answered or changed; null when nothing is open. */
  readonly draft: Answers | null
  /** The completed answers; null before the first time. */
  readonly answers: Answers | null
  /** What stands beside the answers being worked on, and beside the completed ones; each null where its answers are. */
  readonly draftMargins: Margins | null
  readonly margins: Margins | null
  readonly version: number
  readonly startedBy: StaffId | null
  readonly startedAt: Date
  readonly savedBy: StaffId | null
  readonly savedAt: Date
  readonly completedBy: StaffId | null
  readonly completedAt: Date | null
  readonly discardedAt: Date | null
}

export type AssessmentState = 'open' | 'completed' | 'changing' | 'discarded'

export function stateOf({ completedAt, discardedAt, draft }: Assessment): AssessmentState {
  if (discardedAt) return 'discarded'
  if (!completedAt) return 'open'
  return draft ? 'changing' : 'completed'
}

/** The answers as they stand now: those being worked on, else the completed ones. */
export function currentAnswers({ draft, answers }: Assessment): Answers {
  return draft ?? answers ?? new Map()
}

export function currentMargins({ draftMargins, margins }: Assessment): Margins {
  return draftMargins ?? margins ?? noMargins
}

export interface PageProgress {
  readonly page: InstrumentPage
  readonly asked: number
  readonly answered: number
  /** Required questions without an answer. */
  readonly missing: number
}

/** The pages that are asked, with how many of their questions are answered. A page whose group does not show is left out. */
export function progressOf(instrument: Instrument, answers: Answers): readonly PageProgress[] {
  const enabled = enabledItems(instrument, answers)
  return pagesOf(instrument).flatMap((page) => {
    const asked = askedQuestions(page.items, enabled)
    // A page of words alone is still a page; one where nothing at all shows is none.
    if (!page.items.some((item) => enabled.has(item.linkId))) return []
    const open = asked.filter((question) => !answers.has(question.linkId))
    const missing = open.filter((question) => question.isRequired).length
    return [{ page, asked: asked.length, answered: asked.length - open.length, missing }]
  })
}

/** The page after this one, of those that are asked; null after the last. */
export function pageAfter(instrument: Instrument, answers: Answers, linkId: string): InstrumentPage | null {
  const order = pagesOf(instrument).map((page) => page.linkId)
  const at = order.indexOf(linkId)
  return progressOf(instrument, answers).find(({ page }) => order.indexOf(page.linkId) > at)?.page ?? null
}
