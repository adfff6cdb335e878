// The O*NET database in its text release (tab separated, no quotes), English alone.
// Source: O*NET Resource Center, "O*NET Database", text files; its data dictionary says what the scales mean.

import { ok, refused, type Result } from '#platform/result.ts'
import type { NeedEntry, RowReason, SkillEntry, Values } from './row.ts'

export type OnetFile = 'occupations' | 'titles' | 'needs'

/** What a file of the release is, by its name; null for one that is not read. */
export function onetFile(name: string): OnetFile | null {
  switch (name.toLowerCase()) {
    case 'occupation data.txt':
      return 'occupations'
    case 'alternate titles.txt':
    case 'sample of reported titles.txt':
      return 'titles'
    case 'skills.txt':
    case 'knowledge.txt':
      return 'needs'
    default:
      return null
  }
}

export const onetColumns: Readonly<Record<OnetFile, readonly string[]>> = {
  occupations: ['O*NET-SOC Code', 'Title'],
  titles: ['O*NET-SOC Code'],
  needs: ['O*NET-SOC Code', 'Element ID', 'Element Name', 'Scale ID', 'Data Value'],
}

const codeColumn = 'o*net-soc code'

export interface OnetOccupation {
  readonly code: string
  readonly soc: string
  readonly name: string
  readonly description: string | null
}

export function onetOccupation(values: Values): Result<OnetOccupation, RowReason> {
  const code = values[codeColumn]
  if (code === undefined) return refused('no_code')
  // 29-1141.00: the SOC code, then O*NET's own detail.
  const soc = /^\d{2}-\d{4}(?=\.\d{2}$)/.exec(code)?.[0]
  if (soc === undefined) return refused('unknown_code')
  const name = values['title']
  if (name === undefined) return refused('no_name')
  return ok({ code, soc, name, description: values['description'] ?? null })
}

/** Other titles of an occupation: in full, and short where there is a short one. */
export function onetTitles(values: Values): Result<{ code: string; titles: readonly string[] }, RowReason> {
  const code = values[codeColumn]
  if (code === undefined) return refused('no_code')
  const titles = [values['alternate title'], values['reported job title'], values['short title']]
  const known = titles.filter((title) => title !== undefined && title.toLowerCase() !== 'n/a')
  return known.length > 0 ? ok({ code, titles: known.map(String) }) : refused('no_name')
}

/** Importance is rated from 1 (not important) over 3 (important) to 5 (extremely important): from 3 on a skill belongs to the
 *  occupation, from 3.5 on it is essential to it. */
const belongsFrom = 3
const essentialFrom = 3.5

/** Null: the row tells of another scale (LV says how well a skill must be had, not whether it matters), O*NET advises against
 *  using it, or the skill is not important. */
export function onetNeed(
  values: Values,
  kind: 'skill' | 'knowledge',
): Result<{ skill: SkillEntry; need: NeedEntry } | null, RowReason> {
  const occupation = values[codeColumn]
  const code = values['element id']
  if (occupation === undefined || code === undefined) return refused('no_code')
  const name = values['element name']
  if (name === undefined) return refused('no_name')
  if (values['scale id'] !== 'IM') return ok(null)
  const importance = Number(values['data value'] ?? NaN)
  if (!Number.isFinite(importance) || importance < 0 || importance > 5) return refused('not_a_number')
  if (values['recommend suppress'] === 'Y' || importance < belongsFrom) return ok(null)
  const relation = importance >= essentialFrom ? 'essential' : 'optional'
  return ok({
    skill: { code, kind, language: 'en', name },
    need: { occupation, skill: code, relation, importance },
  })
}
