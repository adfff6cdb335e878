// What the client agreed to share, as the partner reads it; blank from the moment that consent is withdrawn.

import { z } from 'zod'
import type { Db } from '#platform/db/index.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import { blankWords } from '../handover/handover.store.ts'
import type { SharedEntry } from './share.ts'
import { hideAttachments } from '../attachments/attachments.store.ts'
import { hideMessages } from '../conversation/referral-messages.store.ts'
import { marksOf } from '../referral-marks.store.ts'
import type { ReferralFile } from '../referrals.store.ts'

/** Who refers, and what the partner may see; `entries` is null once consent is withdrawn. */
export interface Share {
  readonly entries: readonly SharedEntry[] | null
  readonly senderName: string
  readonly senderEmail: string
  readonly siteName: string
  readonly sharedAt: Date
  readonly withdrawnAt: Date | null
}

export interface NewShare extends Pick<Share, 'senderName' | 'senderEmail' | 'siteName'> {
  readonly entries: readonly SharedEntry[]
  readonly consentId: string | null
}

const entries = z.array(z.object({ field: z.string(), lines: z.array(z.string()) }))

export async function insertShare(db: Db, file: ReferralFile, share: NewShare, now: Date): Promise<void> {
  await db
    .insertInto('referral_shares')
    .values({
      ...marksOf(file),
      id: newId<'referral_share'>(now.getTime()),
      fields: JSON.stringify(share.entries),
      consent_id: share.consentId,
      sender_name: share.senderName,
      sender_email: share.senderEmail,
      site_name: share.siteName,
      shared_at: now,
      sent_at: db.selectFrom('referrals').select('sent_at').where('id', '=', file.id),
    })
    .execute()
}

export async function findShare(db: Db, id: ReferralId): Promise<Share | undefined> {
  const row = await db
    .selectFrom('referral_shares')
    .select(['fields', 'sender_name', 'sender_email', 'site_name', 'shared_at', 'withdrawn_at'])
    .where('referral_id', '=', id)
    .executeTakeFirst()
  return (
    row && {
      entries: row.fields === null ? null : entries.parse(row.fields),
      senderName: row.sender_name,
      senderEmail: row.sender_email,
      siteName: row.site_name,
      sharedAt: row.shared_at,
      withdrawnAt: row.withdrawn_at,
    }
  )
}

/** The consent that was given when it was sent; null where none was recorded. Only staff and jobs may ask. */
export async function consentOfShare(db: Db, id: ReferralId): Promise<string | null> {
  const row = await db
    .selectFrom('referral_shares')
    .select('consent_id')
    .where('referral_id', '=', id)
    .executeTakeFirst()
  return row?.consent_id ?? null
}

/** Shares these entries from now on. Nothing is shared again that was withdrawn. */
export async function saveSharedEntries(db: Db, id: ReferralId, entries: readonly SharedEntry[]): Promise<void> {
  await db
    .updateTable('referral_shares')
    .set({ fields: JSON.stringify(entries) })
    .where('referral_id', '=', id)
    .where('withdrawn_at', 'is', null)
    .execute()
}

/** From now on the partner sees nothing of the client: what was shared is gone, what was written and added is hidden from them. */
export async function blankShare(db: Db, id: ReferralId, now: Date): Promise<void> {
  await db
    .updateTable('referral_shares')
    .set({ fields: null, withdrawn_at: now })
    .where('referral_id', '=', id)
    .where('withdrawn_at', 'is', null)
    .execute()
  await hideMessages(db, id, now)
  await hideAttachments(db, id)
  await blankWords(db, id, now)
}
