// Skills of a job for ticking: ten at a time, the essential ones first.

import { fullName, type Client } from '#clients/index.ts'
import { licencePanel, type NeededSkill, type Occupation } from '#occupations/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { compareSkills, type SkillEntry } from '../skill-entry.ts'

/** So many are read through at a desk; more are a wall. */
export const tickSize = 10

interface Ticking {
  readonly entry: SkillEntry
  readonly entries: readonly SkillEntry[]
  readonly occupation: Occupation
  readonly skills: readonly NeededSkill[]
  readonly from: number
}

export function tickPage(scene: Scene, client: Client, { entry, entries, occupation, skills, from }: Ticking) {
  const base = `/clients/${client.id}/skills`
  const shown = skills.slice(from, from + tickSize)
  const has = new Set(compareSkills(skills, entries).has.map(({ id }) => id))
  return {
    title: scene.t('assessment.skills.tick_title'),
    clientName: fullName(client),
    backHref: base,
    action: `${base}/${entry.id}/tick?from=${from}`,
    occupation: { name: occupation.name, language: occupation.language },
    isAim: entry.kind === 'job_aim',
    doneHref: entry.kind === 'job_aim' ? `${base}/${entry.id}` : base,
    range:
      shown.length === 0
        ? null
        : scene.t('assessment.skills.tick_range', { first: from + 1, last: from + shown.length, all: skills.length }),
    isMore: from + tickSize < skills.length,
    skills: shown.map(({ id, name, language, relation }) => ({
      id,
      name,
      language,
      isEssential: relation === 'essential',
      isTicked: has.has(id),
    })),
    licence: licencePanel(scene, [occupation]),
  }
}
