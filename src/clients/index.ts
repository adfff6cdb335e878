// The front door of clients: all that other features may use.

export type { AccessNeed } from './access-need.ts'
export { fullName, type Circumstances, type Client, type WayToReach } from './client.ts'
export type { AccessChanged, ClientHooks, ConsentWithdrawn } from './client-hooks.ts'
export {
  accessNeedsOf,
  changeFile,
  consentsOf,
  recordConsent,
  registerClient,
  withdrawConsent,
} from './client-file.store.ts'
export { disclosuresOf, insertDisclosure, insertNote, type NewConsent } from './client-history.store.ts'
export { listClients, recentClients, searchClients } from './client-search.store.ts'
export { findClient, idsOfFile, type Hand } from './clients.store.ts'
export {
  hasConsent,
  sharedFields,
  type Consent,
  type ConsentId,
  type ConsentPurpose,
  type SharedField,
} from './consent.ts'
export { clientFacts, type ClientFacts, type Disclosure } from './disclosure.ts'
export { inFile } from './open-file.guard.ts'
export { clientSummaryPanel, type NextStep } from './panels/client-summary.panel.ts'
export { notesPanel } from './panels/notes.panel.ts'
export { timelineOf, type TimelineItem } from './panels/timeline.panel.ts'
export { clientsRoutes } from './clients.routes.ts'
