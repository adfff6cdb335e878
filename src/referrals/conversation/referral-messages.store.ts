// What people wrote about a referral: each message came with an event, and says who may read it and whether they did.

import type { Db } from '#platform/db/index.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import type { ReferralEvent } from '../event.ts'
import type { ReferralFile } from '../referrals.store.ts'

export interface ReferralMessage {
  readonly eventId: string
  readonly from: string
  readonly words: string
  readonly isShownToPartner: boolean
}

/** Keeps the words that came with an event. */
export async function insertMessage(
  db: Db,
  file: ReferralFile,
  event: ReferralEvent,
  { words, isShownToPartner }: { readonly words: string; readonly isShownToPartner: boolean },
): Promise<void> {
  if (event.actor.kind === 'system') throw new Error('The system writes no messages.')
  await db
    .insertInto('referral_messages')
    .values({
      network_id: file.networkId,
      referral_id: file.id,
      client_id: file.clientId,
      site_id: file.siteId,
      restricted_to: file.restrictedTo && [...file.restrictedTo],
      organization_id: file.organizationId,
      id: newId<'referral_message'>(event.at.getTime()),
      event_id: event.id,
      from_kind: event.actor.kind,
      words,
      shown_to_partner: isShownToPartner,
      written_at: event.at,
    })
    .execute()
}

/** What was written, the oldest first; a partner's link sees only what is shown to partners. */
export async function messagesOf(db: Db, id: ReferralId): Promise<readonly ReferralMessage[]> {
  const rows = await db
    .selectFrom('referral_messages')
    .select(['event_id', 'from_kind', 'words', 'shown_to_partner'])
    .where('referral_id', '=', id)
    .orderBy('written_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    eventId: row.event_id,
    from: row.from_kind,
    words: row.words,
    isShownToPartner: row.shown_to_partner,
  }))
}
