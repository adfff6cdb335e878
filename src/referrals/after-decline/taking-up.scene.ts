// A referral that takes up an earlier one: what was agreed is carried over, and the earlier one closes with it.

import { idsOfFile, type Client } from '#clients/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import { isClosed, isEnded } from '../referral.ts'
import { actOn, eventId } from '../referrals.acts.ts'
import { findReferral, referralsOfClient, type KeptReferral } from '../referrals.store.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import type { SharedEntry } from '../sharing/share.ts'

export interface TakenUp {
  readonly id: KeptReferral['file']['id']
  readonly kept: KeptReferral
  /** What was agreed then; null once consent was withdrawn, which carries nothing over. */
  readonly entries: readonly SharedEntry[] | null
}

/** The referral of this client that a new one takes up: the one that is asked for; for `none` none; and when nothing is said,
 *  the latest that has ended and waits for a next step. Null when there is none such, or it is another client's. */
export async function takenUpBy(scene: Scene, client: Client, asked: string): Promise<TakenUp | null> {
  if (asked === 'none') return null
  const ids = await idsOfFile(scene.db, client.id)
  const id = parseId<'referral'>(asked)
  const kept =
    id === null
      ? asked === '' && (await referralsOfClient(scene.db, ids)).find(waitsForNextStep)
      : await findReferral(scene.db, id)
  if (!kept || !ids.includes(kept.file.clientId)) return null
  const share = await findShare(scene.db, kept.file.id)
  return { id: kept.file.id, kept, entries: share?.entries ?? null }
}

/** The new referral is the client's next step, so the earlier one closes in the same transaction. */
export async function closeTakenUp(scene: Scene, { kept }: TakenUp): Promise<void> {
  if (!waitsForNextStep(kept)) return
  const done = await actOn(scene, kept.file.id, {
    kind: 'next_step_recorded',
    step: 'another_referral',
    id: eventId(scene.now),
    actor: { kind: 'adviser', id: scene.actor.id, name: scene.actor.name },
    channel: 'page',
  })
  // Somebody recorded a next step in the meantime: it is closed, and that is all that was wanted.
  if (!done.ok && done.problem.code !== 'already_ended')
    throw new Error(`A next step could not be recorded: ${done.problem.code}`)
}

function waitsForNextStep({ referral }: KeptReferral): boolean {
  return isEnded(referral.state) && !isClosed(referral)
}
