// The front door of clients: all that other features may use.

import type { Routes, Work } from '#platform/http/index.ts'
import { caseloadRoutes } from './caseload.routes.ts'
import { accessRoutes } from './client-access.routes.ts'
import { consentRoutes } from './client-consent.routes.ts'
import { fileRoutes } from './client-file.routes.ts'
import type { ClientHooks } from './client-hooks.ts'
import { mergeRoutes } from './client-merge.routes.ts'
import { noteRoutes } from './client-notes.routes.ts'
import { roomRoutes } from './clients.routes.ts'

export type { AccessNeed } from './access-need.ts'
export { addNote } from './add-note.scene.ts'
export { fullName, type Circumstances, type Client, type WayToReach } from './client.ts'
export type { AccessChanged, ClientHooks, ConsentWithdrawn, FilesReassigned } from './client-hooks.ts'
export { consentsOf, recordConsent, registerClient, withdrawConsent } from './client-file.store.ts'
export { clientJobs } from './clients.jobs.ts'
export { groupFactsOfAll, type GroupFacts } from './client-groups.store.ts'
export { countClients, type SiteFigures } from './client-figures.store.ts'
export { disclosuresOf, insertDisclosure, type NewConsent } from './client-history.store.ts'
export { recentClients, searchClients } from './client-search.store.ts'
export { findClient, findClients, idsOfCaseload, idsOfFile, type Hand } from './clients.store.ts'
export {
  consentTellers,
  hasConsent,
  sharedFields,
  waysToConsent,
  type Consent,
  type ConsentId,
  type ConsentPurpose,
  type SharedField,
} from './consent.ts'
export { clientFacts, disclosureKinds, type ClientFacts, type Disclosure, type DisclosureKind } from './disclosure.ts'
export { inFile, mustGiveReason } from './open-file.guard.ts'
export { clientSummaryPanel, type NextStep } from './panels/client-summary.panel.ts'
export { notesPanel } from './panels/notes.panel.ts'
export { parsePhone } from './phone.ts'
export { surroundingsOf } from './surroundings.scene.ts'
export { timelineOf, type TimelineItem } from './panels/timeline.panel.ts'

/** Mounts every page of clients. */
export function clientsRoutes(routes: Routes, hooks: ClientHooks<Work> = {}): void {
  roomRoutes(routes)
  fileRoutes(routes, hooks)
  noteRoutes(routes)
  consentRoutes(routes, hooks)
  mergeRoutes(routes, hooks)
  accessRoutes(routes, hooks)
  caseloadRoutes(routes)
}
