// A person at a partner's: how to reach them, whether they sign in, and who looks after the team's accounts.

import type { ContactId, OrganizationId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'

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
  /** Looks after the accounts of the organisation. */
  readonly isLead: boolean
}

/** What may be done with an account; `end` takes it away from somebody who still works there, `leave` from who does not. */
export const accountActs = ['invite', 'sign_out', 'lead', 'not_lead', 'end', 'leave'] as const

export type AccountAct = (typeof accountActs)[number]

/** What can be done with this contact's account now. */
export function possibleActs({ state, isLead, email }: Contact): readonly AccountAct[] {
  const mayInvite = email !== null
  switch (state) {
    case 'none':
      return [...(mayInvite ? (['invite'] as const) : []), 'leave']
    case 'invited':
      return ['invite', 'end', 'leave']
    case 'active':
      return ['invite', 'sign_out', isLead ? 'not_lead' : 'lead', 'end', 'leave']
    case 'left':
      return mayInvite ? ['invite'] : []
  }
}

export type TeamProblem = 'last_lead' | 'no_longer'

/** Whether this can still be done; `no_longer`: something happened meanwhile. */
export function mayAct(contact: Contact, act: AccountAct): Result<AccountAct, 'no_longer'> {
  return possibleActs(contact).includes(act) ? ok(act) : refused('no_longer')
}

/**
 * Whether a team may do this with one of its own accounts. A team never takes the accounts from the last person who looks
 * after them: somebody else is made to first.
 */
export function mayActInTeam(
  team: readonly Contact[],
  contact: Contact,
  act: AccountAct,
): Result<AccountAct, TeamProblem> {
  const may = mayAct(contact, act)
  if (!may.ok) return may
  const endsLead = contact.isLead && (act === 'not_lead' || act === 'end' || act === 'leave')
  const others = team.filter(({ id, isLead, state }) => id !== contact.id && isLead && state === 'active')
  return endsLead && others.length === 0 ? refused('last_lead') : ok(act)
}
