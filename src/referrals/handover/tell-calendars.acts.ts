// What `actOn` asks after every event: does it change what stands in people's calendars?

import type { Work } from '#platform/http/index.ts'
import type { ReferralId } from '#platform/ids.ts'
import type { Referral } from '../referral.ts'
import { changesCalendars } from './appointment.ts'

export const calendarJob = 'referrals.calendars'

/** Has everybody told, once this transaction is committed. */
export async function tellCalendars(
  work: Work,
  id: ReferralId,
  { before, after }: { readonly before: Referral; readonly after: Referral },
): Promise<void> {
  if (changesCalendars(before, after)) await work.enqueue(calendarJob, { referralId: id })
}
