// A file's notes: written, read, corrected.

import { z } from 'zod'
import {
  noProblems,
  readDay,
  readForm,
  requiredText,
  textOf,
  type FieldProblem,
  type FormBody,
  type Scene,
} from '#platform/http/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { Client } from '../client.ts'
import type { CurrentNote, Note } from '../note.ts'
import type { Surroundings } from '../surroundings.scene.ts'
import { fileHead } from './file.page.ts'

const noteForm = z.object({ words: requiredText('clients.notes.words_missing', 10_000) })

/** Reads a note; the day is today's when left out. */
export function readNote(
  body: FormBody,
  today: CalendarDay,
): Result<{ about: CalendarDay; words: string }, FieldProblem[]> {
  const form = readForm(noteForm, body)
  const day = readDay(body, 'about')
  const problems = [...(form.ok ? [] : form.problem), ...(day.ok ? [] : day.problem)]
  if (day.ok && day.value && day.value > today) problems.push({ field: 'about', key: 'clients.notes.day_in_future' })
  if (!form.ok || !day.ok || problems.length > 0) return refused(problems)
  return ok({ about: day.value ?? today, words: form.value.words })
}

interface Noting {
  readonly notes: readonly CurrentNote[]
  readonly surroundings: Surroundings
  readonly body?: FormBody
  readonly problems?: readonly FieldProblem[]
}

export function notesPage(scene: Scene, client: Client, { notes, surroundings, body = {}, problems = [] }: Noting) {
  return {
    title: scene.t('clients.notes.title'),
    head: fileHead(client),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    action: `/clients/${client.id}/notes`,
    today: scene.today,
    typed: { words: textOf(body, 'words'), about: textOf(body, 'about') || scene.today },
    notes: notes.map((note) => noteRow(scene, client, note, surroundings)),
  }
}

export function noteRow(scene: Scene, client: Pick<Client, 'id'>, note: CurrentNote, surroundings: Surroundings) {
  const written = (one: Note) => ({
    by: surroundings.staffName(one.authorId),
    at: scene.moment(one.writtenAt),
    day: scene.day(one.about),
    words: one.words,
  })
  return {
    ...written(note),
    id: note.id,
    correctHref: `/clients/${client.id}/notes/${note.id}/correct`,
    earlier: note.earlier.map(written),
  }
}

interface Correcting {
  readonly note: Note
  readonly body?: FormBody
  readonly problems?: readonly FieldProblem[]
}

export function correctNotePage(scene: Scene, client: Client, { note, body, problems = [] }: Correcting) {
  return {
    title: scene.t('clients.notes.correct_title'),
    head: fileHead(client),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    action: `/clients/${client.id}/notes/${note.id}/correct`,
    today: scene.today,
    typed: body
      ? { words: textOf(body, 'words'), about: textOf(body, 'about') }
      : { words: note.words, about: note.about },
  }
}
