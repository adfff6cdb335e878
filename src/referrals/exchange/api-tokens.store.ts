// API tokens of partners: kept as a hash, looked up at the door, seen and ended by the lead of the team.

import type { Db } from '#platform/db/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import type { ContactId, NetworkId, OrganizationId } from '#platform/ids.ts'
import type { BearerToken } from '#platform/secrets.ts'
import { apiScopes, type ApiBearer, type ApiScope, type ApiToken, type ApiTokenId } from './api-token.ts'

/** Whose token this is, at the door; null when it is unknown, over or revoked. Notes the day of use. */
export async function bearerOfToken(
  db: Db,
  { networkId, secretHash }: BearerToken,
  now: Date,
): Promise<ApiBearer | null> {
  const row = await db
    .selectFrom('api_tokens')
    .select(['id', 'organization_id', 'scopes', 'last_used_on', 'made_by'])
    .where('secret_hash', '=', secretHash)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (!row) return null
  const today = now.toISOString().slice(0, 10)
  // Once a day is enough, and spares every call a write.
  if (row.last_used_on !== today)
    await db.updateTable('api_tokens').set({ last_used_on: today }).where('id', '=', row.id).execute()
  return {
    tokenId: row.id as ApiTokenId,
    networkId,
    organizationId: row.organization_id as OrganizationId,
    madeBy: row.made_by as ContactId,
    scopes: scopesOf(row.scopes),
  }
}

export interface NewApiToken {
  readonly id: ApiTokenId
  readonly networkId: NetworkId
  readonly organizationId: OrganizationId
  readonly label: string
  readonly scopes: readonly ApiScope[]
  readonly secretHash: Buffer
  readonly madeBy: ContactId
  readonly expiresAt: Date
}

/** Keeps a new token. The same form sent twice keeps one. */
export async function insertApiToken(db: Db, token: NewApiToken, now: Date): Promise<void> {
  await db
    .insertInto('api_tokens')
    .values({
      network_id: token.networkId,
      id: token.id,
      organization_id: token.organizationId,
      label: token.label,
      scopes: [...token.scopes],
      secret_hash: token.secretHash,
      made_by: token.madeBy,
      created_at: now,
      expires_at: token.expiresAt,
    })
    .onConflict((conflict) => conflict.columns(['network_id', 'id']).doNothing())
    .execute()
}

/** The organisation's tokens, those that work first, the newest on top. */
export async function listApiTokens(db: Db): Promise<readonly ApiToken[]> {
  const rows = await db
    .selectFrom('api_tokens')
    .select(['id', 'label', 'scopes', 'created_at', 'expires_at', 'last_used_on', 'revoked_at'])
    .orderBy((is) => is('revoked_at', 'is not', null))
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(100)
    .execute()
  return rows.map((row) => ({
    id: row.id as ApiTokenId,
    label: row.label,
    scopes: scopesOf(row.scopes),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedOn: row.last_used_on as CalendarDay | null,
    revokedAt: row.revoked_at,
  }))
}

/** The token stops working at once. */
export async function revokeApiToken(db: Db, id: ApiTokenId, now: Date): Promise<void> {
  await db
    .updateTable('api_tokens')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}

function scopesOf(kept: readonly string[]): readonly ApiScope[] {
  return apiScopes.filter((scope) => kept.includes(scope))
}
