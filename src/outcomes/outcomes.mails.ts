// The mail that asks a client how it goes: plain words, one link, nothing about them.

import { parseId } from '#platform/ids.ts'
import type { MailKind } from '#platform/mail/mail.ts'
import { findFollowUp, findFollowUpLink } from './follow-ups.store.ts'
import { followUpAddress } from './follow-up-links.acts.ts'

export const outcomeMails: Readonly<Record<string, MailKind>> = {
  'outcomes.ask': async ({ db, words, network, ids, keys, publicUrl }) => {
    const id = parseId<'follow_up_link'>(ids['linkId'])
    const link = id && (await findFollowUpLink(db, id))
    const followUp = link && (await findFollowUp(db, link.followUpId))
    if (!link || !followUp || link.revokedAt !== null || followUp.state === 'answered') return null
    const values = { network: network.name }
    const lines = [
      words.t('outcomes.mail.ask_lead', values),
      '',
      followUpAddress(keys, link, publicUrl),
      '',
      words.t('outcomes.mail.ask_why'),
      '',
      words.t('platform.mail.foot', values),
    ]
    return { subject: words.t('outcomes.mail.ask_subject', values), text: lines.join('\n') }
  },
}
