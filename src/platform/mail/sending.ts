// Sends queued mail: one claim, one conversation, one mark.

import { randomUUID } from 'node:crypto'
import { inScope, type Db } from '../db/index.ts'
import { mailJob } from '../http/work.ts'
import type { Network } from '../http/scene.ts'
import type { JobData } from '../jobs/queue.ts'
import type { Job, TransactionJob } from '../jobs/worker.ts'
import { converse } from './conversation.ts'
import { writeLetter, type Letter, type MailTools } from './mail.ts'
import { claimMail, forgottenMails, markConfirmed, settleMail, type MailRow } from './mail.store.ts'
import { mailTries, nextTry, type Outcome } from './retry.ts'

/**
 * Sends one queued mail, if it is due and nobody else is at it. It is claimed in one transaction, the server is talked to
 * outside any, and the outcome is marked in another together with the job of the next try. A mail that the server confirmed is
 * never sent again. Where a process may die, and what then:
 * 1. before the claim is committed: nothing happened, the job runs again;
 * 2. before the end of the letter: nothing was delivered; the claim lapses after half an hour, and the sweep takes it up;
 * 3. after the end of the letter, before the server's answer: nobody can know, SMTP has no word for it (RFC 1047). It is taken
 *    up as in 2, with the same Message-ID and the same words, so that two copies are one to whoever reads them;
 * 4. after the answer, before the file in the folder of confirmations: the same as 3, for the length of one call of the system;
 * 5. after that file, before the mark: the file is enough, every later try only marks;
 * 6. after the mark: it is sent.
 * Throws when the database does not answer, and, once that is marked, when the letter could not be written; never because of
 * the server.
 */
export async function sendQueuedMail(tools: MailTools, at: { networkId: string; mailId: string }): Promise<void> {
  const network = await tools.networkOf(at.networkId)
  const { smtpUrl } = tools.config
  if (!network || !smtpUrl) return
  if (tools.confirmations.has(at.mailId)) return mark(tools, network, at.mailId)
  const claim = randomUUID()
  const row = await inJob(tools, network, (db) => claimMail(db, at.mailId, { claim, now: tools.now() }))
  if (!row) return
  const written = await write(tools, network, row)
  if (written.letter === null) {
    const cancelled = { claim, state: 'cancelled', problem: 'withdrawn' } as const
    await inJob(tools, network, (db) => settleMail(db, row.id, cancelled))
    return
  }
  const outcome = await say(tools, smtpUrl, { row, letter: written.letter })
  if (outcome.kind === 'accepted') {
    try {
      tools.confirmations.add(row.id)
    } finally {
      // A full disk is no reason to keep it from the database as well.
      await mark(tools, network, row.id)
    }
    return
  }
  await inJob(tools, network, (db) => settle(tools, { db, network, row, claim }, outcome))
  if ('fault' in written) throw new Error(`A mail ${row.kind} could not be written.`, { cause: written.fault })
}

/** What leaves the queue, and the sweep that finds what a dead process or a lost job left behind. */
export function mailJobs(tools: MailTools): readonly Job[] {
  const sweep: TransactionJob = {
    name: 'platform.mail_sweep',
    schedule: '*/5 * * * *',
    async run(work) {
      if (!tools.config.smtpUrl) return
      for (const mailId of await forgottenMails(work.db, work.now)) {
        await work.enqueue(mailJob, { mailId }, { key: mailId })
      }
    },
  }
  return [
    {
      name: mailJob,
      isLong: true,
      // A server that answers slowly holds up a few letters, not all.
      atOnce: 4,
      run: (data: JobData) => sendQueuedMail(tools, { networkId: data.networkId, mailId: String(data['mailId']) }),
    },
    sweep,
  ]
}

type Written = { readonly letter: Letter | null } | { readonly letter: 'unwritable'; readonly fault: unknown }

async function write(tools: MailTools, network: Network, row: MailRow): Promise<Written> {
  try {
    return { letter: await inJob(tools, network, (db) => writeLetter(tools, db, network, row)) }
  } catch (fault) {
    // A fault of ours, which a newer version may have mended before the last try.
    return { letter: 'unwritable', fault }
  }
}

async function say(
  tools: MailTools,
  smtpUrl: string,
  { row, letter }: { row: MailRow; letter: Letter | 'unwritable' },
): Promise<Outcome> {
  // A letter that takes the process with it each time is not taken up for ever.
  if (row.attempts > mailTries) return { kind: 'delayed', problem: 'interrupted' }
  if (letter === 'unwritable') return { kind: 'delayed', problem: 'unwritable' }
  const { mailFrom: from } = tools.config
  return converse(smtpUrl, { messageId: messageIdOf(tools, row.id), from, to: row.recipient, letter })
}

/** The server has it: the database is told, now or at the next try. */
async function mark(tools: MailTools, network: Network, mailId: string): Promise<void> {
  const sent = { messageId: messageIdOf(tools, mailId), sentAt: tools.now() }
  await inJob(tools, network, (db) => markConfirmed(db, mailId, sent))
  tools.confirmations.remove(mailId)
}

async function settle(
  tools: MailTools,
  { db, network, row, claim }: { db: Db; network: Network; row: MailRow; claim: string },
  outcome: Exclude<Outcome, { kind: 'accepted' }>,
): Promise<void> {
  const { problem } = outcome
  const again = outcome.kind === 'refused' ? null : nextTry(row.attempts, tools.now())
  if (again !== null) {
    const isMine = await settleMail(db, row.id, { claim, state: 'queued', problem, nextTryAt: again })
    if (isMine) {
      await tools.queue.send(db, mailJob, { networkId: network.id, mailId: row.id }, { startAfter: again })
    }
    return
  }
  const isMine = await settleMail(db, row.id, { claim, state: 'failed', problem })
  if (isMine) await tools.onFailure?.({ db, network, kind: row.kind, ids: row.ids })
}

function messageIdOf({ config }: MailTools, mailId: string): string {
  return `<${mailId}@${new URL(config.publicUrl).hostname}>`
}

function inJob<T>({ kysely }: MailTools, network: Network, work: (db: Db) => Promise<T>): Promise<T> {
  return inScope(kysely, { role: 'job', networkId: network.id }, work)
}
