// Notes of a file.

import { z } from 'zod'
import { idOf, notFound, page, type Routes, type Scene } from '#platform/http/index.ts'
import { addNote } from './add-note.scene.ts'
import { addEvent, insertNote, notesOf } from './client-history.store.ts'
import type { Client } from './client.ts'
import { idsOfFile } from './clients.store.ts'
import { backToFile } from './after-change.scene.ts'
import { currentNotes, type CurrentNote, type NoteId } from './note.ts'
import { inFile } from './open-file.guard.ts'
import { correctNotePage, notesPage, readNote } from './pages/notes.page.ts'
import { handOf, surroundingsOf } from './surroundings.scene.ts'

const roles = ['adviser', 'manager'] as const
const ofFile = { params: z.object({ id: idOf<'client'>() }), roles }
const ofNote = { params: z.object({ id: idOf<'client'>(), note: idOf<'note'>() }), roles }

export function noteRoutes(routes: Routes): void {
  routes.staff('GET', '/clients/:id/notes', ofFile, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const [notes, surroundings] = [await notesIn(scene, client), await surroundingsOf(scene)]
      return page('clients/pages/notes.njk', notesPage(scene, client, { notes, surroundings }))
    }),
  )

  routes.staff('POST', '/clients/:id/notes', ofFile, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const note = readNote(body, scene.today)
      if (!note.ok) {
        const [notes, surroundings] = [await notesIn(scene, client), await surroundingsOf(scene)]
        const again = notesPage(scene, client, { notes, surroundings, body, problems: note.problem })
        return page('clients/pages/notes.njk', again, { status: 400 })
      }
      await addNote(scene, client, note.value)
      return backToFile(client, scene.t('clients.notes.done'))
    }),
  )

  routes.staff('GET', '/clients/:id/notes/:note/correct', ofNote, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const note = (await currentNote(scene, client, params.note)) ?? notFound()
      return page('clients/pages/correct-note.njk', correctNotePage(scene, client, { note }))
    }),
  )

  routes.staff('POST', '/clients/:id/notes/:note/correct', ofNote, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      // A note already corrected is corrected by its newest words: the page is gone, and the list shows them.
      const note = (await currentNote(scene, client, params.note)) ?? notFound()
      const corrected = readNote(body, scene.today)
      if (!corrected.ok) {
        const again = correctNotePage(scene, client, { note, body, problems: corrected.problem })
        return page('clients/pages/correct-note.njk', again, { status: 400 })
      }
      const hand = handOf(scene)
      const noteId = await insertNote(scene.db, hand, client, { ...corrected.value, corrects: note.id })
      await addEvent(scene.db, hand, client, { kind: 'note_corrected', facts: { noteId, corrects: note.id } })
      return backToFile(client, scene.t('clients.notes.corrected'))
    }),
  )
}

async function notesIn(scene: Scene, client: Client): Promise<readonly CurrentNote[]> {
  return currentNotes(await notesOf(scene.db, await idsOfFile(scene.db, client.id)))
}

async function currentNote(scene: Scene, client: Client, id: NoteId): Promise<CurrentNote | undefined> {
  return (await notesIn(scene, client)).find((note) => note.id === id)
}
