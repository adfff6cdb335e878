// What is asked for and for whom, as FHIR R4 ServiceRequest and Patient: the fields that were agreed, and not one more.

import type { Consent, Patient, ServiceRequest } from '@medplum/fhirtypes'
import { isEnded, type Referral } from '../referral.ts'
import type { ReferralFile } from '../referrals.store.ts'
import type { SharedEntry } from '../sharing/share.ts'
import { hl7, systems } from './codes.ts'
import { lastUpdatedOf, versionOf } from './task.ts'

export interface RequestSource {
  readonly file: Pick<
    ReferralFile,
    'id' | 'reference' | 'organizationId' | 'organizationName' | 'serviceId' | 'serviceName' | 'serviceType'
  >
  readonly referral: Referral
  readonly senderName: string | null
  /** Null once consent is withdrawn. */
  readonly entries: readonly SharedEntry[] | null
  readonly sharedAt: Date | null
}

/** The request. Reasons and needs are part of it only while consent holds. */
export function serviceRequestOf(source: RequestSource): ServiceRequest {
  const { file, referral, senderName, sharedAt } = source
  const entries = source.entries ?? []
  const reason = linesOf(entries, 'reason_for_referral')
  const needs = linesOf(entries, 'access_needs')
  const summary = linesOf(entries, 'assessment_summary')
  return {
    resourceType: 'ServiceRequest',
    id: file.id,
    meta: { versionId: String(versionOf(referral)), lastUpdated: lastUpdatedOf(referral).toISOString() },
    contained: [consentOf(source)],
    identifier: [{ system: systems.reference, value: file.reference }],
    status: isEnded(referral.state) ? (referral.state === 'completed' ? 'completed' : 'revoked') : 'active',
    intent: 'order',
    category: [{ coding: [{ system: hl7.gravityCodes, code: 'employment-status' }] }],
    code: {
      ...(file.serviceType === null ? {} : { coding: [{ system: systems.serviceType, code: file.serviceType }] }),
      text: file.serviceName,
    },
    // How the service has to be given: this is where needs belong in R4.
    ...(needs.length === 0 ? {} : { orderDetail: needs.map((text) => ({ text })) }),
    subject: { reference: `Patient/${file.id}` },
    ...(sharedAt === null ? {} : { authoredOn: sharedAt.toISOString() }),
    ...(senderName === null ? {} : { requester: { display: senderName } }),
    performer: [
      { reference: `HealthcareService/${file.serviceId}`, display: file.serviceName },
      { reference: `Organization/${file.organizationId}`, display: file.organizationName },
    ],
    ...(reason.length === 0 ? {} : { reasonCode: [{ text: reason.join('\n') }] }),
    supportingInfo: [{ reference: '#consent' }],
    ...(summary.length === 0 ? {} : { note: [{ text: summary.join('\n') }] }),
  }
}

/** The person as this referral shows them. The id is the referral's: two referrals of one person are not tied together. */
export function patientOf({ file, referral, entries }: Omit<RequestSource, 'senderName' | 'sharedAt'>): Patient {
  const meta = { versionId: String(versionOf(referral)), lastUpdated: lastUpdatedOf(referral).toISOString() }
  const patient: Patient = { resourceType: 'Patient', id: file.id, meta }
  if (entries === null) return { ...patient, name: [{ extension: [{ url: hl7.dataAbsent, valueCode: 'masked' }] }] }
  const name = linesOf(entries, 'name')
  const telecom = [
    ...linesOf(entries, 'phone').map((value) => ({ system: 'phone' as const, value })),
    ...linesOf(entries, 'email').map((value) => ({ system: 'email' as const, value })),
  ]
  const born = linesOf(entries, 'birth_date')
  const address = linesOf(entries, 'address')
  const language = linesOf(entries, 'language')
  return {
    ...patient,
    ...(name.length === 0 ? {} : { name: [{ text: name.join(' ') }] }),
    ...(telecom.length === 0 ? {} : { telecom }),
    // What was agreed is what was shown, in words; the day as a number was not copied.
    ...(born.length === 0 ? {} : { extension: [{ url: hl7.renderedValue, valueString: born.join(' ') }] }),
    ...(address.length === 0 ? {} : { address: [{ text: address.join('\n') }] }),
    ...(language.length === 0 ? {} : { communication: language.map((text) => ({ language: { text } })) }),
  }
}

function consentOf({ file, entries, sharedAt }: RequestSource): Consent {
  return {
    resourceType: 'Consent',
    id: 'consent',
    status: entries === null ? 'inactive' : 'active',
    scope: { coding: [{ system: hl7.consentScope, code: 'patient-privacy' }] },
    category: [{ coding: [{ system: hl7.consentCategory, code: 'IDSCL' }] }],
    patient: { reference: `Patient/${file.id}` },
    // R4 wants a policy or a rule with every consent (ppc-1).
    policyRule: { text: 'Agreed for this referral, field by field; may be withdrawn at any time.' },
    ...(sharedAt === null ? {} : { dateTime: sharedAt.toISOString() }),
    provision: { type: entries === null ? 'deny' : 'permit' },
  }
}

function linesOf(entries: readonly SharedEntry[], field: string): readonly string[] {
  return entries.find((entry) => entry.field === field)?.lines ?? []
}
