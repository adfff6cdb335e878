// What a state is called in the exchange standards: Task.status of FHIR R4, told apart by Task.businessStatus.

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
