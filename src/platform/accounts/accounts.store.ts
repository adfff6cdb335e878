// SQL at the door, alike for every kind of account: passwords, sessions, links to set a password.

import type { Db } from '../db/index.ts'
import { newId, type NetworkId } from '../ids.ts'
import { linkHours, sessionHours, type AccountKind } from './account.ts'

const hour = 3_600_000

export async function passwordHashOf(db: Db, { tables }: AccountKind, accountId: string): Promise<string | null> {
  const row = await db
    .selectFrom(tables.credentials)
    .select('password_hash')
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row?.password_hash ?? null
}

/** Sets the password, and an invited account is active from then on. */
export async function setPassword(
  db: Db,
  kind: AccountKind,
  at: { networkId: NetworkId; accountId: string; hash: string; now: Date },
): Promise<void> {
  await db
    .insertInto(kind.tables.credentials)
    .values({ network_id: at.networkId, account_id: at.accountId, password_hash: at.hash, changed_at: at.now })
    .onConflict((conflict) =>
      conflict.columns(['network_id', 'account_id']).doUpdateSet({ password_hash: at.hash, changed_at: at.now }),
    )
    .execute()
  await kind.activate(db, at.accountId)
}

export async function insertSession(
  db: Db,
  { tables }: AccountKind,
  at: { networkId: NetworkId; accountId: string; secretHash: Buffer; now: Date },
): Promise<void> {
  await db
    .insertInto(tables.sessions)
    .values({
      network_id: at.networkId,
      id: newId<'session'>(at.now.getTime()),
      account_id: at.accountId,
      secret_hash: at.secretHash,
      created_at: at.now,
      expires_at: new Date(at.now.getTime() + sessionHours * hour),
    })
    .execute()
}

export async function endSession(db: Db, { tables }: AccountKind, sessionId: string, now: Date): Promise<void> {
  await db
    .updateTable(tables.sessions)
    .set({ ended_at: now })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .execute()
}

/** Ends all sessions of an account; gives how many there were. */
export async function endSessionsOf(db: Db, { tables }: AccountKind, accountId: string, now: Date): Promise<number> {
  const ended = await db
    .updateTable(tables.sessions)
    .set({ ended_at: now })
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}

export interface PasswordLink {
  readonly id: string
  readonly accountId: string
  readonly kind: 'invitation' | 'reset'
  readonly keyId: string
}

export async function insertPasswordLink(
  db: Db,
  { tables }: AccountKind,
  link: PasswordLink & { networkId: NetworkId; secretHash: Buffer; now: Date },
): Promise<void> {
  await db
    .insertInto(tables.links)
    .values({
      network_id: link.networkId,
      id: link.id,
      account_id: link.accountId,
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
  kind: AccountKind,
  { secretHash, now }: { secretHash: Buffer; now: Date },
): Promise<PasswordLink | null> {
  const row = await linkQuery(db, kind)
    .where('secret_hash', '=', secretHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row ? toLink(row) : null
}

export async function findPasswordLinkById(db: Db, kind: AccountKind, id: string): Promise<PasswordLink | null> {
  const row = await linkQuery(db, kind).where('id', '=', id).executeTakeFirst()
  return row ? toLink(row) : null
}

/** All open links of an account are used up with one; gives how many were open. Of two at once, one gives 0. */
export async function usePasswordLinks(db: Db, { tables }: AccountKind, accountId: string, now: Date): Promise<number> {
  const used = await db
    .updateTable(tables.links)
    .set({ used_at: now })
    .where('account_id', '=', accountId)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return Number(used.numUpdatedRows)
}

/** Forgets what has been over for long: sessions after a day, links after thirty. Runs as `waypost_job`. */
export async function forgetOver(db: Db, { tables }: AccountKind, now: Date): Promise<void> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * hour)
  await db
    .deleteFrom(tables.sessions)
    .where((eb) => eb.or([eb('expires_at', '<', daysAgo(1)), eb('ended_at', '<', daysAgo(1))]))
    .execute()
  await db.deleteFrom(tables.links).where('expires_at', '<', daysAgo(30)).execute()
}

function linkQuery(db: Db, { tables }: AccountKind) {
  return db.selectFrom(tables.links).select(['id', 'account_id', 'kind', 'key_id'])
}

function toLink(row: { id: string; account_id: string; kind: string; key_id: string }): PasswordLink {
  return { id: row.id, accountId: row.account_id, kind: row.kind as PasswordLink['kind'], keyId: row.key_id }
}
