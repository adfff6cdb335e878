// What others ask of referrals in their own transaction: a file moved, consent was withdrawn, a next step is known.

import { consentsOf, type AccessChanged, type ConsentWithdrawn, type FilesReassigned } from '#clients/index.ts'
import type { Work } from '#platform/http/index.ts'
import type { ClientId, StaffId } from '#platform/ids.ts'
import type { ReferralActor } from './event.ts'
import type { NextStep } from './reason.ts'
import { followConsent, hideFromPartner } from './sharing/sharing.acts.ts'
import { findStaff } from '#staff/index.ts'
import { unclosedInHand, endedWithoutNextStep } from './find-referrals.store.ts'
import { actOn, eventId, reassign, systemActor } from './referrals.acts.ts'
import { spreadMarks } from './referral-marks.store.ts'
import { referralsOfClient, type KeptReferral } from './referrals.store.ts'

/** Where the file lies and who may see it is repeated on everything of its referrals. */
export async function onAccessChanged(work: Work, { clientIds, siteId, restrictedTo }: AccessChanged): Promise<void> {
  await spreadMarks(work.db, clientIds, { siteId, restrictedTo })
}

/** The files have another adviser: their referrals that are not closed, and were the former one's, go along. */
export async function onReassigned(work: Work, { clientIds, from, to, by }: FilesReassigned): Promise<void> {
  const adviser = await findStaff(work.db, to)
  if (!adviser) return
  const actor: ReferralActor = by === null ? systemActor : { kind: 'adviser', ...by }
  for (const id of await unclosedInHand(work.db, { from, to, clientIds })) {
    const done = await reassign(work, { id, to: { id: to, name: adviser.name }, actor })
    if (!done.ok) throw new Error(`A referral could not go along with its client: ${done.problem.code}`)
  }
}

/** Consent to share is withdrawn: what that partner was shown is gone at once, and open referrals to it are taken back. */
export async function onConsentWithdrawn(
  work: Work,
  { clientIds, purpose, organizationId, referralId, recipient }: ConsentWithdrawn,
): Promise<void> {
  if (purpose !== 'share_for_referral') return
  const teller = { actor: consentActor, channel: 'system' } as const
  if (referralId !== null) {
    const [clientId] = clientIds
    const consents = clientId === undefined ? [] : await consentsOf(work.db, clientId, work.today)
    return followConsent(work, referralId, { ...teller, consents })
  }
  const all = await referralsOfClient(work.db, clientIds)
  for (const { file } of all.filter((kept) => isMeant(kept.file, { organizationId, recipient })))
    await hideFromPartner(work, file.id, teller)
}

/** Whether a consent was for this partner: by its id, else by its name as somebody typed it, a part of it being enough. A
 *  consent that names nobody was given for all. */
function isMeant(
  file: Pick<KeptReferral['file'], 'organizationId' | 'organizationName'>,
  { organizationId, recipient }: Pick<ConsentWithdrawn, 'organizationId' | 'recipient'>,
): boolean {
  if (organizationId !== null) return file.organizationId === organizationId
  if (recipient === null) return true
  const [name, typed] = [file.organizationName, recipient].map((text) => text.trim().toLowerCase())
  return name === typed || name!.includes(typed!) || typed!.includes(name!)
}

/** The client's next step is known: every ended referral of theirs that waited for one is closed. Gives how many. */
export async function recordNextStep(
  work: Work,
  clientIds: readonly ClientId[],
  { step, by }: { step: NextStep; by: { id: StaffId; name: string } | null },
): Promise<number> {
  const ids = await endedWithoutNextStep(work.db, clientIds)
  const actor: ReferralActor = by === null ? systemActor : { kind: 'adviser', ...by }
  for (const id of ids) {
    const event = {
      kind: 'next_step_recorded',
      step,
      id: eventId(work.now),
      actor,
      channel: by === null ? 'system' : 'page',
    } as const
    const done = await actOn(work, id, event)
    // Somebody recorded it in the meantime: it is closed, and that is all that was wanted.
    if (!done.ok && done.problem.code !== 'already_ended')
      throw new Error(`A next step could not be recorded: ${done.problem.code}`)
  }
  return ids.length
}

// What the client said, whoever wrote it down. Their name stands in their file, not in the history of a referral.
const consentActor: ReferralActor = { kind: 'client', id: null, name: '' }
