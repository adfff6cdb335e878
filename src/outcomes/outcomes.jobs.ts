// Each night: questions that nobody asked in time are let go, those that fell due are asked by mail, and every open
// episode is settled with what is known by now.

import { findClient, idsOfFile } from '#clients/index.ts'
import { parseId } from '#platform/ids.ts'
import type { TransactionJob } from '#platform/jobs/worker.ts'
import type { Keys } from '#platform/secrets.ts'
import { recordNextStep } from '#referrals/index.ts'
import { letGo } from './follow-ups.store.ts'
import { mailDueFollowUps, settleJob } from './follow-up-links.acts.ts'
import { nextStepAfter, settleClient } from './outcomes.acts.ts'
import { openEpisodes } from './outcomes.store.ts'
import { outcomeKinds } from './statement.ts'

export function outcomeJobs({ keys }: { keys: Keys }): readonly TransactionJob[] {
  return [
    {
      name: 'outcomes.daily',
      schedule: '15 3 * * *',
      async run(work) {
        await letGo(work.db, work.today)
        await mailDueFollowUps(work, keys)
        // A job of its own for each person: one that fails holds up no other.
        const clientIds = new Set((await openEpisodes(work.db)).map((episode) => episode.clientId))
        for (const clientId of clientIds) await work.enqueue(settleJob, { clientId }, { key: clientId })
      },
    },
    {
      name: settleJob,
      async run(work, data) {
        const id = parseId<'client'>(data['clientId'])
        const client = id && (await findClient(work.db, id))
        if (!client) return
        const ids = await idsOfFile(work.db, client.id)
        const kind = outcomeKinds.find((each) => each === data['kind'])
        if (kind) await recordNextStep(work, ids, { step: nextStepAfter(kind), by: null })
        await settleClient(work, ids)
      },
    },
  ]
}
