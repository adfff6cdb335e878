// Writing a classification: what is there already is left as it is, so that a second import of the same changes nothing.

import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId } from '#platform/ids.ts'
import type { NeedEntry, OccupationEntry, SkillEntry } from './import/row.ts'
import { sources, type OccupationId, type SkillId, type SourceCode } from './occupation.ts'
import { foldedWords } from './word.ts'

export interface Counts {
  added: number
  changed: number
  unchanged: number
  gone: number
}

export const noCounts = (): Counts => ({ added: 0, changed: 0, unchanged: 0, gone: 0 })

/** What the writing of one source goes by: the ids under which it is known here. */
export interface Writing {
  readonly networkId: NetworkId
  readonly source: SourceCode
  readonly now: Date
  readonly occupations: Map<string, OccupationId>
  readonly skills: Map<string, SkillId>
}

/** Begins the writing of a source: one at a time in a network. Ids of some 20,000 entries stay in memory. */
export async function beginWriting(
  db: Db,
  { networkId, source, now }: Pick<Writing, 'networkId' | 'source' | 'now'>,
): Promise<Writing> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`occupations ${networkId}`}, 0))`.execute(db)
  const { title, licence, url } = sources[source]
  await db
    .insertInto('occupation_sources')
    .values({ network_id: networkId, source, title, licence, url, imported_at: now })
    .onConflict((conflict) => conflict.columns(['network_id', 'source']).doUpdateSet({ title, licence, url }))
    .execute()
  const occupations = await db.selectFrom('occupations').select(['id', 'code']).where('source', '=', source).execute()
  const skills = await db.selectFrom('skills').select(['id', 'code']).where('source', '=', source).execute()
  return {
    ...{ networkId, source, now },
    occupations: new Map(occupations.map(({ code, id }) => [code, id as OccupationId])),
    skills: new Map(skills.map(({ code, id }) => [code, id as SkillId])),
  }
}

/** Writes occupations as one language tells them; each code once in a batch. Counts the entries of that language. */
export async function writeOccupations(
  db: Db,
  writing: Writing,
  batch: readonly OccupationEntry[],
  counts: Counts,
): Promise<void> {
  const { networkId, occupations } = writing
  await addOccupations(db, writing, batch)
  const known = await db
    .selectFrom('occupation_names')
    .select(['occupation_id', 'language', 'content_hash'])
    .where(
      'occupation_id',
      'in',
      batch.map(({ code }) => occupations.get(code) ?? ''),
    )
    .execute()
  const hashes = new Map(known.map((row) => [`${row.occupation_id} ${row.language}`, row.content_hash]))
  const fresh = batch.flatMap((entry) => {
    const id = occupations.get(entry.code)!
    const hash = hashOf(entry)
    const before = hashes.get(`${id} ${entry.language}`)
    if (before === hash) counts.unchanged++
    else if (before === undefined) counts.added++
    else counts.changed++
    return before === hash ? [] : [{ id, entry, hash, isKnown: before !== undefined }]
  })
  if (fresh.length === 0) return
  for (const { id, entry } of fresh.filter(({ isKnown }) => isKnown)) {
    for (const table of ['occupation_words', 'occupation_labels', 'occupation_names'] as const)
      await db.deleteFrom(table).where('occupation_id', '=', id).where('language', '=', entry.language).execute()
  }
  await db
    .insertInto('occupation_names')
    .values(
      fresh.map(({ id, entry, hash }) => ({
        ...{ network_id: networkId, occupation_id: id, language: entry.language, name: entry.name },
        ...{ description: entry.description, content_hash: hash },
      })),
    )
    .execute()
  await insertLabels(db, networkId, fresh)
}

async function addOccupations(db: Db, writing: Writing, batch: readonly OccupationEntry[]): Promise<void> {
  const { networkId, source, now, occupations } = writing
  const rows = batch
    .filter(({ code }) => !occupations.has(code))
    .map(({ code, isco, soc }) => ({
      ...{ network_id: networkId, id: newId<'occupation'>(now.getTime()), source, code, isco, soc },
    }))
  if (rows.length > 0) await db.insertInto('occupations').values(rows).execute()
  for (const { code, id } of rows) occupations.set(code, id)
  // Back again, or counted to another group since.
  await sql`
    UPDATE occupations SET isco = told.isco, soc = told.soc, gone_at = NULL
    FROM unnest(${batch.map(({ code }) => occupations.get(code)!)}::uuid[], ${batch.map(({ isco }) => isco)}::text[],
      ${batch.map(({ soc }) => soc)}::text[]) AS told (id, isco, soc)
    WHERE occupations.id = told.id AND occupations.network_id = ${networkId}
      AND (occupations.gone_at IS NOT NULL OR (occupations.isco, occupations.soc) IS DISTINCT FROM (told.isco, told.soc))`.execute(
    db,
  )
}

interface Fresh {
  readonly id: OccupationId
  readonly entry: OccupationEntry
}

async function insertLabels(db: Db, networkId: NetworkId, fresh: readonly Fresh[]): Promise<void> {
  const labels = fresh.flatMap(({ id, entry }) =>
    [entry.name, ...entry.otherLabels]
      .map((label, position) => ({ id, language: entry.language, position, label, words: foldedWords(label) }))
      .filter(({ words }) => words.length > 0),
  )
  const words = labels.flatMap(({ words: ofLabel, ...label }) =>
    ofLabel.map((word) => ({ ...label, word, count: ofLabel.length })),
  )
  // Lists as parameters: a batch has more values than a statement may have parameters.
  await sql`
    INSERT INTO occupation_labels (network_id, occupation_id, language, position, label)
    SELECT ${networkId}::uuid, * FROM unnest(${labels.map(({ id }) => id)}::uuid[],
      ${labels.map(({ language }) => language)}::text[], ${labels.map(({ position }) => position)}::smallint[],
      ${labels.map(({ label }) => label)}::text[])`.execute(db)
  await sql`
    INSERT INTO occupation_words (network_id, word, occupation_id, language, position, word_count)
    SELECT ${networkId}::uuid, * FROM unnest(${words.map(({ word }) => word)}::text[], ${words.map(({ id }) => id)}::uuid[],
      ${words.map(({ language }) => language)}::text[], ${words.map(({ position }) => position)}::smallint[],
      ${words.map(({ count }) => count)}::smallint[])`.execute(db)
}

/** Occupations of the source that no file tells of any more: not found from now on, and still named where a file holds them. */
export async function markGone(
  db: Db,
  { networkId, source, now, occupations }: Writing,
  seen: ReadonlySet<string>,
): Promise<number> {
  const ids = [...occupations].filter(([code]) => !seen.has(code)).map(([, id]) => id)
  if (ids.length === 0) return 0
  const { numAffectedRows } = await sql`
    UPDATE occupations SET gone_at = ${now}
    WHERE network_id = ${networkId} AND source = ${source} AND gone_at IS NULL AND id = ANY(${ids}::uuid[])`.execute(db)
  return Number(numAffectedRows ?? 0n)
}

/** Writes skills as one language names them; each code once in a batch. What a collection said of their kind stays. */
export async function writeSkills(
  db: Db,
  { networkId, source, now, skills }: Writing,
  batch: readonly SkillEntry[],
  counts: Counts,
): Promise<void> {
  const added = batch
    .filter(({ code }) => !skills.has(code))
    .map(({ code, kind }) => ({ network_id: networkId, id: newId<'skill'>(now.getTime()), source, code, kind }))
  if (added.length > 0) await db.insertInto('skills').values(added).execute()
  for (const { code, id } of added) skills.set(code, id)
  const idOf = ({ code }: SkillEntry) => skills.get(code)!
  await sql`
    UPDATE skills SET kind = told.kind
    FROM unnest(${batch.map(idOf)}::uuid[], ${batch.map(({ kind }) => kind)}::text[]) AS told (id, kind)
    WHERE skills.id = told.id AND skills.network_id = ${networkId} AND skills.kind <> told.kind
      AND told.kind NOT IN ('skill', 'knowledge')`.execute(db)
  const known = await db
    .selectFrom('skill_names')
    .select(['skill_id', 'language', 'name'])
    .where('skill_id', 'in', batch.map(idOf))
    .execute()
  const names = new Map(known.map((row) => [`${row.skill_id} ${row.language}`, row.name]))
  const fresh = batch.filter((entry) => {
    const before = names.get(`${idOf(entry)} ${entry.language}`)
    if (before === entry.name) counts.unchanged++
    else if (before === undefined) counts.added++
    else counts.changed++
    return before !== entry.name
  })
  if (fresh.length === 0) return
  await db
    .insertInto('skill_names')
    .values(
      fresh.map((entry) => ({
        network_id: networkId,
        skill_id: idOf(entry),
        language: entry.language,
        name: entry.name,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['network_id', 'skill_id', 'language'])
        .doUpdateSet((row) => ({ name: row.ref('excluded.name') })),
    )
    .execute()
}

/** Writes which skills occupations need; both known, each pair once in a batch. */
export async function writeNeeds(
  db: Db,
  { networkId, occupations, skills }: Writing,
  batch: readonly NeedEntry[],
  counts: Counts,
): Promise<void> {
  const rows = batch.map((need) => ({
    ...{ occupation_id: occupations.get(need.occupation)!, skill_id: skills.get(need.skill)! },
    ...{ relation: need.relation, importance: need.importance },
  }))
  const { rows: written } = await sql<{ is_new: boolean }>`
    INSERT INTO occupation_skills (network_id, occupation_id, skill_id, relation, importance)
    SELECT ${networkId}::uuid, * FROM unnest(${rows.map((row) => row.occupation_id)}::uuid[],
      ${rows.map((row) => row.skill_id)}::uuid[], ${rows.map((row) => row.relation)}::text[],
      ${rows.map((row) => row.importance)}::real[])
    ON CONFLICT (network_id, occupation_id, skill_id) DO UPDATE
      SET relation = excluded.relation, importance = excluded.importance
      WHERE (occupation_skills.relation, occupation_skills.importance) IS DISTINCT FROM (excluded.relation, excluded.importance)
    RETURNING (xmax = 0) AS is_new`.execute(db)
  const added = written.filter((row) => row.is_new).length
  counts.added += added
  counts.changed += written.length - added
  counts.unchanged += batch.length - written.length
}

/** Takes away what the source no longer says. `isSeen` is asked for each pair that is there. */
export async function removeNeeds(
  db: Db,
  { networkId, source }: Writing,
  isSeen: (occupationId: string, skillId: string) => boolean,
): Promise<number> {
  const pairs = await db
    .selectFrom('occupation_skills')
    .innerJoin('occupations', (join) =>
      join
        .onRef('occupations.network_id', '=', 'occupation_skills.network_id')
        .onRef('occupations.id', '=', 'occupation_skills.occupation_id'),
    )
    .select(['occupation_skills.occupation_id', 'occupation_skills.skill_id'])
    .where('occupations.source', '=', source)
    .execute()
  const stale = pairs.filter((pair) => !isSeen(pair.occupation_id, pair.skill_id))
  if (stale.length > 0)
    await sql`
      DELETE FROM occupation_skills USING unnest(${stale.map((pair) => pair.occupation_id)}::uuid[],
        ${stale.map((pair) => pair.skill_id)}::uuid[]) AS stale (occupation_id, skill_id)
      WHERE occupation_skills.network_id = ${networkId} AND occupation_skills.occupation_id = stale.occupation_id
        AND occupation_skills.skill_id = stale.skill_id`.execute(db)
  return stale.length
}

/** Ends the writing: whether the source says what skills occupations need. */
export async function endWriting(db: Db, { networkId, source, now }: Writing, isChanged: boolean): Promise<void> {
  const one = await db
    .selectFrom('occupation_skills')
    .innerJoin('occupations', (join) =>
      join
        .onRef('occupations.network_id', '=', 'occupation_skills.network_id')
        .onRef('occupations.id', '=', 'occupation_skills.occupation_id'),
    )
    .select('occupation_skills.skill_id')
    .where('occupations.source', '=', source)
    .limit(1)
    .executeTakeFirst()
  await db
    .updateTable('occupation_sources')
    .set({ has_skills: one !== undefined, ...(isChanged ? { imported_at: now } : {}) })
    .where('network_id', '=', networkId)
    .where('source', '=', source)
    .execute()
}

function hashOf({ name, otherLabels, description }: OccupationEntry): string {
  return createHash('sha256')
    .update(JSON.stringify([name, otherLabels, description]))
    .digest('base64url')
    .slice(0, 22)
}
