// People who were told about a service without being referred, in the past months and this week.

import type { Random } from '#numerics/index.ts'
import { findService } from '#directory/index.ts'
import { addDays, daysBetween } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import { newId, type ServiceId } from '#platform/ids.ts'
import {
  followUpDay,
  insertInformal,
  saveInformalOutcome,
  type InformalOutcome,
  type ToldThing,
} from '#referrals/index.ts'
import { workOn, type DemoClient } from './clients.ts'
import { pick } from './people.ts'

/** What no directory knows. */
const names = ['Repair café at the parish hall', 'Neighbours’ conversation table', 'The library’s computer afternoon']
const words = ['Thursdays from two', 'Ask for Jo', null, null, null]
const outcomes: readonly InformalOutcome[] = ['went', 'did_not_go', 'does_not_want', 'not_known']

/** Tells about a third of the clients of something; most of what is due was asked, some waits on Today. */
export async function fillInformal(
  work: Work,
  random: Random,
  { clients, serviceIds }: { clients: readonly DemoClient[]; serviceIds: readonly ServiceId[] },
): Promise<void> {
  for (const { client, adviser, assessedOn } of clients) {
    if (random.uniform() > 0.35) continue
    const age = assessedOn === null ? 0 : Math.max(0, daysBetween(assessedOn, work.today))
    const day = addDays(work.today, -random.below(age + 1))
    const then = workOn(work, day, '14:00')
    const id = newId<'informal_referral'>(then.now.getTime())
    const followUpOn = followUpDay(day, work.network.holidays)
    const by = { networkId: work.network.id, staffId: adviser.id, now: then.now, today: day }
    const thing = await drawThing(work, random, serviceIds)
    await insertInformal(work.db, by, client, { id, ...thing, words: words[random.below(words.length)]!, followUpOn })
    if (followUpOn >= work.today || random.uniform() < 0.06) continue
    const outcome = outcomes[pick(random, [55, 20, 10, 15])]!
    await saveInformalOutcome(work.db, id, { outcome, by: adviser.id, now: workOn(work, followUpOn, '16:00').now })
  }
}

async function drawThing(work: Work, random: Random, serviceIds: readonly ServiceId[]): Promise<ToldThing> {
  const service =
    random.uniform() < 0.75 ? await findService(work.db, serviceIds[random.below(serviceIds.length)]!) : null
  if (!service)
    return { organizationId: null, serviceId: null, serviceType: null, name: names[random.below(names.length)]! }
  const { id: serviceId, organizationId, serviceType, name } = service
  return { organizationId, serviceId, serviceType, name }
}
