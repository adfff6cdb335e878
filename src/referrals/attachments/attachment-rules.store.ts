// How long a network keeps files after a referral is closed, and how large they may be.

import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId, type StaffId } from '#platform/ids.ts'
import { usualRules, type AttachmentRules } from './attachment.ts'

/** The rules of this transaction's network: the usual ones until somebody decided otherwise. */
export async function attachmentRules(db: Db): Promise<AttachmentRules> {
  const row = await db
    .selectFrom('referral_attachment_rules')
    .select(['keep_days', 'most_file_megabytes', 'most_referral_megabytes'])
    .executeTakeFirst()
  if (!row) return usualRules
  return {
    keepDays: row.keep_days,
    mostFileMegabytes: row.most_file_megabytes,
    mostReferralMegabytes: row.most_referral_megabytes,
  }
}

export async function saveAttachmentRules(
  db: Db,
  rules: AttachmentRules,
  { networkId, staffId, now }: { readonly networkId: NetworkId; readonly staffId: StaffId; readonly now: Date },
): Promise<void> {
  const values = {
    keep_days: rules.keepDays,
    most_file_megabytes: rules.mostFileMegabytes,
    most_referral_megabytes: rules.mostReferralMegabytes,
    changed_by: staffId,
    changed_at: now,
  }
  await db
    .insertInto('referral_attachment_rules')
    .values({ network_id: networkId, id: newId<'attachment_rules'>(now.getTime()), ...values })
    .onConflict((conflict) => conflict.column('network_id').doUpdateSet(values))
    .execute()
}
