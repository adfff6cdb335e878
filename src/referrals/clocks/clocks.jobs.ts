// A clock or a holiday was set anew: every referral that is not closed gets the due time that follows from it.

import { parseId } from '#platform/ids.ts'
import type { TransactionJob } from '#platform/jobs/worker.ts'
import { nextDueAt } from '../clock.ts'
import { partnersTurn } from '../inbox/turn.ts'
import { clocksIn } from '../referral-clocks.store.ts'
import { unclosedAfter } from '../find-referrals.store.ts'
import { saveDueTimes } from '../referrals.store.ts'

export const reclockJob = 'referrals.reclock'

/** So many in one transaction: a second or two, so that nobody waits long for a row. */
const portion = 500

export const clockJobs: readonly TransactionJob[] = [
  {
    name: reclockJob,
    async run(work, data) {
      const after = parseId<'referral'>(data['after'])
      const kept = await unclosedAfter(work.db, after, portion)
      const clockOf = await clocksIn(work)
      const due = kept.flatMap(({ file, referral }) => {
        const clock = clockOf(file)
        const at = nextDueAt(referral, clock)
        const turn = partnersTurn(referral, clock)
        return at === null ? [] : [{ id: file.id, version: referral.events.length, at, turn }]
      })
      await saveDueTimes(work.db, due)
      const last = kept.at(-1)?.file.id
      if (kept.length === portion && last) await work.enqueue(reclockJob, { after: last }, { key: last })
    },
  },
]
