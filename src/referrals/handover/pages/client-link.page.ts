// The client's link as the adviser hands it over: an address to print, and what the client can do with it.

import type { PageModel, Scene } from '#platform/http/index.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import type { ClientLink } from '../client-links.store.ts'

export function clientLinkPage(
  scene: Scene,
  { kept, link, address }: { kept: KeptReferral; link: ClientLink | null; address: string | null },
): PageModel {
  const href = `/referrals/${kept.file.id}/handover/link`
  return {
    title: scene.t('referrals.handover.panel.own_page'),
    reference: kept.file.reference,
    back: `/referrals/${kept.file.id}`,
    address,
    until: link && scene.t('referrals.handover.panel.own_page_until', { when: scene.moment(link.expiresAt) }),
    opened: link?.openedAt
      ? scene.t('referrals.handover.panel.own_page_opened', { when: scene.moment(link.openedAt) })
      : null,
    makeAction: href,
    revokeAction: `${href}/revoke`,
  }
}
