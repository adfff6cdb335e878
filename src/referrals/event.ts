// What can happen to a referral: each event with its actor, its time and its channel, and what must come with it.
// Events hold codes, days and places. Free words lie beside them as messages, so that withdrawn consent can hide them.

import type { CalendarDay } from '#platform/dates.ts'
import type { Id } from '#platform/ids.ts'
import type {
  AbsenceReason,
  ClientDeclineReason,
  CompletionResult,
  EarlyEndReason,
  NextStep,
  PartnerDeclineReason,
  WithdrawReason,
} from './reason.ts'

export type ReferralEventId = Id<'referral_event'>

export const actorKinds = ['client', 'adviser', 'partner', 'system'] as const
export type ActorKind = (typeof actorKinds)[number]

/** Who acts. `name` is what the timeline shows; `id` is the staff member's, the partner's or the client's. */
export interface ReferralActor {
  readonly kind: ActorKind
  readonly id: string | null
  readonly name: string
}

/** What the adviser records on behalf of a partner or client who said it otherwise. */
export const spokenChannels = ['phone', 'in_person', 'fax', 'letter', 'other_mail'] as const
/** How an event came in: staff's pages, a link, the partner's inbox, the partner's own system, somebody's word, the clock. */
export const channels = ['page', 'link', 'inbox', 'api', ...spokenChannels, 'system'] as const
export type Channel = (typeof channels)[number]

/** no_address: the directory knows none. refused: the mail server would not take it, however often it was tried. bounced: it
 *  was taken, and came back later. */
export const deliveryFailures = ['no_address', 'refused', 'bounced'] as const
type DeliveryFailure = (typeof deliveryFailures)[number]

export const meansOfMeeting = ['in_person', 'phone', 'video'] as const
export type MeansOfMeeting = (typeof meansOfMeeting)[number]

/** asked_for: somebody must still book one. by_partner: the partner brings one, or speaks the language. */
export const interpreterStates = ['not_needed', 'asked_for', 'booked', 'by_partner'] as const
export type InterpreterState = (typeof interpreterStates)[number]

export interface Appointment {
  readonly day: CalendarDay
  /** `HH:MM` on the clock of the zone; null when only the day is known. */
  readonly time: string | null
  readonly place: string
  /** Whom the client will meet. */
  readonly meeting: string
  readonly means: MeansOfMeeting
  /** How long it takes; null when nobody said. */
  readonly minutes: number | null
  /** IANA name of the zone that day and time are meant in; null for the network's own. */
  readonly zone: string | null
  /** When clocks go back, an hour comes twice: whether the second one is meant. */
  readonly isSecondHour: boolean
  /** The adviser comes along, or into the call, and introduces the two: a warm handover. */
  readonly isHandover: boolean
  /** The language as a BCP 47 tag, where one is needed. */
  readonly interpreter: { readonly state: InterpreterState; readonly language: string | null }
}

/** What holds of an appointment of which no more than day, place and person was said. */
export const usualMeeting = {
  means: 'in_person',
  minutes: null,
  zone: null,
  isSecondHour: false,
  isHandover: false,
  interpreter: { state: 'not_needed', language: null },
} as const satisfies Omit<Appointment, 'day' | 'time' | 'place' | 'meeting'>

/** What a message is about, where a code can say it: the client cannot come to the appointment that was agreed. */
export const messageTopics = ['cannot_come', 'was_not_there'] as const
export type MessageTopic = (typeof messageTopics)[number]

/** Which fields the partner sees from now on, sees no more, and sees with what the file says today: codes, never values. */
export interface SharedChange {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly refreshed: readonly string[]
}

/** What happened, with what must come with it. Kinds that name a state move the referral there. */
export type Happening =
  | { readonly kind: 'drafted' }
  | { readonly kind: 'sent' }
  | { readonly kind: 'waiting_list'; readonly expectedOn: CalendarDay | null }
  | { readonly kind: 'more_information_asked' }
  | { readonly kind: 'accepted'; readonly appointment: Appointment | null }
  | {
      readonly kind: 'declined'
      readonly by: 'partner'
      readonly reason: PartnerDeclineReason
      /** The requirement of the service that is not met, where one was named. */
      readonly requirementId?: string | null
      /** When the partner would be asked again. */
      readonly tryAgainOn?: CalendarDay | null
    }
  | { readonly kind: 'declined'; readonly by: 'client'; readonly reason: ClientDeclineReason }
  | { readonly kind: 'attended'; readonly on: CalendarDay }
  | { readonly kind: 'did_not_attend'; readonly on: CalendarDay; readonly reason: AbsenceReason }
  | { readonly kind: 'completed'; readonly on: CalendarDay; readonly result: CompletionResult }
  | { readonly kind: 'ended_early'; readonly on: CalendarDay; readonly reason: EarlyEndReason }
  | { readonly kind: 'withdrawn'; readonly reason: WithdrawReason }
  | { readonly kind: 'expired' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'appointment_made'; readonly appointment: Appointment }
  | { readonly kind: 'reminded'; readonly whom: 'partner' | 'adviser' | 'manager' }
  | { readonly kind: 'message'; readonly about?: MessageTopic | undefined }
  | { readonly kind: 'delivery_failed'; readonly cause: DeliveryFailure }
  | { readonly kind: 'link_renewed' }
  | { readonly kind: 'link_revoked' }
  | ({ readonly kind: 'shared_changed' } & SharedChange)
  | { readonly kind: 'attachment_added' }
  /** To another adviser, or to a colleague at the partner; to nobody there when `to` is empty. */
  | { readonly kind: 'reassigned'; readonly to: string; readonly side: 'adviser' | 'partner' }
  | { readonly kind: 'corrected'; readonly corrects: ReferralEventId }
  | { readonly kind: 'next_step_recorded'; readonly step: NextStep }

export type EventKind = Happening['kind']

/** Something that an actor reports now. The id is made when the form is drawn, so that a form sent twice is one event. */
export type ReportedEvent = Happening & {
  readonly id: ReferralEventId
  readonly actor: ReferralActor
  readonly channel: Channel
}

/** An event as it is kept: reported, and when it was recorded. */
export type ReferralEvent = ReportedEvent & { readonly at: Date }
