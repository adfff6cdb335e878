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

export interface FilesReassigned {
  /** The files that have another adviser now, with those merged into them; null: everything that the adviser had. */
  readonly clientIds: readonly ClientId[] | null
  readonly from: StaffId
  readonly to: StaffId
  /** Whose doing it was; null: the system's, as a caseload is handed over. */
  readonly by: { readonly id: StaffId; readonly name: string } | null
}

/** `Work` is the platform's work: the transaction, the network, the clock. Generic, so that this stays pure. */
export interface ClientHooks<Work> {
  /** Whoever holds what was shared on this consent takes it back. */
  readonly onConsentWithdrawn?: (work: Work, withdrawn: ConsentWithdrawn) => Promise<void>
  /** Whoever keeps rows of this client brings `site_id` and `restricted_to` up to date. */
  readonly onAccessChanged?: (work: Work, changed: AccessChanged) => Promise<void>
  /** What the former adviser had in hand for these clients goes to the new one. Called after `onAccessChanged`, which has let
   *  the new one in. */
  readonly onReassigned?: (work: Work, reassigned: FilesReassigned) => Promise<void>
  /** What the people of partners are called, who were shown something of a client: by the id that the trace names. */
  readonly partnerNames?: (work: Work, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}
