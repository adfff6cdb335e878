// The page of a client's jobs and skills: what was told, by kind, with a form for each.

import { fullName, type Client } from '#clients/index.ts'
import { licencePanel, type Occupation, type OccupationId, type Skill, type SkillId } from '#occupations/index.ts'
import { noProblems, textOf, type FieldProblem, type FormBody, type Scene } from '#platform/http/index.ts'
import { newId } from '#platform/ids.ts'
import { languageChoices, namedLanguage } from '#platform/languages.ts'
import { entryKinds, entryLevels, recognitions, standing, type EntryKind, type SkillEntry } from '../skill-entry.ts'
import { suggestScript } from './script.page.ts'

// messages: assessment.skills.kind.*
// messages: assessment.skills.add.*
// messages: assessment.skills.recognised.*
// messages: assessment.skills.level.*
// messages: assessment.skills.history.*

export type StaffNames = ReadonlyMap<string, string>

/** So many of a kind are read at a glance; the rest is one click away. */
const firstShown = 10

interface Listing {
  readonly entries: readonly SkillEntry[]
  readonly occupations: ReadonlyMap<OccupationId, Occupation>
  /** Those ticked: their names are words of a source. */
  readonly skills: ReadonlyMap<SkillId, Skill>
  readonly staffNames: StaffNames
  /** What was typed into the form of that kind, and what is wrong with it. */
  readonly kind?: EntryKind
  readonly body?: FormBody
  readonly problems?: readonly FieldProblem[]
}

export function skillsPage(scene: Scene, client: Client, listing: Listing) {
  const { entries, occupations, skills, kind, body = {}, problems = [] } = listing
  const told = standing(entries)
  const typed = (of: EntryKind) => (name: string) => (of === kind ? textOf(body, name) : '')
  return {
    title: scene.t('assessment.skills.title'),
    clientName: fullName(client),
    clientHref: `/clients/${client.id}`,
    action: `/clients/${client.id}/skills`,
    script: suggestScript,
    problems: problems.length > 0 ? problemsOf(scene, problems) : noProblems,
    sections: entryKinds.map((of) => {
      const rows = told.filter((entry) => entry.kind === of).map((entry) => entryRow(scene, client, entry, occupations))
      const field = typed(of)
      return {
        kind: of,
        title: scene.t(`assessment.skills.kind.${of}`),
        rows: rows.slice(0, firstShown),
        more: rows.slice(firstShown),
        moreText: scene.t('assessment.skills.more_skills', { count: Math.max(0, rows.length - firstShown) }),
        add: scene.t(`assessment.skills.add.${of}`),
        isOpen: kind === undefined ? of === 'job_held' && rows.length === 0 : of === kind,
        isJob: of === 'job_held' || of === 'job_aim',
        entry: (of === kind && textOf(body, 'entry')) || newId<'skill_entry'>(scene.now.getTime()),
        typed: { words: field('words'), years: field('years'), place: field('place') },
        recognitions: recognitions.map((value) => ({
          value,
          text: scene.t(`assessment.skills.recognised.${value}`),
          checked: field('recognised') === value,
        })),
        languages: languageItems(scene, field('words')),
        levels: levelItems(scene, field('level')),
      }
    }),
    history: historyOf(scene, listing),
    licence: licencePanel(scene, [...occupations.values(), ...skills.values()]),
  }
}

/** One entry in words, also for the panel on the client's page. */
export function entryRow(
  scene: Pick<Scene, 't' | 'locale' | 'words'>,
  client: Pick<Client, 'id'>,
  entry: SkillEntry,
  occupations: ReadonlyMap<OccupationId, Occupation>,
) {
  const { id, kind, words, years, place, recognised, level, occupationId } = entry
  const base = `/clients/${client.id}/skills/${id}`
  const occupation = occupationId === null ? undefined : occupations.get(occupationId)
  const isJob = kind === 'job_held' || kind === 'job_aim'
  return {
    id,
    ...(kind === 'language' ? { words: namedLanguage(scene, words), isContent: false } : { words, isContent: true }),
    // Said in the same words already: once is enough.
    occupation:
      occupation && occupation.name.toLowerCase() !== words.toLowerCase()
        ? { name: occupation.name, language: occupation.language }
        : null,
    facts: [
      ...(years === null ? [] : [scene.t('assessment.skills.years', { years })]),
      ...(recognised === null ? [] : [scene.t(`assessment.skills.recognised.${recognised}`)]),
      ...(level === null ? [] : [scene.t(`assessment.skills.level.${level}`)]),
    ],
    place,
    chooseHref: isJob && occupationId === null ? `${base}/occupation` : null,
    jobHref: isJob && occupationId !== null ? base : null,
    tickHref: isJob && occupationId !== null ? `${base}/tick` : null,
    isAim: kind === 'job_aim',
    removeAction: `${base}/remove`,
  }
}

/** What stands before a problem for those who hear the page comes from the catalogue too. */
function problemsOf(scene: Scene, problems: readonly FieldProblem[]) {
  const shown = scene.problems(problems)
  const visuallyHiddenText = scene.t('assessment.answer.error')
  const byField = Object.entries(shown.byField).map(
    ([field, problem]) => [field, { ...problem, visuallyHiddenText }] as const,
  )
  return { ...shown, byField: Object.fromEntries(byField) }
}

function historyOf(scene: Scene, { entries, occupations, staffNames }: Listing) {
  const rows = entries.flatMap((entry) => {
    const { addedAt, addedBy, removedAt, removedBy, replaces, kind } = entry
    const words = kind === 'language' ? namedLanguage(scene, entry.words) : entry.words
    const occupation = entry.occupationId === null ? undefined : occupations.get(entry.occupationId)
    const isReplaced = entries.some((other) => other.replaces === entry.id)
    const line = (at: Date, by: string | null, what: string) => ({
      at,
      when: scene.moment(at),
      by: (by !== null && staffNames.get(by)) || '',
      what: scene.t(`assessment.skills.history.${what}`, { kind: scene.t(`assessment.skills.kind.${kind}`) }),
      words,
      occupation: occupation?.name ?? null,
    })
    return [
      line(addedAt, addedBy, replaces === null ? 'added' : 'changed'),
      // What took its place is told once, by the new entry.
      ...(removedAt === null || isReplaced ? [] : [line(removedAt, removedBy, 'removed')]),
    ]
  })
  return rows.toSorted((a, b) => b.at.getTime() - a.at.getTime())
}

function languageItems(scene: Scene, chosen: string) {
  return [
    { value: '', text: scene.t('assessment.skills.choose'), selected: chosen === '' },
    ...languageChoices(scene.locale, []).map(({ tag }) => ({
      value: tag,
      text: namedLanguage(scene, tag),
      selected: tag === chosen,
    })),
  ]
}

function levelItems(scene: Scene, chosen: string) {
  return [
    { value: '', text: scene.t('assessment.skills.choose'), selected: chosen === '' },
    ...entryLevels.map((value) => ({
      value,
      text: scene.t(`assessment.skills.level.${value}`),
      selected: value === chosen,
    })),
  ]
}
