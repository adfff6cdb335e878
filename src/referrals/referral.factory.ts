// Referrals for tests, told in the words of the domain: aReferral().sent().accepted().attended().
// It knows no database: stores and pages keep what it makes through their own front door.

import { parseDay, type CalendarDay } from '#platform/dates.ts'
import { newId } from '#platform/ids.ts'
import {
  usualMeeting,
  type Appointment,
  type Happening,
  type ReferralActor,
  type ReferralEventId,
  type ReportedEvent,
} from './event.ts'
import { apply, draft, type Referral } from './referral.ts'

export const mara: ReferralActor = { kind: 'adviser', id: '01900000-0000-7000-8000-00000000000a', name: 'Mara Lind' }
export const bakery: ReferralActor = {
  kind: 'partner',
  id: '01900000-0000-7000-8000-00000000000b',
  name: 'Bakery School',
}
export const waypost: ReferralActor = { kind: 'system', id: null, name: 'Waypost' }
export const noor: ReferralActor = { kind: 'client', id: '01900000-0000-7000-8000-00000000000c', name: 'Noor' }

/** A day that must exist. */
export function dayOfText(text: string): CalendarDay {
  const day = parseDay(text)
  if (day === null) throw new RangeError(`No such day: ${text}`)
  return day
}

export function reported(actor: ReferralActor, happening: Happening, id?: ReferralEventId): ReportedEvent {
  const channel = { adviser: 'page', partner: 'link', client: 'page', system: 'system' } as const
  return { ...happening, actor, id: id ?? newId(), channel: channel[actor.kind] }
}

export const firstMeeting: Appointment = {
  day: dayOfText('2026-03-12'),
  time: '09:30',
  place: '4 Mill Lane',
  meeting: 'Ada',
  ...usualMeeting,
}

/** Builds a referral step by step; each step throws when the machine refuses it. Time begins on Monday 2 March 2026, 09:00 UTC. */
export function aReferral() {
  const start = new Date('2026-03-02T09:00:00Z')
  return built(draft({ ...reported(mara, { kind: 'drafted' }), kind: 'drafted', at: start }), start)
}

function built(referral: Referral, now: Date) {
  const then = (actor: ReferralActor, happening: Happening, at: Date = now) => {
    const result = apply(referral, reported(actor, happening), at)
    if (!result.ok) throw new Error(`The machine refuses ${happening.kind}: ${result.problem.code}`)
    return built(result.value, at)
  }
  return {
    referral,
    now,
    then,
    at: (moment: string) => built(referral, new Date(moment)),
    sent: () => then(mara, { kind: 'sent' }),
    accepted: (appointment: Appointment | null = null) => then(bakery, { kind: 'accepted', appointment }),
    waiting: (expectedOn: CalendarDay | null = null) => then(bakery, { kind: 'waiting_list', expectedOn }),
    asked: () => then(bakery, { kind: 'more_information_asked' }),
    declined: () => then(bakery, { kind: 'declined', by: 'partner', reason: 'no_places' }),
    attended: (on: string) => then(bakery, { kind: 'attended', on: dayOfText(on) }),
    completed: (on: string) => then(bakery, { kind: 'completed', on: dayOfText(on), result: 'achieved' }),
    reminded: (whom: 'partner' | 'adviser' | 'manager' = 'partner') => then(waypost, { kind: 'reminded', whom }),
  }
}
