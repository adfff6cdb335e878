// The last notes, and a box to write the next one.

import type { Panel, Scene } from '#platform/http/index.ts'
import { notesOf } from '../client-history.store.ts'
import type { Client } from '../client.ts'
import { currentNotes } from '../note.ts'
import { noteRow } from '../pages/notes.page.ts'
import type { KnownOfFile } from './timeline.panel.ts'

/** So many notes are at a glance; the rest is one click away. */
const shownNotes = 4

export async function notesPanel(scene: Scene, client: Client, { ids, surroundings }: KnownOfFile): Promise<Panel> {
  const notes = currentNotes(await notesOf(scene.db, ids))
  return {
    template: 'clients/panels/notes.njk',
    model: {
      action: `/clients/${client.id}/notes`,
      today: scene.today,
      notes: notes.slice(0, shownNotes).map((note) => noteRow(scene, client, note, surroundings)),
      more: notes.length - shownNotes,
    },
  }
}
