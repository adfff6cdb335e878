// What stands in the margin of an answer: who told it and by which way, and the adviser's note. Never matched on.

import type { CalendarDay } from '#platform/dates.ts'
import type { StaffId } from '#platform/ids.ts'
import { changedQuestions, type Answers } from './answers.ts'

/** How the answers came: in a conversation, on paper and typed in afterwards, or by the client alone. */
export const manners = ['in_person', 'paper', 'by_client'] as const
export type Manner = (typeof manners)[number]

/** The ways of an assessment, and the short conversation at the front desk. */
export type Way = Manner | 'at_desk'

export interface Told {
  readonly way: Way
  /** The day on which it was told. */
  readonly on: CalendarDay
  /** Who wrote it down; null when the client did so alone. */
  readonly by: StaffId | null
}

export interface Note {
  readonly text: string
  readonly by: StaffId | null
  readonly on: CalendarDay
}

/** By link id. An answer from before tellings were kept has none; then the way of its assessment says it. */
export interface Margins {
  readonly told: ReadonlyMap<string, Told>
  readonly notes: ReadonlyMap<string, Note>
}

export const noMargins: Margins = { told: new Map(), notes: new Map() }

/** Notes are for a detail beside an answer; what is longer belongs with the client's notes. */
export const longestNote = 300

/** Each answer that is new or different is told now; the others keep who told them. What is no longer answered loses its teller. */
export function toldAfter(before: Answers, after: Answers, margins: Margins, now: Told): Margins {
  const changed = new Set(changedQuestions(before, after))
  const told = [...after.keys()].flatMap((linkId) => {
    const teller = changed.has(linkId) ? now : margins.told.get(linkId)
    return teller ? [[linkId, teller] as const] : []
  })
  return { told: new Map(told), notes: margins.notes }
}

/** The notes with those of one page put in place. Empty text takes a note away; the same text keeps who wrote it. */
export function withNotes(margins: Margins, typed: ReadonlyMap<string, string>, hand: Omit<Note, 'text'>): Margins {
  const notes = new Map(margins.notes)
  for (const [linkId, text] of typed) {
    if (text === '') notes.delete(linkId)
    else if (notes.get(linkId)?.text !== text) notes.set(linkId, { ...hand, text })
  }
  return { told: margins.told, notes }
}

/** The link ids of questions whose notes differ. */
export function changedNotes(before: Margins, after: Margins): readonly string[] {
  const all = new Set([...before.notes.keys(), ...after.notes.keys()])
  return [...all].filter((linkId) => before.notes.get(linkId)?.text !== after.notes.get(linkId)?.text)
}

/** Whether the client answered this without anyone beside them. */
export function isClientsOwn(linkId: string, { told }: Margins, manner: Manner): boolean {
  return (told.get(linkId)?.way ?? manner) === 'by_client'
}
