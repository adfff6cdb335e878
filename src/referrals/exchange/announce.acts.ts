// Has a partner's system told of what happened, in the transaction in which it happened. Who acts knows no address: a job does
// the telling.

import type { Work } from '#platform/http/index.ts'
import type { ReferralEvent } from '../event.ts'
import type { ReferralFile } from '../referrals.store.ts'
import type { IncomingReferral } from './incoming-referral.ts'
import { typeOfEvent, type WebhookType } from './webhook-event.ts'
import { listenersOf } from './webhooks.store.ts'

export const announceJob = 'referrals.announce'

/** Something happened to a referral. */
export async function announce(
  work: Work,
  file: Pick<ReferralFile, 'id' | 'organizationId' | 'reference'>,
  event: Pick<ReferralEvent, 'kind' | 'channel'>,
): Promise<void> {
  const type = typeOfEvent(event)
  if (type !== null)
    await tellListeners(work, type, { organizationId: file.organizationId, taskId: file.id, reference: file.reference })
}

/** Something became of a request by which the partner sent us somebody. */
export async function announceRequest(
  work: Work,
  request: IncomingReferral,
  type: Extract<WebhookType, `request.${string}`>,
): Promise<void> {
  const { organizationId, id, reference } = request
  await tellListeners(work, type, { organizationId, taskId: id, reference })
}

async function tellListeners(
  work: Work,
  type: WebhookType,
  about: Pick<IncomingReferral, 'organizationId' | 'reference'> & { readonly taskId: string },
): Promise<void> {
  for (const endpointId of await listenersOf(work.db, about.organizationId, type)) {
    await work.enqueue(announceJob, {
      endpointId,
      type,
      taskId: about.taskId,
      reference: about.reference,
      at: work.now.toISOString(),
    })
  }
}
