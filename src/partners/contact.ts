// A person at a partner's: how to reach them, whether they sign in, and who looks after the team's accounts.

import type { ContactId, OrganizationId } from '#platform/ids.ts'

/** none: known, has no account. invited: may set a password. active: signs in. left: works there no more. */
export type ContactState = 'none' | 'invited' | 'active' | 'left'

export const waysToReach = ['email', 'phone', 'fax', 'visit'] as const

export type WayToReach = (typeof waysToReach)[number]

export interface Contact {
  readonly id: ContactId
  readonly organizationId: OrganizationId
  readonly name: string
  /** What the person does there, as they would say it. */
  readonly title: string | null
  /** In lower case. */
  readonly email: string | null
  readonly phone: string | null
  /** Preferred language, as a BCP 47 tag. */
  readonly locale: string
  readonly reachedBy: WayToReach
  readonly state: ContactState
  readonly isLead: boolean
}
