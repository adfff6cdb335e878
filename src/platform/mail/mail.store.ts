// The mail that was sent or waits. A worker claims a row before it talks to the server; only its claim may say how it went.

import { sql } from 'kysely'
import type { Db } from '../db/index.ts'
import { claimMinutes, type Outcome } from './retry.ts'

export const mailStates = ['queued', 'sending', 'failed', 'held', 'sent', 'cancelled'] as const
export type MailState = (typeof mailStates)[number]

export interface MailRow {
  readonly id: string
  readonly kind: string
  readonly recipient: string
  readonly locale: string
  readonly ids: Readonly<Record<string, string>>
  readonly state: MailState
  readonly createdAt: Date
  /** Tries that were begun. */
  readonly attempts: number
  readonly nextTryAt: Date | null
  readonly sentAt: Date | null
  /** A code of `retry.ts`: what stood in the way of the last try. */
  readonly problem: string | null
}

const minute = 60_000
// The clocks of this machine and of the database, which starts the job, may differ by so much.
const clockSlack = minute

export async function findMail(db: Db, id: string): Promise<MailRow | null> {
  const row = await db.selectFrom('mail_messages').select(columns).where('id', '=', id).executeTakeFirst()
  return row ? toMailRow(row) : null
}

/** Takes the mail for one conversation, if it is due and nobody else has it. A claim whose process died lapses. */
export async function claimMail(
  db: Db,
  id: string,
  { claim, now }: { claim: string; now: Date },
): Promise<MailRow | null> {
  const row = await db
    .updateTable('mail_messages')
    .set((eb) => ({ state: 'sending', claim, claimed_at: now, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .where((is) =>
      is.or([
        is.and([
          is('state', '=', 'queued'),
          is.or([is('next_try_at', 'is', null), is('next_try_at', '<=', later(now, clockSlack))]),
        ]),
        is.and([is('state', '=', 'sending'), is('claimed_at', '<', lapsedBefore(now))]),
      ]),
    )
    .returning(columns)
    .executeTakeFirst()
  return row ? toMailRow(row) : null
}

/** Says how the claimed conversation went. False when the claim is no longer held. */
export async function settleMail(
  db: Db,
  id: string,
  { claim, ...mark }: { claim: string } & MailMark,
): Promise<boolean> {
  const done = await db
    .updateTable('mail_messages')
    .set(settled(mark))
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .where('claim', '=', claim)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** The server confirmed it, whatever else was thought of it. */
export async function markConfirmed(db: Db, id: string, mark: { messageId: string; sentAt: Date }): Promise<void> {
  await db
    .updateTable('mail_messages')
    .set(settled({ state: 'sent', ...mark }))
    .where('id', '=', id)
    .where('state', '<>', 'sent')
    .execute()
}

interface MailMark {
  readonly state: MailState
  readonly problem?: Exclude<Outcome, { kind: 'accepted' }>['problem'] | 'withdrawn'
  readonly messageId?: string
  readonly sentAt?: Date
  readonly nextTryAt?: Date
}

function settled({ state, problem, messageId, sentAt, nextTryAt }: MailMark) {
  return {
    state,
    problem: problem ?? null,
    message_id: messageId ?? null,
    sent_at: sentAt ?? null,
    next_try_at: nextTryAt ?? null,
    claim: null,
    claimed_at: null,
  }
}

/** Mails that should have been tried by now, or whose worker died in the middle: their job was lost. */
export async function forgottenMails(db: Db, now: Date, most = 500): Promise<readonly string[]> {
  const patience = 5 * minute
  const rows = await db
    .selectFrom('mail_messages')
    .select('id')
    .where((is) =>
      is.or([
        is.and([
          is('state', '=', 'queued'),
          is(sql<Date>`coalesce(next_try_at, created_at)`, '<', later(now, -patience)),
        ]),
        is.and([is('state', '=', 'sending'), is('claimed_at', '<', lapsedBefore(now))]),
      ]),
    )
    .orderBy('created_at')
    .limit(most)
    .execute()
  return rows.map(({ id }) => id)
}

/** Lets a mail that failed, or was held while no server was set, go again from the first try. False when it is neither. */
export async function requeueMail(db: Db, id: string): Promise<boolean> {
  const done = await db
    .updateTable('mail_messages')
    .set({ state: 'queued', attempts: 0, next_try_at: null, problem: null })
    .where('id', '=', id)
    .where('state', 'in', ['failed', 'held'])
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

export async function countByState(db: Db): Promise<ReadonlyMap<MailState, number>> {
  const rows = await db
    .selectFrom('mail_messages')
    .select(['state', (eb) => eb.fn.countAll<string>().as('count')])
    .groupBy('state')
    .execute()
  return new Map(rows.map(({ state, count }) => [state as MailState, Number(count)]))
}

/** Mails of one state, or of all, the newest first. */
export async function listMails(
  db: Db,
  { state, skip, take }: { state: MailState | null; skip: number; take: number },
): Promise<readonly MailRow[]> {
  let query = db.selectFrom('mail_messages').select(columns)
  if (state !== null) query = query.where('state', '=', state)
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').offset(skip).limit(take).execute()
  return rows.map(toMailRow)
}

const columns = [
  ...(['id', 'kind', 'recipient', 'locale', 'ids', 'state', 'created_at'] as const),
  ...(['attempts', 'next_try_at', 'sent_at', 'problem'] as const),
] as const

interface Row extends Pick<MailRow, 'id' | 'kind' | 'recipient' | 'locale' | 'attempts' | 'problem'> {
  readonly ids: unknown
  readonly state: string
  readonly created_at: Date
  readonly next_try_at: Date | null
  readonly sent_at: Date | null
}

// A row as this platform wrote it.
function toMailRow({ created_at, next_try_at, sent_at, ids, state, ...rest }: Row): MailRow {
  return {
    ...rest,
    ids: ids as MailRow['ids'],
    state: state as MailState,
    createdAt: created_at,
    nextTryAt: next_try_at,
    sentAt: sent_at,
  }
}

function later(moment: Date, milliseconds: number): Date {
  return new Date(moment.getTime() + milliseconds)
}

function lapsedBefore(now: Date): Date {
  return later(now, -claimMinutes * minute)
}
