// What happened to a file, what was noted, told and agreed to: rows that are only ever added.

import type { Db } from '#platform/db/index.ts'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import { newId, type ClientId, type Id, type OrganizationId, type ReferralId, type StaffId } from '#platform/ids.ts'
import type { Client } from './client.ts'
import type { Hand } from './clients.store.ts'
import type { ConsentEvent, ConsentId, ConsentPurpose, ConsentTeller, WayToConsent } from './consent.ts'
import { consentPurposes, consentTellers, waysToConsent } from './consent.ts'
import type { Note, NoteId } from './note.ts'
import { disclosureKinds, type Disclosure, type DisclosureKind } from './disclosure.ts'

/** What a row that hangs on a file repeats of it. */
export type FileMarks = Pick<Client, 'id' | 'siteId' | 'restrictedTo'>

export type ClientEventKind =
  | 'registered'
  | 'changed'
  | 'reassigned'
  | 'closed'
  | 'reopened'
  | 'merged'
  | 'unmerged'
  | 'restricted'
  | 'note_added'
  | 'note_corrected'
  | 'consent_given'
  | 'consent_withdrawn'
  | 'disclosed'

export interface ClientEvent {
  readonly id: Id<'client_event'>
  readonly clientId: ClientId
  readonly kind: ClientEventKind
  readonly facts: Readonly<Record<string, unknown>>
  readonly actorId: StaffId | null
  readonly happenedAt: Date
}

export async function addEvent(
  db: Db,
  hand: Hand,
  file: FileMarks,
  { kind, facts = {} }: { kind: ClientEventKind; facts?: Readonly<Record<string, unknown>> },
): Promise<void> {
  const row = {
    ...marksOf(hand, file),
    id: newId<'client_event'>(hand.now.getTime()),
    kind,
    facts: JSON.stringify(facts),
  }
  await db
    .insertInto('client_events')
    .values({ ...row, actor_id: hand.staffId, happened_at: hand.now })
    .execute()
}

/** The latest first. */
export async function eventsOf(db: Db, ids: readonly ClientId[], most = 200): Promise<readonly ClientEvent[]> {
  const rows = await db
    .selectFrom('client_events')
    .select(['id', 'client_id', 'kind', 'facts', 'actor_id', 'happened_at'])
    .where('client_id', 'in', ids)
    .orderBy('happened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  return rows.map((row) => ({
    id: row.id as Id<'client_event'>,
    clientId: row.client_id as ClientId,
    kind: row.kind as ClientEventKind,
    facts: row.facts as Readonly<Record<string, unknown>>,
    actorId: row.actor_id as StaffId | null,
    happenedAt: row.happened_at,
  }))
}

export async function insertNote(
  db: Db,
  hand: Hand & { staffId: StaffId },
  file: FileMarks,
  note: { about: CalendarDay; words: string; corrects: NoteId | null },
): Promise<NoteId> {
  const id: NoteId = newId(hand.now.getTime())
  await db
    .insertInto('client_notes')
    .values({ ...marksOf(hand, file), ...note, id, author_id: hand.staffId, written_at: hand.now })
    .execute()
  return id
}

/** All notes with their corrections, the latest about first. */
export async function notesOf(db: Db, ids: readonly ClientId[]): Promise<readonly Note[]> {
  const rows = await db
    .selectFrom('client_notes')
    .select(['id', 'about', 'words', 'author_id', 'written_at', 'corrects'])
    .where('client_id', 'in', ids)
    .orderBy('about', 'desc')
    .orderBy('written_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id as NoteId,
    about: parseDay(row.about)!,
    words: row.words,
    authorId: row.author_id as StaffId,
    writtenAt: row.written_at,
    corrects: row.corrects as NoteId | null,
  }))
}

export async function insertDisclosure(
  db: Db,
  hand: Hand,
  file: FileMarks,
  /** A null value takes back what was told. Nobody's hand is the client's own. */
  { kind, value }: { kind: DisclosureKind; value: string | null },
): Promise<void> {
  const row = { ...marksOf(hand, file), id: newId<'disclosure'>(hand.now.getTime()), kind, value }
  await db
    .insertInto('client_disclosures')
    .values({ ...row, told_at: hand.now, recorded_by: hand.staffId })
    .execute()
}

/** What is told as of now, one of each kind; taken back or never told is left out. */
export async function disclosuresOf(db: Db, ids: readonly ClientId[]): Promise<readonly Disclosure[]> {
  const rows = await db
    .selectFrom('client_disclosures')
    .select(['kind', 'value', 'told_at'])
    .where('client_id', 'in', ids)
    .orderBy('told_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return disclosureKinds.flatMap((kind: DisclosureKind) => {
    const latest = rows.find((row) => row.kind === kind)
    return latest?.value ? [{ kind, value: latest.value, toldAt: latest.told_at }] : []
  })
}

type DrawnUp = 'id' | 'clientId' | 'event' | 'withdraws' | 'recordedBy' | 'happenedAt'

/** Without a referral it is bound to none. */
export type NewConsent = Omit<ConsentEvent, DrawnUp | 'referralId'> & { readonly referralId?: ReferralId | null }

export async function insertConsent(db: Db, hand: Hand, file: FileMarks, consent: NewConsent): Promise<ConsentId> {
  return addConsent(db, hand, file, { ...consent, event: 'given', withdraws: null })
}

export async function insertWithdrawal(
  db: Db,
  hand: Hand,
  file: FileMarks,
  withdrawal: { given: ConsentEvent; how: WayToConsent; toldBy: ConsentTeller },
): Promise<ConsentId> {
  const { given, how, toldBy } = withdrawal
  return addConsent(db, hand, file, { ...given, event: 'withdrawn', withdraws: given.id, how, toldBy })
}

async function addConsent(
  db: Db,
  hand: Hand,
  file: FileMarks,
  consent: NewConsent & Pick<ConsentEvent, 'event' | 'withdraws'>,
): Promise<ConsentId> {
  const id: ConsentId = newId(hand.now.getTime())
  await db
    .insertInto('client_consents')
    .values({
      ...marksOf(hand, file),
      id,
      event: consent.event,
      withdraws: consent.withdraws,
      purpose: consent.purpose,
      what: [...consent.what],
      organization_id: consent.organizationId,
      referral_id: consent.referralId ?? null,
      recipient: consent.recipient,
      until: consent.until,
      how: consent.how,
      told_by: consent.toldBy,
      recorded_by: hand.staffId,
      happened_at: hand.now,
    })
    .execute()
  return id
}

export async function consentEventsOf(db: Db, ids: readonly ClientId[]): Promise<readonly ConsentEvent[]> {
  const rows = await db
    .selectFrom('client_consents')
    .select(['id', 'client_id', 'event', 'withdraws', 'purpose', 'what', 'organization_id', 'referral_id', 'recipient'])
    .select(['until', 'how', 'told_by', 'recorded_by', 'happened_at'])
    .where('client_id', 'in', ids)
    .orderBy('happened_at')
    .execute()
  return rows.map((row) => ({
    id: row.id as ConsentId,
    clientId: row.client_id as ClientId,
    event: row.event === 'withdrawn' ? 'withdrawn' : 'given',
    withdraws: row.withdraws as ConsentId | null,
    purpose: known(consentPurposes, row.purpose) satisfies ConsentPurpose,
    what: row.what,
    organizationId: row.organization_id as OrganizationId | null,
    referralId: row.referral_id as ReferralId | null,
    recipient: row.recipient,
    until: parseDay(row.until),
    how: known(waysToConsent, row.how),
    toldBy: known(consentTellers, row.told_by),
    recordedBy: row.recorded_by as StaffId | null,
    happenedAt: row.happened_at,
  }))
}

/** A code that the database's own check allows; another one would be a bug. */
function known<Code extends string>(codes: readonly Code[], text: string): Code {
  const code = codes.find((one) => one === text)
  if (!code) throw new Error('A stored code is not known to this version.')
  return code
}

function marksOf(hand: Hand, file: FileMarks) {
  const restricted_to = file.restrictedTo && [...file.restrictedTo]
  return { network_id: hand.networkId, client_id: file.id, site_id: file.siteId, restricted_to }
}
