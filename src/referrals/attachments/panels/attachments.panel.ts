// The files on the referral's page for staff.

import type { Panel, Scene } from '#platform/http/index.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import { isShutToPartner } from '../../sharing/partner-reads.scene.ts'
import { attachmentRules } from '../attachment-rules.store.ts'
import { attachmentsOf } from '../attachments.store.ts'
import { attachmentsModel } from '../pages/attachments.page.ts'

export async function attachmentsPanel(scene: Scene, kept: KeptReferral): Promise<Panel> {
  const list = attachmentsModel(scene, {
    ...{ kept, base: `/referrals/${kept.file.id}`, side: 'adviser', body: {}, problems: [] },
    attachments: await attachmentsOf(scene.db, kept.file.id),
    rules: await attachmentRules(scene.db),
    isPartnerShut: await isShutToPartner(scene.db, kept),
  })
  return { template: 'referrals/attachments/panels/attachments.njk', model: { list } }
}
