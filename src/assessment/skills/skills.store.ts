// SQL on what clients tell of their jobs and skills. Rows are added, and taken back with who and when; nothing else changes.

import type { Client } from '#clients/index.ts'
import type { OccupationId, SkillId } from '#occupations/index.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type ClientId, type StaffId } from '#platform/ids.ts'
import { marksOf, oneOfKinds } from '../assessment-events.store.ts'
import { entryKinds, entryLevels, recognitions, type SkillEntry, type SkillEntryId, type Told } from './skill-entry.ts'

export interface SkillHand {
  readonly networkId: Parameters<typeof marksOf>[0]['networkId']
  readonly staffId: StaffId
  readonly now: Date
}

type FileMarks = Pick<Client, 'id' | 'siteId' | 'restrictedTo'>

const columns = [
  ...(['id', 'client_id', 'kind', 'words', 'occupation_id', 'skill_id', 'about', 'years', 'place'] as const),
  ...(['recognised', 'level', 'replaces', 'added_by', 'added_at', 'removed_by', 'removed_at'] as const),
] as const

/** Everything that was ever told, of all ids of the file (`idsOfFile`), in the order in which it was. */
export async function skillEntriesOf(db: Db, ids: readonly ClientId[]): Promise<readonly SkillEntry[]> {
  if (ids.length === 0) return []
  const rows = await entriesQuery(db)
    .where('client_id', 'in', [...ids])
    .orderBy('added_at')
    .orderBy('id')
    .execute()
  return rows.map(entryOf)
}

/** Adds what was told. The same skill or language that stands already is left as it is: null. `id`: made when the form was
 *  drawn, so that a form sent twice is one entry. */
export async function addSkillEntry(
  db: Db,
  hand: SkillHand,
  file: FileMarks,
  { id, replaces = null, ...told }: Told & { readonly id?: SkillEntryId; readonly replaces?: SkillEntryId | null },
): Promise<SkillEntryId | null> {
  const row = await db
    .insertInto('client_skill_entries')
    .values({
      ...marksOf(hand, file),
      ...{ id: id ?? newId<'skill_entry'>(hand.now.getTime()), kind: told.kind, words: told.words },
      ...{ occupation_id: told.occupationId, skill_id: told.skillId, about: told.about, years: told.years },
      ...{ place: told.place, recognised: told.recognised, level: told.level, replaces },
      ...{ added_by: hand.staffId, added_at: hand.now },
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row ? (row.id as SkillEntryId) : null
}

/** Takes an entry back; nothing when it was taken back before. */
export async function removeSkillEntry(db: Db, hand: SkillHand, id: SkillEntryId): Promise<boolean> {
  const done = await db
    .updateTable('client_skill_entries')
    .set({ removed_by: hand.staffId, removed_at: hand.now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Puts what is told now in the place of an entry that stands. */
export async function replaceSkillEntry(
  db: Db,
  hand: SkillHand,
  file: FileMarks,
  { earlier, now: told }: { readonly earlier: SkillEntry; readonly now: Told },
): Promise<SkillEntryId> {
  await removeSkillEntry(db, hand, earlier.id)
  const id = await addSkillEntry(db, hand, file, { ...told, replaces: earlier.id })
  if (id === null) throw new Error('An entry could not take the place of the one before.')
  return id
}

/** Brings what a client told to where the file lies now and who may see it, for each id of the file. */
export async function followSkills(db: Db, { id, siteId, restrictedTo }: FileMarks): Promise<void> {
  await db
    .updateTable('client_skill_entries')
    .set({ site_id: siteId, restricted_to: restrictedTo === null ? null : [...restrictedTo] })
    .where('client_id', '=', id)
    .execute()
}

function entriesQuery(db: Db) {
  return db.selectFrom('client_skill_entries').select(columns)
}

type Row = Awaited<ReturnType<ReturnType<typeof entriesQuery>['execute']>>[number]

function entryOf(row: Row): SkillEntry {
  return {
    id: row.id as SkillEntryId,
    clientId: row.client_id as ClientId,
    kind: oneOfKinds(entryKinds, row.kind),
    words: row.words,
    occupationId: row.occupation_id as OccupationId | null,
    skillId: row.skill_id as SkillId | null,
    about: row.about as SkillEntryId | null,
    years: row.years === null ? null : Number(row.years),
    place: row.place,
    recognised: row.recognised === null ? null : oneOfKinds(recognitions, row.recognised),
    level: row.level === null ? null : oneOfKinds(entryLevels, row.level),
    replaces: row.replaces as SkillEntryId | null,
    addedBy: row.added_by as StaffId,
    addedAt: row.added_at,
    removedBy: row.removed_by as StaffId | null,
    removedAt: row.removed_at,
  }
}
