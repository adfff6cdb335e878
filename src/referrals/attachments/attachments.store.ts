// Attachments as they are kept: a line for each, and the content in pieces beside it, which no list ever reads.

import type { Selectable } from 'kysely'
import type { Database, Db } from '#platform/db/index.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import { sides, type ShownTo, type Side } from '../conversation/audience.ts'
import type { ReferralEventId } from '../event.ts'
import { ends } from '../referral.ts'
import { marksOf } from '../referral-marks.store.ts'
import type { ReferralFile } from '../referrals.store.ts'
import {
  attachmentKinds,
  goneReasons,
  scanStates,
  type Attachment,
  type AttachmentId,
  type AttachmentKind,
  type GoneReason,
  type ScanState,
} from './attachment.ts'

export interface NewAttachment {
  readonly id: AttachmentId
  readonly eventId: ReferralEventId
  readonly from: Side
  readonly fromName: string
  readonly name: string
  readonly kind: AttachmentKind
  readonly sha256: Buffer
  readonly content: Buffer
  readonly shown: ShownTo
  readonly scan: ScanState
}

/** A piece is small enough to hand on at once, and large enough that a file has few. */
const bytesOfAPiece = 512 * 1024

const columns = [
  ...([
    'id',
    'referral_id',
    'event_id',
    'from_kind',
    'from_name',
    'name',
    'kind',
    'bytes',
    'shown_to_partner',
  ] as const),
  ...(['shown_to_client', 'scan', 'added_at', 'gone_at', 'gone_because'] as const),
] as const

/** Keeps a file and its content. */
export async function insertAttachment(db: Db, file: ReferralFile, added: NewAttachment, now: Date): Promise<void> {
  const marks = {
    ...marksOf(file),
    from_kind: added.from,
    shown_to_partner: added.shown.partner,
    shown_to_client: added.shown.client,
  }
  const { id, name, kind, sha256, content, scan } = added
  await db
    .insertInto('referral_attachments')
    .values({
      ...marks,
      ...{ id, name, kind, sha256, scan, event_id: added.eventId, from_name: added.fromName },
      ...{ bytes: content.length, added_at: now },
    })
    .execute()
  for (let at = 0, seq = 1; at < content.length; at += bytesOfAPiece, seq++) {
    const piece = content.subarray(at, at + bytesOfAPiece)
    await db
      .insertInto('referral_attachment_pieces')
      .values({ ...marks, id: newId(), attachment_id: id, is_cleared: isCleared(scan), seq, piece })
      .execute()
  }
}

/** The files of a referral that this actor may see, the oldest first. */
export async function attachmentsOf(db: Db, id: ReferralId): Promise<readonly Attachment[]> {
  const rows = await db
    .selectFrom('referral_attachments')
    .select(columns)
    .where('referral_id', '=', id)
    .orderBy('added_at')
    .orderBy('id')
    .execute()
  return rows.map(attachmentOf)
}

export async function findAttachment(db: Db, id: AttachmentId): Promise<Attachment | undefined> {
  const row = await db.selectFrom('referral_attachments').select(columns).where('id', '=', id).executeTakeFirst()
  return row && attachmentOf(row)
}

/** The same content from the same side, if it is there still. */
export async function findSame(
  db: Db,
  referralId: ReferralId,
  { from, sha256 }: { readonly from: Side; readonly sha256: Buffer },
): Promise<Attachment | undefined> {
  const row = await db
    .selectFrom('referral_attachments')
    .select(columns)
    .where('referral_id', '=', referralId)
    .where('from_kind', '=', from)
    .where('sha256', '=', sha256)
    .where('gone_at', 'is', null)
    .executeTakeFirst()
  return row && attachmentOf(row)
}

/** The content, piece by piece. Empty when it is gone, or not for this actor. */
export async function* piecesOf(db: Db, id: AttachmentId): AsyncGenerator<Buffer> {
  for (let seq = 1; ; seq++) {
    const piece = await pieceOf(db, id, seq)
    if (piece === undefined) return
    yield piece
  }
}

/** One piece, counted from 1; undefined behind the last. */
export async function pieceOf(db: Db, id: AttachmentId, seq: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('referral_attachment_pieces')
    .select('piece')
    .where('attachment_id', '=', id)
    .where('seq', '=', seq)
    .executeTakeFirst()
  return row?.piece
}

/** Shows it to partner and client, or no longer. */
export async function saveShown(db: Db, id: AttachmentId, { partner, client }: ShownTo): Promise<void> {
  const shown = { shown_to_partner: partner, shown_to_client: client }
  await db.updateTable('referral_attachments').set(shown).where('id', '=', id).execute()
  await db.updateTable('referral_attachment_pieces').set(shown).where('attachment_id', '=', id).execute()
}

export async function saveScan(db: Db, id: AttachmentId, scan: ScanState, now: Date): Promise<void> {
  await db.updateTable('referral_attachments').set({ scan, scanned_at: now }).where('id', '=', id).execute()
  const cleared = { is_cleared: isCleared(scan) }
  await db.updateTable('referral_attachment_pieces').set(cleared).where('attachment_id', '=', id).execute()
}

/** Deletes the content and leaves the line. */
export async function blankAttachment(db: Db, id: AttachmentId, because: GoneReason, now: Date): Promise<void> {
  await db.deleteFrom('referral_attachment_pieces').where('attachment_id', '=', id).execute()
  await db
    .updateTable('referral_attachments')
    .set({ gone_at: now, gone_because: because })
    .where('id', '=', id)
    .where('gone_at', 'is', null)
    .execute()
}

/** The partner sees no file of this referral from now on. */
export async function hideAttachments(db: Db, id: ReferralId): Promise<void> {
  for (const table of ['referral_attachments', 'referral_attachment_pieces'] as const)
    await db.updateTable(table).set({ shown_to_partner: false }).where('referral_id', '=', id).execute()
}

/** Files with content of referrals that were closed before this moment: the end and the next step both lie before it. */
export async function keptSinceClosed(db: Db, before: Date, most = 500): Promise<readonly Attachment[]> {
  const rows = await db
    .selectFrom('referral_attachments')
    .select(columns)
    .where('gone_at', 'is', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('referrals')
          .select('referrals.id')
          .whereRef('referrals.id', '=', 'referral_attachments.referral_id')
          .where('referrals.next_due_at', 'is', null),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('referral_events')
            .select('referral_events.id')
            .whereRef('referral_events.referral_id', '=', 'referral_attachments.referral_id')
            .where('referral_events.kind', 'in', [...ends, 'next_step_recorded'])
            .where('referral_events.at', '>=', before),
        ),
      ),
    )
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map(attachmentOf)
}

/** Files whose scan has neither happened nor been given up, added before this moment. */
export async function unscanned(db: Db, before: Date, most = 200): Promise<readonly AttachmentId[]> {
  const rows = await db
    .selectFrom('referral_attachments')
    .select('id')
    .where('gone_at', 'is', null)
    .where('scan', 'in', ['waiting', 'failed'])
    .where('added_at', '<', before)
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map((row) => row.id as AttachmentId)
}

function isCleared(scan: ScanState): boolean {
  return scan === 'clean' || scan === 'not_scanned'
}

type AttachmentRow = Pick<Selectable<Database['referral_attachments']>, (typeof columns)[number]>

// A row as it was written by this very file: its ids are of the kinds that their columns name.
function attachmentOf(row: AttachmentRow): Attachment {
  return {
    id: row.id as AttachmentId,
    referralId: row.referral_id as ReferralId,
    eventId: row.event_id,
    from: known(sides, row.from_kind),
    fromName: row.from_name,
    name: row.name,
    kind: known(attachmentKinds, row.kind),
    bytes: row.bytes,
    isShownToPartner: row.shown_to_partner,
    isShownToClient: row.shown_to_client,
    scan: known(scanStates, row.scan),
    addedAt: row.added_at,
    gone:
      row.gone_at === null || row.gone_because === null
        ? null
        : { at: row.gone_at, because: known(goneReasons, row.gone_because) },
  }
}

function known<Code extends string>(codes: readonly Code[], code: string): Code {
  const found = codes.find((one) => one === code)
  if (found === undefined) throw new Error('The database holds a code that this version does not know.')
  return found
}
