// The mail to a colleague who was given referrals: references and the way to the inbox, nothing of a client.

import { findContact } from '#partners/index.ts'
import { parseId } from '#platform/ids.ts'
import type { Letter, LetterSource, MailKind } from '#platform/mail/mail.ts'
import { findReferral } from '../referrals.store.ts'
import { assignedMail } from './inbox.acts.ts'

export const inboxMails: Readonly<Record<string, MailKind>> = { [assignedMail]: letterToAssignee }

/** Null when the person works there no more: then nobody opens the inbox by that address. */
async function letterToAssignee({ db, words, network, ids, publicUrl }: LetterSource): Promise<Letter | null> {
  const [referralId, contactId, byId] = [
    parseId<'referral'>(ids['referralId']),
    parseId<'contact'>(ids['contactId']),
    parseId<'contact'>(ids['byId']),
  ]
  const kept = referralId && (await findReferral(db, referralId))
  const contact = contactId && (await findContact(db, contactId))
  const by = byId && (await findContact(db, byId))
  if (!kept || !contact || contact.state !== 'active') return null
  const count = Number(ids['count'])
  const values = { count, reference: kept.file.reference, by: by?.name ?? kept.file.organizationName }
  const address = count === 1 ? `${publicUrl}/inbox/${kept.file.id}` : `${publicUrl}/inbox?assigned=me`
  return {
    subject: words.t('referrals.inbox.mail_subject', values),
    text: [
      words.t('referrals.inbox.mail_lead', values),
      '',
      address,
      '',
      words.t('platform.mail.foot', { network: network.name }),
    ].join('\n'),
  }
}
