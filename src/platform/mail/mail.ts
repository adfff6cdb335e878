// Mail: the words are made when it leaves, from ids, in the recipient's language; no secret is ever stored.

import { createTransport, type Transporter } from 'nodemailer'
import type { Kysely } from 'kysely'
import type { Config } from '../config.ts'
import { inScope, type Database, type Db } from '../db/index.ts'
import type { Network } from '../http/scene.ts'
import type { Catalogues, Words } from '../i18n/index.ts'
import type { Keys } from '../secrets.ts'

export interface Letter {
  readonly subject: string
  /** Plain text; a line that holds one address alone is a link in every mail reader. */
  readonly text: string
  /** Files that go with it. */
  readonly attachments?: readonly Attachment[]
}

/** A file of a letter; nothing in its name may say who it is about, where the letter goes to a partner. */
export interface Attachment {
  /** As it is saved: `appointment.ics`. */
  readonly name: string
  /** `text/calendar`, `application/pdf`, … without parameters; text is UTF-8. */
  readonly type: string
  readonly content: string | Buffer
  /** For a calendar file: it is also the letter's other form, so that mail readers offer to enter it (RFC 6047). The file
   *  itself must say the same METHOD. */
  readonly method?: 'PUBLISH' | 'REQUEST' | 'CANCEL'
}

/** What a kind of mail is written from. */
export interface LetterSource {
  /** As `waypost_job`, in the mail's network. */
  readonly db: Db
  readonly network: Network
  readonly words: Words
  readonly ids: Readonly<Record<string, string>>
  readonly keys: Keys
  readonly publicUrl: string
}

/** Writes the letters of one kind; null when there is nothing left to say (a link that was revoked). */
export type MailKind = (source: LetterSource) => Promise<Letter | null>

export interface MailTools {
  readonly kysely: Kysely<Database>
  readonly config: Pick<Config, 'smtpUrl' | 'mailFrom' | 'publicUrl'>
  readonly catalogues: Catalogues
  readonly keys: Keys
  readonly kinds: Readonly<Record<string, MailKind>>
  readonly networkOf: (id: string) => Promise<Network | null>
  readonly now: () => Date
  /** Told inside the transaction when a mail cannot be delivered for good. */
  readonly onFailure?: (source: Omit<LetterSource, 'words'> & { kind: string }) => Promise<void>
}

export interface MailRow {
  readonly id: string
  readonly kind: string
  readonly recipient: string
  readonly locale: string
  readonly ids: Readonly<Record<string, string>>
  readonly state: 'queued' | 'held' | 'sent' | 'failed'
  readonly createdAt: Date
  readonly problem: string | null
}

/** Tries that are worth making: pg-boss calls again with growing pauses until then. */
export const mailTries = 6

/** Writes the letter of a queued mail as it would be sent now. */
export async function writeLetter(tools: MailTools, db: Db, network: Network, row: MailRow): Promise<Letter | null> {
  const kind = tools.kinds[row.kind]
  if (!kind) throw new Error(`There is no kind of mail ${row.kind}.`)
  const words = tools.catalogues.in(row.locale)
  return kind({ db, network, words, ids: row.ids, keys: tools.keys, publicUrl: tools.config.publicUrl })
}

/**
 * Sends one queued mail. The mail is marked in its own transaction before and after the conversation with the server, so
 * that a crash between the two sends it at most twice and never loses it. Throws when the server does not take it.
 */
export async function sendQueuedMail(tools: MailTools, at: { networkId: string; mailId: string }): Promise<void> {
  const network = await tools.networkOf(at.networkId)
  if (!network) return
  const scope = { role: 'job', networkId: at.networkId } as const
  const prepared = await inScope(tools.kysely, scope, async (db) => {
    const row = await findMail(db, at.mailId)
    if (!row || row.state === 'sent') return null
    const letter = await writeLetter(tools, db, network, row)
    if (!letter) await markMail(db, at.mailId, { state: 'failed', problem: 'withdrawn' })
    return letter && { row, letter }
  })
  if (!prepared) return
  const transport = openTransport(tools.config)
  try {
    const { row, letter } = prepared
    // The same Message-ID at every try: a server that saw it before can tell.
    const messageId = `<${at.mailId}@${new URL(tools.config.publicUrl).hostname}>`
    await transport.sendMail({
      from: tools.config.mailFrom,
      // As one address: a text would be read as a list, and the link is meant for one.
      to: { name: '', address: row.recipient },
      messageId,
      subject: letter.subject,
      text: letter.text,
      ...filesOf(letter),
      // Nobody wrote it by hand, so no machine should answer it (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
      // What a letter holds is made here: no path and no address is ever read for it.
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    await inScope(tools.kysely, scope, (db) =>
      markMail(db, at.mailId, { state: 'sent', messageId, sentAt: tools.now() }),
    )
  } catch (error) {
    await inScope(tools.kysely, scope, (db) =>
      noteFailure(tools, db, { network, row: prepared.row, problem: problemOf(error) }),
    )
    throw new Error('The mail server did not take a mail.', { cause: error })
  } finally {
    transport.close()
  }
}

function filesOf({ attachments = [] }: Letter) {
  const typed = ({ type }: Attachment) => (type.startsWith('text/') ? `${type}; charset=utf-8` : type)
  return {
    attachments: attachments.map((each) => ({
      filename: each.name,
      contentType: each.method ? `${typed(each)}; method=${each.method}` : typed(each),
      content: each.content,
    })),
    alternatives: attachments.flatMap((each) =>
      each.method ? [{ contentType: `${typed(each)}; method=${each.method}`, content: each.content }] : [],
    ),
  }
}

async function noteFailure(
  tools: MailTools,
  db: Db,
  at: { network: Network; row: MailRow; problem: string },
): Promise<void> {
  const { attempts } = await db
    .updateTable('mail_messages')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), problem: at.problem }))
    .where('id', '=', at.row.id)
    .returning('attempts')
    .executeTakeFirstOrThrow()
  if (attempts < mailTries) return
  await markMail(db, at.row.id, { state: 'failed', problem: at.problem })
  const { network, row } = at
  await tools.onFailure?.({
    db,
    network,
    ids: row.ids,
    keys: tools.keys,
    publicUrl: tools.config.publicUrl,
    kind: row.kind,
  })
}

/** The server's answer as a code: its words may repeat the address. */
function problemOf(error: unknown): string {
  const { responseCode, code } = error as { responseCode?: number; code?: string }
  return String(responseCode ?? code ?? 'unknown')
}

function openTransport({ smtpUrl }: Pick<Config, 'smtpUrl'>): Transporter {
  if (!smtpUrl) throw new Error('No mail server is set.')
  return createTransport({ url: smtpUrl, connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000 })
}

export async function findMail(db: Db, id: string): Promise<MailRow | null> {
  const row = await db.selectFrom('mail_messages').select(mailColumns).where('id', '=', id).executeTakeFirst()
  return row ? toMailRow(row) : null
}

/** The newest mails of the network, for the outbox page. */
export async function latestMails(db: Db, limit: number): Promise<MailRow[]> {
  const rows = await db
    .selectFrom('mail_messages')
    .select(mailColumns)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toMailRow)
}

const mailColumns = ['id', 'kind', 'recipient', 'locale', 'ids', 'state', 'created_at', 'problem'] as const

function toMailRow(row: {
  id: string
  kind: string
  recipient: string
  locale: string
  ids: unknown
  state: string
  created_at: Date
  problem: string | null
}): MailRow {
  const { created_at, ids, state, ...rest } = row
  return { ...rest, ids: ids as MailRow['ids'], state: state as MailRow['state'], createdAt: created_at }
}

interface MailMark {
  readonly state: MailRow['state']
  readonly problem?: string
  readonly messageId?: string
  readonly sentAt?: Date
}

async function markMail(db: Db, id: string, { state, problem, messageId, sentAt }: MailMark): Promise<void> {
  await db
    .updateTable('mail_messages')
    .set({ state, problem: problem ?? null, message_id: messageId ?? null, sent_at: sentAt ?? null })
    .where('id', '=', id)
    .execute()
}
