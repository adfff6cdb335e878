// The network's decision on ties, and the draw that belongs to a client: made once, found again ever after.

import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import { newId, type ClientId, type NetworkId, type StaffId } from '#platform/ids.ts'
import { stableOrder, type Order } from '../order.ts'

export interface LotteryDecision {
  readonly isOn: boolean
  readonly at: Date
  readonly by: StaffId
  readonly reason: string
}

/** Off until somebody switches it on. */
export async function isLotteryOn(db: Db): Promise<boolean> {
  return (await lotteryDecisions(db, 1))[0]?.isOn ?? false
}

/** Who decided, when and why, the latest first. */
export async function lotteryDecisions(db: Db, most = 20): Promise<readonly LotteryDecision[]> {
  const rows = await db
    .selectFrom('matching_settings')
    .select(['lottery', 'changed_at', 'changed_by', 'reason'])
    .orderBy('changed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  return rows.map((row) => ({
    isOn: row.lottery,
    at: row.changed_at,
    by: row.changed_by as StaffId,
    reason: row.reason,
  }))
}

/** Adds the decision. False, and nothing is added, where it stands like that already; of two at the same moment the second
 *  waits for the first. */
export async function decideLottery(
  db: Db,
  networkId: NetworkId,
  { isOn, at, by, reason }: LotteryDecision,
): Promise<boolean> {
  await lockFor(db, `matching lottery ${networkId}`)
  if ((await isLotteryOn(db)) === isOn) return false
  await db
    .insertInto('matching_settings')
    .values({ network_id: networkId, id: newId(at.getTime()), lottery: isOn, reason, changed_by: by, changed_at: at })
    .execute()
  return true
}

export interface WhoseOrder {
  readonly networkId: NetworkId
  /** The file's own id. */
  readonly clientId: ClientId
  /** All ids of the file: those merged into it too. */
  readonly clientIds: readonly ClientId[]
}

/**
 * What breaks ties for this client: the stable order, or the lottery where the network holds one. A client's seed is drawn the
 * first time, from the system's own randomness, and read back from their recommendations ever after: ranking again, or switching
 * off and on again, draws nothing anew. Whoever draws second at the same moment waits until the first has kept its
 * recommendation. One small query without the lottery; two with it, four for the first draw.
 */
export async function orderFor(db: Db, { networkId, clientId, clientIds }: WhoseOrder): Promise<Order> {
  if (!(await isLotteryOn(db))) return stableOrder(clientId)
  const drawn = await drawnSeed(db, clientIds)
  if (drawn !== null) return { by: 'lottery', seed: drawn }
  await lockFor(db, `matching draw ${networkId} ${clientId}`)
  return { by: 'lottery', seed: (await drawnSeed(db, clientIds)) ?? randomInt(seeds) }
}

/** As many as the order tells apart (`order.ts`). */
const seeds = 2 ** 32

/** Of the latest ranking ordered by lottery: two files that became one go on with the one drawn last. */
async function drawnSeed(db: Db, clientIds: readonly ClientId[]): Promise<number | null> {
  const row = await db
    .selectFrom('recommendations')
    .select('seed')
    .where('client_id', 'in', [...clientIds])
    .where('ordered_by', '=', 'lottery')
    .orderBy('made_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.seed ?? null
}

/** Until the transaction ends. */
async function lockFor(db: Db, what: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${what}, 0))`.execute(db)
}
