// What a signed-in partner does: answers as a person of the organisation, gives referrals to colleagues, and does either for
// several at once. All in the caller's transaction; of several, each result is known before anything is told.

import type { PartnerActor, Work } from '#platform/http/index.ts'
import type { ReferralId } from '#platform/ids.ts'
import type { Contact } from '#partners/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { Happening, ReferralActor, ReferralEventId } from '../event.ts'
import type { ReferralProblem } from '../referral.ts'
import { actOn, eventId } from '../referrals.acts.ts'
import { holdReferral, type KeptReferral } from '../referrals.store.ts'
import { assigneeOf, saveAssignee } from './inbox.store.ts'

export type InboxWork = Work & { readonly actor: PartnerActor }

/** Whom the mail kind `referrals.inbox_assigned` is for. */
export const assignedMail = 'referrals.inbox_assigned'

/** A form was drawn when somebody else looked after the referral, or nobody did. */
export interface GivenMeanwhile {
  readonly code: 'given_meanwhile'
}

/** What the partner says in the inbox, under their own name. The first word of theirs also says that it was opened. Refused as
 *  `actOn` refuses; the same event twice is one. */
export async function say(
  work: InboxWork,
  id: ReferralId,
  happening: Happening,
  { event, words = null }: { readonly event: ReferralEventId; readonly words?: string | null },
): Promise<Result<KeptReferral, ReferralProblem>> {
  const by = { actor: reporter(work), channel: 'inbox' } as const
  const held = await holdReferral(work.db, id)
  if (held && held.referral.openedAt === null && happening.kind !== 'opened') {
    const opened = await actOn(work, id, { kind: 'opened', id: eventId(work.now), ...by })
    if (!opened.ok) return opened
  }
  return actOn(work, id, { ...happening, id: event, ...by }, { words })
}

/** What became of one of several. */
export interface Done<Problem> {
  readonly id: ReferralId
  readonly result: Result<KeptReferral, Problem>
}

/** Accepts each that still waits for an answer. The order of ids is the order in which rows are held, so that two colleagues
 *  with the same list wait for each other and never block one another. */
export async function acceptAll(
  work: InboxWork,
  chosen: readonly { readonly id: ReferralId; readonly event: ReferralEventId }[],
): Promise<readonly Done<ReferralProblem>[]> {
  const done: Done<ReferralProblem>[] = []
  for (const { id, event } of inOrderOfIds(chosen))
    done.push({ id, result: await say(work, id, { kind: 'accepted', appointment: null }, { event }) })
  return done
}

/** One referral to be given to somebody, with who looked after it when the form was drawn. */
export interface Giving {
  readonly id: ReferralId
  readonly event: ReferralEventId
  readonly seen: string | null
}

/** Gives each to a colleague, or to nobody in particular; the colleague hears of all of them in one mail. Refused for those
 *  that somebody else gave away meanwhile. `to` is a contact of the own organisation who may sign in: the caller checks. */
export async function giveAll(
  work: InboxWork,
  givings: readonly Giving[],
  to: Contact | null,
): Promise<readonly Done<ReferralProblem | GivenMeanwhile>[]> {
  const done: Done<ReferralProblem | GivenMeanwhile>[] = []
  const given: ReferralId[] = []
  for (const giving of inOrderOfIds(givings)) {
    const { isNew, result } = await give(work, giving, to)
    if (isNew) given.push(giving.id)
    done.push({ id: giving.id, result })
  }
  const [first] = given
  if (first !== undefined && to !== null) await tellAssignee(work, to, { first, count: given.length })
  return done
}

async function give(
  work: InboxWork,
  { id, event, seen }: Giving,
  to: Contact | null,
): Promise<{ isNew: boolean; result: Result<KeptReferral, ReferralProblem | GivenMeanwhile> }> {
  const held = await holdReferral(work.db, id)
  if (!held) throw new Error('There is no such referral for this actor.')
  const now = await assigneeOf(work.db, id)
  if (now === (to?.id ?? null)) return { isNew: false, result: ok(held) }
  if (now !== seen) return { isNew: false, result: refused({ code: 'given_meanwhile' }) }
  await saveAssignee(work.db, id, to?.id ?? null)
  const result = await say(work, id, { kind: 'reassigned', to: to?.name ?? '', side: 'partner' }, { event })
  // Nothing forbids giving a referral on; were it refused, the column may not stand without its event.
  if (!result.ok) throw new Error(`A referral could not be given on: ${result.problem.code}`)
  return { isNew: true, result }
}

/** Mail carries references and the way to the inbox, nothing of a client. Nobody is told of what they did themselves. */
async function tellAssignee(
  work: InboxWork,
  { id, email, locale, state }: Contact,
  { first, count }: { readonly first: ReferralId; readonly count: number },
): Promise<void> {
  if (id === work.actor.id || email === null || state !== 'active') return
  const ids = { referralId: first, contactId: id, byId: work.actor.id, count: String(count) }
  await work.mail({ kind: assignedMail, to: email, locale, ids })
}

function reporter({ actor }: InboxWork): ReferralActor {
  return { kind: 'partner', id: actor.id, name: actor.name }
}

function inOrderOfIds<Chosen extends { readonly id: ReferralId }>(chosen: readonly Chosen[]): readonly Chosen[] {
  return chosen.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
