// What the system does with files by itself: has them scanned, says when one was infected, and deletes contents of referrals
// that were closed long ago.

import type { Kysely } from 'kysely'
import { listStaff } from '#staff/index.ts'
import { inScope, type Database, type Db } from '#platform/db/index.ts'
import type { Work } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import type { JobQueue } from '#platform/jobs/queue.ts'
import type { Job, LongJob, TransactionJob } from '#platform/jobs/worker.ts'
import { mailPartner } from '../referrals.acts.ts'
import { findReferral } from '../referrals.store.ts'
import type { AttachmentId } from './attachment.ts'
import { attachmentRules } from './attachment-rules.store.ts'
import { scanJob } from './attachments.acts.ts'
import { blankAttachment, findAttachment, keptSinceClosed, pieceOf, saveScan, unscanned } from './attachments.store.ts'
import { scan } from './clamd.client.ts'

const infectedJob = 'referrals.attachments.infected'

export interface AttachmentJobTools {
  readonly kysely: Kysely<Database>
  readonly queue: JobQueue
  readonly now: () => Date
  /** `tcp://host:port` or `unix:///path`; without it nothing is scanned. */
  readonly clamdUrl: string | undefined
}

export function attachmentJobs(tools: AttachmentJobTools): readonly Job[] {
  return [scanning(tools), sayInfected, rescanning(tools), retention]
}

/** Minutes after which a scan that did not come is asked for again. */
const patienceMinutes = 10

function scanning({ kysely, queue, now, clamdUrl }: AttachmentJobTools): LongJob {
  return {
    name: scanJob,
    isLong: true,
    tries: 5,
    async run({ networkId, ...data }) {
      const id = parseId<'referral_attachment'>(data['attachmentId'])
      const transact = <T>(work: (db: Db) => Promise<T>) => inScope(kysely, { role: 'job', networkId }, work)
      const asked = id && (await transact((db) => findAttachment(db, id)))
      if (!asked || asked.gone !== null || asked.scan === 'clean' || clamdUrl === undefined) return
      try {
        const verdict = await scan(new URL(clamdUrl), piecesOneByOne(transact, asked.id))
        await transact(async (db) => {
          await saveScan(db, asked.id, verdict, now())
          if (verdict === 'infected') await queue.send(db, infectedJob, { networkId, attachmentId: asked.id })
        })
      } catch (error) {
        await transact((db) => saveScan(db, asked.id, 'failed', now()))
        throw error
      }
    },
  }
}

// Each piece by a transaction of its own: a slow scanner holds none open.
async function* piecesOneByOne(
  transact: <T>(work: (db: Db) => Promise<T>) => Promise<T>,
  id: AttachmentId,
): AsyncGenerator<Buffer> {
  for (let seq = 1; ; seq++) {
    const piece = await transact((db) => pieceOf(db, id, seq))
    if (piece === undefined) return
    yield piece
  }
}

/** What is infected is deleted at once; who added it and the adviser in charge hear that it is gone. */
const sayInfected: TransactionJob = {
  name: infectedJob,
  async run(work, data) {
    const id = parseId<'referral_attachment'>(data['attachmentId'])
    const found = id && (await findAttachment(work.db, id))
    if (!found || found.gone !== null) return
    await blankAttachment(work.db, found.id, 'infected', work.now)
    await work.record('referrals.attachment_infected', { subjectId: found.referralId })
    const kept = await findReferral(work.db, found.referralId)
    if (!kept) return
    const addedBy = kept.referral.events.find((event) => event.id === found.eventId)?.actor
    const concerned = (await listStaff(work.db)).filter(
      ({ id: staffId, state }) => state === 'active' && (staffId === kept.file.adviserId || staffId === addedBy?.id),
    )
    const ids = { referralId: kept.file.id }
    for (const { email, locale } of concerned)
      await work.mail({ kind: 'referrals.file_infected', to: email, locale, ids })
    if (found.from === 'partner') await mailPartner(work, kept.file, 'referrals.news')
  },
}

/** A scanner that was away is asked again. Where none is set up any more, what waited for it is marked as not scanned. */
function rescanning({ clamdUrl }: AttachmentJobTools): TransactionJob {
  return {
    name: 'referrals.attachments.rescan',
    schedule: '*/30 * * * *',
    async run(work: Work) {
      const before = new Date(work.now.getTime() - patienceMinutes * 60_000)
      for (const attachmentId of await unscanned(work.db, before)) {
        if (clamdUrl === undefined) await saveScan(work.db, attachmentId, 'not_scanned', work.now)
        else await work.enqueue(scanJob, { attachmentId }, { key: attachmentId })
      }
    },
  }
}

const retention: TransactionJob = {
  name: 'referrals.attachments.retention',
  schedule: '40 2 * * *',
  async run(work) {
    const { keepDays } = await attachmentRules(work.db)
    const before = new Date(work.now.getTime() - keepDays * 86_400_000)
    for (const { id, referralId } of await keptSinceClosed(work.db, before)) {
      await blankAttachment(work.db, id, 'retention', work.now)
      await work.record('referrals.attachment_deleted', { subjectId: referralId, facts: { attachment: id, keepDays } })
    }
  },
}
