// What people wrote about a referral: each message came with an event, and says who may read it and who has.

import type { Db } from '#platform/db/index.ts'
import { newId, type ClientId, type Id, type ReferralId, type StaffId } from '#platform/ids.ts'
import type { ReferralEvent } from '../event.ts'
import { marksOf } from '../referral-marks.store.ts'
import type { ReferralFile } from '../referrals.store.ts'
import { audienceOf, shownTo, sides, type Audience, type Side } from './audience.ts'

export type ReferralMessageId = Id<'referral_message'>

export interface ReferralMessage {
  readonly id: ReferralMessageId
  /** The event that it came with; that event knows the name of who wrote it. */
  readonly eventId: string
  readonly from: Side
  readonly words: string
  readonly at: Date
  readonly audience: Audience
  readonly isShownToPartner: boolean
  /** When withdrawn consent hid it from the partner that it was for. */
  readonly hiddenAt: Date | null
  /** When each side first saw it; null as long as it has not, and for the side that wrote it. */
  readonly seenBy: Readonly<Record<Side, Date | null>>
}

/** Keeps the words that came with an event. */
export async function insertMessage(
  db: Db,
  file: ReferralFile,
  event: ReferralEvent,
  { words, audience }: { readonly words: string; readonly audience: Audience },
): Promise<void> {
  if (event.actor.kind === 'system') throw new Error('The system writes no messages.')
  const shown = shownTo(audience)
  await db
    .insertInto('referral_messages')
    .values({
      ...marksOf(file),
      id: newId<'referral_message'>(event.at.getTime()),
      event_id: event.id,
      from_kind: event.actor.kind,
      words,
      shown_to_partner: shown.partner,
      shown_to_client: shown.client,
      written_at: event.at,
      sent_at: db.selectFrom('referral_events').select('sent_at').where('id', '=', event.id),
    })
    .execute()
}

/** What was written and this side may read, the oldest first. Staff read everything; a partner's or client's transaction sees
 *  no more than its own in any case. */
export async function conversationOf(db: Db, id: ReferralId, side: Side): Promise<readonly ReferralMessage[]> {
  let query = db
    .selectFrom('referral_messages')
    .select(['id', 'event_id', 'from_kind', 'words', 'written_at', 'shown_to_partner', 'shown_to_client'])
    .select('hidden_at')
    .select(['seen_by_adviser_at', 'seen_by_partner_at', 'seen_by_client_at'])
    .where('referral_id', '=', id)
  if (side === 'partner') query = query.where('shown_to_partner', '=', true)
  if (side === 'client') query = query.where('shown_to_client', '=', true)
  const rows = await query.orderBy('written_at').orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id as ReferralMessageId,
    eventId: row.event_id,
    from: sideOf(row.from_kind),
    words: row.words,
    at: row.written_at,
    audience: audienceOf({ partner: row.shown_to_partner, client: row.shown_to_client }),
    isShownToPartner: row.shown_to_partner,
    hiddenAt: row.hidden_at,
    seenBy: { adviser: row.seen_by_adviser_at, partner: row.seen_by_partner_at, client: row.seen_by_client_at },
  }))
}

const seenColumns = {
  adviser: 'seen_by_adviser_at',
  partner: 'seen_by_partner_at',
  client: 'seen_by_client_at',
} as const satisfies Record<Side, string>
const shownColumns = { partner: 'shown_to_partner', client: 'shown_to_client' } as const

/** This side has read what the others wrote until now. Never called by a GET of a partner or client. */
export async function markSeen(db: Db, id: ReferralId, side: Side, now: Date): Promise<void> {
  let query = db
    .updateTable('referral_messages')
    .set({ [seenColumns[side]]: now })
    .where('referral_id', '=', id)
    .where('from_kind', '!=', side)
    .where(seenColumns[side], 'is', null)
  if (side !== 'adviser') query = query.where(shownColumns[side], '=', true)
  await query.execute()
}

/** The partner reads none of it from now on; staff see that it was once for them. */
export async function hideMessages(db: Db, id: ReferralId, now: Date): Promise<void> {
  await db
    .updateTable('referral_messages')
    .set({ shown_to_partner: false, hidden_at: now })
    .where('referral_id', '=', id)
    .where('shown_to_partner', '=', true)
    .execute()
}

/** How many messages of others this side has not seen, by referral; those without any are left out. One query. */
export async function unseenMessages(
  db: Db,
  ids: readonly ReferralId[],
  side: Side,
): Promise<ReadonlyMap<ReferralId, number>> {
  if (ids.length === 0) return new Map()
  let query = db
    .selectFrom('referral_messages')
    .select(({ fn }) => ['referral_id', fn.countAll<string>().as('count')])
    .where('referral_id', 'in', ids)
    .where('from_kind', '!=', side)
    .where(seenColumns[side], 'is', null)
  if (side !== 'adviser') query = query.where(shownColumns[side], '=', true)
  const rows = await query.groupBy('referral_id').execute()
  return new Map(rows.map((row) => [row.referral_id as ReferralId, Number(row.count)]))
}

/** A referral with messages that its adviser has not read. */
export interface UnreadReferral {
  readonly id: ReferralId
  readonly clientId: ClientId
  readonly serviceName: string
  readonly count: number
  /** When the first of them was written. */
  readonly since: Date
}

/** What partners and clients wrote to this adviser and nobody has read yet, the oldest first. */
export async function unreadByAdviser(db: Db, adviserId: StaffId, most = 100): Promise<readonly UnreadReferral[]> {
  const rows = await db
    .selectFrom('referral_messages as message')
    .innerJoin('referrals', (join) =>
      join.onRef('referrals.network_id', '=', 'message.network_id').onRef('referrals.id', '=', 'message.referral_id'),
    )
    .select(({ fn }) => [
      'referrals.id',
      'referrals.client_id',
      'referrals.service_name',
      fn.countAll<string>().as('count'),
      fn.min('message.written_at').as('since'),
    ])
    .where('referrals.adviser_id', '=', adviserId)
    .where('message.from_kind', '!=', 'adviser')
    .where('message.seen_by_adviser_at', 'is', null)
    .groupBy(['referrals.id', 'referrals.client_id', 'referrals.service_name'])
    .orderBy('since')
    .limit(most)
    .execute()
  return rows.map((row) => ({
    id: row.id as ReferralId,
    clientId: row.client_id as ClientId,
    serviceName: row.service_name,
    count: Number(row.count),
    since: row.since,
  }))
}

function sideOf(text: string): Side {
  const side = sides.find((one) => one === text)
  if (side === undefined) throw new Error('The database holds a side that this version does not know.')
  return side
}
