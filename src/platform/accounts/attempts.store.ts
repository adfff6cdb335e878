// Tries to sign in: counted by account and by where they come from, so that nobody guesses for long.

import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../db/index.ts'
import { newId, type NetworkId } from '../ids.ts'
import type { Keys } from '../secrets.ts'
import { attemptLimits } from './account.ts'

/** What tries are counted by, as keyed hashes. */
export interface AttemptSubjects {
  /** Null where nobody says whose account is tried. */
  readonly account: Buffer | null
  readonly address: Buffer
}

/** `what` keeps signing in, asking for links and the kinds of account apart. */
export function subjectsOf(
  keys: Keys,
  { what, email, address }: { what: string; email: string | null; address: string },
): AttemptSubjects {
  const keyed = (text: string) => createHmac('sha256', keys.of(keys.currentId)).update(text).digest()
  return {
    account: email === null ? null : keyed(`account ${what} ${email}`),
    address: keyed(`address ${what} ${address}`),
  }
}

/**
 * Whether this account or this address has failed too often lately. Until the transaction ends nobody else tries for them:
 * a hundred tries at once are counted one after the other. After the limit each costs a query and no more.
 */
export async function hasTriedTooOften(db: Db, subjects: AttemptSubjects, now: Date): Promise<boolean> {
  await holdSubjects(db, subjects)
  const since = new Date(now.getTime() - attemptLimits.windowMinutes * 60_000)
  const rows = await db
    .selectFrom('sign_in_attempts')
    .select(['subject_hash', (eb) => eb.fn.countAll<number>().as('tries')])
    .where('subject_hash', 'in', hashesOf(subjects))
    .where('at', '>', since)
    .groupBy('subject_hash')
    .execute()
  return rows.some(
    (row) =>
      Number(row.tries) >= (row.subject_hash.equals(subjects.address) ? attemptLimits.address : attemptLimits.account),
  )
}

export async function noteFailedTry(db: Db, networkId: NetworkId, subjects: AttemptSubjects, now: Date): Promise<void> {
  const rows = hashesOf(subjects).map((hash) => ({
    network_id: networkId,
    id: newId<'attempt'>(now.getTime()),
    subject_hash: hash,
    at: now,
  }))
  await db.insertInto('sign_in_attempts').values(rows).execute()
}

/** Always in the same order: two transactions never wait for each other. */
async function holdSubjects(db: Db, subjects: AttemptSubjects): Promise<void> {
  const locks = hashesOf(subjects)
    .map((hash) => hash.readBigInt64BE(0))
    .sort((a, b) => (a < b ? -1 : 1))
  for (const lock of locks) await sql`SELECT pg_advisory_xact_lock(${String(lock)}::bigint)`.execute(db)
}

function hashesOf({ account, address }: AttemptSubjects): Buffer[] {
  return account ? [account, address] : [address]
}
