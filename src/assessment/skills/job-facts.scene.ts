// What can be said of a job beside a client's skills: what is missing and who may teach it, what is near, how its market is.

import type { Client } from '#clients/index.ts'
import { servicesThatTeach } from '#directory/index.ts'
import {
  foldedWords,
  labourMarketOf,
  relatedOccupations,
  type LabourMarket,
  type NeededSkill,
  type Occupation,
  type OccupationId,
  type RelatedOccupation,
  type SkillId,
} from '#occupations/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { compareSkills, standing, type SkillEntry } from './skill-entry.ts'
import { tellingStems, typesThatTeach, whoMayTeach, type MayTeach } from './teaching.ts'

export interface JobFacts {
  readonly has: readonly NeededSkill[]
  readonly missing: readonly NeededSkill[]
  /** By the skill's id. */
  readonly teachers: ReadonlyMap<string, readonly MayTeach[]>
  readonly related: readonly RelatedOccupation[]
  /** How many of this person's skills stood behind `related`; 0: those of the job itself. */
  readonly ownSkills: number
  readonly markets: ReadonlyMap<OccupationId, LabourMarket>
}

/** Fewer skills than this describe nobody: then what is near the job itself is shown. */
const fewestOwnSkills = 4

export async function jobFacts(
  scene: Pick<Scene, 'db' | 'locale'>,
  client: Pick<Client, 'residenceArea'>,
  {
    entries,
    occupation,
    skills,
  }: { entries: readonly SkillEntry[]; occupation: Occupation; skills: readonly NeededSkill[] },
): Promise<JobFacts> {
  const { db, locale } = scene
  const { has, missing } = compareSkills(skills, entries)
  const stems = missing.flatMap(({ name }) => tellingStems(name, foldedWords))
  const services = await servicesThatTeach(db, stems, typesThatTeach(missing))
  const told = standing(entries)
  const own = told.flatMap(({ skillId }) => skillId ?? [])
  const near = (ids: readonly SkillId[]) =>
    relatedOccupations(db, ids, {
      without: [occupation.id, ...told.flatMap(({ occupationId }) => occupationId ?? [])],
      wished: [locale],
    })
  const byOwn = own.length >= fewestOwnSkills ? await near(own) : []
  const isOwn = byOwn.length > 0
  const related = isOwn ? byOwn : await near(skills.map(({ id }) => id))
  return {
    ...{ has, missing, related },
    teachers: whoMayTeach(missing, services, foldedWords),
    ownSkills: isOwn ? own.length : 0,
    markets: await labourMarketOf(db, [occupation, ...related], client.residenceArea),
  }
}
