// Staff: accounts, roles, sign-in. The front door.

export type { StaffMember } from './member.ts'
export { findStaff, findStaffByEmail, insertStaff, listStaff, type NewStaff } from './staff.store.ts'
export { findActorBySession, setPassword } from './sign-in.store.ts'
export { hashPassword } from './password.hash.ts'
export { makePasswordLink, passwordAddress } from './invitation.link.ts'
export { staffMails } from './staff.mails.ts'
export { signInRoutes } from './sign-in.routes.ts'
export { membersRoutes } from './members.routes.ts'
