// The margin of an answer as it is read: what the client answered alone, what was told before, and the adviser's note.

import type { Scene } from '#platform/http/index.ts'
import { stateOf, type Assessment } from '../assessment.ts'
import { isClientsOwn, type Margins } from '../margin.ts'
import type { StaffNames } from './say.page.ts'

export interface ShownMargin {
  /** Nobody sat beside the client: said wherever the answer shows. */
  readonly isClientsOwn: boolean
  /** Where and when it was told, when that was not in this assessment's own conversation. */
  readonly told: string | null
  readonly note: { readonly text: string; readonly by: string } | null
}

// messages: assessment.told.*

/** The margin of each question of an assessment, from these margins (the current ones, or those of a version). */
export function marginsIn(
  scene: Scene,
  assessment: Assessment,
  { margins, staffName }: { readonly margins: Margins; readonly staffName: StaffNames },
): (linkId: string) => ShownMargin {
  const isElsewhere = toldElsewhere(assessment, margins)
  return (linkId) => {
    const teller = margins.told.get(linkId)
    const note = margins.notes.get(linkId)
    const key = teller?.way === 'at_desk' ? 'at_desk' : 'earlier'
    return {
      isClientsOwn: isClientsOwn(linkId, margins, assessment.manner),
      told: teller && isElsewhere(linkId) ? scene.t(`assessment.told.${key}`, { day: scene.day(teller.on) }) : null,
      note: note
        ? { text: note.text, by: scene.t('assessment.note.by', { name: staffName(note.by), day: scene.day(note.on) }) }
        : null,
    }
  }
}

/** Whether an answer came from the desk, from an earlier assessment, or was changed on another day. */
export function toldElsewhere(assessment: Assessment, { told }: Margins): (linkId: string) => boolean {
  const { answeredOn, startedAt } = assessment
  const startedOn = startedAt.toISOString().slice(0, 10)
  const isOpen = stateOf(assessment) === 'open'
  return (linkId) => {
    const teller = told.get(linkId)
    if (!teller) return false
    return teller.way === 'at_desk' || (isOpen ? teller.on < startedOn : teller.on !== answeredOn)
  }
}
