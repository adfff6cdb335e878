// Taking a file in and giving one out, alike on the pages of staff, behind a partner's link, and in the inbox.

import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { file, notFound, type Answer, type FieldProblem, type Upload } from '#platform/http/index.ts'
import { refused, type Result } from '#platform/result.ts'
import type { Side } from '../conversation/audience.ts'
import type { AnyScene } from '../pages/act.page.ts'
import { problemLine } from '../pages/timeline.page.ts'
import type { KeptReferral } from '../referrals.store.ts'
import { mayFetch, nameToSaveAs, type AttachmentId } from './attachment.ts'
import { attachmentRules } from './attachment-rules.store.ts'
import { addAttachment, type AddedFile, type AddProblem } from './attachments.acts.ts'
import { findAttachment, piecesOf } from './attachments.store.ts'

export interface AttachmentTools {
  /** A folder of our own where a download lies while it is sent. */
  readonly uploadFolder: string
  /** Whether a scanner is set up. */
  readonly isScanned: boolean
}

// messages: referrals.attachments.problem.*

/** Adds what was uploaded, or says beside the field `file` why not. */
export async function takeAttachment(
  scene: AnyScene,
  kept: KeptReferral,
  { upload, ...added }: Omit<AddedFile, 'name' | 'content'> & { readonly upload: Upload | null },
): Promise<Result<AttachmentId, FieldProblem[]>> {
  if (upload === null) return refused([{ field: 'file', key: 'referrals.attachments.problem.missing' }])
  if (upload.isTooLarge) {
    const values = { max: (await attachmentRules(scene.db)).mostFileMegabytes }
    return refused([{ field: 'file', key: 'referrals.attachments.problem.file_too_large', values }])
  }
  const content = await fs.promises.readFile(upload.path)
  const done = await addAttachment(scene, kept, { ...added, name: upload.name, content })
  return done.ok ? done : refused([fieldProblem(scene, done.problem)])
}

/** The content to save, always as a download of bytes: no browser shows it, whatever it is. 404 where this side may not have
 *  it. It is laid into a file that has no name any more, so that a slow reader holds neither a transaction nor memory. */
export async function giveAttachment(
  scene: AnyScene,
  kept: KeptReferral,
  { id, side, uploadFolder }: { readonly id: AttachmentId; readonly side: Side; readonly uploadFolder: string },
): Promise<Answer> {
  const found = await findAttachment(scene.db, id)
  if (!found || found.referralId !== kept.file.id || !mayFetch(found, side)) return notFound()
  await scene.record('referrals.attachment_fetched', { subjectId: id })
  const content = await spooled(uploadFolder, piecesOf(scene.db, id))
  return file(nameToSaveAs(found), 'application/octet-stream', content)
}

async function spooled(folder: string, pieces: AsyncIterable<Buffer>): Promise<fs.ReadStream> {
  await fs.promises.mkdir(folder, { recursive: true, mode: 0o700 })
  const place = path.join(folder, randomUUID())
  const handle = await fs.promises.open(place, 'wx+', 0o600)
  // Without a name it is gone with the last reader, even when the process is killed.
  await fs.promises.unlink(place)
  try {
    for await (const piece of pieces) await handle.write(piece)
  } catch (error) {
    await handle.close()
    throw error
  }
  return handle.createReadStream({ start: 0 })
}

function fieldProblem(scene: AnyScene, problem: AddProblem): FieldProblem {
  switch (problem.code) {
    case 'content':
      return { field: 'file', key: `referrals.attachments.problem.${problem.why}` }
    case 'file_too_large':
    case 'referral_too_large':
      return {
        field: 'file',
        key: `referrals.attachments.problem.${problem.code}`,
        values: { max: problem.megabytes },
      }
    case 'referral': {
      const { key, values } = problemLine(scene, problem.problem)
      return { field: 'file', key, values }
    }
  }
}
