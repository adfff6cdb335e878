// A change to a file as one step: the file saved, what hangs on it brought along, and the change told in its history.

import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type ClientId, type SiteId, type StaffId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { insertMerge, markMergeUndone, type Merge } from './client-access.store.ts'
import {
  addEvent,
  consentEventsOf,
  insertConsent,
  insertWithdrawal,
  type ClientEventKind,
  type NewConsent,
} from './client-history.store.ts'
import {
  changesBetween,
  joinFiles,
  partFiles,
  restrictionsAfterParting,
  type Circumstances,
  type Client,
} from './client.ts'
import {
  findAsItWas,
  idsOfFile,
  insertClient,
  lockUnchanged,
  saveClient,
  spreadAccess,
  type Hand,
} from './clients.store.ts'
import { consentsOn, type Consent, type ConsentId, type ConsentTeller, type WayToConsent } from './consent.ts'

export type StaffHand = Hand & { readonly staffId: StaffId }

/** Someone else saved the file since it was read: nothing was written. */
export type ChangedMeanwhile = 'changed_meanwhile'

export interface NewFile {
  readonly person: Circumstances
  readonly siteId: SiteId
  readonly adviserId: StaffId | null
}

/** A new open file with its first event. */
export async function registerClient(db: Db, hand: Hand, { person, siteId, adviserId }: NewFile): Promise<Client> {
  const file: Omit<Client, 'reference'> = {
    ...person,
    ...{
      id: newId<'client'>(hand.now.getTime()),
      siteId,
      adviserId,
      status: 'open',
      closedReason: null,
      closedAt: null,
    },
    ...{ restrictedTo: null, mergedInto: null, createdAt: hand.now, updatedAt: hand.now, version: 1 },
  }
  const reference = await insertClient(db, hand, file)
  await addEvent(db, hand, file, { kind: 'registered' })
  return { ...file, reference }
}

/** Saves the file as a rule of the domain left it and tells what happened. */
export async function changeFile(
  db: Db,
  hand: Hand,
  { before, after }: { before: Client; after: Client },
  event: { kind: ClientEventKind; facts?: Readonly<Record<string, unknown>> },
): Promise<Result<Client, ChangedMeanwhile>> {
  if (!(await saveClient(db, hand, { before, after }))) return refused('changed_meanwhile')
  const hasMoved =
    JSON.stringify([before.siteId, before.restrictedTo]) !== JSON.stringify([after.siteId, after.restrictedTo])
  if (hasMoved) await spreadAccess(db, after)
  await addEvent(db, hand, after, event)
  return ok({ ...after, version: before.version + 1, updatedAt: hand.now })
}

/** Saves edited circumstances, with each field before and after; nothing when nothing differs. */
export async function saveCircumstances(
  db: Db,
  hand: Hand,
  before: Client,
  person: Circumstances,
): Promise<Result<Client, ChangedMeanwhile>> {
  const after = { ...before, ...person }
  const changes = changesBetween(before, after)
  if (Object.keys(changes).length === 0) return ok(before)
  return changeFile(db, hand, { before, after }, { kind: 'changed', facts: { changes } })
}

/** Makes two files one: the absorbed one stays as it is and points at the surviving one (docs/decisions/0003). */
export async function mergeFiles(
  db: Db,
  hand: StaffHand,
  { survivor, absorbed }: { survivor: Client; absorbed: Client },
): Promise<Result<Client, ChangedMeanwhile | 'same_file' | 'already_merged' | 'nobody_left'>> {
  const joined = joinFiles(survivor, absorbed)
  if (!joined.ok) return joined
  if (!(await lockUnchanged(db, [survivor, absorbed]))) return refused('changed_meanwhile')
  const moved = {
    fields: changesBetween(survivor, joined.value),
    restrictedTo: { survivor: survivor.restrictedTo, absorbed: absorbed.restrictedTo },
  }
  await saveClient(db, hand, { before: absorbed, after: { ...absorbed, mergedInto: survivor.id } })
  const facts = { other: absorbed.reference, fields: Object.keys(moved.fields) }
  const saved = await changeFile(db, hand, { before: survivor, after: joined.value }, { kind: 'merged', facts })
  await insertMerge(db, hand, joined.value, { absorbedId: absorbed.id, moved })
  await spreadAccess(db, joined.value)
  return saved
}

/** Undoes a merge: two files again, each with its own history; what was changed since the merge stays where it is. */
export async function unmergeFiles(
  db: Db,
  hand: StaffHand,
  survivor: Client,
  merge: Merge,
): Promise<Result<Client, ChangedMeanwhile>> {
  const absorbed = await findAsItWas(db, merge.absorbedId)
  if (!absorbed) throw new Error('A merged file is not visible to someone who may see its survivor.')
  if (!(await lockUnchanged(db, [survivor, absorbed]))) return refused('changed_meanwhile')
  const access = restrictionsAfterParting(survivor, merge.moved.restrictedTo)
  const parted = { ...partFiles(survivor, merge.moved.fields), restrictedTo: access.survivor }
  const free = { ...absorbed, mergedInto: null, restrictedTo: access.absorbed }
  await markMergeUndone(db, hand, merge.id)
  await saveClient(db, hand, { before: absorbed, after: free })
  await spreadAccess(db, free)
  await addEvent(db, hand, free, { kind: 'unmerged', facts: { other: survivor.reference } })
  return changeFile(
    db,
    hand,
    { before: survivor, after: parted },
    { kind: 'unmerged', facts: { other: absorbed.reference } },
  )
}

/** Records that a client agreed. */
export async function recordConsent(db: Db, hand: Hand, file: Client, consent: NewConsent): Promise<ConsentId> {
  const id = await insertConsent(db, hand, file, consent)
  await addEvent(db, hand, file, { kind: 'consent_given', facts: { consentId: id, purpose: consent.purpose } })
  return id
}

/** Records a withdrawal; undefined when there is no such consent that could be withdrawn. Whoever acts on a consent must
 *  be told in the same transaction: routes call `onConsentWithdrawn`. */
export async function withdrawConsent(
  db: Db,
  hand: Hand & { readonly today: CalendarDay },
  file: Client,
  withdrawal: { id: ConsentId; how: WayToConsent; toldBy: ConsentTeller },
): Promise<Consent | undefined> {
  const given = (await consentsOf(db, file.id, hand.today)).find(({ id }) => id === withdrawal.id)
  if (!given || given.withdrawnAt) return undefined
  await insertWithdrawal(db, hand, file, { ...withdrawal, given })
  await addEvent(db, hand, file, { kind: 'consent_withdrawn', facts: { consentId: given.id, purpose: given.purpose } })
  return given
}

/** The client's consents as they stand on a day, the latest first. */
export async function consentsOf(db: Db, id: ClientId, day: CalendarDay): Promise<readonly Consent[]> {
  return consentsOn(await consentEventsOf(db, await idsOfFile(db, id)), day)
}
