// Saying something about a referral: an event like any other, with words that only its audience reads.

import type { Work } from '#platform/http/index.ts'
import type { ReferralId } from '#platform/ids.ts'
import type { Result } from '#platform/result.ts'
import type { Channel, ReferralActor, ReferralEventId } from '../event.ts'
import type { ReferralProblem } from '../referral.ts'
import { actOn } from '../referrals.acts.ts'
import type { KeptReferral } from '../referrals.store.ts'
import type { Audience } from './audience.ts'
import { markSeen } from './referral-messages.store.ts'

export interface Saying {
  /** Made when the form is drawn: a message sent twice is one. */
  readonly eventId: ReferralEventId
  /** adviser, partner or client. */
  readonly actor: ReferralActor
  readonly channel: Channel
  /** Not empty, at most `mostWords`. */
  readonly words: string
  /** What a partner writes is for `partner`, what a client writes for `client`: staff read both. */
  readonly audience: Audience
}

/** Records a message and tells whom it is for. Whoever answers has read what was said before. Refused as `actOn` refuses. */
export async function say(
  work: Work,
  id: ReferralId,
  { eventId, actor, channel, words, audience }: Saying,
): Promise<Result<KeptReferral, ReferralProblem>> {
  const event = { kind: 'message', id: eventId, actor, channel } as const
  const done = await actOn(work, id, event, { words, audience })
  if (done.ok && actor.kind !== 'system') await markSeen(work.db, id, actor.kind, work.now)
  return done
}
