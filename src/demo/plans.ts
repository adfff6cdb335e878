// Plans of a few clients: the language first, then a trade.

import { languageLevels } from '#directory/index.ts'
import { insertPlanVersion } from '#matching/plan/plan-versions.store.ts'
import type { Step } from '#matching/plan/plan.ts'
import { addDays } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import { newId } from '#platform/ids.ts'
import { workOn, type DemoClient } from './clients.ts'

const most = 8

/** For the first clients whose level of the language is below B2, soon after they were assessed. */
export async function fillPlans(work: Work, clients: readonly DemoClient[]): Promise<void> {
  const learning = clients.filter(({ assessedOn, facts }) => assessedOn !== null && levelsAbove(facts).length > 2)
  for (const { client, adviser, assessedOn, facts } of learning.slice(0, most)) {
    if (assessedOn === null) continue
    const day = addDays(assessedOn, 1) < work.today ? addDays(assessedOn, 1) : work.today
    const { now } = workOn(work, day, '09:20')
    const file = { networkId: work.network.id, clientId: client.id, siteId: client.siteId, restrictedTo: null }
    const [next, then] = levelsAbove(facts)
    const course: Step = {
      ...aStep(now),
      type: 'language_training',
      raises: { fact: 'language_level', to: then ?? next! },
      client: 'Goes to the course twice a week',
      adviser: 'Send the referral, and ask after four weeks',
    }
    const trade: Step = { ...aStep(now), type: 'vocational_training', aim: 'A trade with work near home' }
    const own: Step = { ...aStep(now), aim: 'Has the school certificate translated', client: 'Brings the papers' }
    const by = { madeBy: adviser.id, madeAt: now, ids: [client.id] }
    await insertPlanVersion(work.db, file, { ...by, plan: [course, trade], act: 'suggested', stepId: course.id })
    const later = new Date(now.getTime() + 5 * 60_000)
    await insertPlanVersion(work.db, file, {
      ...by,
      madeAt: later,
      plan: [course, own, trade],
      act: 'added',
      stepId: own.id,
    })
  }
}

function aStep(now: Date): Step {
  const words = { aim: '', client: '', adviser: '' }
  const step = { type: null, serviceId: null, raises: null, isDone: false, isAnyway: false }
  return { id: newId<'plan_step'>(now.getTime()), ...step, ...words }
}

function levelsAbove({ language_level: level }: DemoClient['facts']): readonly string[] {
  const at = languageLevels.findIndex((one) => one === level)
  return at < 0 ? [] : languageLevels.slice(at + 1)
}
