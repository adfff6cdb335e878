// Which referrals follow one another, and what was known when one was sent.

import type { Db } from '#platform/db/index.ts'
import type { ReferralId } from '#platform/ids.ts'

export interface LinkOfChain {
  readonly id: ReferralId
  readonly reference: string
  readonly serviceName: string
  readonly state: string
}

export interface Antecedents {
  /** The referral that this one took up. */
  readonly before: LinkOfChain | null
  /** Those that took this one up, the earliest first. */
  readonly after: readonly LinkOfChain[]
  /** Marks of what stood in the way when it was sent. */
  readonly warningsSeen: readonly string[]
}

export async function antecedentsOf(db: Db, id: ReferralId): Promise<Antecedents> {
  const own = await db
    .selectFrom('referrals')
    .select(['follows_id', 'warnings_seen'])
    .where('id', '=', id)
    .executeTakeFirst()
  const columns = ['id', 'reference', 'service_name', 'state'] as const
  const before =
    own?.follows_id == null
      ? undefined
      : await db.selectFrom('referrals').select(columns).where('id', '=', own.follows_id).executeTakeFirst()
  const after = await db
    .selectFrom('referrals')
    .select(columns)
    .where('follows_id', '=', id)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return { before: before ? linkOf(before) : null, after: after.map(linkOf), warningsSeen: own?.warnings_seen ?? [] }
}

function linkOf(row: { id: string; reference: string; service_name: string; state: string }): LinkOfChain {
  return { id: row.id as ReferralId, reference: row.reference, serviceName: row.service_name, state: row.state }
}
