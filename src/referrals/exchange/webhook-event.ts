// What a partner's system is told, in which words, and how often it is tried. Thin on purpose: a name and a place to ask.

import type { ReferralEvent } from '../event.ts'

/** In the order of the page. `ping` is sent by the button "Send a test" and needs no choice. */
export const webhookTypes = [
  ...(['referral.sent', 'referral.changed', 'referral.message', 'referral.withdrawn', 'referral.expired'] as const),
  ...(['request.taken_up', 'request.declined', 'request.completed'] as const),
] as const
export type WebhookType = (typeof webhookTypes)[number]
export type AnnouncedType = WebhookType | 'ping'

/** What an event of a referral is called outside; null for what the partner did by its own system, or cannot see. */
export function typeOfEvent(event: Pick<ReferralEvent, 'kind' | 'channel'>): WebhookType | null {
  if (event.channel === 'api') return null
  switch (event.kind) {
    case 'sent':
      return 'referral.sent'
    case 'withdrawn':
      return 'referral.withdrawn'
    case 'expired':
      return 'referral.expired'
    case 'message':
      return 'referral.message'
    case 'waiting_list':
    case 'more_information_asked':
    case 'accepted':
    case 'declined':
    case 'attended':
    case 'did_not_attend':
    case 'completed':
    case 'ended_early':
    case 'appointment_made':
    case 'shared_changed':
    case 'attachment_added':
    case 'corrected':
      return 'referral.changed'
    default:
      return null
  }
}

export interface Announcement {
  readonly type: AnnouncedType
  readonly happenedAt: Date
  /** Said aloud: `R-7K3F-6Q`. Null for a test. */
  readonly reference: string | null
  readonly taskUrl: string | null
}

/** The body, the same at every try, byte for byte. Nothing in it is about a person. */
export function bodyOf({ type, happenedAt, reference, taskUrl }: Announcement): string {
  const data = { ...(reference === null ? {} : { reference }), ...(taskUrl === null ? {} : { task: taskUrl }) }
  return JSON.stringify({ type, timestamp: happenedAt.toISOString(), data })
}

/** Seconds before each try. The first eight of the ten that Standard Webhooks 1.0.0 gives as its example ("Deliverability and
 *  reliability"): the last comes 31 hours after the first, so that a night and a morning of repair lie in between. */
const pauses = [0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600] as const

export const mostTries = pauses.length
/** How long an endpoint may fail before nothing more is sent to it. */
export const daysOfFailing = 5
const mostRetryAfter = 3600

/** When to try again after so many tries; null when that was the last. `chance` from 0 to 1 spreads the tries by a tenth, as the
 *  specification advises; `retryAfter` is what the receiver asked for, in seconds. */
export function nextTryAt(
  tries: number,
  now: Date,
  { chance, retryAfter = null }: { readonly chance: number; readonly retryAfter?: number | null },
): Date | null {
  const pause = pauses[tries]
  if (pause === undefined) return null
  const asked = Math.min(retryAfter ?? 0, mostRetryAfter)
  return new Date(now.getTime() + Math.max(pause * (1 + chance / 10), asked) * 1000)
}
