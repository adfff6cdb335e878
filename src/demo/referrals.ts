// Referrals of the past months, in every state that there is.

import { fullName, recordConsent } from '#clients/index.ts'
import { findService, type Service } from '#directory/index.ts'
import type { Random } from '#numerics/index.ts'
import { addDays, daysBetween, type CalendarDay } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import { newId, type RecommendationId, type ReferralId, type ServiceId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { actOn, sendNewReferral, usualMeeting, type Happening } from '#referrals/index.ts'
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
    await refer(work, random, { keys: given.keys, client, adviser, service, sentOn })
  }
}

/** What one referral is made of; `choice` where it came from a recommendation. */
export interface DemoReferral extends Pick<DemoClient, 'client' | 'adviser'> {
  readonly keys: Keys
  readonly service: Service
  readonly sentOn: CalendarDay
  readonly choice?: { readonly recommendationId: RecommendationId; readonly reason: string | null }
}

/** Sends a referral and lets its partner answer, or not. */
export async function refer(
  work: Work,
  random: Random,
  { sentOn, service, adviser, ...rest }: DemoReferral,
): Promise<void> {
  const id = await send(workOn(work, sentOn, '11:00'), { service, adviser, ...rest })
  for (const [days, happening, who] of storyOf(random, sentOn, daysBetween(sentOn, work.today))) {
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

async function send(
  work: Work,
  { keys, client, adviser, service, choice }: Omit<DemoReferral, 'sentOn'>,
): Promise<ReferralId> {
  const id = newId<'referral'>(work.now.getTime())
  const hand = { networkId: work.network.id, staffId: adviser.id, now: work.now }
  const consentId = await recordConsent(work.db, hand, client, {
    purpose: 'share_for_referral',
    what: ['name'],
    organizationId: service.organizationId,
    referralId: id,
    recipient: service.organizationName,
    until: null,
    how: 'spoken',
    toldBy: 'client',
  })
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
    choice: { recommendationId: choice?.recommendationId ?? null, reason: choice?.reason ?? null, follows: null },
    share: {
      entries: [{ field: 'name', lines: [fullName(client)] }],
      consentId,
      senderName: adviser.name,
      senderEmail: adviser.email,
      siteName: adviser.siteName,
    },
    words: null,
    recipient: service.email,
    adviser: { kind: 'adviser', id: adviser.id, name: adviser.name },
  })
  return id
}

/** How a referral went. What was sent long ago has mostly come to its end: few things are left lying about. */
function storyOf(random: Random, sentOn: CalendarDay, age: number): readonly Later[] {
  const answer = 1 + random.below(5)
  const first = addDays(sentOn, answer + 4)
  const appointment = {
    day: first,
    time: '10:00',
    place: 'At our reception',
    meeting: 'Jo at the desk',
    ...usualMeeting,
  }
  const opened: Later = [random.below(answer), { kind: 'opened' }, 'partner']
  const accepted: Later = [answer, { kind: 'accepted', appointment }, 'partner']
  const attended: Later = [answer + 4, { kind: 'attended', on: first }, 'partner']
  const missed: Later = [answer + 4, { kind: 'did_not_attend', on: first, reason: 'ill' }, 'partner']
  const cameLater: Later = [answer + 9, { kind: 'attended', on: addDays(sentOn, answer + 9) }, 'partner']
  const noPlaces: Later = [answer, { kind: 'declined', by: 'partner', reason: 'no_places' }, 'partner']
  const waiting: Later = [answer, { kind: 'waiting_list', expectedOn: addDays(sentOn, 45) }, 'partner']
  const asked: Later = [answer, { kind: 'more_information_asked' }, 'partner']
  const ended = (days: number, happening: Happening): readonly Later[] => [
    [days, happening, 'partner'],
    [days + 2, { kind: 'next_step_recorded', step: 'with_adviser' }, 'adviser'],
  ]
  const completed = ended(answer + 30, { kind: 'completed', on: addDays(sentOn, answer + 30), result: 'achieved' })
  const foundWork = ended(answer + 20, {
    kind: 'ended_early',
    on: addDays(sentOn, answer + 20),
    reason: 'found_work_early',
  })
  const declined: readonly Later[] = [
    noPlaces,
    [answer + 1, { kind: 'next_step_recorded', step: 'another_referral' }, 'adviser'],
  ]
  const finished: readonly (readonly Later[])[] = [
    [opened, accepted, attended, ...completed],
    [opened, accepted, missed, cameLater, ...completed],
    [opened, accepted, attended, ...foundWork],
    [opened, ...declined],
  ]
  if (age > 45 && random.uniform() < 0.96) return finished[pick(random, [50, 15, 15, 20])] ?? []
  const underWay: readonly (readonly Later[])[] = [
    [],
    [opened],
    [opened, accepted],
    [opened, accepted, attended],
    [opened, waiting],
    [opened, asked],
  ]
  return random.uniform() < 0.3 ? (finished[3] ?? []) : (underWay[pick(random, [20, 10, 25, 35, 6, 4])] ?? [])
}
