// A client's file for tests, told by what is particular about it.

import { newId } from '#platform/ids.ts'
import type { Client } from './client.ts'

export function aClient(particulars: Partial<Client> = {}): Client {
  const day = new Date('2026-03-02T09:00:00Z')
  return {
    id: newId(),
    reference: 'C-7K3F-6Q',
    name: 'Leila',
    familyName: 'Haddad',
    birthDate: null,
    phones: [],
    email: null,
    reachedBy: ['in_person'],
    language: null,
    script: null,
    needsInterpreter: false,
    accessNeeds: [],
    accessWords: null,
    address: null,
    residenceArea: null,
    position: null,
    siteId: newId(),
    adviserId: null,
    status: 'open',
    closedReason: null,
    closedAt: null,
    restrictedTo: null,
    mergedInto: null,
    createdAt: day,
    updatedAt: day,
    version: 1,
    ...particulars,
  }
}
