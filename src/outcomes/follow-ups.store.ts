// Follow-ups, and the links by which clients answer them alone.

import type { Selectable } from 'kysely'
import type { CalendarDay } from '#platform/dates.ts'
import type { Database, Db } from '#platform/db/index.ts'
import type { ClientId, EpisodeId, Id, NetworkId, SiteId } from '#platform/ids.ts'
import type { BearerToken } from '#platform/secrets.ts'
import { followUpMonths } from './episode.ts'
import { marksOf, marksOfRow, type FollowUp, type FollowUpId } from './outcomes.store.ts'
import type { StatementId } from './statement.ts'

export type FollowUpLinkId = Id<'follow_up_link'>

export interface FollowUpLink {
  readonly networkId: NetworkId
  readonly id: FollowUpLinkId
  readonly followUpId: FollowUpId
  readonly clientId: ClientId
  readonly keyId: string
  readonly expiresAt: Date
  readonly revokedAt: Date | null
}

const columns = [
  'network_id',
  'id',
  'client_id',
  'site_id',
  'restricted_to',
  'episode_id',
  'months',
  'due_on',
  'ends_on',
  'state',
] as const
const linkColumns = ['network_id', 'id', 'follow_up_id', 'client_id', 'key_id', 'expires_at', 'revoked_at'] as const

export async function findFollowUp(db: Db, id: FollowUpId): Promise<FollowUp | undefined> {
  const row = await db.selectFrom('follow_ups').select(columns).where('id', '=', id).executeTakeFirst()
  return row && followUpOf(row)
}

/** All follow-ups of the person, in the order in which they fall due. */
export async function followUpsOf(db: Db, clientIds: readonly ClientId[]): Promise<readonly FollowUp[]> {
  if (clientIds.length === 0) return []
  const rows = await db
    .selectFrom('follow_ups')
    .select(columns)
    .where('client_id', 'in', clientIds)
    .orderBy('due_on')
    .orderBy('id')
    .execute()
  return rows.map(followUpOf)
}

/** What has fallen due for these clients and is not answered, the longest due first. */
export async function followUpsDue(
  db: Db,
  clientIds: readonly ClientId[],
  today: CalendarDay,
): Promise<readonly FollowUp[]> {
  if (clientIds.length === 0) return []
  const rows = await db
    .selectFrom('follow_ups')
    .select(columns)
    .where('client_id', 'in', clientIds)
    .where('state', '=', 'due')
    .where('due_on', '<=', today)
    .orderBy('due_on')
    .orderBy('id')
    .execute()
  return rows.map(followUpOf)
}

/** What has fallen due at these sites and is not answered, the longest due first. */
export async function followUpsDueAt(
  db: Db,
  siteIds: readonly SiteId[],
  { today, most }: { today: CalendarDay; most: number },
): Promise<readonly FollowUp[]> {
  if (siteIds.length === 0) return []
  const rows = await db
    .selectFrom('follow_ups')
    .select(columns)
    .where('site_id', 'in', siteIds)
    .where('state', '=', 'due')
    .where('due_on', '<=', today)
    .orderBy('due_on')
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map(followUpOf)
}

/** Marks a follow-up as answered. False when it was answered before. */
export async function answerFollowUp(db: Db, id: FollowUpId, statementId: StatementId, now: Date): Promise<boolean> {
  const done = await db
    .updateTable('follow_ups')
    .set({ state: 'answered', statement_id: statementId, answered_at: now })
    .where('id', '=', id)
    .where('state', '<>', 'answered')
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Lets go of follow-ups whose time is over: the next one asks. Gives how many. */
export async function letGo(db: Db, today: CalendarDay): Promise<number> {
  const done = await db
    .updateTable('follow_ups')
    .set({ state: 'let_go' })
    .where('state', '=', 'due')
    .where('ends_on', '<', today)
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}

/** Follow-ups that have fallen due and for which no link was made yet: a page of them, those behind `after`. */
export async function followUpsWithoutLink(
  db: Db,
  today: CalendarDay,
  { after, size }: { after: FollowUp | null; size: number },
): Promise<readonly FollowUp[]> {
  const rows = await db
    .selectFrom('follow_ups')
    .leftJoin('follow_up_links as link', (join) =>
      join.onRef('link.network_id', '=', 'follow_ups.network_id').onRef('link.follow_up_id', '=', 'follow_ups.id'),
    )
    .select(columns.map((column) => `follow_ups.${column}` as const))
    .where('follow_ups.state', '=', 'due')
    .where('follow_ups.due_on', '<=', today)
    .where('link.id', 'is', null)
    .$if(after !== null, (query) => query.where('follow_ups.id', '>', after!.id))
    .orderBy('follow_ups.id')
    .limit(size)
    .execute()
  return rows.map(followUpOf)
}

export async function insertFollowUpLink(
  db: Db,
  followUp: FollowUp,
  link: { id: FollowUpLinkId; keyId: string; secretHash: Buffer; expiresAt: Date },
  now: Date,
): Promise<void> {
  await db
    .insertInto('follow_up_links')
    .values({
      ...marksOf(followUp),
      id: link.id,
      follow_up_id: followUp.id,
      key_id: link.keyId,
      secret_hash: link.secretHash,
      created_at: now,
      expires_at: link.expiresAt,
    })
    .execute()
}

/** The link whose secret this is, dead or alive: at the door, before it is known who asks. */
export async function followUpLinkOfSecret(db: Db, token: BearerToken): Promise<FollowUpLink | null> {
  const row = await db
    .selectFrom('follow_up_links')
    .select(linkColumns)
    .where('secret_hash', '=', token.secretHash)
    .executeTakeFirst()
  return row ? linkOf(row) : null
}

export async function findFollowUpLink(db: Db, id: FollowUpLinkId): Promise<FollowUpLink | undefined> {
  const row = await db.selectFrom('follow_up_links').select(linkColumns).where('id', '=', id).executeTakeFirst()
  return row && linkOf(row)
}

function followUpOf(row: Pick<Selectable<Database['follow_ups']>, (typeof columns)[number]>): FollowUp {
  return {
    ...marksOfRow(row),
    id: row.id as FollowUpId,
    episodeId: row.episode_id as EpisodeId,
    months: followUpMonths.find((months) => months === row.months) ?? 12,
    dueOn: row.due_on as CalendarDay,
    endsOn: row.ends_on as CalendarDay,
    state: row.state as FollowUp['state'],
  }
}

function linkOf(row: Pick<Selectable<Database['follow_up_links']>, (typeof linkColumns)[number]>): FollowUpLink {
  return {
    networkId: row.network_id as NetworkId,
    id: row.id as FollowUpLinkId,
    followUpId: row.follow_up_id as FollowUpId,
    clientId: row.client_id as ClientId,
    keyId: row.key_id,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}
