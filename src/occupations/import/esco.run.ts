// Takes in the files of an ESCO release: occupations and skills in all languages that are there, then what needs what.

import { markGone, removeNeeds, writeNeeds, writeOccupations, writeSkills } from '../occupations-import.store.ts'
import type { SkillKind } from '../occupation.ts'
import { entriesOf, inBatches, seenPairs, type Reading } from './batch.run.ts'
import { escoColumns, escoFile, escoOccupation, escoRelation, escoSkill, type EscoFile } from './esco.ts'
import type { NeedEntry, OccupationEntry, SkillEntry } from './row.ts'
import { readRows, type TableFile } from './table.reader.ts'

interface Known {
  readonly file: TableFile
  readonly is: EscoFile
}

export async function readEsco(reading: Reading, files: readonly TableFile[]): Promise<void> {
  const known = files.flatMap((file): Known[] => {
    const is = escoFile(file.name)
    return is === null ? [] : [{ file, is }]
  })
  await readOccupations(reading, known)
  await readSkills(reading, known)
  // Relations name no words: any one language has them all.
  const relations = known.find(({ is }) => is.kind === 'relations')
  if (relations) await readRelations(reading, relations.file)
}

async function readOccupations(reading: Reading, known: readonly Known[]): Promise<void> {
  const { db, writing, report } = reading
  const files = known.filter(({ is }) => is.kind === 'occupations')
  const seenAnywhere = new Set<string>()
  for (const { file, is } of files) {
    const seen = new Set<string>()
    const batch = inBatches<OccupationEntry>((entries) => writeOccupations(db, writing, entries, report.occupations))
    const read = (values: Record<string, string>) => escoOccupation(values, is.language)
    for await (const { entry, refuse } of entriesOf(reading, file, mannerOf(is), read)) {
      if (seen.has(entry.code)) refuse('comes_twice', entry.code)
      else await batch.add(entry)
      seen.add(entry.code)
      seenAnywhere.add(entry.code)
    }
    await batch.end()
  }
  if (files.length > 0) report.occupations.gone += await markGone(db, writing, seenAnywhere)
}

async function readSkills(reading: Reading, known: readonly Known[]): Promise<void> {
  const { db, writing, report } = reading
  const kinds = await kindsIn(known)
  const files = known.filter(({ is }) => is.kind === 'skills' || is.kind === 'collection')
  // A skill stands in the list of all skills and again in the collections: the first in a language is taken.
  const seen = new Map<string, Set<string>>()
  for (const { file, is } of files.toSorted(
    (a, b) => Number(a.is.kind !== 'skills') - Number(b.is.kind !== 'skills'),
  )) {
    const ofLanguage = seen.get(is.language) ?? new Set()
    seen.set(is.language, ofLanguage)
    const inFile = new Set<string>()
    const batch = inBatches<SkillEntry>((entries) => writeSkills(db, writing, entries, report.skills))
    const read = (values: Record<string, string>) =>
      escoSkill(values, is.language, kinds.get(values['concepturi'] ?? '') ?? null)
    for await (const { entry, refuse } of entriesOf(reading, file, mannerOf(is), read)) {
      if (inFile.has(entry.code)) refuse('comes_twice', entry.code)
      else if (!ofLanguage.has(entry.code)) await batch.add(entry)
      inFile.add(entry.code)
      ofLanguage.add(entry.code)
    }
    await batch.end()
  }
}

/** What the collections say of the kind of their skills. */
async function kindsIn(known: readonly Known[]): Promise<ReadonlyMap<string, SkillKind>> {
  const order: readonly SkillKind[] = ['transversal', 'digital', 'language']
  const kinds = new Map<string, SkillKind>()
  for (const { file, is } of known) {
    if (is.kind !== 'collection') continue
    for await (const { values, problem } of readRows(file, mannerOf(is))) {
      const code = values['concepturi']
      const before = code === undefined ? undefined : kinds.get(code)
      if (code === undefined || problem !== null) continue
      if (before === undefined || order.indexOf(before) < order.indexOf(is.of)) kinds.set(code, is.of)
    }
  }
  return kinds
}

async function readRelations(reading: Reading, file: TableFile): Promise<void> {
  const { db, writing, report } = reading
  const { occupations, skills } = writing
  const seen = seenPairs()
  const batch = inBatches<NeedEntry>((entries) => writeNeeds(db, writing, entries, report.needs))
  const manner = { separator: ',', required: escoColumns.relations } as const
  for await (const { entry, refuse } of entriesOf(reading, file, manner, escoRelation)) {
    const occupation = occupations.get(entry.occupation)
    const skill = skills.get(entry.skill)
    if (occupation === undefined) refuse('no_such_occupation', entry.occupation)
    else if (skill === undefined) refuse('no_such_skill', entry.skill)
    else if (!seen.add(occupation, skill)) refuse('comes_twice', entry.skill)
    else await batch.add(entry)
  }
  await batch.end()
  report.needs.gone += await removeNeeds(db, writing, (occupation, skill) => seen.has(occupation, skill))
}

function mannerOf({ kind }: EscoFile) {
  return { separator: ',', required: escoColumns[kind] } as const
}
