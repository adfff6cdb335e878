// Referrals found by what is known of them: by who has them in hand, by the reference that people say aloud.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import type { ClientId, ReferralId, StaffId } from '#platform/ids.ts'

/** The unclosed referrals that `from` is responsible for and `to` may see, of these clients or of all (null). */
export async function unclosedInHand(
  db: Db,
  { from, to, clientIds }: { from: StaffId; to: StaffId; clientIds: readonly ClientId[] | null },
): Promise<readonly ReferralId[]> {
  if (clientIds?.length === 0) return []
  let query = db
    .selectFrom('referrals')
    .select('id')
    .where('adviser_id', '=', from)
    .where('next_due_at', 'is not', null)
    .where(sql<boolean>`(restricted_to IS NULL OR ${to} = ANY (restricted_to))`)
  if (clientIds !== null) query = query.where('client_id', 'in', clientIds)
  return (await query.orderBy('id').execute()).map(({ id }) => id as ReferralId)
}

/** The id of the referral with this reference (`R-7K3F-6Q`), when this actor may see it. */
export async function referralIdOf(db: Db, reference: string): Promise<ReferralId | null> {
  const row = await db.selectFrom('referrals').select('id').where('reference', '=', reference).executeTakeFirst()
  return row ? (row.id as ReferralId) : null
}
