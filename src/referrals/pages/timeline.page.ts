// What happened to a referral, told in sentences, the latest first.

import { taskStatusOf } from '../fhir-status.ts'
import type { Appointment, ReferralEvent } from '../event.ts'
import { isEnded, type Referral, type ReferralProblem, type ReferralState } from '../referral.ts'
import type { ReferralMessage } from '../referral-shares.store.ts'
import type { AnyScene } from './act.page.ts'

export interface TimelineItem {
  readonly title: string
  readonly byline: string
  /** Who did it; null for the system. */
  readonly actor: string | null
  readonly when: string
  readonly iso: string
  readonly details: readonly string[]
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
  const items = referral.events.map((event) => ({
    title: scene.t(titleOf(event)),
    byline: bylineOf(scene, event),
    actor: event.actor.name === '' || event.actor.kind === 'system' ? null : event.actor.name,
    when: scene.moment(event.at),
    iso: event.at.toISOString(),
    details: detailsOf(scene, event, referral),
    words: messages
      .filter((message) => message.eventId === event.id)
      .map((message) => ({
        text: message.words,
        note: message.isShownToPartner ? null : scene.t('referrals.timeline.internal'),
      })),
    isCorrected: referral.corrected.has(event.id),
  }))
  return items.toReversed()
}

/** An appointment in one line: day, time, place and whom to meet, as far as they are known. */
export function appointmentLine(scene: AnyScene, { day, time, place, meeting }: Appointment): string {
  const when =
    time === null
      ? scene.day(day, 'weekday')
      : scene.t('referrals.appointment.at', { day: scene.day(day, 'weekday'), time })
  const parts = [when, place, meeting === '' ? '' : scene.t('referrals.appointment.meeting', { meeting })]
  return parts.filter((part) => part !== '').join(scene.t('referrals.appointment.joint'))
}

/** Why something could not be done, told to whoever tried. */
export function problemText(scene: AnyScene, problem: ReferralProblem): string {
  const values = {
    ...('state' in problem ? { state: scene.t(`referrals.state.${problem.state}`) } : {}),
    ...('by' in problem ? { name: problem.by.name, when: scene.moment(problem.at) } : {}),
    ...('day' in problem ? { day: scene.day(problem.day) } : {}),
  }
  return scene.t(`referrals.problem.${problem.code}`, values)
}

function titleOf(event: ReferralEvent): string {
  if (event.kind === 'declined') return `referrals.event.declined_by_${event.by}`
  if (event.kind === 'reminded') return `referrals.reminded.${event.whom}`
  return `referrals.event.${event.kind}`
}

function bylineOf(scene: AnyScene, { actor, channel }: ReferralEvent): string {
  if (actor.kind === 'system') return scene.t('referrals.timeline.by_system')
  if (actor.kind === 'client') return scene.t('referrals.timeline.by_client')
  return scene.t(channel === 'phone' ? 'referrals.timeline.by_phone' : 'referrals.timeline.by', { name: actor.name })
}

function detailsOf(scene: AnyScene, event: ReferralEvent, referral: Referral): readonly string[] {
  switch (event.kind) {
    case 'waiting_list':
      return event.expectedOn === null
        ? []
        : [scene.t('referrals.timeline.expected', { day: scene.day(event.expectedOn) })]
    case 'accepted':
      return event.appointment === null ? [] : [appointmentLine(scene, event.appointment)]
    case 'appointment_made':
      return [appointmentLine(scene, event.appointment)]
    case 'declined':
      return [scene.t(`referrals.decline_reason.${event.reason}`)]
    case 'attended':
      return [scene.t('referrals.timeline.on', { day: scene.day(event.on) })]
    case 'did_not_attend':
      return [
        scene.t('referrals.timeline.on', { day: scene.day(event.on) }),
        scene.t(`referrals.absence_reason.${event.reason}`),
      ]
    case 'completed':
      return [
        scene.t('referrals.timeline.on', { day: scene.day(event.on) }),
        scene.t(`referrals.result.${event.result}`),
      ]
    case 'ended_early':
      return [
        scene.t('referrals.timeline.on', { day: scene.day(event.on) }),
        scene.t(`referrals.early_end_reason.${event.reason}`),
      ]
    case 'withdrawn':
      return [scene.t(`referrals.withdraw_reason.${event.reason}`)]
    case 'delivery_failed':
      return [scene.t(`referrals.delivery_failed.${event.cause}`)]
    case 'reassigned':
      return [scene.t('referrals.timeline.to', { name: event.to })]
    case 'next_step_recorded':
      return [scene.t(`referrals.next_step.${event.step}`)]
    case 'corrected': {
      const wrong = referral.events.find((kept) => kept.id === event.corrects)
      return wrong === undefined ? [] : [scene.t('referrals.timeline.undone', { event: scene.t(titleOf(wrong)) })]
    }
    default:
      return []
  }
}

/** Does the partner still need to know who the person is? Once it has ended, or before it is sent, nobody does. */
export function showsPerson(referral: Referral): boolean {
  return referral.state !== 'drafted' && !isEnded(referral.state)
}
