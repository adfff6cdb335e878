// Referrals of the past months, in every state that there is.

import { findService, type Service } from '#directory/index.ts'
import type { Random } from '#numerics/index.ts'
import { addDays, daysBetween, type CalendarDay } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import { newId, type ReferralId, type ServiceId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { actOn, sendNewReferral, type Happening } from '#referrals/index.ts'
import { workOn, type DemoClient } from './clients.ts'
import { pick } from './people.ts'

/** A happening so many days after the referral was sent. */
type Later = readonly [number, Happening, 'partner' | 'adviser']

/** Sends referrals for about half of the assessed clients and lets their partners answer, or not. */
export async function fillReferrals(
  work: Work,
  random: Random,
  given: { clients: readonly DemoClient[]; serviceIds: readonly ServiceId[]; keys: Keys },
): Promise<void> {
  const services = new Map<ServiceId, Service>()
  for (const id of given.serviceIds) {
    const service = await findService(work.db, id)
    if (service) services.set(id, service)
  }
  const list = [...services.values()].filter((service) => service.email !== null)
  for (const { client, assessedOn, adviser } of given.clients) {
    if (assessedOn === null || random.uniform() < 0.45) continue
    const age = daysBetween(assessedOn, work.today)
    const sentOn = addDays(assessedOn, Math.min(age, random.below(12)))
    const service = list[random.below(list.length)]!
    const id = await send(workOn(work, sentOn, '11:00'), given.keys, { client, adviser, service })
    for (const [days, happening, who] of storyOf(random, sentOn)) {
      const on = addDays(sentOn, days)
      if (on >= work.today) break
      const actor =
        who === 'partner'
          ? { kind: 'partner', id: service.organizationId, name: service.organizationName }
          : { kind: 'adviser', id: adviser.id, name: adviser.name }
      const event = {
        ...happening,
        id: newId<'referral_event'>(),
        actor,
        channel: who === 'partner' ? 'link' : 'page',
      } as const
      const done = await actOn(workOn(work, on, '15:00'), id, event as Parameters<typeof actOn>[2])
      if (!done.ok) throw new Error(`The demonstration's referral could not go on: ${done.problem.code}`)
    }
  }
}

async function send(
  work: Work,
  keys: Keys,
  { client, adviser, service }: Pick<DemoClient, 'client' | 'adviser'> & { service: Service },
): Promise<ReferralId> {
  const id = newId<'referral'>(work.now.getTime())
  await sendNewReferral(work, keys, {
    file: {
      id,
      clientId: client.id,
      siteId: client.siteId,
      restrictedTo: null,
      organizationId: service.organizationId,
      organizationName: service.organizationName,
      serviceId: service.id,
      serviceName: service.name,
      serviceType: service.serviceType,
      adviserId: adviser.id,
    },
    choice: { recommendationId: null, reason: null, follows: null },
    share: {
      entries: [{ field: 'name', lines: [client.familyName ? `${client.name} ${client.familyName}` : client.name] }],
      consentId: null,
      senderName: adviser.name,
      senderEmail: '',
      siteName: work.network.name,
    },
    words: null,
    recipient: service.email,
    adviser: { kind: 'adviser', id: adviser.id, name: adviser.name },
  })
  return id
}

function storyOf(random: Random, sentOn: CalendarDay): readonly Later[] {
  const answer = 1 + random.below(6)
  const first = addDays(sentOn, answer + 4)
  const appointment = { day: first, time: '10:00', place: 'At our reception', meeting: 'Jo at the desk' }
  const opened: Later = [0 + random.below(answer), { kind: 'opened' }, 'partner']
  const accepted: Later = [answer, { kind: 'accepted', appointment }, 'partner']
  const attended: Later = [answer + 4, { kind: 'attended', on: first }, 'partner']
  const stories: readonly (readonly Later[])[] = [
    [],
    [opened],
    [opened, accepted],
    [opened, accepted, attended],
    [
      opened,
      accepted,
      attended,
      [answer + 40, { kind: 'completed', on: addDays(sentOn, answer + 40), result: 'achieved' }, 'partner'],
    ],
    [
      opened,
      accepted,
      [answer + 4, { kind: 'did_not_attend', on: first, reason: 'ill' }, 'partner'],
      [answer + 9, { kind: 'attended', on: addDays(sentOn, answer + 9) }, 'partner'],
    ],
    [
      opened,
      [answer, { kind: 'declined', by: 'partner', reason: 'no_places' }, 'partner'],
      [answer + 1, { kind: 'next_step_recorded', step: 'with_adviser' }, 'adviser'],
    ],
    [opened, [answer, { kind: 'waiting_list', expectedOn: addDays(sentOn, 45) }, 'partner']],
    [opened, [answer, { kind: 'more_information_asked' }, 'partner']],
    [
      opened,
      accepted,
      attended,
      [answer + 20, { kind: 'ended_early', on: addDays(sentOn, answer + 20), reason: 'found_work_early' }, 'partner'],
    ],
  ]
  return stories[pick(random, [12, 10, 16, 22, 14, 6, 8, 6, 3, 5])] ?? []
}
