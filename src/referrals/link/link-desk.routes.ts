// What staff note about a partner's link beside sending a new one: that its mail came back. Waypost reads no mailbox, so a
// message that was taken by the server and refused later is known only to whoever reads the sender's mail.

import { z } from 'zod'
import { idOf, redirect, type Routes } from '#platform/http/index.ts'
import { formEvent, inReferral } from '../in-referral.guard.ts'
import { problemLine } from '../pages/timeline.page.ts'
import { actOn, systemActor } from '../referrals.acts.ts'

const one = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'referral'>() }) } as const

export function linkDeskRoutes(routes: Routes): void {
  routes.staff('POST', '/referrals/:id/link/bounced', one, (scene, { params, body }) =>
    inReferral(scene, params.id, async (kept) => {
      const home = `/referrals/${kept.file.id}`
      const id = formEvent(scene, body)
      const event = { kind: 'delivery_failed', cause: 'bounced', id, actor: systemActor, channel: 'system' } as const
      const noted = await actOn(scene, kept.file.id, event)
      if (!noted.ok) {
        const line = problemLine(scene, noted.problem)
        return redirect(home, scene.t(line.key, line.values))
      }
      // The event is the system's, as every failed delivery is; who noted it stands in the trail.
      await scene.record('referrals.mail_came_back', { clientId: kept.file.clientId, subjectId: kept.file.id })
      return redirect(home, scene.t('referrals.link.bounced_done'))
    }),
  )
}
