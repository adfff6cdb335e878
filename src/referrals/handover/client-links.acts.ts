// The client's own link to a referral: made, renewed, and its address.

import type { Work } from '#platform/http/index.ts'
import { newId, type ReferralId, type StaffId } from '#platform/ids.ts'
import { deriveSecret, hashSecret, type Keys } from '#platform/secrets.ts'
import type { ReferralFile } from '../referrals.store.ts'
import {
  findClientLink,
  insertClientLink,
  liveClientLink,
  revokeClientLinks,
  type ClientLink,
  type ClientLinkId,
} from './client-links.store.ts'

/** Derives the secret of a client's link; a partner's has another kind, so that neither opens the other's pages. */
const clientLinkKind = 'referrals.client'
/** As long as a partner's. */
const daysOfALink = 120

/** The address that the client opens, short enough to be typed from paper by whoever must. */
export function clientAddress(keys: Keys, link: ClientLink, publicUrl: string): string {
  const secret = deriveSecret(keys, link.keyId, { kind: clientLinkKind, id: link.id })
  return `${publicUrl}/c/${link.networkId}.${secret}`
}

/** The link that the client holds, made where they have none. */
export async function linkForClient(
  work: Pick<Work, 'db' | 'now'>,
  keys: Keys,
  { file, madeBy }: { readonly file: ReferralFile; readonly madeBy: StaffId | null },
): Promise<ClientLink> {
  const live = await liveClientLink(work.db, file.id, work.now)
  if (live) return live
  const id: ClientLinkId = newId<'client_link'>(work.now.getTime())
  const keyId = keys.currentId
  const secretHash = hashSecret(deriveSecret(keys, keyId, { kind: clientLinkKind, id }))
  const expiresAt = new Date(work.now.getTime() + daysOfALink * 86_400_000)
  await insertClientLink(work.db, file, { id, keyId, secretHash, expiresAt, madeBy }, work.now)
  const made = await findClientLink(work.db, id)
  if (!made) throw new Error('A link that was just made is not there.')
  return made
}

/** A new link for the client; those before stop working. */
export async function renewClientLink(
  work: Pick<Work, 'db' | 'now'>,
  keys: Keys,
  by: { readonly file: ReferralFile; readonly madeBy: StaffId },
): Promise<ClientLink> {
  await revokeClientLinks(work.db, by.file.id, work.now)
  return linkForClient(work, keys, by)
}

/** No link of the client's works any more. */
export async function revokeClientLink(work: Pick<Work, 'db' | 'now'>, id: ReferralId): Promise<void> {
  await revokeClientLinks(work.db, id, work.now)
}
