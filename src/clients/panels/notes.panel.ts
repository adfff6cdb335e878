// The last notes, and a box to write the next one.

import type { Panel, Scene } from '#platform/http/index.ts'
import { notesOf } from '../client-history.store.ts'
import type { Client } from '../client.ts'
import { idsOfFile } from '../clients.store.ts'
import { currentNotes } from '../note.ts'
import { noteRow } from '../pages/notes.page.ts'
import { surroundingsOf } from '../surroundings.scene.ts'

/** So many notes are at a glance; the rest is one click away. */
const shownNotes = 4

export async function notesPanel(scene: Scene, client: Client): Promise<Panel> {
  const surroundings = await surroundingsOf(scene)
  const notes = currentNotes(await notesOf(scene.db, await idsOfFile(scene.db, client.id)))
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
