// Mail: the words are made when it leaves, from ids, in the recipient's language; no secret is ever stored.

import type { Kysely } from 'kysely'
import type { Config } from '../config.ts'
import type { Database, Db } from '../db/index.ts'
import type { Network } from '../http/scene.ts'
import type { Catalogues, Words } from '../i18n/index.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { Keys } from '../secrets.ts'
import type { Confirmations } from './confirmations.ts'
import type { MailRow } from './mail.store.ts'

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

/** A mail that no further try will deliver. */
export interface FailedMail {
  readonly db: Db
  readonly network: Network
  readonly kind: string
  readonly ids: Readonly<Record<string, string>>
}

export interface MailTools {
  readonly kysely: Kysely<Database>
  readonly config: Pick<Config, 'smtpUrl' | 'mailFrom' | 'publicUrl'>
  readonly catalogues: Catalogues
  readonly keys: Keys
  readonly kinds: Readonly<Record<string, MailKind>>
  readonly networkOf: (id: string) => Promise<Network | null>
  readonly now: () => Date
  readonly queue: JobQueue
  readonly confirmations: Confirmations
  /** Told inside the transaction when a mail cannot be delivered for good. */
  readonly onFailure?: (failed: FailedMail) => Promise<void>
}

/** Writes the letter of a queued mail as it would be sent now. */
export async function writeLetter(
  tools: Pick<MailTools, 'kinds' | 'catalogues' | 'keys' | 'config'>,
  db: Db,
  network: Network,
  row: Pick<MailRow, 'kind' | 'locale' | 'ids'>,
): Promise<Letter | null> {
  const kind = tools.kinds[row.kind]
  if (!kind) throw new Error(`There is no kind of mail ${row.kind}.`)
  const words = tools.catalogues.in(row.locale)
  return kind({ db, network, words, ids: row.ids, keys: tools.keys, publicUrl: tools.config.publicUrl })
}
