// Mails to staff: an invitation, a link to set a new password.

import { passwordAddress } from './invitation.link.ts'
import { findPasswordLinkById } from './sign-in.store.ts'
import type { MailKind } from '#platform/mail/mail.ts'

// messages: staff.mail.*

export const invitationMail = 'staff.invitation'
export const resetMail = 'staff.reset'

const writeLink =
  (kind: 'invitation' | 'reset'): MailKind =>
  async ({ db, network, words, ids, keys, publicUrl }) => {
    const link = await findPasswordLinkById(db, ids['linkId'] ?? '')
    if (!link) return null
    const address = passwordAddress(keys, link, { networkId: network.id, publicUrl })
    const lines = [
      words.t(`staff.mail.${kind}_lead`, { network: network.name }),
      '',
      address,
      '',
      words.t(`staff.mail.${kind}_term`),
      words.t('staff.mail.not_you'),
    ]
    return { subject: words.t(`staff.mail.${kind}_subject`, { network: network.name }), text: lines.join('\n') }
  }

export const staffMails: Readonly<Record<string, MailKind>> = {
  [invitationMail]: writeLink('invitation'),
  [resetMail]: writeLink('reset'),
}
