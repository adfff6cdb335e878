// A partner's link to one referral: made from a key and an id, kept as a hash, renewed by a new row.

import type { Selectable } from 'kysely'
import type { Database, Db } from '#platform/db/index.ts'
import type { Id, NetworkId, OrganizationId, ReferralId } from '#platform/ids.ts'
import type { BearerToken } from '#platform/secrets.ts'
import type { LinkKind } from './action-set.ts'
import { marksOf } from '../referral-marks.store.ts'
import type { ReferralFile } from '../referrals.store.ts'

export type ReferralLinkId = Id<'referral_link'>

export interface ReferralLink {
  readonly networkId: NetworkId
  readonly id: ReferralLinkId
  readonly referralId: ReferralId
  readonly organizationId: OrganizationId
  readonly keyId: string
  readonly recipient: string
  readonly expiresAt: Date
  readonly revokedAt: Date | null
}

const columns = [
  ...([
    'network_id',
    'id',
    'referral_id',
    'organization_id',
    'key_id',
    'recipient',
    'expires_at',
    'revoked_at',
  ] as const),
] as const

export interface NewLink {
  readonly id: ReferralLinkId
  readonly keyId: string
  readonly secretHash: Buffer
  readonly recipient: string
  readonly expiresAt: Date
}

export async function insertLink(db: Db, file: ReferralFile, link: NewLink, now: Date): Promise<void> {
  await db
    .insertInto('referral_links')
    .values({
      ...marksOf(file),
      id: link.id,
      kind: 'partner',
      key_id: link.keyId,
      secret_hash: link.secretHash,
      recipient: link.recipient,
      created_at: now,
      expires_at: link.expiresAt,
    })
    .execute()
}

/** The link of this kind whose secret this is, dead or alive: at the door, before it is known who asks. */
export async function linkOfSecret(db: Db, token: BearerToken, kind: LinkKind): Promise<ReferralLink | null> {
  const row = await db
    .selectFrom('referral_links')
    .select(columns)
    .where('secret_hash', '=', token.secretHash)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return row ? linkOf(row) : null
}

export async function findLink(db: Db, id: ReferralLinkId): Promise<ReferralLink | undefined> {
  const row = await db.selectFrom('referral_links').select(columns).where('id', '=', id).executeTakeFirst()
  return row && linkOf(row)
}

/** The link that the partner holds now: the latest that has neither expired nor been revoked. */
export async function liveLinkOf(db: Db, referralId: ReferralId, now: Date): Promise<ReferralLink | undefined> {
  const row = await db
    .selectFrom('referral_links')
    .select(columns)
    .where('referral_id', '=', referralId)
    .where('kind', '=', 'partner')
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && linkOf(row)
}

/** No link to this referral works any more. Gives how many did. */
export async function revokeLinks(db: Db, referralId: ReferralId, now: Date): Promise<number> {
  const done = await db
    .updateTable('referral_links')
    .set({ revoked_at: now })
    .where('referral_id', '=', referralId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}

/** Remembers the mail that carried the link. */
export async function saveMailOfLink(db: Db, id: ReferralLinkId, mailId: string): Promise<void> {
  await db.updateTable('referral_links').set({ message_id: mailId }).where('id', '=', id).execute()
}

type LinkRow = Pick<Selectable<Database['referral_links']>, (typeof columns)[number]>

// A row as it was written by this very file: its ids are of the kinds that their columns name.
function linkOf(row: LinkRow): ReferralLink {
  return {
    networkId: row.network_id as NetworkId,
    id: row.id as ReferralLinkId,
    referralId: row.referral_id as ReferralId,
    organizationId: row.organization_id as OrganizationId,
    keyId: row.key_id,
    recipient: row.recipient,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}
