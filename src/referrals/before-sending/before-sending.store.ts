// What earlier referrals say about sending another one.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import type { OrganizationId } from '#platform/ids.ts'
import type { Answering } from './silence.ts'

/** More than three may still be within their time. */
const looksBack = 12

/** How the partner fared with what it was sent last, the latest first; referrals that were taken back say nothing of it. */
export async function answeringOf(db: Db, organizationId: OrganizationId, now: Date): Promise<readonly Answering[]> {
  const rows = await db
    .selectFrom('referrals as r')
    .select(['r.state', 'r.next_due_at'])
    .select((is) =>
      is
        .exists(
          is
            .selectFrom('referral_events as e')
            .select(sql`1`.as('one'))
            .whereRef('e.network_id', '=', 'r.network_id')
            .whereRef('e.referral_id', '=', 'r.id')
            .where('e.kind', '=', 'reminded'),
        )
        .as('was_reminded'),
    )
    .where('r.organization_id', '=', organizationId)
    .where('r.state', 'not in', ['drafted', 'withdrawn'])
    .orderBy('r.created_at', 'desc')
    .orderBy('r.id', 'desc')
    .limit(looksBack)
    .execute()
  return rows.map((row) => ({
    state: row.state,
    isPastClock: row.was_reminded === true || (row.next_due_at !== null && row.next_due_at <= now),
  }))
}
