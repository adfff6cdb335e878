// Files in a partner's inbox.

import { z } from 'zod'
import { idOf, notFound, redirect, type PartnerActor, type Routes, type Scene } from '#platform/http/index.ts'
import type { ReferralId } from '#platform/ids.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { bytesOfMegabytes, mostFileMegabytes } from './attachment.ts'
import type { AttachmentTools } from './attachment.scene.ts'
import {
  askPartnerToRemove,
  giveToPartner,
  partnerAttachmentsPage,
  removeForPartner,
  takeFromPartner,
  type Place,
} from './partner-attachments.scene.ts'

const one = { params: z.object({ id: idOf<'referral'>() }) }
const oneFile = { params: z.object({ id: idOf<'referral'>(), file: idOf<'referral_attachment'>() }) }
const upload = { maxBytes: bytesOfMegabytes(mostFileMegabytes) }

export function inboxAttachmentsRoutes(routes: Routes, tools: AttachmentTools): void {
  routes.partner('GET', '/inbox/:id/attachments', one, async (scene, { params }) =>
    partnerAttachmentsPage(scene, await keptFor(scene, params.id), {
      place: placeOf(params.id),
      body: {},
      problems: [],
    }),
  )

  routes.partner('POST', '/inbox/:id/attachments', { ...one, upload }, async (scene, { params, body, upload }) => {
    const kept = await keptFor(scene, params.id)
    const actor = { kind: 'partner', id: scene.actor.id, name: scene.actor.name } as const
    const added = await takeFromPartner(scene, kept, { body, upload, actor, channel: 'inbox', tools })
    if (!added.ok)
      return partnerAttachmentsPage(scene, kept, { place: placeOf(params.id), body, problems: added.problem })
    return redirect(placeOf(params.id).home, scene.t('referrals.attachments.added'))
  })

  routes.partner('GET', '/inbox/:id/attachments/:file', oneFile, async (scene, { params }) =>
    giveToPartner(scene, await keptFor(scene, params.id), { id: params.file, tools }),
  )

  routes.partner('GET', '/inbox/:id/attachments/:file/remove', oneFile, async (scene, { params }) =>
    askPartnerToRemove(scene, await keptFor(scene, params.id), { id: params.file, place: placeOf(params.id) }),
  )

  routes.partner('POST', '/inbox/:id/attachments/:file/remove', oneFile, async (scene, { params }) => {
    await removeForPartner(scene, await keptFor(scene, params.id), params.file)
    return redirect(placeOf(params.id).home, scene.t('referrals.attachments.removed'))
  })
}

/** A referral of the own organisation, which is all that a signed-in partner can find. */
async function keptFor(scene: Scene<PartnerActor>, id: ReferralId): Promise<KeptReferral> {
  return (await findReferral(scene.db, id)) ?? notFound()
}

function placeOf(id: ReferralId): Place {
  return { base: `/inbox/${id}`, home: `/inbox/${id}` }
}
