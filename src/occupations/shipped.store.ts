// The list that comes with Waypost: some eighty occupations that clients of one-stop centres have and aim at, in English.

import { z } from 'zod'
import type { Db } from '#platform/db/index.ts'
import type { NetworkId } from '#platform/ids.ts'
import { otherLabels, type NeedEntry, type SkillEntry } from './import/row.ts'
import {
  beginWriting,
  endWriting,
  markGone,
  noCounts,
  removeNeeds,
  writeNeeds,
  writeOccupations,
  writeSkills,
} from './occupations-import.store.ts'
import { skillKinds, type Relation } from './occupation.ts'
import shippedList from './shipped/occupations.json' with { type: 'json' }

const codes = z.array(z.string())
const listShape = z.object({
  skills: z.array(z.object({ code: z.string(), name: z.string(), kind: z.enum(skillKinds) })),
  occupations: z.array(
    z.object({
      ...{ code: z.string(), name: z.string(), also: codes, isco: z.string().nullable(), soc: z.string().nullable() },
      ...{ essential: codes, optional: codes },
    }),
  ),
})

export const shipped = listShape.parse(shippedList)

/** Puts the list into a network, or brings it to that of this version; the same again changes nothing. Runs as the job. */
export async function installShippedOccupations(db: Db, networkId: NetworkId, now: Date): Promise<void> {
  const writing = await beginWriting(db, { networkId, source: 'waypost', now })
  const [occupations, skills, needs] = [noCounts(), noCounts(), noCounts()]
  await writeOccupations(
    db,
    writing,
    shipped.occupations.map(({ code, isco, soc, name, also }) => ({
      ...{ code, isco, soc, language: 'en', name, otherLabels: otherLabels(name, also), description: null },
    })),
    occupations,
  )
  const seen = new Set(shipped.occupations.map(({ code }) => code))
  occupations.gone = await markGone(db, writing, seen)
  await writeSkills(
    db,
    writing,
    shipped.skills.map((skill): SkillEntry => ({ ...skill, language: 'en' })),
    skills,
  )
  const wanted = shipped.occupations.flatMap((one) => [
    ...needsOf(one.code, one.essential, 'essential'),
    ...needsOf(one.code, one.optional, 'optional'),
  ])
  await writeNeeds(db, writing, wanted, needs)
  const pairs = new Set(
    wanted.map((need) => `${writing.occupations.get(need.occupation)} ${writing.skills.get(need.skill)}`),
  )
  needs.gone = await removeNeeds(db, writing, (occupation, skill) => pairs.has(`${occupation} ${skill}`))
  const isChanged = [occupations, skills, needs].some(({ added, changed, gone }) => added + changed + gone > 0)
  await endWriting(db, writing, isChanged)
}

function needsOf(occupation: string, skills: readonly string[], relation: Relation): readonly NeedEntry[] {
  return skills.map((skill) => ({ occupation, skill, relation, importance: null }))
}
