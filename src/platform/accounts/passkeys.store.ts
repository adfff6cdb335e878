// SQL on passkeys, and on the challenges that were answered. At the door alone.

import type { Db } from '../db/index.ts'
import { newId, type Id, type NetworkId } from '../ids.ts'
import type { AccountKind } from './account.ts'
import type { Challenge, Passkey } from './passkey.ceremony.ts'

export type PasskeyId = Id<'passkey'>

export interface KeptPasskey extends Passkey {
  readonly id: PasskeyId
  readonly accountId: string
  /** What its owner calls it. */
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

/** An account's passkeys, the newest first. */
export async function passkeysOf(db: Db, kind: AccountKind, accountId: string): Promise<KeptPasskey[]> {
  const rows = await passkeyQuery(db, kind)
    .where('account_id', '=', accountId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(toPasskey)
}

/** The passkey that an authenticator names; until the transaction ends nobody else counts its uses. */
export async function holdPasskey(db: Db, kind: AccountKind, credentialId: string): Promise<KeptPasskey | null> {
  const row = await passkeyQuery(db, kind).where('credential_id', '=', credentialId).forUpdate().executeTakeFirst()
  return row ? toPasskey(row) : null
}

/** False when the network knows this passkey already: nothing is added then. */
export async function insertPasskey(
  db: Db,
  { tables }: AccountKind,
  { passkey, ...at }: { passkey: Passkey; networkId: NetworkId; accountId: string; name: string; now: Date },
): Promise<boolean> {
  const added = await db
    .insertInto(tables.passkeys)
    .values({
      network_id: at.networkId,
      id: newId<'passkey'>(at.now.getTime()),
      account_id: at.accountId,
      credential_id: passkey.credentialId,
      public_key: Buffer.from(passkey.publicKey),
      counter: passkey.counter,
      transports: [...passkey.transports],
      name: at.name,
      created_at: at.now,
    })
    .onConflict((conflict) => conflict.columns(['network_id', 'credential_id']).doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n
}

export async function noteUse(
  db: Db,
  { tables }: AccountKind,
  { id, counter, now }: { id: PasskeyId; counter: number; now: Date },
): Promise<void> {
  await db.updateTable(tables.passkeys).set({ counter, last_used_at: now }).where('id', '=', id).execute()
}

/** False when the account has no such passkey. */
export async function renamePasskey(
  db: Db,
  { tables }: AccountKind,
  at: { accountId: string; id: PasskeyId; name: string },
): Promise<boolean> {
  const changed = await db
    .updateTable(tables.passkeys)
    .set({ name: at.name })
    .where('id', '=', at.id)
    .where('account_id', '=', at.accountId)
    .executeTakeFirst()
  return changed.numUpdatedRows === 1n
}

/** False when the account has no such passkey. */
export async function removePasskey(
  db: Db,
  { tables }: AccountKind,
  at: { accountId: string; id: PasskeyId },
): Promise<boolean> {
  const removed = await db
    .deleteFrom(tables.passkeys)
    .where('id', '=', at.id)
    .where('account_id', '=', at.accountId)
    .executeTakeFirst()
  return removed.numDeletedRows === 1n
}

export async function removePasskeysOf(db: Db, { tables }: AccountKind, accountId: string): Promise<void> {
  await db.deleteFrom(tables.passkeys).where('account_id', '=', accountId).execute()
}

/** True for the first answer to a challenge alone. */
export async function takeChallenge(db: Db, networkId: NetworkId, { id }: Challenge, now: Date): Promise<boolean> {
  const taken = await db
    .insertInto('answered_challenges')
    .values({ network_id: networkId, id, at: now })
    .onConflict((conflict) => conflict.columns(['network_id', 'id']).doNothing())
    .executeTakeFirst()
  return taken.numInsertedOrUpdatedRows === 1n
}

/** Forgets tries and answered challenges of more than a day ago. Runs as `waypost_job`. */
export async function forgetTries(db: Db, now: Date): Promise<void> {
  const yesterday = new Date(now.getTime() - 24 * 3_600_000)
  await db.deleteFrom('sign_in_attempts').where('at', '<', yesterday).execute()
  await db.deleteFrom('answered_challenges').where('at', '<', yesterday).execute()
}

function passkeyQuery(db: Db, { tables }: AccountKind) {
  return db
    .selectFrom(tables.passkeys)
    .select(['id', 'account_id', 'credential_id', 'public_key', 'counter', 'transports'])
    .select(['name', 'created_at', 'last_used_at'])
}

interface PasskeyRow {
  id: string
  account_id: string
  credential_id: string
  public_key: Buffer
  transports: string[]
  name: string
  created_at: Date
  last_used_at: Date | null
  counter: number
}

function toPasskey(row: PasskeyRow): KeptPasskey {
  return {
    id: row.id as PasskeyId,
    accountId: row.account_id,
    credentialId: row.credential_id,
    publicKey: new Uint8Array(row.public_key),
    counter: row.counter,
    transports: row.transports,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }
}
