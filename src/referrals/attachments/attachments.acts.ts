// Adding a file to a referral, and what follows: the event, the scan, and whoever must know.

import { createHash } from 'node:crypto'
import type { Work } from '#platform/http/index.ts'
import { newId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { ShownTo, Side } from '../conversation/audience.ts'
import type { Channel, ReferralActor, ReferralEventId } from '../event.ts'
import type { ReferralProblem } from '../referral.ts'
import { actOn, eventId, mailPartner } from '../referrals.acts.ts'
import { holdReferral, type KeptReferral } from '../referrals.store.ts'
import { bytesOfMegabytes, cleanName, type AttachmentId } from './attachment.ts'
import { attachmentRules } from './attachment-rules.store.ts'
import { attachmentsOf, findSame, insertAttachment } from './attachments.store.ts'
import { kindOfContent, type ContentProblem } from './file-kind.reader.ts'

export const scanJob = 'referrals.attachments.scan'

export interface AddedFile {
  readonly eventId: ReferralEventId
  readonly actor: ReferralActor
  readonly side: Side
  readonly channel: Channel
  /** As the sender called it. */
  readonly name: string
  readonly content: Buffer
  readonly shown: ShownTo
  /** Whether a scanner is set up: then nobody fetches it before it was looked at. */
  readonly isScanned: boolean
}

export type AddProblem =
  | { readonly code: 'content'; readonly why: ContentProblem }
  | { readonly code: 'file_too_large' | 'referral_too_large'; readonly megabytes: number }
  | { readonly code: 'referral'; readonly problem: ReferralProblem }

/** Adds a file by its content. The same file from the same side is there already, and that is the answer; refused with what
 *  stands against it. */
export async function addAttachment(
  work: Work,
  { file }: KeptReferral,
  added: AddedFile,
): Promise<Result<AttachmentId, AddProblem>> {
  const { db, now } = work
  const { side, content } = added
  const rules = await attachmentRules(db)
  if (content.length > bytesOfMegabytes(rules.mostFileMegabytes))
    return refused({ code: 'file_too_large', megabytes: rules.mostFileMegabytes })
  const kind = await kindOfContent(content)
  if (!kind.ok) return refused({ code: 'content', why: kind.problem })
  // Two at once: the second finds what the first has added.
  const held = await holdReferral(db, file.id)
  if (!held) throw new Error('There is no such referral for this actor.')
  const sha256 = createHash('sha256').update(content).digest()
  const same = await findSame(db, file.id, { from: side, sha256 })
  if (same) return ok(same.id)
  const kept = (await attachmentsOf(db, file.id)).filter(({ gone }) => gone === null)
  const total = kept.reduce((sum, { bytes }) => sum + bytes, content.length)
  if (total > bytesOfMegabytes(rules.mostReferralMegabytes))
    return refused({ code: 'referral_too_large', megabytes: rules.mostReferralMegabytes })
  const isUsed = held.referral.events.some(({ id }) => id === added.eventId)
  const id = isUsed ? eventId(now) : added.eventId
  const { actor, channel } = added
  const done = await actOn(work, file.id, { kind: 'attachment_added', id, actor, channel })
  if (!done.ok) return refused({ code: 'referral', problem: done.problem })
  const attachmentId: AttachmentId = newId<'referral_attachment'>(now.getTime())
  await insertAttachment(
    db,
    file,
    {
      ...{ id: attachmentId, eventId: id, from: side, fromName: actor.name, name: cleanName(added.name) },
      ...{ kind: kind.value, sha256, content, shown: added.shown, scan: added.isScanned ? 'waiting' : 'not_scanned' },
    },
    now,
  )
  if (added.isScanned) await work.enqueue(scanJob, { attachmentId })
  if (added.shown.partner && side !== 'partner') await mailPartner(work, file, 'referrals.news')
  return ok(attachmentId)
}
