// What is typed on the page of jobs and skills: one form for each kind of entry.

import { z } from 'zod'
import {
  oneOf,
  optionalText,
  readForm,
  requiredText,
  textOf,
  type FieldProblem,
  type FormBody,
} from '#platform/http/index.ts'
import { isLanguage } from '#platform/languages.ts'
import { parseId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { entryLevels, recognitions, told, type EntryKind, type SkillEntryId, type Told } from './skill-entry.ts'

/** Years may be halves: `2.5`, `2,5`. */
const years = z
  .string()
  .optional()
  .transform((value) => (value ?? '').trim().replace(',', '.'))
  .refine(
    (value) => value === '' || (/^\d{1,2}(\.\d)?$/.test(value) && Number(value) <= 70),
    'assessment.skills.years_wrong',
  )
  .transform((value) => (value === '' ? null : Number(value)))

const held = z.object({ words: requiredText('assessment.skills.job_missing'), years, place: optionalText(120) })
const aim = z.object({ words: requiredText('assessment.skills.aim_missing') })
const task = z.object({ words: requiredText('assessment.skills.task_missing', 300) })
const skill = z.object({ words: requiredText('assessment.skills.skill_missing', 300) })
const credential = z.object({
  words: requiredText('assessment.skills.credential_missing'),
  place: optionalText(120),
  recognised: oneOf(recognitions, 'assessment.skills.recognised_missing'),
})
const language = z.object({
  words: z
    .string({ error: 'assessment.skills.language_missing' })
    .refine((tag) => isLanguage(tag), 'assessment.skills.language_missing'),
  level: oneOf(entryLevels, 'assessment.skills.level_missing'),
})

/** What a form of that kind says, or what is wrong with it; a problem's field is named as the page names it (`job_held-words`). */
export function readEntry(kind: EntryKind, body: FormBody): Result<Told, FieldProblem[]> {
  const read = readByKind(kind, body)
  if (read.ok) return read
  return refused(read.problem.map((problem) => ({ ...problem, field: `${kind}-${problem.field}` })))
}

/** The id that the form was drawn with. */
export function drawnEntry(body: FormBody): SkillEntryId | null {
  return parseId<'skill_entry'>(textOf(body, 'entry'))
}

function readByKind(kind: EntryKind, body: FormBody): Result<Told, FieldProblem[]> {
  switch (kind) {
    case 'job_held':
      return saying(readForm(held, body), ({ words, ...more }) => told(kind, words, more))
    case 'job_aim':
      return saying(readForm(aim, body), ({ words }) => told(kind, words))
    case 'task':
      return saying(readForm(task, body), ({ words }) => told(kind, words))
    case 'skill':
      return saying(readForm(skill, body), ({ words }) => told(kind, words))
    case 'credential':
      return saying(readForm(credential, body), ({ words, ...more }) => told(kind, words, more))
    case 'language':
      return saying(readForm(language, body), ({ words, level }) => told(kind, words, { level }))
  }
}

function saying<T>(read: Result<T, FieldProblem[]>, entry: (value: T) => Told): Result<Told, FieldProblem[]> {
  return read.ok ? ok(entry(read.value)) : read
}
