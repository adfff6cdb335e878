// The files on the referral's page for staff.

import type { Panel, Scene } from '#platform/http/index.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import { findShare } from '../../sharing/referral-shares.store.ts'
import { attachmentRules } from '../attachment-rules.store.ts'
import { attachmentsOf } from '../attachments.store.ts'
import { attachmentsModel } from '../pages/attachments.page.ts'

export async function attachmentsPanel(scene: Scene, kept: KeptReferral): Promise<Panel> {
  const share = await findShare(scene.db, kept.file.id)
  const list = attachmentsModel(scene, {
    ...{ kept, base: `/referrals/${kept.file.id}`, side: 'adviser', body: {}, problems: [] },
    attachments: await attachmentsOf(scene.db, kept.file.id),
    rules: await attachmentRules(scene.db),
    isPartnerShut: share !== undefined && share.withdrawnAt !== null,
  })
  return { template: 'referrals/attachments/panels/attachments.njk', model: { list } }
}
