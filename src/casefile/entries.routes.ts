// The pages of a service and of a partner: what the directory knows, and what is open there.

import { z } from 'zod'
import { organizationPanel, servicePanel } from '#directory/index.ts'
import { idOf, notFound, page, type Panel, type Routes, type Scene } from '#platform/http/index.ts'
import { partnerContactsPanel } from '#partners/index.ts'
import {
  informalHerePanel,
  partnerReferralsPanel,
  serviceCapacityPanel,
  serviceReferralsPanel,
} from '#referrals/index.ts'

const roles = ['adviser', 'manager', 'administrator'] as const

export function entryRoutes(routes: Routes): void {
  const service = { params: z.object({ id: idOf<'service'>() }), roles }
  routes.staff('GET', '/services/:id', service, async (scene, { params }) => {
    const panel = (await servicePanel(scene, params.id)) ?? notFound()
    const beside = mayOpenFiles(scene)
      ? [
          await serviceCapacityPanel(scene, params.id),
          await serviceReferralsPanel(scene, params.id),
          await informalHerePanel(scene, { serviceId: params.id }),
        ]
      : []
    return entryPage({ title: scene.t('casefile.entry.service'), main: panel, beside })
  })

  const partner = { params: z.object({ id: idOf<'organization'>() }), roles }
  routes.staff('GET', '/partners/:id', partner, async (scene, { params }) => {
    const panel = (await organizationPanel(scene, params.id)) ?? notFound()
    const beside = mayOpenFiles(scene)
      ? [await partnerReferralsPanel(scene, params.id), await informalHerePanel(scene, { organizationId: params.id })]
      : []
    const people = await partnerContactsPanel(scene, params.id)
    return entryPage({ title: scene.t('casefile.entry.partner'), main: panel, beside: [people, ...beside] })
  })
}

/** Referrals name clients: only those who may open files are shown them. */
function mayOpenFiles({ actor }: Scene): boolean {
  return actor.roles.some((role) => role === 'adviser' || role === 'manager')
}

function entryPage(joined: { title: string; main: Panel; beside: readonly Panel[] }) {
  return page('casefile/pages/entry.njk', { ...joined })
}
