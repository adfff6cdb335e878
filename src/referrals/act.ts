// What advisers and partners can do with a referral, each as one question on one page, and when each is open to them.

import type { EventKind } from './event.ts'
import { rules, type Referral } from './referral.ts'

/** What a partner may do from the link, and an adviser on the partner's behalf. */
export const partnerActs = [
  ...(['accept', 'wait', 'ask', 'decline', 'appointment', 'attended', 'missed'] as const),
  ...(['completed', 'ended-early', 'message'] as const),
] as const
/** The adviser's own beside them. */
export const adviserActs = [...partnerActs, 'inform', 'withdraw', 'next-step'] as const
export type PartnerAct = (typeof partnerActs)[number]
export type Act = (typeof adviserActs)[number]

const kinds: Readonly<Record<Act, EventKind>> = {
  accept: 'accepted',
  wait: 'waiting_list',
  ask: 'more_information_asked',
  decline: 'declined',
  appointment: 'appointment_made',
  attended: 'attended',
  missed: 'did_not_attend',
  completed: 'completed',
  'ended-early': 'ended_early',
  message: 'message',
  inform: 'sent',
  withdraw: 'withdrawn',
  'next-step': 'next_step_recorded',
}

/** The acts that the state machine would take now, in the order of the list. */
export function openActs(referral: Referral, side: 'adviser' | 'partner'): readonly Act[] {
  const acts: readonly Act[] = side === 'adviser' ? adviserActs : partnerActs
  return acts.filter((act) => {
    const rule = rules[kinds[act]]
    if (act === 'next-step' && referral.nextStep !== null) return false
    // A draft has not been sent to anyone who could be answered.
    if (act === 'inform' && referral.state === 'drafted') return false
    return rule.by.includes(side) && rule.from.includes(referral.state)
  })
}

/** Words written with these acts are for the partner too; those of a next step are staff's own. */
export function isInternalNote(act: Act): boolean {
  return act === 'next-step'
}

/** What the partner says: an adviser who records it does so on their behalf, by phone. */
export function isPartnersWord(act: Act): boolean {
  return !['message', 'inform', 'withdraw', 'next-step'].includes(act)
}
