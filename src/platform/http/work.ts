// What pages and jobs have alike: the audit trail, jobs and mail, each saved with the transaction.

import { dayIn } from '../dates.ts'
import type { Db } from '../db/index.ts'
import { newId, type StaffId } from '../ids.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { Mail, Network, OtherActor, PartnerActor, StaffActor, Work } from './scene.ts'

/** The job that sends one queued mail. */
export const mailJob = 'platform.mail'

export interface WorkTools {
  readonly queue: JobQueue
  readonly now: () => Date
  /** Whether mail leaves: without a mail server it is held for the outbox page. */
  readonly sendsMail: boolean
}

export function workIn(
  db: Db,
  network: Network,
  actor: () => (Pick<StaffActor | PartnerActor, 'kind'> & { readonly id: string | null }) | OtherActor,
  { queue, now: clock, sendsMail }: WorkTools,
): Work {
  const now = clock()
  const enqueue: Work['enqueue'] = (name, ids, options) =>
    queue.send(db, name, { ...ids, networkId: network.id }, options)
  return {
    db,
    network,
    now,
    today: dayIn(network.timeZone, now),
    enqueue,
    async record(action, { clientId, subjectId, facts } = {}) {
      const { kind, id } = actor()
      await db
        .insertInto('audit_events')
        .values({
          network_id: network.id,
          id: newId<'audit'>(now.getTime()),
          at: now,
          actor_kind: kind,
          actor_id: id as StaffId | null,
          action,
          client_id: clientId ?? null,
          subject_id: subjectId ?? null,
          facts: JSON.stringify(facts ?? {}),
        })
        .execute()
    },
    async mail(mail: Mail) {
      const id = newId<'mail'>(now.getTime())
      await db
        .insertInto('mail_messages')
        .values({
          network_id: network.id,
          id,
          kind: mail.kind,
          recipient: mail.to,
          locale: mail.locale,
          ids: JSON.stringify(mail.ids),
          state: sendsMail ? 'queued' : 'held',
          created_at: now,
        })
        .execute()
      if (sendsMail) await enqueue(mailJob, { mailId: id })
      return id
    },
  }
}
