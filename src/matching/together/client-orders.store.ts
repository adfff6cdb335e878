// What clients said of the services they were shown side by side: added to, never changed.

import type { Db } from '#platform/db/index.ts'
import { newId, type RecommendationId, type ServiceId, type StaffId } from '#platform/ids.ts'
import type { FileMarks } from '../recommendations.store.ts'
import type { ClientOrder } from './together.ts'

export interface KeptOrder extends ClientOrder {
  readonly recommendationId: RecommendationId
  readonly locale: string
  readonly words: string | null
  readonly recordedBy: StaffId
  readonly recordedAt: Date
}

/** Keeps what the client said. The same again, as a button pressed twice sends it, is one: false. */
export async function insertOrder(db: Db, file: FileMarks, order: KeptOrder): Promise<boolean> {
  // Whoever records second at the same moment waits for the first.
  await db.selectFrom('recommendations').select('id').where('id', '=', order.recommendationId).forUpdate().execute()
  const [latest] = await ordersOf(db, order.recommendationId)
  if (latest && sameSaid(latest) === sameSaid(order)) return false
  await db
    .insertInto('matching_client_orders')
    .values({
      network_id: file.networkId,
      client_id: file.clientId,
      site_id: file.siteId,
      restricted_to: file.restrictedTo && [...file.restrictedTo],
      id: newId<'client_order'>(order.recordedAt.getTime()),
      recommendation_id: order.recommendationId,
      locale: order.locale,
      shown: [...order.shown],
      wanted: [...order.wanted],
      turned_down: [...order.turnedDown],
      words: order.words,
      recorded_by: order.recordedBy,
      recorded_at: order.recordedAt,
    })
    .execute()
  return true
}

/** What was said of one recommendation, the latest first. */
export async function ordersOf(db: Db, recommendationId: RecommendationId): Promise<readonly KeptOrder[]> {
  const rows = await db
    .selectFrom('matching_client_orders')
    .select(['locale', 'shown', 'wanted', 'turned_down', 'words', 'recorded_by', 'recorded_at'])
    .where('recommendation_id', '=', recommendationId)
    .orderBy('recorded_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    recommendationId,
    locale: row.locale,
    shown: row.shown as ServiceId[],
    wanted: row.wanted as ServiceId[],
    turnedDown: row.turned_down as ServiceId[],
    words: row.words,
    recordedBy: row.recorded_by as StaffId,
    recordedAt: row.recorded_at,
  }))
}

/** Follows the file to another site, or into and out of restriction. */
export async function spreadOrderMarks(
  db: Db,
  clientIds: readonly string[],
  { siteId, restrictedTo }: Pick<FileMarks, 'siteId' | 'restrictedTo'>,
): Promise<void> {
  await db
    .updateTable('matching_client_orders')
    .set({ site_id: siteId, restricted_to: restrictedTo && [...restrictedTo] })
    .where('client_id', 'in', [...clientIds])
    .execute()
}

function sameSaid({ shown, wanted, turnedDown, words, recordedBy }: KeptOrder): string {
  return JSON.stringify([shown, wanted, turnedDown, words, recordedBy])
}
