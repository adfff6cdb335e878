// Mails to the lead of a partner's team: their system could not be told. Nothing of a referral is in them.

import type { LetterSource, MailKind } from '#platform/mail/mail.ts'
import { parseId } from '#platform/ids.ts'
import { findEndpoint } from './webhooks.store.ts'

// messages: referrals.exchange.mail.*

export const exchangeMails: Readonly<Record<string, MailKind>> = {
  'referrals.webhook_failing': (source) => letter(source, 'failing'),
  'referrals.webhook_disabled': (source) => letter(source, 'disabled'),
}

async function letter({ db, words, network, ids, publicUrl }: LetterSource, kind: 'failing' | 'disabled') {
  const id = parseId<'webhook_endpoint'>(ids['endpointId'])
  const endpoint = id && (await findEndpoint(db, id))
  if (!endpoint || endpoint.state === 'removed') return null
  // The host alone: the rest of the address may hold a secret of theirs.
  const values = { host: new URL(endpoint.address).host, network: network.name }
  const lines = [
    words.t(`referrals.exchange.mail.${kind}_lead`, values),
    '',
    `${publicUrl}/connections/webhooks/${endpoint.id}`,
    '',
    words.t('platform.mail.foot', values),
  ]
  return { subject: words.t(`referrals.exchange.mail.${kind}_subject`, values), text: lines.join('\n') }
}
