// An event's codes, days and places as they lie in the database, and back. What cannot be read is damage, not input.

import { z } from 'zod'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import { parseId, type Id } from '#platform/ids.ts'
import {
  deliveryFailures,
  interpreterStates,
  meansOfMeeting,
  messageTopics,
  usualMeeting,
  type Happening,
} from './event.ts'
import {
  absenceReasons,
  clientDeclineReasons,
  completionResults,
  earlyEndReasons,
  nextSteps,
  partnerDeclineReasons,
  withdrawReasons,
} from './reason.ts'

const day = z.string().transform((text, context): CalendarDay => {
  const parsed = parseDay(text)
  if (parsed !== null) return parsed
  context.addIssue({ code: 'custom', message: 'no such day' })
  return z.NEVER
})
const eventId = z.string().transform((text, context): Id<'referral_event'> => {
  const parsed = parseId<'referral_event'>(text)
  if (parsed !== null) return parsed
  context.addIssue({ code: 'custom', message: 'no id' })
  return z.NEVER
})
// Appointments that were kept before there was more to say of them lack the rest.
const appointment = z.object({
  day,
  time: z.string().nullable(),
  place: z.string(),
  meeting: z.string(),
  means: z.enum(meansOfMeeting).default(usualMeeting.means),
  minutes: z.number().int().positive().nullable().default(usualMeeting.minutes),
  zone: z.string().nullable().default(usualMeeting.zone),
  isSecondHour: z.boolean().default(usualMeeting.isSecondHour),
  isHandover: z.boolean().default(usualMeeting.isHandover),
  interpreter: z
    .object({ state: z.enum(interpreterStates), language: z.string().nullable() })
    .default(usualMeeting.interpreter),
})
const codes = z.array(z.string()).default([])
const bare = <const Kind extends string>(kind: Kind) => z.object({ kind: z.literal(kind) })

const happening = z.union([
  bare('drafted'),
  bare('sent'),
  bare('more_information_asked'),
  bare('expired'),
  bare('opened'),
  z.object({ kind: z.literal('message'), about: z.enum(messageTopics).optional() }),
  bare('link_renewed'),
  bare('link_revoked'),
  // Kept before it was said which fields: the lists are empty.
  z.object({ kind: z.literal('shared_changed'), added: codes, removed: codes, refreshed: codes }),
  bare('attachment_added'),
  z.object({ kind: z.literal('waiting_list'), expectedOn: day.nullable() }),
  z.object({ kind: z.literal('accepted'), appointment: appointment.nullable() }),
  z.object({
    kind: z.literal('declined'),
    by: z.literal('partner'),
    reason: z.enum(partnerDeclineReasons),
    // Left out of what was kept before partners were asked for it.
    requirementId: z.uuid().nullable().optional(),
    tryAgainOn: day.nullable().optional(),
  }),
  z.object({ kind: z.literal('declined'), by: z.literal('client'), reason: z.enum(clientDeclineReasons) }),
  z.object({ kind: z.literal('attended'), on: day }),
  z.object({ kind: z.literal('did_not_attend'), on: day, reason: z.enum(absenceReasons) }),
  z.object({ kind: z.literal('completed'), on: day, result: z.enum(completionResults) }),
  z.object({ kind: z.literal('ended_early'), on: day, reason: z.enum(earlyEndReasons) }),
  z.object({ kind: z.literal('withdrawn'), reason: z.enum(withdrawReasons) }),
  z.object({ kind: z.literal('appointment_made'), appointment }),
  z.object({ kind: z.literal('reminded'), whom: z.enum(['partner', 'adviser', 'manager']) }),
  z.object({ kind: z.literal('delivery_failed'), cause: z.enum(deliveryFailures) }),
  // Before partners could, only advisers gave referrals on.
  z.object({ kind: z.literal('reassigned'), to: z.string(), side: z.enum(['adviser', 'partner']).default('adviser') }),
  z.object({ kind: z.literal('corrected'), corrects: eventId }),
  z.object({ kind: z.literal('next_step_recorded'), step: z.enum(nextSteps) }),
]) satisfies z.ZodType<Happening>

/** The happening of a stored row. Throws when the row is damaged. */
export function happeningFromRow(kind: string, payload: unknown): Happening {
  return happening.parse({ ...(typeof payload === 'object' ? payload : {}), kind })
}

/** All of an event but what has a column of its own. */
export function payloadOf(event: Happening): string {
  const { kind: _kind, ...payload } = happening.parse(event)
  return JSON.stringify(payload)
}
