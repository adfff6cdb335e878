// Dated notes. A correction is a note of its own that points at the one it corrects; both stay readable.

import type { CalendarDay } from '#platform/dates.ts'
import type { Id, StaffId } from '#platform/ids.ts'

export type NoteId = Id<'note'>

export interface Note {
  readonly id: NoteId
  /** The day that the note is about. */
  readonly about: CalendarDay
  readonly words: string
  readonly authorId: StaffId
  readonly writtenAt: Date
  readonly corrects: NoteId | null
}

export interface CurrentNote extends Note {
  /** What it said before, the latest first; empty for a note never corrected. */
  readonly earlier: readonly Note[]
}

/** The notes as they read now, in the order given, each with what it said before. */
export function currentNotes(notes: readonly Note[]): readonly CurrentNote[] {
  const byId = new Map(notes.map((note) => [note.id, note]))
  const corrected = new Set(notes.map((note) => note.corrects))
  return notes.filter((note) => !corrected.has(note.id)).map((note) => ({ ...note, earlier: earlierThan(note, byId) }))
}

function earlierThan(note: Note, byId: ReadonlyMap<NoteId, Note>): readonly Note[] {
  const before = note.corrects ? byId.get(note.corrects) : undefined
  return before ? [before, ...earlierThan(before, byId)] : []
}
