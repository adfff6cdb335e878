// The referral as a state machine: one table says who may do what, from where, where it leads and whom it tells.
// State derives from events alone. A late, doubled or strange event is answered with a problem and changes nothing.

import { dayIn, type CalendarDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type {
  ActorKind,
  Appointment,
  EventKind,
  Happening,
  ReferralActor,
  ReferralEvent,
  ReferralEventId,
  ReportedEvent,
} from './event.ts'
import type { NextStep } from './reason.ts'

export const openStates = [
  'drafted',
  'sent',
  'waiting_list',
  'more_information_asked',
  'accepted',
  'under_way',
] as const
export const ends = ['declined', 'completed', 'ended_early', 'withdrawn', 'expired'] as const
export type OpenState = (typeof openStates)[number]
export type End = (typeof ends)[number]
export type ReferralState = OpenState | End

/** Everything that follows from the events of one referral. */
export interface Referral {
  readonly state: ReferralState
  /** All that happened, oldest first, corrected events included. Its length is the version. */
  readonly events: readonly ReferralEvent[]
  readonly corrected: ReadonlySet<ReferralEventId>
  /** The event that led to this state. */
  readonly ledHere: ReferralEvent
  readonly appointment: Appointment | null
  readonly expectedOn: CalendarDay | null
  readonly firstAttendedOn: CalendarDay | null
  /** The appointment was missed, or the client has said that they cannot come: another is wanted. */
  /** What was agreed did not come about, or the client said ahead that they cannot come: another day is wanted. */
  readonly missedAppointment: boolean
  readonly openedAt: Date | null
  readonly deliveryFailed: boolean
  readonly nextStep: NextStep | null
  /** From when the clock of this state counts, and how often it has struck since. */
  readonly clockFrom: Date
  readonly reminders: number
}

export type ReferralProblem =
  | {
      readonly code: 'already_answered' | 'already_ended'
      readonly state: ReferralState
      readonly by: ReferralActor
      readonly at: Date
    }
  | { readonly code: 'not_now'; readonly state: ReferralState }
  | { readonly code: 'not_theirs'; readonly actor: ActorKind }
  | { readonly code: 'in_the_future'; readonly day: CalendarDay }
  | { readonly code: 'cannot_be_corrected' }
  /** The form was drawn for another referral, where it was sent already. */
  | { readonly code: 'form_of_another' }
  | { readonly code: 'changed_meanwhile'; readonly by: ReferralActor; readonly at: Date }

interface Rule {
  readonly from: readonly ReferralState[]
  /** Left out where the event is no state of its own. */
  readonly to?: ReferralState
  readonly by: readonly ActorKind[]
  /** What must come with it: fields of the event; whether an appointment is known may be left open, but must be said. */
  readonly needs: readonly FieldOf<Happening>[]
  /** Who hears of it by mail, unless they did it themselves. */
  readonly tells: readonly ('partner' | 'adviser')[]
}

type FieldOf<Any> = Any extends { readonly kind: string } ? Exclude<keyof Any, 'kind'> : never

const unanswered = ['sent', 'waiting_list', 'more_information_asked'] as const
const withPartner = [...unanswered, 'accepted', 'under_way'] as const
const any = [...openStates, ...ends] as const
const people = ['client', 'adviser', 'partner'] as const

/** Who may do what, what must come with it, and whom it tells. `drafted` begins a referral and fits no existing one. The names
 *  of the exchange standards stand in `fhir-status.ts`, and `docs/referral-states.md` shows all of it as one table. */
export const rules: Readonly<Record<EventKind, Rule>> = {
  drafted: { from: [], to: 'drafted', by: ['adviser'], needs: [], tells: [] },
  sent: { from: ['drafted', 'more_information_asked'], to: 'sent', by: ['adviser'], needs: [], tells: ['partner'] },
  waiting_list: {
    from: ['sent', 'more_information_asked'],
    to: 'waiting_list',
    by: ['adviser', 'partner'],
    needs: ['expectedOn'],
    tells: ['adviser'],
  },
  more_information_asked: {
    from: ['sent', 'waiting_list'],
    to: 'more_information_asked',
    by: ['adviser', 'partner'],
    needs: [],
    tells: ['adviser'],
  },
  accepted: {
    from: unanswered,
    to: 'accepted',
    by: ['adviser', 'partner'],
    needs: ['appointment'],
    tells: ['adviser'],
  },
  declined: { from: unanswered, to: 'declined', by: people, needs: ['by', 'reason'], tells: ['adviser'] },
  attended: { from: ['accepted', 'under_way'], to: 'under_way', by: ['adviser', 'partner'], needs: ['on'], tells: [] },
  did_not_attend: {
    from: ['accepted', 'under_way'],
    by: ['adviser', 'partner'],
    needs: ['on', 'reason'],
    tells: ['adviser'],
  },
  completed: {
    from: ['under_way'],
    to: 'completed',
    by: ['adviser', 'partner'],
    needs: ['on', 'result'],
    tells: ['adviser'],
  },
  ended_early: {
    from: ['accepted', 'under_way'],
    to: 'ended_early',
    by: people,
    needs: ['on', 'reason'],
    tells: ['adviser'],
  },
  withdrawn: { from: openStates, to: 'withdrawn', by: ['adviser', 'client'], needs: ['reason'], tells: ['partner'] },
  expired: {
    from: ['drafted', 'sent', 'more_information_asked'],
    to: 'expired',
    by: ['system'],
    needs: [],
    tells: ['adviser'],
  },
  opened: { from: any, by: ['partner'], needs: [], tells: [] },
  appointment_made: {
    from: ['accepted', 'under_way'],
    by: ['adviser', 'partner'],
    needs: ['appointment'],
    tells: ['adviser'],
  },
  reminded: { from: any, by: ['system'], needs: ['whom'], tells: [] },
  message: { from: any, by: people, needs: [], tells: ['partner', 'adviser'] },
  delivery_failed: { from: any, by: ['system'], needs: ['cause'], tells: [] },
  link_renewed: { from: withPartner, by: ['adviser', 'system'], needs: [], tells: ['partner'] },
  link_revoked: { from: any, by: ['adviser', 'system'], needs: [], tells: [] },
  shared_changed: { from: any, by: ['adviser', 'client', 'system'], needs: [], tells: ['partner'] },
  attachment_added: { from: openStates, by: people, needs: [], tells: ['adviser'] },
  reassigned: { from: any, by: ['adviser', 'partner', 'system'], needs: ['to'], tells: [] },
  corrected: { from: any, by: ['adviser', 'partner'], needs: ['corrects'], tells: ['partner', 'adviser'] },
  next_step_recorded: { from: ends, by: ['adviser', 'client', 'system'], needs: ['step'], tells: [] },
}

// What was sent, taken back or begun has left its mark outside and is never undone by a correction.
const correctable: ReadonlySet<EventKind> = new Set([
  ...(['waiting_list', 'more_information_asked', 'accepted', 'declined', 'attended'] as const),
  ...(['completed', 'ended_early', 'expired'] as const),
])

/** A referral begins with its draft. */
export function draft(event: ReferralEvent & { readonly kind: 'drafted' }): Referral {
  return {
    state: 'drafted',
    events: [event],
    corrected: new Set(),
    ledHere: event,
    appointment: null,
    expectedOn: null,
    firstAttendedOn: null,
    missedAppointment: false,
    openedAt: null,
    deliveryFailed: false,
    nextStep: null,
    clockFrom: event.at,
    reminders: 0,
  }
}

/** The referral after the event. The very same referral when this event is already in it (a form sent twice);
 *  a problem, and no change, when it comes too late, from the wrong person, or says what cannot be. */
export function apply(referral: Referral, event: ReportedEvent, now: Date): Result<Referral, ReferralProblem> {
  if (referral.events.some((known) => known.id === event.id)) return ok(referral)
  const rule = rules[event.kind]
  if (!rule.by.includes(event.actor.kind)) return refused({ code: 'not_theirs', actor: event.actor.kind })
  if (!rule.from.includes(referral.state)) return refused(whyNot(referral, rule))
  if (event.kind === 'next_step_recorded' && referral.nextStep !== null) return refused(whyNot(referral, rule))
  if ('on' in event && event.on > latestDayAnywhere(now)) return refused({ code: 'in_the_future', day: event.on })
  if (event.kind === 'corrected' && !mayCorrect(referral, event)) return refused({ code: 'cannot_be_corrected' })
  return ok(advance(referral, { ...event, at: now }))
}

/** The referral that its events, oldest first, make. Throws when they do not begin with a draft: such a history is damaged. */
export function replay(events: readonly ReferralEvent[]): Referral {
  const [first, ...rest] = events
  if (first?.kind !== 'drafted') throw new Error('The history of a referral begins with its draft.')
  return rest.reduce(advance, draft(first))
}

export function isEnded(state: ReferralState): state is End {
  return ends.some((end) => end === state)
}

/** Closed: it has an end, and the client's next step is recorded. */
export function isClosed(referral: Referral): boolean {
  return isEnded(referral.state) && referral.nextStep !== null
}

/** The event that an adviser or partner may take back now: the last one that moved the referral, where that can be undone. */
export function correctableEvent(referral: Referral, by: ActorKind): ReferralEvent | null {
  const last = referral.ledHere
  if (!correctable.has(last.kind)) return null
  // A meeting that was booked since stands in everybody's calendar: whoever errs now says how it ended.
  const since = referral.events.slice(referral.events.indexOf(last) + 1)
  if (last.kind === 'accepted' && since.some(({ kind }) => kind === 'appointment_made')) return null
  if (by === 'partner' && last.actor.kind !== 'partner') return null
  return by === 'adviser' || by === 'partner' ? last : null
}

/** The last change by somebody else that a page drawn at an older version did not show; reading and reminding change nothing. */
export function unseenChange(referral: Referral, versionSeen: number): ReferralEvent | null {
  const silent: readonly EventKind[] = ['opened', 'reminded', 'delivery_failed', 'link_renewed', 'link_revoked']
  return referral.events.slice(versionSeen).findLast((event) => !silent.includes(event.kind)) ?? null
}

/** The day on which the partner said it would be asked again, after it declined; null when it named none. */
export function tryAgainOn({ ledHere }: Pick<Referral, 'ledHere'>): CalendarDay | null {
  return ledHere.kind === 'declined' && ledHere.by === 'partner' ? (ledHere.tryAgainOn ?? null) : null
}

function advance(referral: Referral, event: ReferralEvent): Referral {
  const grown = { ...referral, events: [...referral.events, event] }
  if (event.kind === 'corrected') return undo(grown, event)
  const rule = rules[event.kind]
  // Only after a correction can a kept event not fit; it then speaks of something that never was.
  if (!rule.from.includes(referral.state)) return grown
  const moved = rule.to !== undefined && rule.to !== referral.state ? enter(grown, rule.to, event) : grown
  return take(moved, event)
}

function enter(referral: Referral, state: ReferralState, event: ReferralEvent): Referral {
  return {
    ...referral,
    state,
    ledHere: event,
    clockFrom: event.at,
    reminders: 0,
    nextStep: null,
    deliveryFailed: false,
  }
}

function take(referral: Referral, event: ReferralEvent): Referral {
  const restarted = { clockFrom: event.at, reminders: 0 }
  switch (event.kind) {
    case 'waiting_list':
      return { ...referral, expectedOn: event.expectedOn }
    case 'accepted':
      return { ...referral, appointment: event.appointment }
    case 'appointment_made':
      return { ...referral, ...restarted, appointment: event.appointment, missedAppointment: false }
    case 'attended':
      return {
        ...referral,
        ...restarted,
        firstAttendedOn: earlier(referral.firstAttendedOn, event.on),
        missedAppointment: false,
      }
    case 'did_not_attend':
      return { ...referral, ...restarted, missedAppointment: true }
    case 'message':
      // The client cannot come, or was not there: a new time is wanted, as it is after a meeting that the partner saw missed.
      return event.about !== undefined && referral.appointment !== null && !isEnded(referral.state)
        ? { ...referral, ...restarted, missedAppointment: true }
        : referral
    case 'opened':
      return { ...referral, openedAt: referral.openedAt ?? event.at, deliveryFailed: false }
    case 'reminded':
      return { ...referral, clockFrom: event.at, reminders: referral.reminders + 1 }
    case 'delivery_failed':
      return isEnded(referral.state) ? referral : { ...referral, ...restarted, deliveryFailed: true }
    case 'link_renewed':
      return { ...referral, ...restarted, deliveryFailed: false }
    case 'next_step_recorded':
      return { ...referral, nextStep: event.step }
    default:
      return referral
  }
}

// What was corrected never was: the rest is told again without it, and the clock of the state that returns begins anew.
function undo(referral: Referral, event: ReferralEvent & { readonly kind: 'corrected' }): Referral {
  const corrected = new Set([...referral.corrected, event.corrects])
  const remaining = referral.events.filter((kept) => kept.kind !== 'corrected' && !corrected.has(kept.id))
  return { ...replay(remaining), events: referral.events, corrected, clockFrom: event.at, reminders: 0 }
}

function mayCorrect(referral: Referral, event: ReportedEvent & { readonly kind: 'corrected' }): boolean {
  return correctableEvent(referral, event.actor.kind)?.id === event.corrects
}

function whyNot(referral: Referral, rule: Rule): ReferralProblem {
  const { actor: by, at } = referral.ledHere
  if (isEnded(referral.state)) return { code: 'already_ended', state: referral.state, by, at }
  const answers: readonly ReferralState[] = ['waiting_list', 'more_information_asked', 'accepted', 'declined']
  const isAnswer = rule.to !== undefined && answers.includes(rule.to)
  if (isAnswer && referral.state !== 'drafted') return { code: 'already_answered', state: referral.state, by, at }
  return { code: 'not_now', state: referral.state }
}

function earlier(a: CalendarDay | null, b: CalendarDay): CalendarDay {
  return a !== null && a < b ? a : b
}

// Kiritimati (UTC+14) is the first place to see a new day: a later day has begun nowhere.
function latestDayAnywhere(now: Date): CalendarDay {
  return dayIn('Pacific/Kiritimati', now)
}
