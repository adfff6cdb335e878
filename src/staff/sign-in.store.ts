// SQL at the door: credentials, sessions, links to set a password, tries to sign in.

import type { Db } from '#platform/db/index.ts'
import type { StaffActor } from '#platform/http/index.ts'
import { newId, type NetworkId, type SiteId, type StaffId } from '#platform/ids.ts'
import { attemptLimits, linkHours, sessionHours } from './member.ts'
import { placesOfStaff } from './staff.store.ts'

const hour = 3_600_000

/** Who holds a session: null when it is unknown, over, ended, or the person has left. Runs as the door; one query, since
 *  every request asks it. */
export async function findActorBySession(
  db: Db,
  { secretHash }: { secretHash: Buffer },
  now: Date,
): Promise<StaffActor | null> {
  const session = await db
    .selectFrom('staff_sessions as session')
    .innerJoin('staff', (join) =>
      join.onRef('staff.network_id', '=', 'session.network_id').onRef('staff.id', '=', 'session.account_id'),
    )
    .leftJoin('staff_sites as place', (join) =>
      join.onRef('place.network_id', '=', 'staff.network_id').onRef('place.staff_id', '=', 'staff.id'),
    )
    .select(['session.id as session_id', 'staff.id', 'staff.name', 'staff.roles', 'staff.locale'])
    .select(placesOfStaff)
    .where('session.secret_hash', '=', secretHash)
    .where('session.ended_at', 'is', null)
    .where('session.expires_at', '>', now)
    .where('staff.state', '=', 'active')
    .groupBy(['session.network_id', 'session.id', 'staff.network_id', 'staff.id'])
    .executeTakeFirst()
  if (!session) return null
  const { session_id: sessionId, id, roles, site_ids: siteIds, managed_site_ids: managedSiteIds, ...rest } = session
  return {
    ...{ ...rest, kind: 'staff', sessionId },
    id: id as StaffId,
    roles: roles as StaffActor['roles'],
    siteIds: siteIds as SiteId[],
    managedSiteIds: managedSiteIds as SiteId[],
  }
}

export async function passwordHashOf(db: Db, staffId: StaffId): Promise<string | null> {
  const row = await db
    .selectFrom('staff_credentials')
    .select('password_hash')
    .where('account_id', '=', staffId)
    .executeTakeFirst()
  return row?.password_hash ?? null
}

/** Sets the password, and the account is active from then on. */
export async function setPassword(
  db: Db,
  at: { networkId: NetworkId; staffId: StaffId; hash: string; now: Date },
): Promise<void> {
  await db
    .insertInto('staff_credentials')
    .values({ network_id: at.networkId, account_id: at.staffId, password_hash: at.hash, changed_at: at.now })
    .onConflict((conflict) =>
      conflict.columns(['network_id', 'account_id']).doUpdateSet({ password_hash: at.hash, changed_at: at.now }),
    )
    .execute()
  await db
    .updateTable('staff')
    .set({ state: 'active' })
    .where('id', '=', at.staffId)
    .where('state', '=', 'invited')
    .execute()
}

export async function insertSession(
  db: Db,
  at: { networkId: NetworkId; staffId: StaffId; secretHash: Buffer; now: Date },
): Promise<void> {
  await db
    .insertInto('staff_sessions')
    .values({
      network_id: at.networkId,
      id: newId<'session'>(at.now.getTime()),
      account_id: at.staffId,
      secret_hash: at.secretHash,
      created_at: at.now,
      expires_at: new Date(at.now.getTime() + sessionHours * hour),
    })
    .execute()
}

export async function endSession(db: Db, sessionId: string, now: Date): Promise<void> {
  await db
    .updateTable('staff_sessions')
    .set({ ended_at: now })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .execute()
}

/** Ends all sessions of a person; gives how many there were. */
export async function endSessionsOf(db: Db, staffId: StaffId, now: Date): Promise<number> {
  const ended = await db
    .updateTable('staff_sessions')
    .set({ ended_at: now })
    .where('account_id', '=', staffId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}

export interface PasswordLink {
  readonly id: string
  readonly staffId: StaffId
  readonly kind: 'invitation' | 'reset'
  readonly keyId: string
}

export async function insertPasswordLink(
  db: Db,
  link: PasswordLink & { networkId: NetworkId; secretHash: Buffer; now: Date },
): Promise<void> {
  await db
    .insertInto('staff_links')
    .values({
      network_id: link.networkId,
      id: link.id,
      account_id: link.staffId,
      kind: link.kind,
      secret_hash: link.secretHash,
      key_id: link.keyId,
      created_at: link.now,
      expires_at: new Date(link.now.getTime() + linkHours[link.kind] * hour),
    })
    .execute()
}

/** The link of a secret while it is good: not used, not over. */
export async function findPasswordLink(
  db: Db,
  { secretHash }: { secretHash: Buffer },
  now: Date,
): Promise<PasswordLink | null> {
  const row = await linkQuery(db)
    .where('secret_hash', '=', secretHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row ? toLink(row) : null
}

export async function findPasswordLinkById(db: Db, id: string): Promise<PasswordLink | null> {
  const row = await linkQuery(db).where('id', '=', id).executeTakeFirst()
  return row ? toLink(row) : null
}

/** All open links of the person are used up with one. */
export async function usePasswordLinks(db: Db, staffId: StaffId, now: Date): Promise<void> {
  await db
    .updateTable('staff_links')
    .set({ used_at: now })
    .where('account_id', '=', staffId)
    .where('used_at', 'is', null)
    .execute()
}

function linkQuery(db: Db) {
  return db.selectFrom('staff_links').select(['id', 'account_id', 'kind', 'key_id'])
}

function toLink(row: { id: string; account_id: string; kind: string; key_id: string }): PasswordLink {
  return { id: row.id, staffId: row.account_id as StaffId, kind: row.kind as PasswordLink['kind'], keyId: row.key_id }
}

/** Whether this account or this address has failed too often lately. */
export async function hasTriedTooOften(db: Db, subjects: AttemptSubjects, now: Date): Promise<boolean> {
  const since = new Date(now.getTime() - attemptLimits.windowMinutes * 60_000)
  const rows = await db
    .selectFrom('sign_in_attempts')
    .select(['subject_hash', (eb) => eb.fn.countAll<number>().as('tries')])
    .where('subject_hash', 'in', [subjects.account, subjects.address])
    .where('at', '>', since)
    .groupBy('subject_hash')
    .execute()
  return rows.some(
    (row) =>
      Number(row.tries) >= (row.subject_hash.equals(subjects.account) ? attemptLimits.account : attemptLimits.address),
  )
}

export interface AttemptSubjects {
  readonly account: Buffer
  readonly address: Buffer
}

/** Remembers a failed try. Tries of more than a day ago are forgotten in the same step. */
export async function noteFailedTry(db: Db, networkId: NetworkId, subjects: AttemptSubjects, now: Date): Promise<void> {
  await db
    .deleteFrom('sign_in_attempts')
    .where('at', '<', new Date(now.getTime() - 24 * hour))
    .execute()
  const rows = [subjects.account, subjects.address].map((hash) => ({
    network_id: networkId,
    id: newId<'attempt'>(now.getTime()),
    subject_hash: hash,
    at: now,
  }))
  await db.insertInto('sign_in_attempts').values(rows).execute()
}
