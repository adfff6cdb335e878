// Takes in the files of an O*NET release: occupations with their titles, then the skills and knowledge that matter to each.

import { markGone, removeNeeds, writeNeeds, writeOccupations, writeSkills } from '../occupations-import.store.ts'
import { entriesOf, inBatches, seenPairs, type Reading } from './batch.run.ts'
import { onetColumns, onetFile, onetNeed, onetOccupation, onetTitles, type OnetFile } from './onet.ts'
import { otherLabels, type NeedEntry, type OccupationEntry, type SkillEntry } from './row.ts'
import type { TableFile } from './table.reader.ts'

/** The release has some 60 titles an occupation at most. */
const mostTitles = 200

export async function readOnet(reading: Reading, files: readonly TableFile[]): Promise<void> {
  const of = (kind: OnetFile) => files.filter(({ name }) => onetFile(name) === kind)
  const [occupations] = of('occupations')
  if (occupations) await readOccupations(reading, occupations, await titlesIn(reading, of('titles')))
  const needs = of('needs')
  if (needs.length > 0) await readNeeds(reading, needs)
}

/** Titles by occupation: they stand in files of their own, and are written with the occupation's name. */
async function titlesIn(
  reading: Reading,
  files: readonly TableFile[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const titles = new Map<string, string[]>()
  for (const file of files) {
    for await (const { entry } of entriesOf(reading, file, mannerOf('titles'), onetTitles)) {
      const known = titles.get(entry.code) ?? []
      titles.set(entry.code, known)
      if (known.length < mostTitles) known.push(...entry.titles)
    }
  }
  return titles
}

async function readOccupations(
  reading: Reading,
  file: TableFile,
  titles: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const { db, writing, report } = reading
  const seen = new Set<string>()
  const batch = inBatches<OccupationEntry>((entries) => writeOccupations(db, writing, entries, report.occupations))
  for await (const { entry, refuse } of entriesOf(reading, file, mannerOf('occupations'), onetOccupation)) {
    const labels = otherLabels(entry.name, titles.get(entry.code) ?? [])
    if (seen.has(entry.code)) refuse('comes_twice', entry.code)
    else await batch.add({ ...entry, isco: null, language: 'en', otherLabels: labels })
    seen.add(entry.code)
  }
  await batch.end()
  report.occupations.gone += await markGone(db, writing, seen)
}

async function readNeeds(reading: Reading, files: readonly TableFile[]): Promise<void> {
  const { db, writing, report } = reading
  const seen = seenPairs()
  const skillsSeen = new Set<string>()
  const needs = inBatches<NeedEntry>((entries) => writeNeeds(db, writing, entries, report.needs))
  for (const file of files) {
    const kind = file.name.toLowerCase() === 'knowledge.txt' ? 'knowledge' : 'skill'
    const read = (values: Record<string, string>) => onetNeed(values, kind)
    for await (const { entry, refuse } of entriesOf(reading, file, mannerOf('needs'), read)) {
      const occupation = writing.occupations.get(entry.need.occupation)
      if (occupation === undefined) {
        refuse('no_such_occupation', entry.need.occupation)
        continue
      }
      // Some 70 skills are told again with each of a thousand occupations.
      if (!skillsSeen.has(entry.skill.code)) await writeSkill(reading, entry.skill)
      skillsSeen.add(entry.skill.code)
      const skill = writing.skills.get(entry.skill.code)
      if (skill === undefined) throw new Error('A skill that was just written is not known.')
      if (seen.add(occupation, skill)) await needs.add(entry.need)
      else refuse('comes_twice', entry.skill.name)
    }
  }
  await needs.end()
  report.needs.gone += await removeNeeds(db, writing, (occupation, skill) => seen.has(occupation, skill))
}

async function writeSkill({ db, writing, report }: Reading, skill: SkillEntry): Promise<void> {
  await writeSkills(db, writing, [skill], report.skills)
}

function mannerOf(kind: OnetFile) {
  return { separator: '\t', required: onetColumns[kind] } as const
}
