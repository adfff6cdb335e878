// Accounts: how people sign in and stay signed in, alike for staff and partners. It knows no feature.

import type { Routes } from '../http/index.ts'
import type { AccountKind } from './account.ts'
import { passwordRoutes } from './password.routes.ts'
import { signInRoutes, type AccountTools } from './sign-in.routes.ts'

export { normalEmail, type AccountKind } from './account.ts'
export { accountMails, letterOf } from './account.mails.ts'
export { accountRoutes, type SignedInRoute } from './account.routes.ts'
export { accountJobs } from './accounts.jobs.ts'
export { endSessionsOf, findPasswordLinkById, setPassword } from './accounts.store.ts'
export { atDoor } from './at-door.ts'
export { elsewherePanel, passkeysPanel } from './panels/passkeys.panel.ts'
export { passkeySiteOf } from './passkey.ceremony.ts'
export { removePasskeysOf } from './passkeys.store.ts'
export { hashPassword } from './password.hash.ts'
export { makePasswordLink, passwordAddress } from './password.link.ts'
export type { AccountTools } from './sign-in.routes.ts'

/** The pages of an entrance that need nobody signed in: signing in, forgotten passwords, setting one from a link. */
export function entranceRoutes(routes: Routes, accounts: AccountKind, tools: AccountTools): void {
  signInRoutes(routes, accounts, tools)
  passwordRoutes(routes, accounts, tools)
}
