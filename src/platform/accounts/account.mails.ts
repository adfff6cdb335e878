// Letters about an account: an invitation, a link to set a new password, word of a new passkey.

import type { MailKind } from '../mail/mail.ts'
import type { AccountKind } from './account.ts'
import { findPasswordLinkById } from './accounts.store.ts'
import { passwordAddress } from './password.link.ts'

// messages: platform.accounts.mail.*

export type AccountLetter = 'invitation' | 'reset' | 'passkey_added'

/** The kind of mail that a letter of these accounts is saved as. */
export function letterOf({ name }: AccountKind, letter: AccountLetter): string {
  return `${name}.${letter}`
}

export function accountMails(accounts: AccountKind): Readonly<Record<string, MailKind>> {
  return {
    [letterOf(accounts, 'invitation')]: linkLetter(accounts, 'invitation'),
    [letterOf(accounts, 'reset')]: linkLetter(accounts, 'reset'),
    [letterOf(accounts, 'passkey_added')]: async ({ network, words, publicUrl }) => ({
      subject: words.t('platform.accounts.mail.passkey_added_subject', { network: network.name }),
      text: [
        words.t('platform.accounts.mail.passkey_added_lead', { network: network.name }),
        words.t('platform.accounts.mail.passkey_added_not_you'),
        '',
        `${publicUrl}${accounts.entrance.prefix}/account`,
      ].join('\n'),
    }),
  }
}

function linkLetter(accounts: AccountKind, kind: 'invitation' | 'reset'): MailKind {
  return async ({ db, network, words, ids, keys, publicUrl }) => {
    const link = await findPasswordLinkById(db, accounts, ids['linkId'] ?? '')
    if (!link) return null
    const lines = [
      words.t(`platform.accounts.mail.${kind}_lead`, { network: network.name }),
      '',
      passwordAddress(accounts, keys, link, { networkId: network.id, publicUrl }),
      '',
      words.t(`platform.accounts.mail.${kind}_term`),
      words.t('platform.accounts.mail.not_you'),
    ]
    return {
      subject: words.t(`platform.accounts.mail.${kind}_subject`, { network: network.name }),
      text: lines.join('\n'),
    }
  }
}
