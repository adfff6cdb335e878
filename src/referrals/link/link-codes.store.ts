// Codes that renew a link, and secrets that opened none.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import { newId, type Id, type NetworkId } from '#platform/ids.ts'
import { deriveSecret, type Keys } from '#platform/secrets.ts'
import { marksOf } from '../referral-marks.store.ts'
import type { ReferralFile } from '../referrals.store.ts'
import { renewalLimits } from './renewal.ts'
import type { ReferralLink, ReferralLinkId } from './referral-links.store.ts'

export type LinkCodeId = Id<'referral_link_code'>

export interface LinkCode {
  readonly id: LinkCodeId
  readonly linkId: ReferralLinkId
  readonly keyId: string
  readonly tries: number
  readonly expiresAt: Date
}

const minute = 60_000
const day = 24 * 60 * minute

/** A new code for the link, or null when one was made just now, or too many today. */
export async function makeCode(
  db: Db,
  { file, link, keyId }: { file: ReferralFile; link: ReferralLink; keyId: string },
  now: Date,
): Promise<LinkCodeId | null> {
  // Those who ask at once ask one after the other: else each would find that no code was made just now.
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${link.id}, 0))`.execute(db)
  const recent = await db
    .selectFrom('referral_link_codes')
    .select('created_at')
    .where('link_id', '=', link.id)
    .where('created_at', '>', new Date(now.getTime() - day))
    .orderBy('created_at', 'desc')
    .execute()
  const sinceLast = now.getTime() - (recent[0]?.created_at.getTime() ?? -Infinity)
  if (recent.length >= renewalLimits.codesADay || sinceLast < renewalLimits.secondsBetweenCodes * 1000) return null
  const id: LinkCodeId = newId<'referral_link_code'>(now.getTime())
  await db
    .insertInto('referral_link_codes')
    .values({
      ...marksOf(file),
      id,
      link_id: link.id,
      key_id: keyId,
      created_at: now,
      expires_at: new Date(now.getTime() + renewalLimits.codeMinutes * minute),
    })
    .execute()
  return id
}

/** The latest code of the link that is still good, with this try counted; held, so that tries are counted one by one. */
export async function takeTry(db: Db, linkId: ReferralLinkId, now: Date): Promise<LinkCode | null> {
  const row = await db
    .selectFrom('referral_link_codes')
    .select(columns)
    .where('link_id', '=', linkId)
    .orderBy('created_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  if (!row || row.expires_at <= now || row.tries >= renewalLimits.tries) return null
  await db
    .updateTable('referral_link_codes')
    .set({ tries: row.tries + 1 })
    .where('id', '=', row.id)
    .execute()
  return codeOfRow(row)
}

export async function findCode(db: Db, id: LinkCodeId): Promise<LinkCode | null> {
  const row = await db.selectFrom('referral_link_codes').select(columns).where('id', '=', id).executeTakeFirst()
  return row ? codeOfRow(row) : null
}

/** The six digits of a code: derived, never kept. */
export function codeOf(keys: Keys, { keyId, id }: { keyId: string; id: string }): string {
  const secret = Buffer.from(deriveSecret(keys, keyId, { kind: 'referrals.link_code', id }), 'base64url')
  // 48 bits over a million: the digits are as good as even.
  return String(secret.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

/** Counts a secret that opened nothing; gives how many came from there within the hour, this one included. As the door. */
export async function noteGuess(
  db: Db,
  { networkId, subjectHash, now }: { networkId: NetworkId; subjectHash: Buffer; now: Date },
): Promise<number> {
  await db
    .deleteFrom('referral_link_guesses')
    .where('at', '<', new Date(now.getTime() - day))
    .execute()
  await db
    .insertInto('referral_link_guesses')
    .values({ network_id: networkId, id: newId<'guess'>(now.getTime()), subject_hash: subjectHash, at: now })
    .execute()
  const { count } = await db
    .selectFrom('referral_link_guesses')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('subject_hash', '=', subjectHash)
    .where('at', '>', new Date(now.getTime() - 60 * minute))
    .executeTakeFirstOrThrow()
  return Number(count)
}

const columns = ['id', 'link_id', 'key_id', 'tries', 'expires_at'] as const

// A row as this file wrote it.
function codeOfRow(row: { id: string; link_id: string; key_id: string; tries: number; expires_at: Date }): LinkCode {
  return {
    id: row.id as LinkCodeId,
    linkId: row.link_id as ReferralLinkId,
    keyId: row.key_id,
    tries: row.tries,
    expiresAt: row.expires_at,
  }
}
