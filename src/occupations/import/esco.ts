// ESCO's classification release in CSV (European Commission): one set of files for each language, side by side.
// Source: ESCO, "Download ESCO dataset", content classification, type CSV; its files of versions 1.1 and 1.2.

import type { Result } from '#platform/result.ts'
import { ok, refused } from '#platform/result.ts'
import {
  otherLabels,
  type NeedEntry,
  type OccupationEntry,
  type RowReason,
  type SkillEntry,
  type Values,
} from './row.ts'
import type { SkillKind } from '../occupation.ts'

export type EscoFile =
  | { readonly kind: 'occupations' | 'skills' | 'relations'; readonly language: string }
  | { readonly kind: 'collection'; readonly language: string; readonly of: SkillKind }

/** Collections that say what a skill is about; where two do, the later in this list. */
const collections: Readonly<Record<string, SkillKind>> = {
  transversalskillscollection: 'transversal',
  digitalskillscollection: 'digital',
  digcompskillscollection: 'digital',
  ictskillscollection: 'digital',
  languageskillscollection: 'language',
}

/** What a file of the release is, by its name; null for one that is not read. */
export function escoFile(name: string): EscoFile | null {
  const [, stem = '', language = ''] = /^([a-z]+)_([a-z]{2,3})\.csv$/.exec(name.toLowerCase()) ?? []
  if (stem === 'occupations' || stem === 'skills') return { kind: stem, language }
  if (stem === 'occupationskillrelations') return { kind: 'relations', language }
  const of = collections[stem]
  return of === undefined ? null : { kind: 'collection', language, of }
}

export const escoColumns: Readonly<Record<EscoFile['kind'], readonly string[]>> = {
  occupations: ['conceptUri', 'preferredLabel'],
  skills: ['conceptUri', 'preferredLabel'],
  collection: ['conceptUri', 'preferredLabel'],
  relations: ['occupationUri', 'relationType', 'skillUri'],
}

/** Null: the row is of no occupation in force, and nothing is wrong with it. */
export function escoOccupation(values: Values, language: string): Result<OccupationEntry | null, RowReason> {
  const named = namedConcept(values)
  if (!named.ok) return named
  if (!isInForce(values)) return ok(null)
  const isco = /^\d{4}$/.test(values['iscogroup'] ?? '') ? values['iscogroup']! : null
  const { code, name } = named.value
  const labels = [...listOf(values['altlabels']), ...listOf(values['hiddenlabels'])]
  const description = values['description'] ?? null
  return ok({ code, isco, soc: null, language, name, otherLabels: otherLabels(name, labels), description })
}

/** Null: no skill in force. `of`: the collection that it stands in. */
export function escoSkill(
  values: Values,
  language: string,
  of: SkillKind | null,
): Result<SkillEntry | null, RowReason> {
  const named = namedConcept(values)
  if (!named.ok) return named
  if (!isInForce(values)) return ok(null)
  const kind = of ?? (values['skilltype'] === 'knowledge' ? 'knowledge' : 'skill')
  return ok({ ...named.value, language, kind })
}

export function escoRelation(values: Values): Result<NeedEntry, RowReason> {
  const occupation = values['occupationuri']
  const skill = values['skilluri']
  if (occupation === undefined || skill === undefined) return refused('no_code')
  const relation = values['relationtype']?.toLowerCase()
  if (relation !== 'essential' && relation !== 'optional') return refused('unknown_relation')
  return ok({ occupation, skill, relation, importance: null })
}

function namedConcept(values: Values): Result<{ code: string; name: string }, RowReason> {
  const code = values['concepturi']
  if (code === undefined) return refused('no_code')
  const name = values['preferredlabel']?.replace(/\s+/g, ' ')
  if (name === undefined) return refused('no_name')
  return ok({ code, name })
}

/** Groups of skills stand in the collections too; concepts that were given up say so. */
function isInForce(values: Values): boolean {
  const type = values['concepttype']?.toLowerCase() ?? ''
  return !type.endsWith('group') && (values['status']?.toLowerCase() ?? 'released') === 'released'
}

/** Labels stand on lines of their own in most files, and between bars in the collections. */
function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(/\n| \| /)
}
