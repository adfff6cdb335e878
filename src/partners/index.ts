// Partners: their people, and how those who may sign in do so. The front door.

import type { Routes } from '#platform/http/index.ts'
import { teamRoutes } from './team.routes.ts'

export type { Contact, ContactState, WayToReach } from './contact.ts'
export { contactsOf, findContact, findPartnerBySession, insertContact, type NewContact } from './contacts.store.ts'

/** Mounts every page of partners' people. */
export function partnersRoutes(routes: Routes): void {
  teamRoutes(routes)
}
