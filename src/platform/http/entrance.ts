// The two entrances by which people sign in: where each is, which cookies belong to it, and whom a session makes of them.

import type { BearerToken } from '../secrets.ts'
import type { Db, Scope } from '../db/index.ts'
import type { Network, PartnerActor, StaffActor } from './scene.ts'

/** Cookies and addresses of an entrance: a session of one opens nothing behind the other. */
export interface Entrance {
  readonly sessionCookie: string
  /** Where to go on after signing in. */
  readonly returnCookie: string
  /** Begins the addresses of the pages about signing in and one's own account. */
  readonly prefix: '' | '/partner'
  /** Where the day begins after signing in. */
  readonly home: string
}

export const staffEntrance: Entrance = {
  sessionCookie: 'waypost_session',
  returnCookie: 'waypost_return',
  prefix: '',
  home: '/home',
}

export const partnerEntrance: Entrance = {
  sessionCookie: 'waypost_partner',
  returnCookie: 'waypost_partner_return',
  prefix: '/partner',
  home: '/partner',
}

/** The page to sign in: of a network, or of the only one. */
export function signInAddress({ prefix }: Entrance, network: Pick<Network, 'slug'> | null): string {
  return `${network ? `/n/${network.slug}` : ''}${prefix}/sign-in`
}

export type SignedIn = StaffActor | PartnerActor

/** Finds who holds a session, at the door; null when nobody does. */
export type FindActor<Actor extends SignedIn> = (db: Db, token: BearerToken, now: Date) => Promise<Actor | null>

/** As whom the transaction of a signed-in person runs. */
export function scopeOf(actor: SignedIn, { id: networkId }: Pick<Network, 'id'>): Scope {
  if (actor.kind === 'staff') {
    return { role: 'staff', networkId, actorId: actor.id, siteIds: actor.siteIds, roles: actor.roles }
  }
  const { id: actorId, organizationId, isLead } = actor
  return { role: 'partner', networkId, actorId, organizationId, roles: isLead ? ['lead'] : [] }
}
