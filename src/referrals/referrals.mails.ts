// Mails about referrals: reference, sender and link, nothing about the client. A partner's link is made again from its id.

import { contactsOf } from '#partners/index.ts'
import { findStaff } from '#staff/index.ts'
import { parseId } from '#platform/ids.ts'
import type { Letter, LetterSource, MailKind } from '#platform/mail/mail.ts'
import { deriveSecret, type Keys } from '#platform/secrets.ts'
import { linkMails } from './link/link.mails.ts'
import { findLink, type ReferralLink } from './link/referral-links.store.ts'
import { findShare } from './sharing/referral-shares.store.ts'
import { linkKind } from './referrals.acts.ts'
import { inboxMails } from './inbox/inbox.mails.ts'
import { findReferral, type ReferralFile } from './referrals.store.ts'

// messages: referrals.mail.*
// messages: referrals.state.*

export const referralMails: Readonly<Record<string, MailKind>> = {
  'referrals.sent': (source) => letterToPartner(source, 'sent'),
  'referrals.news': (source) => letterToPartner(source, 'news'),
  'referrals.reminder': (source) => letterToPartner(source, 'reminder'),
  'referrals.shared': (source) => letterToPartner(source, 'shared'),
  'referrals.answer': (source) => letterToStaff(source, 'answer'),
  'referrals.due': (source) => letterToStaff(source, 'due'),
  'referrals.file_infected': letterOnInfection,
  ...linkMails,
  ...inboxMails,
}

/** The address that the partner opens. */
export function partnerAddress(keys: Keys, link: ReferralLink, publicUrl: string): string {
  const secret = deriveSecret(keys, link.keyId, { kind: linkKind, id: link.id })
  return `${publicUrl}/r/${link.networkId}.${secret}`
}

/** Null once the link is dead: a letter that leads nowhere is not sent. */
async function letterToPartner(
  source: LetterSource,
  kind: 'sent' | 'news' | 'reminder' | 'shared',
): Promise<Letter | null> {
  const { db, words, network, keys, publicUrl } = source
  const linkId = parseId<'referral_link'>(source.ids['linkId'])
  const link = linkId && (await findLink(db, linkId))
  if (!link || link.revokedAt !== null) return null
  const kept = await findReferral(db, link.referralId)
  const share = await findShare(db, link.referralId)
  if (!kept || !share) return null
  const values = {
    reference: kept.file.reference,
    sender: share.senderName,
    site: share.siteName,
    network: network.name,
  }
  const lines = [
    words.t(`referrals.mail.${kind}_lead`, values),
    '',
    partnerAddress(keys, link, publicUrl),
    '',
    ...(await inboxLines(source, kept.file)),
    words.t('referrals.mail.how'),
    words.t('referrals.mail.sender', { ...values, email: share.senderEmail }),
    '',
    words.t('platform.mail.foot', values),
  ]
  return { subject: words.t(`referrals.mail.${kind}_subject`, values), text: lines.join('\n') }
}

/** Where somebody of the organisation signs in, it can be opened in the inbox as well. */
async function inboxLines(
  { db, words, publicUrl }: LetterSource,
  { id, organizationId }: Pick<ReferralFile, 'id' | 'organizationId'>,
): Promise<readonly string[]> {
  const signsIn = (await contactsOf(db, organizationId)).some(({ state }) => state === 'active')
  return signsIn ? [words.t('referrals.inbox.mail_also'), `${publicUrl}/inbox/${id}`, ''] : []
}

async function letterToStaff(
  { db, words, network, ids, publicUrl }: LetterSource,
  kind: 'answer' | 'due',
): Promise<Letter | null> {
  const id = parseId<'referral'>(ids['referralId'])
  const kept = id && (await findReferral(db, id))
  if (!kept) return null
  const { file, referral } = kept
  const adviser = await findStaff(db, file.adviserId)
  const event = referral.events.find((each) => each.id === ids['eventId'])
  const values = {
    reference: file.reference,
    state: words.t(`referrals.state.${referral.state}`),
    adviser: adviser?.name ?? '',
    isMessage: event?.kind === 'message' ? 'yes' : event?.kind === 'attachment_added' ? 'file' : 'no',
  }
  const lines = [
    words.t(`referrals.mail.${kind}_lead`, values),
    '',
    `${publicUrl}/referrals/${file.id}`,
    '',
    words.t('platform.mail.foot', { network: network.name }),
  ]
  return { subject: words.t(`referrals.mail.${kind}_subject`, values), text: lines.join('\n') }
}

async function letterOnInfection({ db, words, network, ids, publicUrl }: LetterSource): Promise<Letter | null> {
  const id = parseId<'referral'>(ids['referralId'])
  const kept = id && (await findReferral(db, id))
  if (!kept) return null
  const values = { reference: kept.file.reference }
  const lines = [
    words.t('referrals.attachments.mail.infected_lead', values),
    '',
    `${publicUrl}/referrals/${kept.file.id}`,
    '',
    words.t('platform.mail.foot', { network: network.name }),
  ]
  return { subject: words.t('referrals.attachments.mail.infected_subject', values), text: lines.join('\n') }
}
