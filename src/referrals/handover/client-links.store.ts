// The client's own link to one referral: made from a key and an id, kept as a hash, renewed by a new row.

import type { Selectable } from 'kysely'
import type { Database, Db } from '#platform/db/index.ts'
import type { ClientId, Id, NetworkId, OrganizationId, ReferralId, StaffId } from '#platform/ids.ts'
import type { BearerToken } from '#platform/secrets.ts'
import { marksOf } from '../referral-marks.store.ts'
import type { ReferralFile } from '../referrals.store.ts'

export type ClientLinkId = Id<'client_link'>

export interface ClientLink {
  readonly networkId: NetworkId
  readonly id: ClientLinkId
  readonly referralId: ReferralId
  readonly clientId: ClientId
  readonly organizationId: OrganizationId
  readonly keyId: string
  readonly expiresAt: Date
  readonly revokedAt: Date | null
  readonly openedAt: Date | null
}

const columns = [
  ...(['network_id', 'id', 'referral_id', 'client_id', 'organization_id', 'key_id'] as const),
  ...(['expires_at', 'revoked_at', 'opened_at'] as const),
] as const

export interface NewClientLink {
  readonly id: ClientLinkId
  readonly keyId: string
  readonly secretHash: Buffer
  readonly expiresAt: Date
  readonly madeBy: StaffId | null
}

export async function insertClientLink(db: Db, file: ReferralFile, link: NewClientLink, now: Date): Promise<void> {
  await db
    .insertInto('referral_client_links')
    .values({
      ...marksOf(file),
      id: link.id,
      key_id: link.keyId,
      secret_hash: link.secretHash,
      made_by: link.madeBy,
      created_at: now,
      expires_at: link.expiresAt,
    })
    .execute()
}

/** The link whose secret this is, dead or alive: at the door, before it is known who asks. */
export async function clientLinkOfSecret(db: Db, token: BearerToken): Promise<ClientLink | null> {
  const row = await db
    .selectFrom('referral_client_links')
    .select(columns)
    .where('secret_hash', '=', token.secretHash)
    .executeTakeFirst()
  return row ? linkOf(row) : null
}

export async function findClientLink(db: Db, id: ClientLinkId): Promise<ClientLink | undefined> {
  const row = await db.selectFrom('referral_client_links').select(columns).where('id', '=', id).executeTakeFirst()
  return row && linkOf(row)
}

/** The link that the client holds now: the latest that has neither expired nor been revoked. */
export async function liveClientLink(db: Db, referralId: ReferralId, now: Date): Promise<ClientLink | undefined> {
  const row = await db
    .selectFrom('referral_client_links')
    .select(columns)
    .where('referral_id', '=', referralId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && linkOf(row)
}

/** No link of the client's to this referral works any more. */
export async function revokeClientLinks(db: Db, referralId: ReferralId, now: Date): Promise<void> {
  await db
    .updateTable('referral_client_links')
    .set({ revoked_at: now })
    .where('referral_id', '=', referralId)
    .where('revoked_at', 'is', null)
    .execute()
}

/** The client has pressed "Show": remembered once. */
export async function markOpened(db: Db, id: ClientLinkId, now: Date): Promise<void> {
  await db
    .updateTable('referral_client_links')
    .set({ opened_at: now })
    .where('id', '=', id)
    .where('opened_at', 'is', null)
    .execute()
}

type LinkRow = Pick<Selectable<Database['referral_client_links']>, (typeof columns)[number]>

// A row as it was written by this very file: its ids are of the kinds that their columns name.
function linkOf(row: LinkRow): ClientLink {
  return {
    networkId: row.network_id as NetworkId,
    id: row.id as ClientLinkId,
    referralId: row.referral_id as ReferralId,
    clientId: row.client_id as ClientId,
    organizationId: row.organization_id as OrganizationId,
    keyId: row.key_id,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    openedAt: row.opened_at,
  }
}
