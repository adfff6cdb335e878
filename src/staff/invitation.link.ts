// Links to set a password: made for an invitation or a reset, and never stored as such.

import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId, type StaffId } from '#platform/ids.ts'
import { deriveSecret, hashSecret, type Keys } from '#platform/secrets.ts'
import { insertPasswordLink, type PasswordLink } from './sign-in.store.ts'

export interface LinkMaking {
  readonly networkId: NetworkId
  readonly staffId: StaffId
  readonly kind: PasswordLink['kind']
  readonly now: Date
}

/** Saves a new link; gives its id, from which the mail's job builds it again. */
export async function makePasswordLink(
  db: Db,
  keys: Keys,
  { networkId, staffId, kind, now }: LinkMaking,
): Promise<PasswordLink> {
  const link: PasswordLink = { id: newId<'link'>(now.getTime()), staffId, kind, keyId: keys.currentId }
  await insertPasswordLink(db, { ...link, networkId, secretHash: hashSecret(secretOf(keys, link)), now })
  return link
}

/** The address that the person opens. */
export function passwordAddress(
  keys: Keys,
  link: PasswordLink,
  at: { networkId: NetworkId; publicUrl: string },
): string {
  return `${at.publicUrl}/set-password/${at.networkId}.${secretOf(keys, link)}`
}

function secretOf(keys: Keys, { id, keyId }: PasswordLink): string {
  return deriveSecret(keys, keyId, { kind: 'staff_password', id })
}
