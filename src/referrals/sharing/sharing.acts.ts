// Changing what a partner may see, and taking all of it back: the event, the copy and the consent in one transaction.

import { consentsOf, findClient, withdrawConsent, type Consent, type Hand } from '#clients/index.ts'
import type { Work } from '#platform/http/index.ts'
import type { OrganizationId, ReferralId } from '#platform/ids.ts'
import { ok, type Result } from '#platform/result.ts'
import type { Channel, ReferralActor, ReferralEventId } from '../event.ts'
import { isEnded, type ReferralProblem } from '../referral.ts'
import { actOn, eventId } from '../referrals.acts.ts'
import { holdReferral } from '../referrals.store.ts'
import { blankShare, consentOfShare, findShare, saveSharedEntries } from './referral-shares.store.ts'
import { changeBetween, isNoChange, type SharedEntry } from './share.ts'

export interface Teller {
  readonly actor: ReferralActor
  readonly channel: Channel
}

export interface Changed {
  /** False for a form that was sent twice, or that changed nothing. */
  readonly hasChanged: boolean
}

/** The partner sees these entries from now on and is told that something changed, without what. Nothing happens when nothing
 *  differs or the form was sent twice; refused when somebody changed the referral since `seen`. */
export async function changeShared(
  work: Work,
  id: ReferralId,
  change: Teller & {
    readonly eventId: ReferralEventId
    readonly entries: readonly SharedEntry[]
    readonly seen?: number
  },
): Promise<Result<Changed, ReferralProblem>> {
  const held = (await holdReferral(work.db, id)) ?? missing()
  const before = (await findShare(work.db, id))?.entries ?? []
  const codes = changeBetween(before, change.entries)
  if (isNoChange(codes) || held.referral.events.some((event) => event.id === change.eventId))
    return ok({ hasChanged: false })
  const { actor, channel, seen } = change
  const event = { kind: 'shared_changed', ...codes, id: change.eventId, actor, channel } as const
  const done = await actOn(work, id, event, seen === undefined ? {} : { seen })
  if (!done.ok) return done
  await saveSharedEntries(work.db, id, change.entries)
  return ok({ hasChanged: true })
}

/** The client takes back the consent of this one referral: the partner sees nothing of them from now on, neither messages nor
 *  files, and an open referral is withdrawn. As staff or as a job: neither a link nor a client may touch consents. */
export async function withdrawSharing(
  work: Work,
  id: ReferralId,
  { actor, channel, hand, how, toldBy }: Teller & { readonly hand: Hand } & Pick<Consent, 'how' | 'toldBy'>,
): Promise<void> {
  const { file } = (await holdReferral(work.db, id)) ?? missing()
  const client = (await findClient(work.db, file.clientId)) ?? missing()
  // Before consents were bound to referrals, the copy alone knew the consent that it was made on.
  const madeOn = await consentOfShare(work.db, id)
  const bound = (await consentsOf(work.db, client.id, work.today)).filter(
    (consent) => (consent.referralId === id || consent.id === madeOn) && consent.withdrawnAt === null,
  )
  const when = { ...hand, today: work.today }
  for (const consent of bound) await withdrawConsent(work.db, when, client, { id: consent.id, how, toldBy })
  await hideFromPartner(work, id, { actor, channel })
}

/** What follows when one consent of a referral was withdrawn: fields that another of its consents still covers stay shared,
 *  the rest is taken back; with nothing left, all is hidden. `consents` are those of the client as they stand now. */
export async function followConsent(
  work: Work,
  id: ReferralId,
  { consents, ...teller }: Teller & { readonly consents: readonly Consent[] },
): Promise<void> {
  const { file } = (await holdReferral(work.db, id)) ?? missing()
  const covered = consents
    .filter(({ state }) => state === 'holds')
    .filter((consent) => consent.referralId === id || isForAllOf(consent, file.organizationId))
    .flatMap((consent) => consent.what)
  const shared = (await findShare(work.db, id))?.entries ?? []
  const left = shared.filter(({ field }) => covered.includes(field))
  if (left.length === 0) return hideFromPartner(work, id, teller)
  const done = await changeShared(work, id, { ...teller, eventId: eventId(work.now), entries: left })
  if (!done.ok) throw new Error(`What was shared could not be taken back: ${done.problem.code}`)
}

/** From now on the partner sees nothing of the client: what is open is withdrawn, what has ended is blanked and said so. */
export async function hideFromPartner(work: Work, id: ReferralId, { actor, channel }: Teller): Promise<void> {
  const { referral } = (await holdReferral(work.db, id)) ?? missing()
  const common = { id: eventId(work.now), actor, channel } as const
  if (!isEnded(referral.state)) {
    const done = await actOn(work, id, { kind: 'withdrawn', reason: 'consent_withdrawn', ...common })
    if (!done.ok) throw new Error(`A referral could not be taken back: ${done.problem.code}`)
    return
  }
  const share = await findShare(work.db, id)
  if (!share?.entries) return
  const done = await actOn(work, id, { kind: 'shared_changed', ...changeBetween(share.entries, []), ...common })
  if (!done.ok) throw new Error(`What was shared could not be taken back: ${done.problem.code}`)
  await blankShare(work.db, id, work.now)
}

/** A consent that names the partner and no referral holds for each referral to them. */
function isForAllOf({ purpose, referralId, organizationId }: Consent, partner: OrganizationId): boolean {
  return purpose === 'share_for_referral' && referralId === null && organizationId === partner
}

function missing(): never {
  throw new Error('There is no such referral or client for this actor.')
}
