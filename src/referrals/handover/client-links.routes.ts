// The client's own link, in the adviser's hands: made, handed over on paper or read out, renewed, stopped.

import { z } from 'zod'
import { idOf, page, redirect, type Answer, type Routes, type Scene } from '#platform/http/index.ts'
import type { ReferralId } from '#platform/ids.ts'
import { inReferral } from '../in-referral.guard.ts'
import { clientAddress, renewClientLink, revokeClientLink } from './client-links.acts.ts'
import { liveClientLink } from './client-links.store.ts'
import type { HandoverTools } from './handover.routes.ts'
import { clientLinkPage } from './pages/client-link.page.ts'

const one = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'referral'>() }) } as const

export function clientLinksRoutes(routes: Routes, { keys, publicUrl }: HandoverTools): void {
  routes.staff('GET', '/referrals/:id/handover/link', one, (scene, { params }) =>
    inReferral(scene, params.id, async (kept) => {
      const link = (await liveClientLink(scene.db, kept.file.id, scene.now)) ?? null
      const address = link && clientAddress(keys, link, publicUrl)
      return page('referrals/handover/pages/client-link.njk', clientLinkPage(scene, { kept, link, address }))
    }),
  )

  routes.staff('POST', '/referrals/:id/handover/link', one, (scene, { params }) =>
    inReferral(scene, params.id, async ({ file }) => {
      await renewClientLink(scene, keys, { file, madeBy: scene.actor.id })
      await scene.record('referrals.client_link_made', { clientId: file.clientId, subjectId: file.id })
      return back(scene, file.id, 'referrals.handover.link_made')
    }),
  )

  routes.staff('POST', '/referrals/:id/handover/link/revoke', one, (scene, { params }) =>
    inReferral(scene, params.id, async ({ file }) => {
      await revokeClientLink(scene, file.id)
      await scene.record('referrals.client_link_revoked', { clientId: file.clientId, subjectId: file.id })
      return back(scene, file.id, 'referrals.handover.link_revoked')
    }),
  )
}

function back(scene: Scene, id: ReferralId, key: string): Answer {
  return redirect(`/referrals/${id}/handover/link`, scene.t(key))
}
