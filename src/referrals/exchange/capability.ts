// What the interface can do, for machines and the people who connect them: FHIR's CapabilityStatement.

import type { CapabilityStatement } from '@medplum/fhirtypes'
import { basePath, hl7 } from './codes.ts'

const documentation =
  'Referrals as ServiceRequest and Task, as the Gravity SDOH Clinical Care guide manages them. A Task is changed with PUT and ' +
  'If-Match; what is known already is no news, so an update may be sent again. Somebody is sent to us with POST ServiceRequest ' +
  'or a Bundle, with an active Consent in supportingInfo. Patient has the id of its referral and the fields that were agreed.'

export function capabilityStatement(publicUrl: string, date: string): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: 'Waypost' },
    implementation: { description: 'Waypost referral exchange', url: `${publicUrl}${basePath}` },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        documentation,
        security: {
          cors: false,
          description: 'A bearer token, made under Connections by the lead of the team: Authorization: Bearer <token>.',
        },
        resource: [
          {
            type: 'Task',
            documentation: `Code systems of Task.businessStatus, statusReason and output begin with urn:waypost:. Task.code is ${hl7.taskCode}#fulfill.`,
            interaction: [{ code: 'read' }, { code: 'update' }, { code: 'search-type' }],
            versioning: 'versioned-update',
            readHistory: false,
            updateCreate: false,
            searchParam: [
              { name: 'owner', type: 'reference' },
              { name: 'requester', type: 'reference' },
              { name: 'status', type: 'token' },
              { name: '_lastUpdated', type: 'date' },
            ],
          },
          {
            type: 'ServiceRequest',
            interaction: [{ code: 'read' }, { code: 'create' }],
            versioning: 'no-version',
          },
          { type: 'Patient', interaction: [{ code: 'read' }], versioning: 'no-version' },
        ],
        interaction: [{ code: 'transaction' }],
      },
    ],
  }
}
