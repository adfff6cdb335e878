// What an import counts as it writes.

import type { OrganizationEntry } from './entry.ts'
import type { Counts } from './row.ts'

export interface Tally {
  readonly organizations: Counts
  readonly services: Counts
  readonly locations: Counts
  /** Exchange ids of rows that hang on no organisation. */
  readonly looseIds: string[]
}

/** What the directory had of a service or a location before. */
export interface PartBefore {
  readonly organizationId: string
  readonly contentHash: string
  readonly isGone: boolean
}

export interface Before {
  /** The organisation's id; undefined when it is new. */
  readonly organizationId: string | undefined
  readonly services: ReadonlyMap<string, PartBefore>
  readonly locations: ReadonlyMap<string, PartBefore>
}

export function emptyTally(): Tally {
  return { organizations: none(), services: none(), locations: none(), looseIds: [] }
}

export function countUnchanged(entry: OrganizationEntry, tally: Tally): void {
  tally.organizations.unchanged++
  tally.services.unchanged += entry.services.length
  tally.locations.unchanged += entry.locations.length
}

export function countWritten(entry: OrganizationEntry, before: Before, tally: Tally): void {
  tally.organizations[before.organizationId === undefined ? 'added' : 'changed']++
  countParts(tally.services, entry.services, [before.services, before.organizationId])
  countParts(tally.locations, entry.locations, [before.locations, before.organizationId])
}

function countParts(
  counts: Counts,
  now: readonly { readonly exchangeId: string; readonly contentHash: string }[],
  [known, organizationId]: readonly [ReadonlyMap<string, PartBefore>, string | undefined],
): void {
  for (const part of now) {
    const was = known.get(part.exchangeId)
    if (!was) counts.added++
    else if (was.isGone || was.contentHash !== part.contentHash) counts.changed++
    else counts.unchanged++
  }
  const present = new Set(now.map((part) => part.exchangeId))
  for (const [id, was] of known) {
    if (organizationId !== undefined && was.organizationId === organizationId && !was.isGone && !present.has(id))
      counts.gone++
  }
}

function none(): Counts {
  return { added: 0, changed: 0, unchanged: 0, gone: 0 }
}
