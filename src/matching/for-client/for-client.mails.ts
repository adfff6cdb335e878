// Mails to a client about their recommendation: a link and whom it comes from, nothing of what it is about.

import { consentsOf, hasConsent } from '#clients/index.ts'
import { dayIn } from '#platform/dates.ts'
import { parseId } from '#platform/ids.ts'
import type { Letter, LetterSource, MailKind } from '#platform/mail/mail.ts'
import { findViewLink } from './for-client.store.ts'
import { answerMail, viewAddress, viewMail } from './links.acts.ts'

// messages: matching.for-client.mail.*

export const forClientMails: Readonly<Record<string, MailKind>> = {
  [viewMail]: (source) => letterOf(source, 'view'),
  [answerMail]: (source) => letterOf(source, 'answer'),
}

/** Null once the link is dead, or the client has taken back that they may be written to. */
async function letterOf(source: LetterSource, about: 'view' | 'answer'): Promise<Letter | null> {
  const { db, ids, keys, network, publicUrl, words } = source
  const id = parseId<'view_link'>(ids['linkId'])
  const link = id && (await findViewLink(db, id))
  if (!link || link.revokedAt !== null) return null
  const today = dayIn(network.timeZone, new Date())
  if (!hasConsent(await consentsOf(db, link.clientId, today), 'contact')) return null
  const values = { network: network.name }
  const lines = [
    words.t(`matching.for-client.mail.${about}_lead`, values),
    '',
    viewAddress(keys, link, publicUrl),
    '',
    words.t('matching.for-client.mail.how'),
    '',
    words.t('platform.mail.foot', values),
  ]
  return { subject: words.t(`matching.for-client.mail.${about}_subject`, values), text: lines.join('\n') }
}
