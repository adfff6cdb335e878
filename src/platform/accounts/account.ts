// What the accounts of staff and of partners have alike, and the numbers that hold for both.

import type { Db } from '../db/index.ts'
import type { Entrance } from '../http/entrance.ts'

/** none: no account. invited: may set a password. active: signs in. left: closed. */
export type AccountState = 'none' | 'invited' | 'active' | 'left'

export interface Account {
  readonly id: string
  readonly name: string
  /** Null where nobody knows one: then there is no account. */
  readonly email: string | null
  readonly locale: string
  readonly state: AccountState
}

/** The tables at the door, of one shape for every kind of account. */
export interface AccountTables {
  readonly credentials: 'staff_credentials' | 'partner_credentials'
  readonly sessions: 'staff_sessions' | 'partner_sessions'
  readonly links: 'staff_links' | 'partner_links'
  readonly passkeys: 'staff_passkeys' | 'partner_passkeys'
}

/** One kind of account: what its feature tells the machinery that signs people in. */
export interface AccountKind {
  /** Begins its audit actions, its kinds of mail and what its secrets are derived for. */
  readonly name: 'staff' | 'partners'
  readonly entrance: Entrance
  readonly tables: AccountTables
  /** What its password links are derived for: links in letters depend on it, so it never changes. */
  readonly linkPurpose: 'staff_password' | 'partner_password'
  find(db: Db, id: string): Promise<Account | null>
  /** The one account of an address, in lower case. */
  findByEmail(db: Db, email: string): Promise<Account | null>
  /** An invited account signs in from now on; any other stays as it is. At the door. */
  activate(db: Db, id: string): Promise<void>
}

/** Failed tries within the window after which an account, and an address, must wait. */
export const attemptLimits = { windowMinutes: 15, account: 6, address: 40 } as const

/** How long a session lasts at most: a working day, so that nobody signs in twice with a client at the desk. */
export const sessionHours = 12

/** How long a link to set a password is good for. */
export const linkHours = { invitation: 7 * 24, reset: 2 } as const

/** How long a passkey's challenge may be answered: time to find a key and a finger. */
export const challengeMinutes = 5

/** Shortest password taken. Length is what counts (NIST SP 800-63B, 5.1.1.2): no rules about kinds of characters. */
export const shortestPassword = 12
export const longestPassword = 200

/** Comparable form of an e-mail address. */
export function normalEmail(text: string): string {
  return text.trim().toLowerCase()
}

/** Whether somebody may come in, or get a link to. */
export function hasAccount(account: Account | null): account is Account & { readonly email: string } {
  return account !== null && account.email !== null && (account.state === 'invited' || account.state === 'active')
}
