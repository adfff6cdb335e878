// What became of those who were assessed three months ago and more: most have been asked.

import type { Random } from '#numerics/index.ts'
import { recordOutcome } from '#outcomes/index.ts'
import { addDays, addMonths, daysBetween } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import { newId } from '#platform/ids.ts'
import { workOn, type DemoClient } from './clients.ts'
import { chances } from './truth.ts'

/** Share of the due questions that somebody has put, so that a few are left to ask. */
const askedShare = 0.8

export async function fillOutcomes(work: Work, random: Random, clients: readonly DemoClient[]): Promise<void> {
  for (const { client, facts, assessedOn, adviser } of clients) {
    if (assessedOn === null) continue
    const dueOn = addMonths(assessedOn, 3)
    const askedOn = addDays(dueOn, random.below(6))
    if (askedOn >= work.today || (daysBetween(dueOn, work.today) < 21 && random.uniform() > askedShare)) continue
    const isWorking = random.uniform() < 0.6 * (chances(facts)[0] ?? 0)
    const kind = isWorking
      ? 'working'
      : random.uniform() < 0.15
        ? 'training'
        : random.uniform() < 0.06
          ? 'lost_touch'
          : 'still_looking'
    await recordOutcome(workOn(work, askedOn), client, {
      id: newId<'outcome_statement'>(),
      kind,
      since: isWorking ? addDays(askedOn, -random.below(50)) : null,
      source: kind === 'lost_touch' ? 'adviser' : 'client',
      channel: 'phone',
      by: { id: adviser.id, name: adviser.name },
    })
  }
}
