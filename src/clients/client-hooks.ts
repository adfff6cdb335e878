// What other features do in the same transaction when a file changes under what they hold of it. `app.ts` gives them.

import type { ClientId, OrganizationId, ReferralId, SiteId, StaffId } from '#platform/ids.ts'
import type { ConsentId, ConsentPurpose } from './consent.ts'

export interface ConsentWithdrawn {
  /** The file's own id first, then the ids merged into it. */
  readonly clientIds: readonly ClientId[]
  readonly consentId: ConsentId
  readonly purpose: ConsentPurpose
  /** The partner it named; null when it named none by id. */
  readonly organizationId: OrganizationId | null
  /** The one referral that it was given for; null when it was bound to none. */
  readonly referralId: ReferralId | null
  /** The partner's name as it was typed, where it was named by no id. */
  readonly recipient: string | null
}

export interface AccessChanged {
  readonly clientIds: readonly ClientId[]
  /** To be written on every row that hangs on these clients. */
  readonly siteId: SiteId
  readonly restrictedTo: readonly StaffId[] | null
}

/** `Work` is the platform's work: the transaction, the network, the clock. Generic, so that this stays pure. */
export interface ClientHooks<Work> {
  /** Whoever holds what was shared on this consent takes it back. */
  readonly onConsentWithdrawn?: (work: Work, withdrawn: ConsentWithdrawn) => Promise<void>
  /** Whoever keeps rows of this client brings `site_id` and `restricted_to` up to date. */
  readonly onAccessChanged?: (work: Work, changed: AccessChanged) => Promise<void>
}
