// Where the client's file lies and who may see it: repeated on every row that hangs on a referral, for row-level security.

import type { Db } from '#platform/db/index.ts'
import type { ClientId, NetworkId, OrganizationId, ReferralId, SiteId, StaffId } from '#platform/ids.ts'

/** What row-level security asks of a row that hangs on a referral. */
export interface Marked {
  readonly networkId: NetworkId
  readonly id: ReferralId
  readonly clientId: ClientId
  readonly siteId: SiteId
  readonly restrictedTo: readonly StaffId[] | null
  readonly organizationId: OrganizationId
}

/** The marks of a row that hangs on this referral. */
export function marksOf(file: Marked) {
  return {
    network_id: file.networkId,
    referral_id: file.id,
    client_id: file.clientId,
    site_id: file.siteId,
    restricted_to: file.restrictedTo && [...file.restrictedTo],
    organization_id: file.organizationId,
  }
}

/** Where the client's file lies and who may see it, written on everything that hangs on their referrals. */
export async function spreadMarks(
  db: Db,
  ids: readonly ClientId[],
  { siteId, restrictedTo }: Pick<Marked, 'siteId' | 'restrictedTo'>,
): Promise<void> {
  const marks = { site_id: siteId, restricted_to: restrictedTo && [...restrictedTo] }
  const tables = [
    ...(['referrals', 'referral_events', 'referral_shares', 'referral_messages'] as const),
    ...(['referral_links', 'referral_link_codes', 'informal_referrals'] as const),
    ...(['referral_appointments', 'referral_client_links'] as const),
    ...(['referral_attachments', 'referral_attachment_pieces'] as const),
    ...(['incoming_referrals'] as const),
  ] as const
  for (const table of tables) await db.updateTable(table).set(marks).where('client_id', 'in', ids).execute()
}
