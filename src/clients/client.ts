// A client's file: what it holds, and what may happen to it.

import type { CalendarDay } from '#platform/dates.ts'
import { yearsBetween } from '#platform/dates.ts'
import type { ClientId, SiteId, StaffId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { inFormOrder, type AccessNeed } from './access-need.ts'

export const waysToReach = ['phone', 'email', 'letter', 'in_person'] as const
export type WayToReach = (typeof waysToReach)[number]

export const closingReasons = [
  ...(['working', 'in_training', 'no_longer_wants', 'lost_touch', 'moved_away'] as const),
  ...(['served_elsewhere', 'registered_by_mistake', 'died', 'other'] as const),
] as const
export type ClosingReason = (typeof closingReasons)[number]

/** What staff write down about the person; all that an edit can change. */
export interface Circumstances {
  /** How the person wants to be called; may be all that is known. */
  readonly name: string
  readonly familyName: string | null
  readonly birthDate: CalendarDay | null
  /** As `parsePhone` gives them. */
  readonly phones: readonly string[]
  readonly email: string | null
  readonly reachedBy: readonly WayToReach[]
  /** BCP 47, the language to speak in. */
  readonly language: string | null
  /** ISO 15924, the script that the person reads (`Arab`, `Latn`). */
  readonly script: string | null
  readonly needsInterpreter: boolean
  readonly accessNeeds: readonly AccessNeed[]
  readonly accessWords: string | null
  readonly address: string | null
  readonly residenceArea: string | null
  readonly position: { readonly latitude: number; readonly longitude: number } | null
}

export interface Client extends Circumstances {
  readonly id: ClientId
  /** `C-7K3F-6Q`, to say aloud. */
  readonly reference: string
  readonly siteId: SiteId
  readonly adviserId: StaffId | null
  readonly status: 'open' | 'closed'
  readonly closedReason: string | null
  readonly closedAt: Date | null
  /** The only staff who may see the file; null when it is open to advisers and managers. */
  readonly restrictedTo: readonly StaffId[] | null
  /** The file that this one proved to be. */
  readonly mergedInto: ClientId | null
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Counts the changes, so that two people who edit at once notice. */
  readonly version: number
}

export function fullName(person: Pick<Circumstances, 'name' | 'familyName'>): string {
  return person.familyName ? `${person.name} ${person.familyName}` : person.name
}

export function ageOn(person: Pick<Circumstances, 'birthDate'>, day: CalendarDay): number | null {
  return person.birthDate && person.birthDate <= day ? yearsBetween(person.birthDate, day) : null
}

/** Each field that differs, with its value before and after. */
export type Changes = Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>

const fields = [
  ...(['name', 'familyName', 'birthDate', 'phones', 'email', 'reachedBy', 'language', 'script'] as const),
  ...(['needsInterpreter', 'accessNeeds', 'accessWords', 'address', 'residenceArea', 'position'] as const),
] as const satisfies readonly (keyof Circumstances)[]

export function changesBetween(before: Circumstances, after: Circumstances): Changes {
  const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
  return Object.fromEntries(changed.map((field) => [field, { before: before[field], after: after[field] }]))
}

/** The names of changed fields in the order of the form: the database keeps no order of its own. */
export function fieldsOf(changes: object): readonly string[] {
  return fields.filter((field) => field in changes)
}

/** A way to reach someone that lacks what it takes: a phone number, an e-mail address, a postal address. */
export function unreachableWays(
  person: Pick<Circumstances, 'reachedBy' | 'phones' | 'email' | 'address'>,
): readonly WayToReach[] {
  const lacks: Record<WayToReach, boolean> = {
    phone: person.phones.length === 0,
    email: person.email === null,
    letter: person.address === null,
    in_person: false,
  }
  return person.reachedBy.filter((way) => lacks[way])
}

export function closeFile(client: Client, reason: ClosingReason, now: Date): Result<Client, 'already_closed'> {
  if (client.status === 'closed') return refused('already_closed')
  return ok({ ...client, status: 'closed', closedReason: reason, closedAt: now })
}

export function reopenFile(client: Client): Result<Client, 'already_open'> {
  if (client.status === 'open') return refused('already_open')
  return ok({ ...client, status: 'open', closedReason: null, closedAt: null })
}

/** Gives the file to another adviser or site. A restricted file's new adviser is let in: an adviser who may not see the
 *  file could not help. */
export function reassignFile(
  client: Client,
  to: { siteId: SiteId; adviserId: StaffId | null },
): Result<Client, 'nothing_changed'> {
  if (client.siteId === to.siteId && client.adviserId === to.adviserId) return refused('nothing_changed')
  const named = client.restrictedTo
  const restrictedTo = named && to.adviserId ? [...new Set([...named, to.adviserId])] : named
  return ok({ ...client, ...to, restrictedTo })
}

/** Names the only staff who may see the file, or opens it again (null). Refused when the adviser or whoever restricts it
 *  would be left out: nobody may lock themselves, or the person responsible, out of a file. */
export function restrictFile(
  client: Client,
  to: readonly StaffId[] | null,
  actorId: StaffId,
): Result<Client, 'actor_left_out' | 'adviser_left_out'> {
  if (to === null) return ok({ ...client, restrictedTo: null })
  if (!to.includes(actorId)) return refused('actor_left_out')
  if (client.adviserId && !to.includes(client.adviserId)) return refused('adviser_left_out')
  return ok({ ...client, restrictedTo: [...new Set(to)] })
}

/** The surviving file after a merge: what it did not know it takes from the other, lists are joined, and the narrower
 *  restriction holds. Refused when the same file, when either is merged already, or when nobody could see the result. */
export function joinFiles(
  survivor: Client,
  absorbed: Client,
): Result<Client, 'same_file' | 'already_merged' | 'nobody_left'> {
  if (survivor.id === absorbed.id) return refused('same_file')
  if (survivor.mergedInto || absorbed.mergedInto) return refused('already_merged')
  const restrictedTo = narrower(survivor.restrictedTo, absorbed.restrictedTo)
  if (restrictedTo?.length === 0) return refused('nobody_left')
  return ok({
    ...survivor,
    familyName: survivor.familyName ?? absorbed.familyName,
    birthDate: survivor.birthDate ?? absorbed.birthDate,
    phones: [...new Set([...survivor.phones, ...absorbed.phones])],
    email: survivor.email ?? absorbed.email,
    reachedBy: waysToReach.filter((way) => survivor.reachedBy.includes(way) || absorbed.reachedBy.includes(way)),
    language: survivor.language ?? absorbed.language,
    script: survivor.script ?? absorbed.script,
    needsInterpreter: survivor.needsInterpreter || absorbed.needsInterpreter,
    accessNeeds: inFormOrder([...survivor.accessNeeds, ...absorbed.accessNeeds]),
    accessWords: [...new Set([survivor.accessWords, absorbed.accessWords])].filter(Boolean).join('\n') || null,
    address: survivor.address ?? absorbed.address,
    residenceArea: survivor.residenceArea ?? absorbed.residenceArea,
    position: survivor.position ?? absorbed.position,
    restrictedTo,
  })
}

function narrower(a: readonly StaffId[] | null, b: readonly StaffId[] | null): readonly StaffId[] | null {
  if (a === null || b === null) return a ?? b
  return a.filter((id) => b.includes(id))
}

/** The surviving file when a merge is undone: a field that the merge filled goes back, unless it was changed since. */
export function partFiles(survivor: Client, moved: Changes): Client {
  const back = fields.filter(
    (field) => moved[field] && JSON.stringify(moved[field].after) === JSON.stringify(survivor[field]),
  )
  return { ...survivor, ...Object.fromEntries(back.map((field) => [field, moved[field]?.before])) }
}

/** Who may see the two files when a merge is undone: as before it, unless the file was restricted anew since; then both
 *  keep that, since nobody may lose or gain sight of a person by undoing. */
export function restrictionsAfterParting(
  survivor: Pick<Client, 'restrictedTo'>,
  before: { readonly survivor: Client['restrictedTo']; readonly absorbed: Client['restrictedTo'] },
): { readonly survivor: Client['restrictedTo']; readonly absorbed: Client['restrictedTo'] } {
  const atMerge = narrower(before.survivor, before.absorbed)
  const isAsMerged = JSON.stringify(atMerge) === JSON.stringify(survivor.restrictedTo)
  return isAsMerged ? before : { survivor: survivor.restrictedTo, absorbed: survivor.restrictedTo }
}

/** Does opening this file ask for a reason first? Not at an own site, nor for whoever is responsible. */
export function isOutside(
  client: Pick<Client, 'siteId' | 'adviserId'>,
  staff: { id: StaffId; siteIds: readonly SiteId[] },
): boolean {
  return client.adviserId !== staff.id && !staff.siteIds.includes(client.siteId)
}
