// Whether the partner still reads anything about the client of a referral.

import type { Db } from '#platform/db/index.ts'
import { showsPerson } from '../pages/timeline.page.ts'
import type { KeptReferral } from '../referrals.store.ts'
import { findShare } from './referral-shares.store.ts'

/** Before it is sent, after its end, and once consent is withdrawn the partner's page shows nothing of the client: what would
 *  be written or added then would reach nobody. */
export async function isShutToPartner(db: Db, { file, referral }: KeptReferral): Promise<boolean> {
  if (!showsPerson(referral)) return true
  const share = await findShare(db, file.id)
  return share === undefined || share.entries === null
}
