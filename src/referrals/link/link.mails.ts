// The mail that carries the code of a renewal: reference and code, nothing about the client.

import { parseId } from '#platform/ids.ts'
import type { Letter, LetterSource, MailKind } from '#platform/mail/mail.ts'
import { findReferral } from '../referrals.store.ts'
import { codeOf, findCode } from './link-codes.store.ts'
import { findLink } from './referral-links.store.ts'
import { renewalLimits } from './renewal.ts'

export const linkMails: Readonly<Record<string, MailKind>> = { 'referrals.link_code': letterWithCode }

/** Null once the link was switched off: a code that opens nothing is not sent. */
async function letterWithCode({ db, words, network, ids, keys }: LetterSource): Promise<Letter | null> {
  const codeId = parseId<'referral_link_code'>(ids['codeId'])
  const code = codeId && (await findCode(db, codeId))
  const link = code && (await findLink(db, code.linkId))
  if (!link || link.revokedAt !== null) return null
  const kept = await findReferral(db, link.referralId)
  if (!kept) return null
  const values = { reference: kept.file.reference, network: network.name, minutes: renewalLimits.codeMinutes }
  const digits = codeOf(keys, code)
  const lines = [
    words.t('referrals.link.mail_code_lead', values),
    '',
    `${digits.slice(0, 3)} ${digits.slice(3)}`,
    '',
    words.t('referrals.link.mail_code_term', values),
    words.t('referrals.link.mail_code_not_you'),
    '',
    words.t('platform.mail.foot', values),
  ]
  return { subject: words.t('referrals.link.mail_code_subject', values), text: lines.join('\n') }
}
