// What others ask of requests in their own transaction, and what waits of them.

import { addWorkingDays, dayIn, momentIn } from '#platform/dates.ts'
import type { DueItem } from '#platform/due.ts'
import type { Scene, Work } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { announceRequest } from './announce.acts.ts'
import { completeIncoming, incomingForStaff } from './incoming.store.ts'

/** Working days within which somebody who was sent to us should hear from us. */
const daysToAnswer = 2

/** An assessment was completed: requests by which these people were sent are done, and their senders hear of it. */
export async function completeRequests(work: Work, clientIds: readonly ClientId[]): Promise<void> {
  for (const request of await completeIncoming(work.db, clientIds, work.now))
    await announceRequest(work, request, 'request.completed')
}

/** Who was sent to us and waits, for everybody's day: whoever is first takes them up. */
export async function incomingItems(scene: Scene): Promise<readonly DueItem[]> {
  const { network } = scene
  return (await incomingForStaff(scene.db, true, 50)).flatMap((request): DueItem[] => {
    if (request.fields === null) return []
    const day = addWorkingDays(dayIn(network.timeZone, request.receivedAt), daysToAnswer, network.holidays)
    return [
      {
        due: momentIn(network.timeZone, day, '17:00'),
        href: `/referrals/incoming/${request.id}`,
        title: [request.fields.name, request.fields.familyName].filter(Boolean).join(' '),
        about: request.organizationName,
        wanted: scene.t('referrals.exchange.incoming.today'),
        tag: null,
        waitsFor: 'me',
      },
    ]
  })
}
