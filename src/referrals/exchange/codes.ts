// The names that the exchange gives things: those of the standards, and our own where the standards have none.

/** Our code systems. They are names, not addresses: alike in every installation, so that a partner maps them once. */
export const systems = {
  reference: 'urn:waypost:reference',
  /** Task.businessStatus of a referral: the state by our own name. */
  state: 'urn:waypost:referral-state',
  /** Task.businessStatus of somebody sent to us. */
  requestState: 'urn:waypost:incoming-referral-state',
  declineReason: 'urn:waypost:decline-reason',
  withdrawReason: 'urn:waypost:withdraw-reason',
  earlyEndReason: 'urn:waypost:early-end-reason',
  absenceReason: 'urn:waypost:absence-reason',
  completionResult: 'urn:waypost:completion-result',
  serviceType: 'urn:waypost:service-type',
  output: 'urn:waypost:task-output',
} as const

/** What a Task's output may be in the exchange: what happened, each with its day. */
export const outputCodes = ['appointment', 'expected-start', 'attended', 'did-not-attend', 'completion-result'] as const
export type OutputCode = (typeof outputCodes)[number]

/** What an output says beside its value. */
export const extensions = {
  place: 'urn:waypost:appointment-place',
  meeting: 'urn:waypost:appointment-meeting',
  means: 'urn:waypost:appointment-means',
  reason: 'urn:waypost:absence-reason',
} as const

/** HL7's. `gravity`: the SDOH Clinical Care guide, whose way of managing referrals by Task this follows. */
export const hl7 = {
  taskCode: 'http://hl7.org/fhir/CodeSystem/task-code',
  gravityCodes: 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes',
  dataAbsent: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
  renderedValue: 'http://hl7.org/fhir/StructureDefinition/rendered-value',
  consentScope: 'http://terminology.hl7.org/CodeSystem/consentscope',
  consentCategory: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  observationValue: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
} as const

/** Where the interface lies below the address of the installation. */
export const basePath = '/fhir/R4'
