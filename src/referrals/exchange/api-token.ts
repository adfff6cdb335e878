// A partner's API token: what it may do, and how long.

import type { ContactId, Id, NetworkId, OrganizationId } from '#platform/ids.ts'
import type { CalendarDay } from '#platform/dates.ts'

/** read: see referrals and requests. answer: change their Tasks. refer: send people to us. */
export const apiScopes = ['read', 'answer', 'refer'] as const
export type ApiScope = (typeof apiScopes)[number]

/** Months after which a token ends. Without an end, a forgotten one would open the door for ever. */
export const tokenMonths = [3, 12, 24] as const

export type ApiTokenId = Id<'api_token'>

export interface ApiToken {
  readonly id: ApiTokenId
  readonly label: string
  readonly scopes: readonly ApiScope[]
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly lastUsedOn: CalendarDay | null
  readonly revokedAt: Date | null
}

/** Who calls: the system of one organisation, with what its token reaches. */
export interface ApiBearer {
  readonly tokenId: ApiTokenId
  readonly networkId: NetworkId
  readonly organizationId: OrganizationId
  /** Whoever made the token answers for it: it ends with their account. */
  readonly madeBy: ContactId
  readonly scopes: readonly ApiScope[]
}

export function tokenState({ expiresAt, revokedAt }: ApiToken, now: Date): 'works' | 'ended' | 'revoked' {
  return revokedAt !== null ? 'revoked' : expiresAt <= now ? 'ended' : 'works'
}
