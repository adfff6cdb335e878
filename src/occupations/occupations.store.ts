// Occupations, their skills, what is near them, and what is said of their labour market.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import { parseDay } from '#platform/dates.ts'
import {
  earningsPeriods,
  languageToShow,
  skillKinds,
  sourceCodes,
  sources,
  type LabourMarket,
  type NeededSkill,
  type Occupation,
  type OccupationId,
  type Skill,
  type SkillId,
  type Source,
  type SourceCode,
} from './occupation.ts'

/** Occupations by id, each in the language that is wished for most among those it is told in. Those that the source has no
 *  longer are among them: a file may still name one. */
export async function namedOccupations(
  db: Db,
  ids: readonly OccupationId[],
  wished: readonly string[],
): Promise<ReadonlyMap<OccupationId, Occupation>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('occupations')
    .innerJoin('occupation_names', (join) =>
      join
        .onRef('occupation_names.network_id', '=', 'occupations.network_id')
        .onRef('occupation_names.occupation_id', '=', 'occupations.id'),
    )
    .select(['occupations.id', 'occupations.source', 'occupations.code', 'occupations.isco', 'occupations.soc'])
    .select(['occupation_names.language', 'occupation_names.name', 'occupation_names.description'])
    .where('occupations.id', 'in', [...new Set(ids)])
    .execute()
  const byId = Map.groupBy(rows, (row) => row.id as OccupationId)
  return new Map(
    [...byId].flatMap(([id, told]) => {
      const row = inLanguage(told, wished)
      return row ? [[id, { ...row, id, source: known(sourceCodes, row.source) }] as const] : []
    }),
  )
}

/** The skills of an occupation: the essential first, then by importance, then by name. */
export async function skillsOfOccupation(
  db: Db,
  id: OccupationId,
  wished: readonly string[],
): Promise<readonly NeededSkill[]> {
  const needs = await db
    .selectFrom('occupation_skills')
    .select(['skill_id', 'relation', 'importance'])
    .where('occupation_id', '=', id)
    .execute()
  const named = await namedSkills(
    db,
    needs.map((need) => need.skill_id as SkillId),
    wished,
  )
  return needs
    .flatMap(({ skill_id, relation, importance }) => {
      const skill = named.get(skill_id as SkillId)
      const kept = relation === 'essential' ? ('essential' as const) : ('optional' as const)
      return skill ? [{ ...skill, relation: kept, importance: importance ?? 0 }] : []
    })
    .toSorted(
      (a, b) =>
        Number(a.relation === 'optional') - Number(b.relation === 'optional') ||
        b.importance - a.importance ||
        a.name.localeCompare(b.name),
    )
}

/** Skills by id, each in the language that is wished for most. */
export async function namedSkills(
  db: Db,
  ids: readonly SkillId[],
  wished: readonly string[],
): Promise<ReadonlyMap<SkillId, Skill>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('skills')
    .innerJoin('skill_names', (join) =>
      join.onRef('skill_names.network_id', '=', 'skills.network_id').onRef('skill_names.skill_id', '=', 'skills.id'),
    )
    .select(['skills.id', 'skills.source', 'skills.kind', 'skill_names.language', 'skill_names.name'])
    .where('skills.id', 'in', [...new Set(ids)])
    .execute()
  const byId = Map.groupBy(rows, (row) => row.id as SkillId)
  return new Map(
    [...byId].flatMap(([id, told]) => {
      const row = inLanguage(told, wished)
      if (!row) return []
      return [[id, { ...row, id, source: known(sourceCodes, row.source), kind: known(skillKinds, row.kind) }] as const]
    }),
  )
}

export interface RelatedOccupation extends Occupation {
  /** How many of the skills that it needs are among those given, and how many it needs in all. */
  readonly shared: number
  readonly needed: number
}

/** With fewer shared skills than this, two occupations have nothing to do with one another. */
const fewestShared = 2

/** Occupations that need skills like these, those of whose essential and optional skills the largest part is there first.
 *  `without`: not these. */
export async function relatedOccupations(
  db: Db,
  skillIds: readonly SkillId[],
  { without, wished, most = 6 }: { without: readonly OccupationId[]; wished: readonly string[]; most?: number },
): Promise<readonly RelatedOccupation[]> {
  if (skillIds.length < fewestShared) return []
  const { rows } = await sql<{ occupation_id: OccupationId; shared: number; needed: number }>`
    SELECT near.occupation_id, near.shared::int AS shared, count(*)::int AS needed
    FROM (
      SELECT s.network_id, s.occupation_id, count(*) AS shared FROM occupation_skills s
      WHERE s.skill_id = ANY(${[...skillIds]}::uuid[]) AND NOT s.occupation_id = ANY(${[...without]}::uuid[])
      GROUP BY s.network_id, s.occupation_id HAVING count(*) >= ${fewestShared}
      ORDER BY count(*) DESC, s.occupation_id LIMIT 60
    ) AS near
    JOIN occupation_skills all_of ON all_of.network_id = near.network_id AND all_of.occupation_id = near.occupation_id
    JOIN occupations o ON o.network_id = near.network_id AND o.id = near.occupation_id AND o.gone_at IS NULL
    GROUP BY near.occupation_id, near.shared
    ORDER BY near.shared::float / count(*) DESC, near.shared DESC, near.occupation_id
    LIMIT ${most}`.execute(db)
  const named = await namedOccupations(
    db,
    rows.map((row) => row.occupation_id),
    wished,
  )
  return rows.flatMap(({ occupation_id, shared, needed }) => {
    const occupation = named.get(occupation_id)
    return occupation ? [{ ...occupation, shared, needed }] : []
  })
}

/** What is said of the labour market of these occupations: of the area where it is told, else of everywhere; the latest of each.
 *  Groups of ISCO speak for the occupations in them where nothing nearer is known. */
export async function labourMarketOf(
  db: Db,
  occupations: readonly Pick<Occupation, 'id' | 'source' | 'code' | 'isco' | 'soc'>[],
  area: string | null,
): Promise<ReadonlyMap<OccupationId, LabourMarket>> {
  const codes = new Map(occupations.map((one) => [one.id, codesOf(one)]))
  const wanted = [...new Set([...codes.values()].flat())]
  if (wanted.length === 0) return new Map()
  const rows = await db
    .selectFrom('labour_market')
    .select(['source', 'as_of', 'scheme', 'code', 'area', 'growth_percent', 'growth_years'])
    .select(['earnings_cents', 'earnings_per', 'currency', 'in_demand'])
    .where(
      'code',
      'in',
      wanted.map((code) => code.slice(code.indexOf(' ') + 1)),
    )
    .where('area', 'in', area === null ? [''] : ['', area])
    .orderBy('as_of', 'desc')
    .orderBy('source')
    .execute()
  const found = new Map<OccupationId, LabourMarket>()
  for (const [id, own] of codes) {
    const candidates = own.flatMap((code) => rows.filter((row) => `${row.scheme} ${row.code}` === code))
    const row = candidates.find((each) => each.area !== '') ?? candidates[0]
    if (row) found.set(id, marketOf(row))
  }
  return found
}

/** The sources whose words are shown, for their licences; in the order in which they are listed. */
export function sourcesNamed(shown: Iterable<{ readonly source: SourceCode }>): readonly Source[] {
  const codes = new Set([...shown].map(({ source }) => source))
  return sourceCodes.filter((code) => codes.has(code)).map((code) => sources[code])
}

/** `<scheme> <code>`, the nearest first. */
function codesOf({ source, code, isco, soc }: Pick<Occupation, 'source' | 'code' | 'isco' | 'soc'>): readonly string[] {
  return [
    ...(source === 'esco' ? [`esco ${code}`] : []),
    ...(source === 'onet' ? [`soc ${code}`] : []),
    ...(soc === null ? [] : [`soc ${soc}`]),
    ...(isco === null ? [] : [4, 3, 2, 1].map((length) => `isco ${isco.slice(0, length)}`)),
  ]
}

interface MarketRow {
  readonly source: string
  readonly as_of: string
  readonly area: string
  readonly growth_percent: string | number | null
  readonly growth_years: number | null
  readonly earnings_cents: number | null
  readonly earnings_per: string | null
  readonly currency: string | null
  readonly in_demand: boolean | null
}

function marketOf(row: MarketRow): LabourMarket {
  const { growth_percent: percent, growth_years: years, earnings_cents: cents, earnings_per: per, currency } = row
  const asOf = parseDay(row.as_of)
  if (asOf === null) throw new Error('The database holds a day that is none.')
  return {
    ...{ source: row.source, asOf, area: row.area, isInDemand: row.in_demand },
    growth: percent === null || years === null ? null : { percent: Number(percent), years },
    earnings:
      cents === null || per === null || currency === null
        ? null
        : { cents: Number(cents), per: known(earningsPeriods, per), currency },
  }
}

function inLanguage<Row extends { readonly language: string }>(rows: readonly Row[], wished: readonly string[]) {
  const language = languageToShow(
    rows.map((row) => row.language),
    wished,
  )
  return rows.find((row) => row.language === language)
}

/** A code that the database's own check allows; another one would be a bug. */
function known<const Code extends string>(codes: readonly Code[], text: string): Code {
  const code = codes.find((one) => one === text)
  if (code === undefined) throw new Error('A stored code is not known to this version.')
  return code
}
