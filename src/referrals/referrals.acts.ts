// What people and the system do with a referral: hold it, ask the machine, save the event with its columns, tell who must know.
// All in the caller's transaction: either everything happened or nothing.

import type { Work } from '#platform/http/index.ts'
import { newId, type ReferralId, type StaffId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { deriveSecret, hashSecret, type Keys } from '#platform/secrets.ts'
import type { ReferralActor, ReferralEvent, ReferralEventId, ReportedEvent } from './event.ts'
import { announce } from './exchange/announce.acts.ts'
import { tellCalendars } from './handover/tell-calendars.acts.ts'
import { followDecline } from './after-decline/after-decline.acts.ts'
import { clockFor } from './referral-clocks.store.ts'
import { becomeFormal } from './informal/informal.store.ts'
import { apply, draft, rules, unseenChange, type ReferralProblem } from './referral.ts'
import {
  insertLink,
  liveLinkOf,
  revokeLinks,
  saveMailOfLink,
  type ReferralLinkId,
} from './link/referral-links.store.ts'
import { shownTo, type Audience, type ShownTo } from './conversation/audience.ts'
import { insertMessage } from './conversation/referral-messages.store.ts'
import { blankShare, insertShare, type NewShare } from './sharing/referral-shares.store.ts'
import {
  findReferral,
  holdReferral,
  insertReferral,
  saveAdviser,
  saveReferral,
  type Choice,
  type KeptReferral,
  type ReferralFile,
} from './referrals.store.ts'

/** Derives the secret of a partner's link. */
export const linkKind = 'referrals.partner'
/** Long enough for a course that ends in three months; every answer is still checked against the state. */
const daysOfALink = 120
export const tellJob = 'referrals.tell'

export const systemActor: ReferralActor = { kind: 'system', id: null, name: 'Waypost' }

export interface NewReferral {
  readonly file: Omit<ReferralFile, 'reference' | 'networkId'>
  readonly choice: Choice
  readonly share: NewShare
  /** What the adviser writes to the partner. */
  readonly words: string | null
  /** Where the partner is reached; null when the directory knows no address. */
  readonly recipient: string | null
  readonly adviser: ReferralActor
}

/** Keeps and sends a new referral, and makes the partner's link. The same referral sent twice (a double submit) is one. */
export async function sendNewReferral(work: Work, keys: Keys, wanted: NewReferral): Promise<KeptReferral> {
  const known = await findReferral(work.db, wanted.file.id)
  if (known) return known
  const { db, now } = work
  const drafted = { kind: 'drafted', id: eventId(now), actor: wanted.adviser, channel: 'page', at: now } as const
  const before = draft(drafted)
  const file = await insertReferral(
    db,
    { file: { ...wanted.file, networkId: work.network.id }, referral: before, choice: wanted.choice },
    await clockFor(work, wanted.file),
  )
  await insertShare(db, file, wanted.share, now)
  if (wanted.recipient !== null) await makeLink(work, keys, { file, recipient: wanted.recipient })
  const sent = { kind: 'sent', id: eventId(now), actor: wanted.adviser, channel: 'page' } as const
  const done = await actOn(work, file.id, sent, { words: wanted.words })
  if (!done.ok) throw new Error(`A new referral could not be sent: ${done.problem.code}`)
  await becomeFormal(db, file)
  await work.record('referrals.sent', { clientId: file.clientId, subjectId: file.id })
  if (wanted.recipient !== null) return done.value
  return failDelivery(work, done.value, 'no_address')
}

export interface ActOptions {
  /** The version that the person saw; when someone else changed the referral since, nothing is done. */
  readonly seen?: number
  readonly words?: string | null
  /** Who reads the words beside staff: the partner, unless said otherwise. */
  readonly audience?: Audience
}

/** Records an event. Refused with who came first when it no longer fits; the same event twice is one. */
export async function actOn(
  work: Work,
  id: ReferralId,
  event: ReportedEvent,
  { seen, words = null, audience = usualAudience(event.actor) }: ActOptions = {},
): Promise<Result<KeptReferral, ReferralProblem>> {
  const held = await holdReferral(work.db, id)
  if (!held) throw new Error('There is no such referral for this actor.')
  const { file, referral: before } = held
  const isKnown = before.events.some((kept) => kept.id === event.id)
  const missed = seen === undefined || isKnown ? null : unseenChange(before, seen)
  if (missed !== null) return refused({ code: 'changed_meanwhile', by: missed.actor, at: missed.at })
  const result = apply(before, event, work.now)
  if (!result.ok) return result
  const after = result.value
  const [added] = after.events.slice(before.events.length)
  const kept = { file, referral: after }
  if (added === undefined) return ok(kept)
  const isSaved = await saveReferral(work.db, file, { before, after }, await clockFor(work, file))
  if (!isSaved) return refused({ code: 'form_of_another' })
  if (words !== null) await insertMessage(work.db, file, added, { words, audience })
  if (added.kind === 'withdrawn' && added.reason === 'consent_withdrawn') await blankShare(work.db, file.id, work.now)
  await followDecline(work, file, added)
  await tell(work, kept, added, shownTo(audience))
  await tellCalendars(work, id, { before, after })
  return ok(kept)
}

/** A new link for the partner; the old ones stop working. */
export async function renewLink(
  work: Work,
  keys: Keys,
  { id, recipient, actor }: { id: ReferralId; recipient: string; actor: ReferralActor },
): Promise<Result<KeptReferral, ReferralProblem>> {
  const held = await holdReferral(work.db, id)
  if (!held) throw new Error('There is no such referral for this actor.')
  await revokeLinks(work.db, id, work.now)
  await makeLink(work, keys, { file: held.file, recipient })
  return actOn(work, id, { kind: 'link_renewed', id: eventId(work.now), actor, channel: 'page' })
}

/** No link to the referral works any more. */
export async function revokeLink(
  work: Work,
  id: ReferralId,
  actor: ReferralActor,
): Promise<Result<KeptReferral, ReferralProblem>> {
  await revokeLinks(work.db, id, work.now)
  return actOn(work, id, { kind: 'link_revoked', id: eventId(work.now), actor, channel: 'page' })
}

/** Gives the referral to another adviser, who hears of what is due from now on. */
export async function reassign(
  work: Work,
  { id, to, actor }: { id: ReferralId; to: { id: StaffId; name: string }; actor: ReferralActor },
): Promise<Result<KeptReferral, ReferralProblem>> {
  await saveAdviser(work.db, id, to.id)
  return actOn(work, id, {
    kind: 'reassigned',
    to: to.name,
    side: 'adviser',
    id: eventId(work.now),
    actor,
    channel: 'page',
  })
}

/** Notes that mail does not reach the partner. */
async function failDelivery(work: Work, kept: KeptReferral, cause: 'no_address' | 'refused'): Promise<KeptReferral> {
  const event = {
    kind: 'delivery_failed',
    cause,
    id: eventId(work.now),
    actor: systemActor,
    channel: 'system',
  } as const
  const done = await actOn(work, kept.file.id, event)
  if (!done.ok) throw new Error(`A failed delivery could not be noted: ${done.problem.code}`)
  return done.value
}

export function eventId(now: Date): ReferralEventId {
  return newId<'referral_event'>(now.getTime())
}

/** Who hears of it: the partner by mail with the link; the adviser by a job, because whoever acts here may not read addresses. */
async function tell(work: Work, { file }: KeptReferral, event: ReferralEvent, shown: ShownTo): Promise<void> {
  const { tells } = rules[event.kind]
  const isForPartner = tells.includes('partner') && (event.kind !== 'message' || shown.partner)
  if (isForPartner && event.actor.kind !== 'partner') await mailPartner(work, file, partnerMailOf(event))
  if (event.kind !== 'message' || shown.partner) await announce(work, file, event)
  const isOwnDoing = event.actor.id === file.adviserId
  if (tells.includes('adviser') && !isOwnDoing) await work.enqueue(tellJob, { referralId: file.id, eventId: event.id })
}

// What a client writes is for their adviser; the adviser decides what the partner reads of it.
function usualAudience(actor: ReferralActor): Audience {
  return actor.kind === 'client' ? 'client' : 'partner'
}

type PartnerMail = 'referrals.sent' | 'referrals.news' | 'referrals.reminder' | 'referrals.shared'

function partnerMailOf(event: ReferralEvent): PartnerMail {
  if (event.kind === 'shared_changed') return 'referrals.shared'
  return event.kind === 'sent' || event.kind === 'link_renewed' ? 'referrals.sent' : 'referrals.news'
}

/** Mails the partner the link they hold. Without a live link there is nobody to write to. */
export async function mailPartner(work: Work, file: ReferralFile, kind: PartnerMail): Promise<boolean> {
  const link = await liveLinkOf(work.db, file.id, work.now)
  if (!link) return false
  const mailId = await work.mail({ kind, to: link.recipient, locale: work.network.locale, ids: { linkId: link.id } })
  if (kind === 'referrals.sent') await saveMailOfLink(work.db, link.id, mailId)
  return true
}

/** A new link of the partner's kind; older ones are left as they are. */
export async function makeLink(
  work: Work,
  keys: Keys,
  { file, recipient }: { file: ReferralFile; recipient: string },
): Promise<ReferralLinkId> {
  const id: ReferralLinkId = newId<'referral_link'>(work.now.getTime())
  const keyId = keys.currentId
  await insertLink(
    work.db,
    file,
    {
      id,
      keyId,
      secretHash: hashSecret(deriveSecret(keys, keyId, { kind: linkKind, id })),
      recipient,
      expiresAt: new Date(work.now.getTime() + daysOfALink * 86_400_000),
    },
    work.now,
  )
  return id
}
