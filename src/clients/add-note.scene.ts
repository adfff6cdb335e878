// A note in the file by the hand of whoever acts, with its trace in the file's history.

import type { CalendarDay } from '#platform/dates.ts'
import type { Scene } from '#platform/http/index.ts'
import { addEvent, insertNote } from './client-history.store.ts'
import type { Client } from './client.ts'
import type { NoteId } from './note.ts'
import { handOf } from './surroundings.scene.ts'

/** `about`: the day that it is about. Gives the note's id. */
export async function addNote(
  scene: Scene,
  client: Client,
  note: { readonly about: CalendarDay; readonly words: string },
): Promise<NoteId> {
  const hand = handOf(scene)
  const noteId = await insertNote(scene.db, hand, client, { ...note, corrects: null })
  await addEvent(scene.db, hand, client, { kind: 'note_added', facts: { noteId } })
  return noteId
}
