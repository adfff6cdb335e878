// What a partner's system asks of referrals: one with all that it may see, or a list in the order in which they changed.

import { parseDay, type CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { ReferralId } from '#platform/ids.ts'
import type { ReferralState } from '../referral.ts'
import { findReferrals, type KeptReferral } from '../referrals.store.ts'

/** Where a list goes on: after the last change and id that were seen. */
export interface Place {
  readonly at: Date
  readonly id: string
}

export interface TaskQuestion {
  /** All states when left out. */
  readonly states?: readonly ReferralState[]
  readonly since?: Date
  readonly until?: Date
  readonly after?: Place
  readonly most: number
}

/** By when it is the partner's turn; null while it is somebody else's. */
export async function partnerDueOn(db: Db, id: ReferralId): Promise<CalendarDay | null> {
  const row = await db.selectFrom('referrals').select('partner_due_on').where('id', '=', id).executeTakeFirst()
  return row?.partner_due_on == null ? null : parseDay(row.partner_due_on)
}

/** Referrals that this partner was sent, by their last change, the longest unchanged first: whoever reads on from the last
 *  one misses none. A draft is no one's yet. */
export async function changedReferrals(
  db: Db,
  { states, since, until, after, most }: TaskQuestion,
): Promise<readonly KeptReferral[]> {
  // The version is the number of events, so the last event is the one whose turn in the history it is.
  let query = db
    .selectFrom('referrals as referral')
    .innerJoin('referral_events as last', (join) =>
      join
        .onRef('last.network_id', '=', 'referral.network_id')
        .onRef('last.referral_id', '=', 'referral.id')
        .onRef('last.seq', '=', 'referral.version'),
    )
    .select('referral.id')
    .where('referral.state', '<>', 'drafted')
  if (states) query = query.where('referral.state', 'in', states.length > 0 ? [...states] : ['none'])
  if (since) query = query.where('last.at', '>=', since)
  if (until) query = query.where('last.at', '<=', until)
  if (after)
    query = query.where((is) =>
      is.or([is('last.at', '>', after.at), is.and([is('last.at', '=', after.at), is('referral.id', '>', after.id)])]),
    )
  const rows = await query.orderBy('last.at').orderBy('referral.id').limit(most).execute()
  return findReferrals(
    db,
    rows.map(({ id }) => id as ReferralId),
  )
}
