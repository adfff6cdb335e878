// Links to set a password: made for an invitation or a reset, and never stored as such.

import type { Db } from '../db/index.ts'
import { newId, type NetworkId } from '../ids.ts'
import { deriveSecret, hashSecret, type Keys } from '../secrets.ts'
import type { AccountKind } from './account.ts'
import { insertPasswordLink, type PasswordLink } from './accounts.store.ts'

export interface LinkMaking {
  readonly networkId: NetworkId
  readonly accountId: string
  readonly kind: PasswordLink['kind']
  readonly now: Date
}

/** Saves a new link; gives its id, from which the mail's job builds it again. */
export async function makePasswordLink(
  db: Db,
  accounts: AccountKind,
  keys: Keys,
  { networkId, accountId, kind, now }: LinkMaking,
): Promise<PasswordLink> {
  const link: PasswordLink = { id: newId<'link'>(now.getTime()), accountId, kind, keyId: keys.currentId }
  const secretHash = hashSecret(secretOf(accounts, keys, link))
  await insertPasswordLink(db, accounts, { ...link, networkId, secretHash, now })
  return link
}

/** The address that the person opens. */
export function passwordAddress(
  accounts: AccountKind,
  keys: Keys,
  link: PasswordLink,
  at: { networkId: NetworkId; publicUrl: string },
): string {
  const token = `${at.networkId}.${secretOf(accounts, keys, link)}`
  return `${at.publicUrl}${accounts.entrance.prefix}/set-password/${token}`
}

function secretOf({ linkPurpose }: AccountKind, keys: Keys, { id, keyId }: PasswordLink): string {
  return deriveSecret(keys, keyId, { kind: linkPurpose, id })
}
