// Who may open a file and who did, and the merging of files.

import type { Db } from '#platform/db/index.ts'
import { newId, type ClientId, type Id, type StaffId } from '#platform/ids.ts'
import type { Changes, Client } from './client.ts'
import type { FileMarks } from './client-history.store.ts'
import type { Hand } from './clients.store.ts'

export const visitReasons = [
  'client_is_here',
  'client_called',
  'covering',
  'joint_work',
  'quality_check',
  'other',
] as const
export type VisitReason = (typeof visitReasons)[number]

/** So long a reason given once is good: one working day's shift, not the next. */
const visitHours = 12

/** Saves why someone of another site opens the file. */
export async function insertVisit(
  db: Db,
  hand: Hand & { staffId: StaffId },
  file: FileMarks,
  { reason, words }: { reason: VisitReason; words: string | null },
): Promise<void> {
  const restricted_to = file.restrictedTo && [...file.restrictedTo]
  const good_until = new Date(hand.now.getTime() + visitHours * 3_600_000)
  await db
    .insertInto('client_visits')
    .values({
      ...{
        network_id: hand.networkId,
        id: newId<'visit'>(hand.now.getTime()),
        client_id: file.id,
        site_id: file.siteId,
      },
      ...{ restricted_to, staff_id: hand.staffId, reason, words, given_at: hand.now, good_until },
    })
    .execute()
}

export async function hasVisit(
  db: Db,
  id: ClientId,
  { staffId, now }: Pick<Hand, 'staffId' | 'now'>,
): Promise<boolean> {
  const visit = await db
    .selectFrom('client_visits')
    .select('id')
    .where('client_id', '=', id)
    .where('staff_id', '=', staffId)
    .where('good_until', '>', now)
    .limit(1)
    .executeTakeFirst()
  return visit !== undefined
}

/** The file was opened by staff; a partner was shown, or took out, what the client agreed to share. */
export const openingActions = [
  ...(['client.opened', 'referrals.shown_to_partner', 'referrals.exported_to_partner'] as const),
  'referrals.read_by_system',
] as const
export type OpeningAction = (typeof openingActions)[number]

export interface Opening {
  /** staff, partner, or link for the bearer of one. */
  readonly actorKind: string
  readonly actorId: string | null
  readonly action: OpeningAction
  readonly at: Date
}

/** Who saw something of the person, from the audit trail, the latest first. */
export async function openingsOf(db: Db, ids: readonly ClientId[], most = 200): Promise<readonly Opening[]> {
  const rows = await db
    .selectFrom('audit_events')
    .select(['actor_kind', 'actor_id', 'action', 'at'])
    .where('client_id', 'in', ids)
    .where('action', 'in', [...openingActions])
    .orderBy('at', 'desc')
    .limit(most)
    .execute()
  return rows.flatMap((row) => {
    const action = openingActions.find((one) => one === row.action)
    return action ? { actorKind: row.actor_kind, actorId: row.actor_id, action, at: row.at } : []
  })
}

export interface Visit {
  readonly staffId: StaffId
  readonly reason: string
  readonly words: string | null
  readonly givenAt: Date
}

/** The reasons given from other sites, the latest first. */
export async function visitsOf(db: Db, ids: readonly ClientId[]): Promise<readonly Visit[]> {
  const rows = await db
    .selectFrom('client_visits')
    .select(['staff_id', 'reason', 'words', 'given_at'])
    .where('client_id', 'in', ids)
    .orderBy('given_at', 'desc')
    .limit(200)
    .execute()
  return rows.map((row) => ({
    staffId: row.staff_id as StaffId,
    reason: row.reason,
    words: row.words,
    givenAt: row.given_at,
  }))
}

export type MergeId = Id<'client_merge'>

/** What a merge changed, so that it can be undone: fields of the surviving file, and who could see either file before. */
export interface Moved {
  readonly fields: Changes
  readonly restrictedTo: { readonly survivor: Client['restrictedTo']; readonly absorbed: Client['restrictedTo'] }
}

export interface Merge {
  readonly id: MergeId
  readonly survivorId: ClientId
  readonly absorbedId: ClientId
  readonly moved: Moved
  readonly mergedAt: Date
  readonly undoneAt: Date | null
}

export async function insertMerge(
  db: Db,
  hand: Hand & { staffId: StaffId },
  file: FileMarks,
  { absorbedId, moved }: Pick<Merge, 'absorbedId' | 'moved'>,
): Promise<void> {
  const restricted_to = file.restrictedTo && [...file.restrictedTo]
  await db
    .insertInto('client_merges')
    .values({
      ...{
        network_id: hand.networkId,
        id: newId<'client_merge'>(hand.now.getTime()),
        client_id: file.id,
        site_id: file.siteId,
      },
      ...{
        restricted_to,
        absorbed_id: absorbedId,
        moved: JSON.stringify(moved),
        merged_by: hand.staffId,
        merged_at: hand.now,
      },
    })
    .execute()
}

/** The merges into this file that stand, the latest first. */
export async function mergesInto(db: Db, id: ClientId): Promise<readonly Merge[]> {
  const rows = await db
    .selectFrom('client_merges')
    .select(['id', 'client_id', 'absorbed_id', 'moved', 'merged_at', 'undone_at'])
    .where('client_id', '=', id)
    .where('undone_at', 'is', null)
    .orderBy('merged_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id as MergeId,
    survivorId: row.client_id as ClientId,
    absorbedId: row.absorbed_id as ClientId,
    moved: row.moved as Moved,
    mergedAt: row.merged_at,
    undoneAt: row.undone_at,
  }))
}

export async function markMergeUndone(db: Db, hand: Hand & { staffId: StaffId }, id: MergeId): Promise<void> {
  await db
    .updateTable('client_merges')
    .set({ undone_by: hand.staffId, undone_at: hand.now })
    .where('id', '=', id)
    .execute()
}
