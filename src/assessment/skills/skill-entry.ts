// What a client tells of jobs, tasks, credentials, languages and skills. An entry never changes: it is taken back, or another
// takes its place, so that the entries are their own history.

import type { OccupationId, SkillId } from '#occupations/index.ts'
import type { ClientId, Id, StaffId } from '#platform/ids.ts'

export type SkillEntryId = Id<'skill_entry'>

export const entryKinds = ['job_held', 'job_aim', 'task', 'skill', 'credential', 'language'] as const
export type EntryKind = (typeof entryKinds)[number]

/** Whether a credential counts here. */
export const recognitions = ['earned_here', 'yes', 'asked_for', 'no', 'not_known'] as const
export type Recognition = (typeof recognitions)[number]

/** CEFR, and none below it. */
export const entryLevels = ['none', 'A1', 'A2', 'B1', 'B2', 'C1', 'C2'] as const
export type EntryLevel = (typeof entryLevels)[number]

/** What an entry says. Of a language, `words` is its BCP 47 tag. */
export interface Told {
  readonly kind: EntryKind
  readonly words: string
  readonly occupationId: OccupationId | null
  readonly skillId: SkillId | null
  /** The job that it was told with. */
  readonly about: SkillEntryId | null
  readonly years: number | null
  readonly place: string | null
  readonly recognised: Recognition | null
  readonly level: EntryLevel | null
}

export interface SkillEntry extends Told {
  readonly id: SkillEntryId
  readonly clientId: ClientId
  readonly replaces: SkillEntryId | null
  readonly addedBy: StaffId
  readonly addedAt: Date
  readonly removedBy: StaffId | null
  readonly removedAt: Date | null
}

/** An entry of the kind with nothing said but its words. */
export function told(kind: EntryKind, words: string, more: Partial<Omit<Told, 'kind' | 'words'>> = {}): Told {
  return {
    ...{ kind, words, occupationId: null, skillId: null, about: null, years: null, place: null, recognised: null },
    level: null,
    ...more,
  }
}

/** Those that stand: neither taken back nor replaced. The same skill or language told in two files of one person is one. */
export function standing(entries: readonly SkillEntry[]): readonly SkillEntry[] {
  const seen = new Set<string>()
  return entries.filter((entry) => {
    if (entry.removedAt !== null) return false
    const key = entry.skillId ?? (entry.kind === 'language' ? `language ${entry.words}` : entry.id)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** What of a job's skills is on the list, and what is not told so far, each in the order of the job's skills. A skill in
 *  the person's own words counts when it is called alike. */
export function compareSkills<Skill extends { readonly id: SkillId; readonly name: string }>(
  needed: readonly Skill[],
  entries: readonly SkillEntry[],
): { readonly has: readonly Skill[]; readonly missing: readonly Skill[] } {
  const skills = standing(entries).filter(({ kind }) => kind === 'skill' || kind === 'task')
  const ids = new Set(skills.map(({ skillId }) => skillId))
  const words = new Set(skills.map((entry) => plain(entry.words)))
  const isTold = (skill: Skill) => ids.has(skill.id) || words.has(plain(skill.name))
  return { has: needed.filter(isTold), missing: needed.filter((skill) => !isTold(skill)) }
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim()
}
