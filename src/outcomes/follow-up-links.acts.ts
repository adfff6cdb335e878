// A client's link to answer a follow-up alone: made, mailed, and what they say through it.

import { consentsOf, findClient, hasConsent } from '#clients/index.ts'
import type { Work } from '#platform/http/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import { newId } from '#platform/ids.ts'
import { deriveSecret, hashSecret, type Keys } from '#platform/secrets.ts'
import {
  answerFollowUp,
  findFollowUp,
  followUpsWithoutLink,
  insertFollowUpLink,
  type FollowUpLink,
  type FollowUpLinkId,
} from './follow-ups.store.ts'
import { isAsked } from './follow-up.ts'
import { keepStatement, newStatementId } from './outcomes.acts.ts'
import type { FollowUp } from './outcomes.store.ts'
import type { OutcomeKind } from './statement.ts'

/** Derives the secret of a client's link. */
const followUpLinkKind = 'outcomes.follow_up'
export const settleJob = 'outcomes.settle'
const askMail = 'outcomes.ask'
/** A question that is three months old asks about a time nobody remembers well. */
const daysOfALink = 90
/** So many questions are looked at together. */
const pageSize = 200

/** Makes a link and mails it to the client. False when there is no address. */
export async function mailFollowUp(work: Work, keys: Keys, followUp: FollowUp): Promise<boolean> {
  const client = await findClient(work.db, followUp.clientId)
  if (!client?.email || !isAsked(client)) return false
  const id: FollowUpLinkId = newId<'follow_up_link'>(work.now.getTime())
  const keyId = keys.currentId
  const secretHash = hashSecret(deriveSecret(keys, keyId, { kind: followUpLinkKind, id }))
  const expiresAt = new Date(work.now.getTime() + daysOfALink * 86_400_000)
  await insertFollowUpLink(work.db, followUp, { id, keyId, secretHash, expiresAt }, work.now)
  await work.mail({
    kind: askMail,
    to: client.email,
    locale: client.language ?? work.network.locale,
    ids: { linkId: id },
  })
  return true
}

/** Asks every client whose follow-up has fallen due, who agreed to be asked and has an address. Gives how many. */
export async function mailDueFollowUps(work: Work, keys: Keys): Promise<number> {
  let sent = 0
  let after: FollowUp | null = null
  for (;;) {
    const part: readonly FollowUp[] = await followUpsWithoutLink(work.db, work.today, { after, size: pageSize })
    for (const followUp of part) {
      const consents = await consentsOf(work.db, followUp.clientId, work.today)
      if (hasConsent(consents, 'follow_up') && (await mailFollowUp(work, keys, followUp))) sent++
    }
    after = part.at(-1) ?? null
    if (part.length < pageSize) return sent
  }
}

/** The address that the client opens. */
export function followUpAddress(keys: Keys, link: FollowUpLink, publicUrl: string): string {
  const secret = deriveSecret(keys, link.keyId, { kind: followUpLinkKind, id: link.id })
  return `${publicUrl}/f/${link.networkId}.${secret}`
}

/** Keeps what the client says through the link. False when they have said it before: the first answer stands. */
export async function answerByLink(
  work: Work,
  link: FollowUpLink,
  { kind, since }: { kind: Exclude<OutcomeKind, 'lost_touch'>; since: CalendarDay | null },
): Promise<boolean> {
  const followUp = await findFollowUp(work.db, link.followUpId)
  if (!followUp) return false
  const id = newStatementId(work.now)
  if (!(await answerFollowUp(work.db, followUp.id, id, work.now))) return false
  await keepStatement(work, followUp, { id, kind, since, source: 'client', channel: 'link', by: null }, work.today)
  await work.record('outcomes.answered', { clientId: followUp.clientId, facts: { kind } })
  // The client may not read their file; what follows from the answer is written by a job that may.
  await work.enqueue(settleJob, { clientId: followUp.clientId, kind })
  return true
}
