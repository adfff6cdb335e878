// Referrals found by what is known of them: whose they are, where they are, what is due, the reference that people say aloud.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import type { ClientId, OrganizationId, ReferralId, ServiceId, StaffId } from '#platform/ids.ts'
import { ends, openStates } from './referral.ts'
import { fileColumns, referralsOfRows, type KeptReferral } from './referrals.store.ts'

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

/** Referrals that are not closed, of this adviser or of these clients, what is due first on top. */
export async function unclosedOfAdviser(
  db: Db,
  adviserId: StaffId,
  clientIds: readonly ClientId[],
  most = 500,
): Promise<readonly KeptReferral[]> {
  const rows = await db
    .selectFrom('referrals')
    .select(fileColumns)
    .where((is) =>
      clientIds.length === 0
        ? is('adviser_id', '=', adviserId)
        : is.or([is('adviser_id', '=', adviserId), is('client_id', 'in', clientIds)]),
    )
    .where('next_due_at', 'is not', null)
    .orderBy('next_due_at')
    .orderBy('id')
    .limit(most)
    .execute()
  return referralsOfRows(db, rows)
}

/** The referrals of a partner, or of one of its services, that have not ended, the latest first. */
export async function openAtPartner(
  db: Db,
  of: { readonly organizationId: OrganizationId } | { readonly serviceId: ServiceId },
  most = 100,
): Promise<readonly KeptReferral[]> {
  let query = db
    .selectFrom('referrals')
    .select(fileColumns)
    .where('state', 'in', [...openStates])
  if ('serviceId' in of) query = query.where('service_id', '=', of.serviceId)
  else query = query.where('organization_id', '=', of.organizationId)
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(most).execute()
  return referralsOfRows(db, rows)
}

/** The referrals whose clock has struck by this moment, the longest overdue first. */
export async function struckBy(db: Db, moment: Date, most = 200): Promise<readonly ReferralId[]> {
  const rows = await db
    .selectFrom('referrals')
    .select('id')
    .where('next_due_at', '<=', moment)
    .orderBy('next_due_at')
    .limit(most)
    .execute()
  return rows.map((row) => row.id as ReferralId)
}

/** Referrals that are not closed, in the order of their ids, after this one: to go through all of them in portions. */
export async function unclosedAfter(db: Db, after: ReferralId | null, most: number): Promise<readonly KeptReferral[]> {
  let query = db.selectFrom('referrals').select(fileColumns).where('next_due_at', 'is not', null)
  if (after !== null) query = query.where('id', '>', after)
  const rows = await query.orderBy('id').limit(most).execute()
  return referralsOfRows(db, rows)
}

/** The person's referrals that have ended and wait for a next step. */
export async function endedWithoutNextStep(db: Db, ids: readonly ClientId[]): Promise<readonly ReferralId[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('referrals')
    .select('id')
    .where('client_id', 'in', ids)
    .where('state', 'in', [...ends])
    .where('next_due_at', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id as ReferralId)
}
