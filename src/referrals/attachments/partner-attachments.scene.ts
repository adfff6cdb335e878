// Files of a referral for the partner, alike behind a link and in the inbox: what is done, whoever mounts it.

import {
  notFound,
  page,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Panel,
  type Upload,
} from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import type { Result } from '#platform/result.ts'
import type { Channel, ReferralActor } from '../event.ts'
import type { AnyScene } from '../pages/act.page.ts'
import { eventId } from '../referrals.acts.ts'
import type { KeptReferral } from '../referrals.store.ts'
import { isShutToPartner } from '../sharing/partner-reads.scene.ts'
import { mayRemove, type Attachment, type AttachmentId } from './attachment.ts'
import { attachmentRules } from './attachment-rules.store.ts'
import { giveAttachment, takeAttachment, type AttachmentTools } from './attachment.scene.ts'
import { attachmentsOf, blankAttachment, findAttachment } from './attachments.store.ts'
import { attachmentsModel, attachmentsPage, removeAttachmentPage } from './pages/attachments.page.ts'

/** Where the partner stands: what addresses begin with, and the page of the referral itself. */
export interface Place {
  readonly base: string
  readonly home: string
}

/** The partner's files and the field for another. Null where the partner sees nothing of the client: neither after the end
 *  nor once consent is withdrawn. */
export async function partnerAttachmentsPanel(
  scene: AnyScene,
  kept: KeptReferral,
  { base }: Pick<Place, 'base'>,
): Promise<Panel | null> {
  if (await isShutToPartner(scene.db, kept)) return null
  const list = attachmentsModel(scene, await optionsOf(scene, kept, { base, body: {}, problems: [] }))
  return { template: 'referrals/attachments/panels/attachments.njk', model: { list } }
}

/** Adds what the partner uploaded: for the adviser to see, and for themselves. */
export async function takeFromPartner(
  scene: AnyScene,
  kept: KeptReferral,
  at: {
    readonly body: FormBody
    readonly upload: Upload | null
    readonly actor: ReferralActor
    readonly channel: Channel
    readonly tools: AttachmentTools
  },
): Promise<Result<AttachmentId, FieldProblem[]>> {
  if (await isShutToPartner(scene.db, kept)) return notFound()
  const { body, upload, actor, channel, tools } = at
  const added = await takeAttachment(scene, kept, {
    ...{ upload, actor, channel, side: 'partner', isScanned: tools.isScanned },
    eventId: parseId<'referral_event'>(textOf(body, 'event')) ?? eventId(scene.now),
    shown: { partner: true, client: false },
  })
  if (added.ok) await scene.record('referrals.attachment_added', { subjectId: added.value })
  return added
}

/** The page that says why a file was not taken. */
export async function partnerAttachmentsPage(
  scene: AnyScene,
  kept: KeptReferral,
  at: { readonly place: Place; readonly body: FormBody; readonly problems: readonly FieldProblem[] },
): Promise<Answer> {
  const { place, body, problems } = at
  const options = await optionsOf(scene, kept, { base: place.base, body, problems })
  const model = attachmentsPage(scene, { ...options, back: place.home })
  return page('referrals/attachments/pages/attachments.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

/** The content, for saving. 404 for a file of another referral, one that is not shown, and one that no scan has cleared. */
export async function giveToPartner(
  scene: AnyScene,
  kept: KeptReferral,
  at: { readonly id: AttachmentId; readonly tools: AttachmentTools },
): Promise<Answer> {
  if (await isShutToPartner(scene.db, kept)) return notFound()
  return giveAttachment(scene, kept, { id: at.id, side: 'partner', uploadFolder: at.tools.uploadFolder })
}

export async function askPartnerToRemove(
  scene: AnyScene,
  kept: KeptReferral,
  at: { readonly id: AttachmentId; readonly place: Place },
): Promise<Answer> {
  const attachment = await ownFile(scene, kept, at.id)
  const model = removeAttachmentPage(scene, { kept, attachment, base: at.place.base, back: at.place.home })
  return page('referrals/attachments/pages/remove.njk', model)
}

/** Takes the partner's own file back. */
export async function removeForPartner(scene: AnyScene, kept: KeptReferral, id: AttachmentId): Promise<void> {
  const attachment = await ownFile(scene, kept, id)
  await blankAttachment(scene.db, attachment.id, 'removed', scene.now)
  await scene.record('referrals.attachment_removed', { subjectId: attachment.id })
}

async function ownFile(scene: AnyScene, kept: KeptReferral, id: AttachmentId): Promise<Attachment> {
  const found = await findAttachment(scene.db, id)
  if (!found || found.referralId !== kept.file.id || !mayRemove(found, 'partner')) return notFound()
  return (await isShutToPartner(scene.db, kept)) ? notFound() : found
}

async function optionsOf(
  scene: AnyScene,
  kept: KeptReferral,
  at: { readonly base: string; readonly body: FormBody; readonly problems: readonly FieldProblem[] },
) {
  return {
    ...{ kept, ...at },
    side: 'partner',
    isPartnerShut: false,
    attachments: await attachmentsOf(scene.db, kept.file.id),
    rules: await attachmentRules(scene.db),
  } as const
}
