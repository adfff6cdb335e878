// What states and events are called in the exchange standards: FHIR R4's Task, and the referral management of Gravity's SDOH
// Clinical Care guide (hl7.org/fhir/us/sdoh-clinicalcare), which says who sets each status.

import type { EventKind } from './event.ts'
import type { ReferralState } from './referral.ts'

/** The codes of FHIR R4's task-status that referrals use. */
export type TaskStatus =
  'draft' | 'requested' | 'accepted' | 'in-progress' | 'rejected' | 'completed' | 'failed' | 'cancelled'

const statuses: Readonly<Record<ReferralState, TaskStatus>> = {
  drafted: 'draft',
  sent: 'requested',
  waiting_list: 'requested',
  more_information_asked: 'requested',
  accepted: 'accepted',
  under_way: 'in-progress',
  declined: 'rejected',
  completed: 'completed',
  ended_early: 'failed',
  withdrawn: 'cancelled',
  expired: 'cancelled',
}

/** FHIR's status of a state, and our own word for it as the business status; together they name the state exactly. */
export function taskStatusOf(state: ReferralState): {
  readonly status: TaskStatus
  readonly businessStatus: ReferralState
} {
  return { status: statuses[state], businessStatus: state }
}

/** Who may set a status in Gravity's referral management: whoever asked for the service, whoever gives it, or either. */
export type GravityRole = 'requester' | 'responder' | 'either'

interface EventName {
  /** The element of Task in which the event shows; null for what stays between us and our own people. */
  readonly task: 'status' | 'businessStatus' | 'note' | 'output' | 'owner' | 'input' | null
  readonly setBy: GravityRole
}

/** Where each event shows in an exchanged Task, and whose it is. */
export const eventNames: Readonly<Record<EventKind, EventName>> = {
  drafted: { task: 'status', setBy: 'requester' },
  sent: { task: 'status', setBy: 'requester' },
  waiting_list: { task: 'businessStatus', setBy: 'responder' },
  more_information_asked: { task: 'businessStatus', setBy: 'responder' },
  accepted: { task: 'status', setBy: 'responder' },
  declined: { task: 'status', setBy: 'responder' },
  attended: { task: 'status', setBy: 'responder' },
  did_not_attend: { task: 'output', setBy: 'responder' },
  completed: { task: 'status', setBy: 'responder' },
  ended_early: { task: 'status', setBy: 'responder' },
  withdrawn: { task: 'status', setBy: 'requester' },
  expired: { task: 'status', setBy: 'requester' },
  opened: { task: null, setBy: 'responder' },
  appointment_made: { task: 'output', setBy: 'either' },
  reminded: { task: null, setBy: 'requester' },
  message: { task: 'note', setBy: 'either' },
  delivery_failed: { task: null, setBy: 'requester' },
  link_renewed: { task: null, setBy: 'requester' },
  link_revoked: { task: null, setBy: 'requester' },
  shared_changed: { task: 'input', setBy: 'requester' },
  attachment_added: { task: 'input', setBy: 'either' },
  reassigned: { task: 'owner', setBy: 'either' },
  corrected: { task: 'status', setBy: 'either' },
  next_step_recorded: { task: null, setBy: 'requester' },
}
