// What a decline sets in motion by itself, in the transaction that records it, whoever recorded it and however.

import { setPlaces } from '#directory/index.ts'
import type { Work } from '#platform/http/index.ts'
import type { ReferralEvent } from '../event.ts'
import type { ReferralFile } from '../referrals.store.ts'

/** "No places" is news for everyone who looks at the service: from now on none are free there. */
export async function followDecline(work: Work, file: ReferralFile, event: ReferralEvent): Promise<void> {
  if (event.kind !== 'declined' || event.by !== 'partner' || event.reason !== 'no_places') return
  await setPlaces(work.db, file.serviceId, { free: 0, asOf: work.now, by: 'partner' })
}
