// The one way into a referral from a page of staff: through the client's file, with its trace. And who acts there, by which form.

import { findClient, inFile, type Client } from '#clients/index.ts'
import { notFound, textOf, type Answer, type FormBody, type Scene } from '#platform/http/index.ts'
import { parseId, type ReferralId } from '#platform/ids.ts'
import type { ReferralActor, ReferralEventId } from './event.ts'
import { eventId } from './referrals.acts.ts'
import { findReferral, type KeptReferral } from './referrals.store.ts'

/** The referral that this person may see, once its client's file is open to them; 404 when there is none. */
export async function inReferral(
  scene: Scene,
  id: ReferralId,
  work: (kept: KeptReferral, client: Client) => Promise<Answer>,
): Promise<Answer> {
  const kept = (await findReferral(scene.db, id)) ?? notFound()
  const person = (await findClient(scene.db, kept.file.clientId)) ?? notFound()
  return inFile(scene, person.id, (client) => work(kept, client))
}

export function actorOf({ actor }: Scene): ReferralActor {
  return { kind: 'adviser', id: actor.id, name: actor.name }
}

/** The id that the form was drawn with, so that a form sent twice is one event. */
export function formEvent({ now }: { readonly now: Date }, body: FormBody): ReferralEventId {
  return parseId<'referral_event'>(textOf(body, 'event')) ?? eventId(now)
}
