// Somebody whom a partner sends to us: what may become of the request, and how the sender sees it as a Task.

import type { ServiceRequest, Task } from '@medplum/fhirtypes'
import type { CalendarDay } from '#platform/dates.ts'
import type { ClientId, Id, OrganizationId, StaffId } from '#platform/ids.ts'
import { hl7, systems } from './codes.ts'

export type IncomingReferralId = Id<'incoming_referral'>

/** received: waits for a person of ours. taken_up: the person has a file here. completed: an assessment was made.
 *  duplicate: the same person was sent before. taken_back: the sender's own doing. */
export const incomingStatuses = ['received', 'taken_up', 'declined', 'duplicate', 'completed', 'taken_back'] as const
export type IncomingStatus = (typeof incomingStatuses)[number]

/** Why we decline somebody who was sent to us. */
export const incomingDeclineReasons = [
  ...(['outside_our_area', 'not_for_us', 'could_not_reach', 'person_does_not_want', 'no_staff_free'] as const),
] as const
export type IncomingDeclineReason = (typeof incomingDeclineReasons)[number]

/** What the person agreed that the sender tells us. */
export interface IncomingFields {
  readonly name: string
  readonly familyName: string | null
  readonly birthDate: CalendarDay | null
  readonly phones: readonly string[]
  readonly email: string | null
  readonly address: string | null
  /** A BCP 47 tag or a name, as the sender says it. */
  readonly language: string | null
  readonly reason: string | null
  /** What an appointment needs. */
  readonly needs: readonly string[]
  readonly words: readonly string[]
  /** Whom to ask at the sender's. */
  readonly contact: string | null
}

/** A request as it is sent. */
export interface NewIncomingReferral {
  /** What the sender calls it. */
  readonly sender: { readonly system: string; readonly value: string }
  readonly fields: IncomingFields
  readonly consentOn: CalendarDay
}

export interface IncomingReferral {
  readonly id: IncomingReferralId
  readonly reference: string
  readonly organizationId: OrganizationId
  readonly organizationName: string
  readonly sender: NewIncomingReferral['sender']
  readonly consentOn: CalendarDay
  readonly status: IncomingStatus
  readonly reason: string | null
  readonly version: number
  readonly receivedAt: Date
  readonly updatedAt: Date
}

/** With what only staff read; `fields` are null once they are no longer needed. */
export interface IncomingFile extends IncomingReferral {
  readonly fields: IncomingFields | null
  readonly clientId: ClientId | null
  readonly decidedBy: StaffId | null
}

/** For how long a decided request keeps what was said of the person. */
export const daysKept = 30

const statuses: Readonly<Record<IncomingStatus, NonNullable<Task['status']>>> = {
  received: 'received',
  taken_up: 'accepted',
  declined: 'rejected',
  duplicate: 'rejected',
  completed: 'completed',
  taken_back: 'cancelled',
}

/** The statuses of requests that a list of Task statuses asks for. */
export function incomingStatusesOf(taskStatuses: readonly string[]): readonly IncomingStatus[] {
  return incomingStatuses.filter((status) => taskStatuses.includes(statuses[status]))
}

/** The request as the sender follows it. Which file it became is never part of it, and neither is the person. */
export function incomingTaskOf(request: IncomingReferral, networkName: string): Task {
  const { id, reference, sender, status, reason, version, receivedAt, updatedAt } = request
  return {
    resourceType: 'Task',
    id,
    meta: { versionId: String(version), lastUpdated: updatedAt.toISOString() },
    identifier: identifiersOf(reference, sender),
    status: statuses[status],
    businessStatus: { coding: [{ system: systems.requestState, code: status }] },
    ...(status === 'declined' || status === 'duplicate' ? { statusReason: reasonOf(reason ?? 'duplicate') } : {}),
    intent: 'order',
    code: { coding: [{ system: hl7.taskCode, code: 'fulfill' }] },
    focus: { reference: `ServiceRequest/${id}` },
    authoredOn: receivedAt.toISOString(),
    lastModified: updatedAt.toISOString(),
    requester: { reference: `Organization/${request.organizationId}`, display: request.organizationName },
    owner: { display: networkName },
  }
}

/** The request without the person: the sender has its own copy, and ours is for our staff. */
export function incomingRequestOf(request: IncomingReferral): ServiceRequest {
  const { id, reference, sender, status, version, receivedAt, updatedAt } = request
  const ended =
    status === 'completed' ? 'completed' : status === 'received' || status === 'taken_up' ? 'active' : 'revoked'
  return {
    resourceType: 'ServiceRequest',
    id,
    meta: { versionId: String(version), lastUpdated: updatedAt.toISOString() },
    identifier: identifiersOf(reference, sender),
    status: ended,
    intent: 'order',
    subject: { display: 'The person whom you sent' },
    authoredOn: receivedAt.toISOString(),
    requester: { reference: `Organization/${request.organizationId}`, display: request.organizationName },
  }
}

function identifiersOf(reference: string, { system, value }: NewIncomingReferral['sender']) {
  return [
    { system: systems.reference, value: reference },
    { ...(system === '' ? {} : { system }), value },
  ]
}

function reasonOf(code: string) {
  return { coding: [{ system: systems.declineReason, code }], text: code.replaceAll('_', ' ') }
}
