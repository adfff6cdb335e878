// A member of staff.

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
