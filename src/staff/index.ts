// Staff: accounts, roles, sign-in. The front door.

import { accountMails } from '#platform/accounts/index.ts'
import { staffAccounts } from './staff.accounts.ts'

export type { StaffMember } from './member.ts'
export { findStaff, findStaffByEmail, insertStaff, listStaff, type NewStaff } from './staff.store.ts'
export { findActorBySession } from './sign-in.store.ts'
export { staffAccounts } from './staff.accounts.ts'
export { signInRoutes } from './sign-in.routes.ts'
export { accountRoutes } from './account.routes.ts'
export { membersRoutes } from './members.routes.ts'

export const staffMails = accountMails(staffAccounts)
