// The client's link to their view of a recommendation: made, renewed, mailed, and its address.

import { consentsOf, findClient, hasConsent, type Client, type ConsentWithdrawn } from '#clients/index.ts'
import type { Work } from '#platform/http/index.ts'
import { newId, type RecommendationId, type StaffId } from '#platform/ids.ts'
import { deriveSecret, hashSecret, type Keys } from '#platform/secrets.ts'
import type { FileMarks } from '../recommendations.store.ts'
import {
  findViewLink,
  insertViewLink,
  revokeViewLinks,
  revokeViewLinksOf,
  type ViewLink,
  type ViewLinkId,
} from './for-client.store.ts'
import type { ClientView } from './view.ts'

/** Derives the secret of this kind of link; one of another kind opens nothing here. */
const viewLinkKind = 'matching.client_view'
/** As long as a client's link to a referral. */
const daysOfALink = 120

export const viewMail = 'matching.client_view'
export const answerMail = 'matching.client_answer'

/** The address that the client opens. It says nothing of what it is about. */
export function viewAddress(keys: Keys, link: ViewLink, publicUrl: string): string {
  const secret = deriveSecret(keys, link.keyId, { kind: viewLinkKind, id: link.id })
  return `${publicUrl}/c/options/${link.networkId}.${secret}`
}

/** A new link for the client, with what it shows; those before stop working. */
export async function renewViewLink(
  work: Pick<Work, 'db' | 'now'>,
  keys: Keys,
  made: {
    readonly file: FileMarks
    readonly recommendationId: RecommendationId
    readonly view: ClientView
    readonly locale: string
    readonly madeBy: StaffId
  },
): Promise<ViewLink> {
  const { db, now } = work
  await revokeViewLinks(db, made.recommendationId, now)
  const id: ViewLinkId = newId<'view_link'>(now.getTime())
  const keyId = keys.currentId
  const secretHash = hashSecret(deriveSecret(keys, keyId, { kind: viewLinkKind, id }))
  const expiresAt = new Date(now.getTime() + daysOfALink * 86_400_000)
  await insertViewLink(db, made.file, { ...made, id, keyId, secretHash, expiresAt }, now)
  const link = await findViewLink(db, id)
  if (!link) throw new Error('A link that was just made is not there.')
  return link
}

/** Why a client gets no mail; null when they do. */
export type NoMail = 'no_consent' | 'no_address'

export async function whyNoMail(work: Pick<Work, 'db' | 'today'>, client: Client): Promise<NoMail | null> {
  if (client.email === null) return 'no_address'
  return hasConsent(await consentsOf(work.db, client.id, work.today), 'contact') ? null : 'no_consent'
}

/** Mails the client their link, if they agreed to be written to; nothing of what it shows. Null, or why not. */
export async function mailLink(
  work: Work,
  kind: typeof viewMail | typeof answerMail,
  link: ViewLink,
): Promise<NoMail | null> {
  const client = await findClient(work.db, link.clientId)
  if (!client?.email) return 'no_address'
  const why = await whyNoMail(work, client)
  if (why !== null) return why
  await work.mail({ kind, to: client.email, locale: link.locale, ids: { linkId: link.id } })
  return null
}

/** A client who may no longer be written to: what was mailed to them opens nothing any more. Their adviser can make a new link, to
 *  be handed over on paper. */
export async function stopMailedLinks(work: Work, { clientIds, purpose }: ConsentWithdrawn): Promise<void> {
  const [clientId] = clientIds
  if (purpose !== 'contact' || clientId === undefined) return
  if (hasConsent(await consentsOf(work.db, clientId, work.today), 'contact')) return
  await revokeViewLinksOf(work.db, clientIds, work.now)
}
