// Files behind a partner's link.

import { z } from 'zod'
import { idOf, type Routes } from '#platform/http/index.ts'
import type { Keys } from '#platform/secrets.ts'
import { open, partnersLink, shown } from '../link/link.scene.ts'
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

const upload = { maxBytes: bytesOfMegabytes(mostFileMegabytes) }

export function linkAttachmentsRoutes(routes: Routes, { keys, tools }: { keys: Keys; tools: AttachmentTools }): void {
  const bearer = partnersLink(keys)
  const one = { ...bearer, params: z.object({ token: z.string() }) }
  const oneFile = { ...bearer, params: z.object({ token: z.string(), file: idOf<'referral_attachment'>() }) }
  const placeOf = (token: string): Place => ({ base: `/r/${token}`, home: `/r/${token}/referral` })

  routes.link('GET', '/r/:token/attachments', one, (scene, { bearer: link, params, request }) =>
    shown({ scene, link, keys, request, ...params }, (kept) =>
      partnerAttachmentsPage(scene, kept, { place: placeOf(params.token), body: {}, problems: [] }),
    ),
  )

  routes.link(
    'POST',
    '/r/:token/attachments',
    { ...one, upload },
    (scene, { bearer: link, params, body, upload, request }) =>
      shown({ scene, link, keys, request, ...params }, async (kept) => {
        const actor = { kind: 'partner', id: kept.file.organizationId, name: kept.file.organizationName } as const
        const added = await takeFromPartner(scene, kept, { body, upload, actor, channel: 'link', tools })
        if (!added.ok)
          return partnerAttachmentsPage(scene, kept, { place: placeOf(params.token), body, problems: added.problem })
        return open(keys, { scene, link, ...params, to: 'referral', notice: scene.t('referrals.attachments.added') })
      }),
  )

  routes.link('GET', '/r/:token/attachments/:file', oneFile, (scene, { bearer: link, params, request }) =>
    shown({ scene, link, keys, request, token: params.token }, (kept) =>
      giveToPartner(scene, kept, { id: params.file, tools }),
    ),
  )

  routes.link('GET', '/r/:token/attachments/:file/remove', oneFile, (scene, { bearer: link, params, request }) =>
    shown({ scene, link, keys, request, token: params.token }, (kept) =>
      askPartnerToRemove(scene, kept, { id: params.file, place: placeOf(params.token) }),
    ),
  )

  routes.link('POST', '/r/:token/attachments/:file/remove', oneFile, (scene, { bearer: link, params, request }) =>
    shown({ scene, link, keys, request, token: params.token }, async (kept) => {
      await removeForPartner(scene, kept, params.file)
      const notice = scene.t('referrals.attachments.removed')
      return open(keys, { scene, link, token: params.token, to: 'referral', notice })
    }),
  )
}
