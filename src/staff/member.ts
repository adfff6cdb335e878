// A member of staff, and how many tries to sign in are too many.

import type { SiteId, StaffId } from '#platform/ids.ts'

export type StaffState = 'invited' | 'active' | 'left'

export interface StaffMember {
  readonly id: StaffId
  readonly name: string
  readonly email: string
  readonly roles: readonly ('adviser' | 'manager' | 'administrator' | 'evaluator')[]
  readonly locale: string
  /** Spoken with clients, as BCP 47 tags. */
  readonly languages: readonly string[]
  readonly state: StaffState
  readonly siteIds: readonly SiteId[]
  readonly managedSiteIds: readonly SiteId[]
}

/** Failed tries within the window after which an account, and an address, must wait. */
export const attemptLimits = { windowMinutes: 15, account: 6, address: 40 } as const

/** How long a session lasts at most: a working day, so that nobody signs in twice with a client at the desk. */
export const sessionHours = 12

/** How long a link to set a password is good for. */
export const linkHours = { invitation: 7 * 24, reset: 2 } as const

/** Comparable form of an e-mail address. */
export function normalEmail(text: string): string {
  return text.trim().toLowerCase()
}
