// Files of a referral for staff: added, fetched, shown or hidden, removed.

import { z } from 'zod'
import {
  idOf,
  notFound,
  page,
  redirect,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { openToFiles, shownTo } from '../conversation/audience.ts'
import { actorOf, formEvent, inReferral } from '../in-referral.guard.ts'
import { mailPartner } from '../referrals.acts.ts'
import type { KeptReferral } from '../referrals.store.ts'
import { isShutToPartner } from '../sharing/partner-reads.scene.ts'
import { bytesOfMegabytes, mayRemove, mostFileMegabytes, type Attachment, type AttachmentId } from './attachment.ts'
import { attachmentRules } from './attachment-rules.store.ts'
import { giveAttachment, takeAttachment, type AttachmentTools } from './attachment.scene.ts'
import { scanJob } from './attachments.acts.ts'
import { attachmentsOf, blankAttachment, findAttachment, saveScan, saveShown } from './attachments.store.ts'
import { attachmentsPage, removeAttachmentPage } from './pages/attachments.page.ts'

const roles = ['adviser', 'manager'] as const
const one = { roles, params: z.object({ id: idOf<'referral'>() }) }
const oneFile = { roles, params: z.object({ id: idOf<'referral'>(), file: idOf<'referral_attachment'>() }) }
const upload = { maxBytes: bytesOfMegabytes(mostFileMegabytes) }

export function attachmentsRoutes(routes: Routes, { uploadFolder, isScanned }: AttachmentTools): void {
  routes.staff('GET', '/referrals/:id/attachments', one, (scene, { params }) =>
    inReferral(scene, params.id, (kept) => shown(scene, kept, { body: {}, problems: [] })),
  )

  routes.staff('POST', '/referrals/:id/attachments', { ...one, upload }, (scene, { params, body, upload }) =>
    inReferral(scene, params.id, async (kept) => {
      const open = openToFiles({ isPartnerShut: await isShutToPartner(scene.db, kept) })
      const audience = open.find((each) => each === textOf(body, 'audience'))
      if (audience === undefined) {
        const problem = { field: 'who', key: 'referrals.attachments.problem.who' }
        return shown(scene, kept, { body, problems: [problem] })
      }
      const by = { eventId: formEvent(scene, body), actor: actorOf(scene), side: 'adviser', channel: 'page' } as const
      const added = await takeAttachment(scene, kept, { ...by, upload, shown: shownTo(audience), isScanned })
      if (!added.ok) return shown(scene, kept, { body, problems: added.problem })
      await scene.record('referrals.attachment_added', { clientId: kept.file.clientId, subjectId: added.value })
      return back(kept, scene.t('referrals.attachments.added'))
    }),
  )

  routes.staff('GET', '/referrals/:id/attachments/:file', oneFile, (scene, { params }) =>
    inReferral(scene, params.id, (kept) =>
      giveAttachment(scene, kept, { id: params.file, side: 'adviser', uploadFolder }),
    ),
  )

  routes.staff('POST', '/referrals/:id/attachments/:file/shown', oneFile, (scene, { params, body }) =>
    onFile(scene, params, async (kept, attachment) => {
      const partner = textOf(body, 'show') === 'yes'
      if (partner && (await isShutToPartner(scene.db, kept))) return back(kept)
      await saveShown(scene.db, attachment.id, { partner, client: attachment.isShownToClient })
      if (partner && !attachment.isShownToPartner) await mailPartner(scene, kept.file, 'referrals.news')
      await scene.record('referrals.attachment_shown', { subjectId: attachment.id, facts: { partner } })
      return back(kept, scene.t(partner ? 'referrals.attachments.shown' : 'referrals.attachments.hidden'))
    }),
  )

  routes.staff('POST', '/referrals/:id/attachments/:file/scan', oneFile, (scene, { params }) =>
    onFile(scene, params, async (kept, attachment) => {
      if (attachment.scan !== 'failed' || !isScanned) return back(kept)
      await saveScan(scene.db, attachment.id, 'waiting', scene.now)
      await scene.enqueue(scanJob, { attachmentId: attachment.id }, { key: attachment.id })
      return back(kept, scene.t('referrals.attachments.scan_asked'))
    }),
  )

  routes.staff('GET', '/referrals/:id/attachments/:file/remove', oneFile, (scene, { params }) =>
    onFile(scene, params, (kept, attachment) => {
      const base = `/referrals/${kept.file.id}`
      const model = removeAttachmentPage(scene, { kept, attachment, base, back: base })
      return Promise.resolve(page('referrals/attachments/pages/remove.njk', model))
    }),
  )

  routes.staff('POST', '/referrals/:id/attachments/:file/remove', oneFile, (scene, { params }) =>
    onFile(scene, params, async (kept, attachment) => {
      await blankAttachment(scene.db, attachment.id, 'removed', scene.now)
      await scene.record('referrals.attachment_removed', { clientId: kept.file.clientId, subjectId: attachment.id })
      return back(kept, scene.t('referrals.attachments.removed'))
    }),
  )
}

/** A file whose content is still there; once it is gone, the referral shows what became of it. */
function onFile(
  scene: Scene,
  { id, file }: { readonly id: KeptReferral['file']['id']; readonly file: AttachmentId },
  work: (kept: KeptReferral, attachment: Attachment) => Promise<Answer>,
): Promise<Answer> {
  return inReferral(scene, id, async (kept) => {
    const attachment = (await findAttachment(scene.db, file)) ?? notFound()
    if (attachment.referralId !== kept.file.id) notFound()
    return mayRemove(attachment, 'adviser') ? work(kept, attachment) : back(kept)
  })
}

function back({ file }: KeptReferral, notice?: string): Answer {
  return redirect(`/referrals/${file.id}#files`, notice)
}

async function shown(
  scene: Scene,
  kept: KeptReferral,
  { body, problems }: { readonly body: FormBody; readonly problems: readonly FieldProblem[] },
): Promise<Answer> {
  const base = `/referrals/${kept.file.id}`
  const model = attachmentsPage(scene, {
    ...{ kept, body, problems, base, back: base, side: 'adviser' },
    attachments: await attachmentsOf(scene.db, kept.file.id),
    rules: await attachmentRules(scene.db),
    isPartnerShut: await isShutToPartner(scene.db, kept),
  })
  return page('referrals/attachments/pages/attachments.njk', model, { status: problems.length > 0 ? 400 : 200 })
}
