// Telling those who asked: that there is an answer, or that they had better ring.

import type { Work } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import type { TransactionJob } from '#platform/jobs/worker.ts'
import { findStaff } from '#staff/index.ts'
import { answeredJob } from './capacity.acts.ts'
import { askersOf, markTold, unansweredBy } from './capacity.store.ts'
import type { QuestionId } from './question.ts'

export const capacityJobs: readonly TransactionJob[] = [
  {
    name: answeredJob,
    async run(work, data) {
      const id = parseId<'capacity_question'>(data['questionId'])
      if (id) await mailAskers(work, id, { kind: 'referrals.capacity_answer', exceptId: data['exceptId'] })
    },
  },
  {
    name: 'referrals.capacity_clock',
    schedule: '5,20,35,50 * * * *',
    async run(work) {
      for (const id of await unansweredBy(work.db, work.now)) {
        await markTold(work.db, id, work.now)
        await mailAskers(work, id, { kind: 'referrals.capacity_ring' })
      }
    },
  },
]

/** Whoever recorded the answer knows it already. */
async function mailAskers(
  work: Work,
  id: QuestionId,
  { kind, exceptId }: { readonly kind: string; readonly exceptId?: unknown },
): Promise<void> {
  for (const staffId of await askersOf(work.db, id)) {
    const member = staffId === exceptId ? undefined : await findStaff(work.db, staffId)
    if (member?.state !== 'active') continue
    await work.mail({ kind, to: member.email, locale: member.locale, ids: { questionId: id } })
  }
}
