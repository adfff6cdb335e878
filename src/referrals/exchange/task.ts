// A referral as a FHIR R4 Task: where it stands, what happened, who waits for whom. The person is in another resource.

import type { Extension, Task, TaskOutput } from '@medplum/fhirtypes'
import { momentIn, type CalendarDay } from '#platform/dates.ts'
import type { Appointment, ReferralEvent } from '../event.ts'
import { taskStatusOf } from '../fhir-status.ts'
import type { Referral } from '../referral.ts'
import type { ReferralFile } from '../referrals.store.ts'
import { extensions, hl7, systems, type OutputCode } from './codes.ts'

/** What was written and is shown to the partner. */
export interface SharedNote {
  readonly words: string
  readonly from: string
  readonly at: Date
}

export interface Sender {
  readonly name: string
  readonly email: string
  readonly site: string
}

export interface TaskSource {
  readonly file: Pick<ReferralFile, 'id' | 'reference' | 'organizationId' | 'organizationName' | 'serviceName'>
  readonly referral: Referral
  readonly sender: Sender | null
  /** Null in a list, where words are left out. */
  readonly notes: readonly SharedNote[] | null
  /** By when the partner is to say or do something; null while it is somebody else's turn. */
  readonly dueOn: CalendarDay | null
  /** The network's zone, for days and times on the clock. */
  readonly timeZone: string
}

/** The version that a partner's system names when it changes the Task: the number of events. */
export function versionOf(referral: Referral): number {
  return referral.events.length
}

export function etagOf(version: number): string {
  return `W/"${version}"`
}

/** When anything last happened to it. */
export function lastUpdatedOf(referral: Referral): Date {
  return referral.events.at(-1)?.at ?? referral.ledHere.at
}

export function taskOf(source: TaskSource): Task {
  const { file, referral, sender, notes, dueOn } = source
  const { status, businessStatus } = taskStatusOf(referral.state)
  const reason = statusReasonOf(referral.ledHere)
  const period = executionPeriodOf(referral)
  const output = outputsOf(referral, source.timeZone)
  return {
    resourceType: 'Task',
    id: file.id,
    meta: {
      versionId: String(versionOf(referral)),
      lastUpdated: lastUpdatedOf(referral).toISOString(),
      // A list tells where things stand; what people wrote is read one by one.
      ...(notes === null ? { tag: [{ system: hl7.observationValue, code: 'SUBSETTED' }] } : {}),
    },
    ...(sender === null ? {} : { contained: [requesterOf(sender)] }),
    identifier: [{ system: systems.reference, value: file.reference }],
    status,
    businessStatus: { coding: [{ system: systems.state, code: businessStatus }] },
    ...(reason === null ? {} : { statusReason: reason }),
    intent: 'order',
    code: { coding: [{ system: hl7.taskCode, code: 'fulfill' }] },
    focus: { reference: `ServiceRequest/${file.id}`, display: file.serviceName },
    for: { reference: `Patient/${file.id}` },
    authoredOn: sentAt(referral).toISOString(),
    lastModified: lastUpdatedOf(referral).toISOString(),
    ...(sender === null ? {} : { requester: { reference: '#sender', display: sender.name } }),
    owner: { reference: `Organization/${file.organizationId}`, display: file.organizationName },
    ...(dueOn === null ? {} : { restriction: { period: { end: dueOn } } }),
    ...(period === null ? {} : { executionPeriod: period }),
    ...(notes === null || notes.length === 0 ? {} : { note: notes.map(annotationOf) }),
    ...(output.length === 0 ? {} : { output }),
  }
}

/** Our adviser, as the role in which they ask: the guide allows a PractitionerRole or an Organization as requester. */
function requesterOf({ name, email, site }: Sender) {
  return {
    resourceType: 'PractitionerRole' as const,
    id: 'sender',
    practitioner: { display: name },
    organization: { display: site },
    ...(email === '' ? {} : { telecom: [{ system: 'email' as const, value: email, use: 'work' as const }] }),
  }
}

function annotationOf({ words, from, at }: SharedNote) {
  return { authorString: from, time: at.toISOString(), text: words }
}

function sentAt(referral: Referral): Date {
  return (referral.events.find((event) => event.kind === 'sent') ?? referral.ledHere).at
}

function statusReasonOf(event: ReferralEvent): Task['statusReason'] | null {
  switch (event.kind) {
    case 'declined':
      return concept(systems.declineReason, event.reason)
    case 'ended_early':
      return concept(systems.earlyEndReason, event.reason)
    case 'withdrawn':
      return concept(systems.withdrawReason, event.reason)
    default:
      return null
  }
}

/** The code, and the same as text: the guide wants words beside every reason. */
function concept(system: string, code: string) {
  return { coding: [{ system, code }], text: code.replaceAll('_', ' ') }
}

function executionPeriodOf({ firstAttendedOn, ledHere }: Referral): Task['executionPeriod'] | null {
  const end = ledHere.kind === 'completed' || ledHere.kind === 'ended_early' ? ledHere.on : null
  if (firstAttendedOn === null && end === null) return null
  return { ...(firstAttendedOn === null ? {} : { start: firstAttendedOn }), ...(end === null ? {} : { end }) }
}

/** What happened and still holds, oldest first. */
export function eventsThatHold({ events, corrected }: Referral): readonly ReferralEvent[] {
  return events.filter((event) => event.kind !== 'corrected' && !corrected.has(event.id))
}

function outputsOf(referral: Referral, timeZone: string): TaskOutput[] {
  const { appointment, expectedOn, state, ledHere } = referral
  const held = eventsThatHold(referral)
  const days = new Set(held.flatMap((event) => (event.kind === 'attended' ? [event.on] : [])))
  const outputs = [...days].sort().map((on): TaskOutput => ({ ...typed('attended'), valueDate: on }))
  for (const event of held) {
    if (event.kind !== 'did_not_attend') continue
    const extension = [coded(extensions.reason, event.reason)]
    outputs.push({ ...typed('did-not-attend'), valueDate: event.on, extension })
  }
  if (appointment !== null) outputs.push(appointmentOutput(appointment, timeZone))
  if (state === 'waiting_list' && expectedOn !== null)
    outputs.push({ ...typed('expected-start'), valueDate: expectedOn })
  if (ledHere.kind === 'completed') {
    const result = { coding: [{ system: systems.completionResult, code: ledHere.result }] }
    outputs.push({ ...typed('completion-result'), valueCodeableConcept: result })
  }
  return outputs
}

function appointmentOutput(appointment: Appointment, timeZone: string): TaskOutput {
  const { place, meeting, means } = appointment
  return {
    ...typed('appointment'),
    valueDateTime: fhirDateTime(appointment, timeZone),
    extension: [
      ...(place === '' ? [] : [said(extensions.place, place)]),
      ...(meeting === '' ? [] : [said(extensions.meeting, meeting)]),
      coded(extensions.means, means),
    ],
  }
}

/** A day alone, or with its time the moment: FHIR asks for an offset with every time. */
export function fhirDateTime({ day, time, zone }: Appointment, timeZone: string): string {
  return time === null ? day : momentIn(zone ?? timeZone, day satisfies CalendarDay, time).toISOString()
}

function typed(code: OutputCode): Pick<TaskOutput, 'type'> {
  return { type: { coding: [{ system: systems.output, code }] } }
}

function coded(url: string, valueCode: string): Extension {
  return { url, valueCode }
}

function said(url: string, valueString: string): Extension {
  return { url, valueString }
}
