// Whom to ask how it goes: everyone who was assessed, until there is nobody left to ask.

import type { Client } from '#clients/index.ts'
import type { SiteId, StaffId } from '#platform/ids.ts'

/** Files closed for these reasons are of nobody who could be asked. */
const nobodyToAsk: readonly (string | null)[] = ['died', 'registered_by_mistake']

export function isAsked({ closedReason }: Pick<Client, 'closedReason'>): boolean {
  return !nobodyToAsk.includes(closedReason)
}

/** Whoever looks at Today: their work, and whether colleagues are still there. */
export interface Asker {
  readonly id: StaffId
  readonly siteIds: readonly SiteId[]
  readonly managedSiteIds: readonly SiteId[]
  readonly colleagues: ReadonlySet<StaffId>
}

/** Whether the question stands on this person's list: their own client, or one at their site whom nobody looks after any
 *  more. So every assessed client is on somebody's list. */
export function isForThem({ adviserId, siteId }: Pick<Client, 'adviserId' | 'siteId'>, asker: Asker): boolean {
  if (adviserId === asker.id) return true
  const isNobodys = adviserId === null || !asker.colleagues.has(adviserId)
  return isNobodys && (asker.siteIds.includes(siteId) || asker.managedSiteIds.includes(siteId))
}
