// What happened to a referral, told in sentences, the latest first.

import type { CalendarDay } from '#platform/dates.ts'
import type { MessageValues } from '#platform/i18n/index.ts'
import { taskStatusOf } from '../fhir-status.ts'
import { spokenChannels, type Appointment, type EventKind, type ReferralEvent } from '../event.ts'
import { isEnded, type Referral, type ReferralProblem, type ReferralState } from '../referral.ts'
import type { ReferralMessage } from '../conversation/referral-messages.store.ts'
import { sharedChangeLines } from '../sharing/pages/shared-change.page.ts'
import type { AnyScene } from './act.page.ts'

/** A message that the template says, so that its values stand in `<bdi>`. */
export interface Line {
  readonly key: string
  readonly values: MessageValues
}

export interface TimelineItem {
  readonly kind: EventKind
  readonly title: string
  readonly byline: Line
  /** Who did it; null for the system. */
  readonly actor: string | null
  readonly when: string
  readonly iso: string
  readonly details: readonly Line[]
  /** What somebody wrote with it. */
  readonly words: readonly { readonly text: string; readonly note: string | null }[]
  readonly isCorrected: boolean
}

export interface StateTag {
  readonly text: string
  readonly tone: 'good' | 'wait' | 'stop' | 'plain'
  /** The state's name in FHIR, for whoever compares systems. */
  readonly fhir: string
}

// messages: referrals.state.*
// messages: referrals.reached.*
// messages: referrals.event.*
// messages: referrals.delivery_failed.*
// messages: referrals.reminded.*
// messages: referrals.problem.*

const tones: Readonly<Record<ReferralState, StateTag['tone']>> = {
  drafted: 'plain',
  sent: 'wait',
  waiting_list: 'wait',
  more_information_asked: 'wait',
  accepted: 'good',
  under_way: 'good',
  completed: 'good',
  declined: 'stop',
  ended_early: 'stop',
  withdrawn: 'plain',
  expired: 'stop',
}

export function stateTag(scene: AnyScene, state: ReferralState): StateTag {
  return { text: scene.t(`referrals.state.${state}`), tone: tones[state], fhir: taskStatusOf(state).status }
}

export function timelineOf(
  scene: AnyScene,
  referral: Referral,
  messages: readonly ReferralMessage[],
): readonly TimelineItem[] {
  const [begun, ...rest] = referral.events
  // Once it was sent, that it was begun is no news.
  const told = rest.length > 0 || begun === undefined ? rest : [begun]
  const items = told.map((event) => ({
    kind: event.kind,
    title: scene.t(eventTitle(event)),
    byline: bylineOf(event),
    actor: event.actor.name === '' || event.actor.kind === 'system' ? null : event.actor.name,
    when: scene.moment(event.at),
    iso: event.at.toISOString(),
    details: detailsOf(scene, event, referral),
    words: messages
      .filter((message) => message.eventId === event.id)
      .map((message) => ({
        text: message.words,
        note: message.isShownToPartner || message.hiddenAt !== null ? null : scene.t('referrals.timeline.internal'),
      })),
    isCorrected: referral.corrected.has(event.id),
  }))
  return items.toReversed()
}

/** An appointment in one line: day, time, place and whom to meet, as far as they are known. */
export function appointmentLine(scene: AnyScene, { day, time, place, meeting }: Appointment): Line {
  const isKnown = (text: string | null) => (text === null || text === '' ? 'no' : 'yes')
  const known = { hasTime: isKnown(time), hasPlace: isKnown(place), hasMeeting: isKnown(meeting) }
  return { key: 'referrals.appointment', values: { day: scene.day(day, 'weekday'), time, place, meeting, ...known } }
}

/** Why something could not be done, told to whoever tried. */
export function problemLine(scene: AnyScene, problem: ReferralProblem): Line {
  const values = {
    ...('state' in problem ? { state: scene.t(`referrals.state.${problem.state}`) } : {}),
    ...('by' in problem ? { name: problem.by.name, when: scene.moment(problem.at) } : {}),
    ...('day' in problem ? { day: scene.day(problem.day) } : {}),
  }
  return { key: `referrals.problem.${problem.code}`, values }
}

/** The key of what happened, in a few words. */
export function eventTitle(event: ReferralEvent): string {
  if (event.kind === 'declined') return `referrals.event.declined_by_${event.by}`
  if (event.kind === 'message' && event.about !== undefined) return `referrals.event.${event.about}`
  if (event.kind === 'reminded') return `referrals.reminded.${event.whom}`
  if (event.kind === 'reassigned' && event.side === 'partner')
    return event.to === '' ? 'referrals.event.unassigned_at_partner' : 'referrals.event.assigned_at_partner'
  return `referrals.event.${event.kind}`
}

function bylineOf({ actor, channel }: ReferralEvent): Line {
  if (actor.kind === 'system') return { key: 'referrals.timeline.by_system', values: {} }
  if (actor.kind === 'client') return { key: 'referrals.timeline.by_client', values: {} }
  const isTold = spokenChannels.some((spoken) => spoken === channel)
  return { key: isTold ? 'referrals.timeline.by_told' : 'referrals.timeline.by', values: { name: actor.name, channel } }
}

function detailsOf(scene: AnyScene, event: ReferralEvent, referral: Referral): readonly Line[] {
  const said = (key: string, values: MessageValues = {}): Line => ({ key, values })
  const code = (family: string, code: string) => said(`referrals.${family}.${code}`)
  const on = (day: CalendarDay) => said('referrals.timeline.on', { day: scene.day(day) })
  switch (event.kind) {
    case 'waiting_list':
      return event.expectedOn === null
        ? []
        : [said('referrals.timeline.expected', { day: scene.day(event.expectedOn) })]
    case 'accepted':
      return event.appointment === null ? [] : [appointmentLine(scene, event.appointment)]
    case 'appointment_made':
      return [appointmentLine(scene, event.appointment)]
    case 'declined':
      return [code('decline_reason', event.reason)]
    case 'attended':
      return [on(event.on)]
    case 'did_not_attend':
      return [on(event.on), code('absence_reason', event.reason)]
    case 'completed':
      return [on(event.on), code('reached', event.result)]
    case 'ended_early':
      return [on(event.on), code('early_end_reason', event.reason)]
    case 'withdrawn':
      return [code('withdraw_reason', event.reason)]
    case 'delivery_failed':
      return [code('delivery_failed', event.cause)]
    case 'shared_changed':
      return sharedChangeLines(scene, event)
    case 'reassigned':
      return event.to === '' ? [] : [said('referrals.timeline.to', { name: event.to })]
    case 'next_step_recorded':
      return [code('next_step', event.step)]
    case 'corrected': {
      const wrong = referral.events.find((kept) => kept.id === event.corrects)
      return wrong === undefined ? [] : [said('referrals.timeline.undone', { event: scene.t(eventTitle(wrong)) })]
    }
    default:
      return []
  }
}

/** Does the partner still need to know who the person is? Once it has ended, or before it is sent, nobody does. */
export function showsPerson(referral: Referral): boolean {
  return referral.state !== 'drafted' && !isEnded(referral.state)
}
