// Each night: counts how long people really waited for each service.

import { addDays } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import type { TransactionJob } from '#platform/jobs/worker.ts'
import { usualMinimum } from '#platform/suppression.ts'
import { countWaits } from './waits.store.ts'

export const waitsJob = 'matching.waits'

/** A year: every season once, and no wait from long ago. */
const countedDays = 365

// After midnight of most zones and before the working day.
export const waitJobs: readonly TransactionJob[] = [
  { name: waitsJob, schedule: '50 2 * * *', run: (work) => countServiceWaits(work) },
]

/** Counts all waits of the network anew. Runs as the job. */
export async function countServiceWaits({ db, network, today }: Work, fewest = usualMinimum): Promise<void> {
  await countWaits(db, network, { since: addDays(today, -countedDays), fewest })
}
