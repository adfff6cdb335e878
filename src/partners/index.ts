// Partners: their people, and how those who may sign in do so. The front door.

import { accountMails, entranceRoutes, type AccountTools } from '#platform/accounts/index.ts'
import type { Routes } from '#platform/http/index.ts'
import { accountRoutes } from './account.routes.ts'
import { contactsRoutes } from './contacts.routes.ts'
import { partnerAccounts } from './partners.accounts.ts'
import { teamRoutes } from './team.routes.ts'

export type { Contact, ContactState, WayToReach } from './contact.ts'
export {
  contactNames,
  contactsOf,
  findContact,
  findPartnerBySession,
  insertContact,
  type NewContact,
} from './contacts.store.ts'
export { partnerContactsPanel } from './panels/contacts.panel.ts'
export { partnerAccounts } from './partners.accounts.ts'

export const partnerMails = accountMails(partnerAccounts)

/** Mounts every page of partners' people: signing in, one's own account, the team, and contacts for staff. */
export function partnersRoutes(routes: Routes, tools: AccountTools): void {
  entranceRoutes(routes, partnerAccounts, tools)
  accountRoutes(routes, tools)
  teamRoutes(routes)
  contactsRoutes(routes, tools)
}
