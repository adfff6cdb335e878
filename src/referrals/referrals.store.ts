// The referral as it is kept: its file, its events, and the columns that follow from them, always written together.

import { sql, type Selectable } from 'kysely'
import type { Database, Db } from '#platform/db/index.ts'
import {
  newReference,
  type ClientId,
  type NetworkId,
  type OrganizationId,
  type RecommendationId,
  type ReferralId,
  type ServiceId,
  type SiteId,
  type StaffId,
} from '#platform/ids.ts'
import { nextDueAt, type WorkingClock } from './clock.ts'
import { actorKinds, channels, type ReferralEvent, type ReferralEventId } from './event.ts'
import { happeningFromRow, payloadOf } from './event-json.ts'
import { partnersTurn, type Turn } from './inbox/turn.ts'
import { replay, type Referral, type ReferralState } from './referral.ts'
import { marksOf, type Marked } from './referral-marks.store.ts'

/** What a referral is about. Where the client's file lies and who may see it is repeated here. */
export interface ReferralFile extends Marked {
  /** `R-7K3F-6Q`, to say aloud. */
  readonly reference: string
  readonly organizationName: string
  readonly serviceId: ServiceId
  readonly serviceName: string
  readonly serviceType: string | null
  /** Responsible for it. */
  readonly adviserId: StaffId
}

export interface KeptReferral {
  readonly file: ReferralFile
  readonly referral: Referral
}

/** What it was chosen from, kept for learning. */
export interface Choice {
  readonly recommendationId: RecommendationId | null
  /** Why another than the first; null for the first, or without a recommendation. */
  readonly reason: string | null
  /** The referral that this one takes up again. */
  readonly follows: ReferralId | null
  /** What stood in the way and was sent past: marks of `before-sending/finding.ts`. */
  readonly warningsSeen?: readonly string[]
}

/** The columns of a file, for lists of referrals. */
export const fileColumns = [
  ...(['network_id', 'id', 'reference', 'client_id', 'site_id', 'restricted_to', 'organization_id'] as const),
  ...(['organization_name', 'service_id', 'service_name', 'service_type', 'adviser_id'] as const),
] as const

/** Keeps a new referral with its first event. The reference is chosen by chance, again in the rare case that it is taken. */
export async function insertReferral(
  db: Db,
  { file, referral, choice }: { file: Omit<ReferralFile, 'reference'>; referral: Referral; choice: Choice },
  clock: WorkingClock,
): Promise<ReferralFile> {
  for (;;) {
    const kept = { ...file, reference: newReference('R') }
    const row = await db
      .insertInto('referrals')
      .values({
        network_id: kept.networkId,
        id: kept.id,
        reference: kept.reference,
        client_id: kept.clientId,
        site_id: kept.siteId,
        restricted_to: kept.restrictedTo && [...kept.restrictedTo],
        organization_id: kept.organizationId,
        organization_name: kept.organizationName,
        service_id: kept.serviceId,
        service_name: kept.serviceName,
        service_type: kept.serviceType,
        adviser_id: kept.adviserId,
        recommendation_id: choice.recommendationId,
        choice_reason: choice.reason,
        follows_id: choice.follows,
        warnings_seen: [...(choice.warningsSeen ?? [])],
        created_at: referral.ledHere.at,
        ...columnsOf(referral, clock),
      })
      .onConflict((conflict) => conflict.columns(['network_id', 'reference']).doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) continue
    if (!(await insertEvents(db, kept, referral.events))) throw new Error('A new referral begins with an old event.')
    return kept
  }
}

/** The referral, or undefined when there is none that this actor may see. */
export async function findReferral(db: Db, id: ReferralId): Promise<KeptReferral | undefined> {
  const row = await db.selectFrom('referrals').select(fileColumns).where('id', '=', id).executeTakeFirst()
  return row && (await withEvents(db, [fileOf(row)]))[0]
}

/** These referrals, in the order of the ids; those that this actor may not see are left out. */
export async function findReferrals(db: Db, ids: readonly ReferralId[]): Promise<readonly KeptReferral[]> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('referrals').select(fileColumns).where('id', 'in', ids).execute()
  const byId = new Map(rows.map((row) => [row.id, fileOf(row)]))
  return withEvents(
    db,
    ids.flatMap((id) => byId.get(id) ?? []),
  )
}

/** The referral of this id if it was sent before. Whoever asks second at the same moment waits for the first: a form sent
 *  twice makes one referral, one consent and one mail. */
export async function claimReferralId(db: Db, id: ReferralId): Promise<KeptReferral | undefined> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${id}, 0))`.execute(db)
  return findReferral(db, id)
}

/** The same, held against everyone else until the transaction ends: whoever acts second acts on what the first did. */
export async function holdReferral(db: Db, id: ReferralId): Promise<KeptReferral | undefined> {
  const row = await db.selectFrom('referrals').select(fileColumns).where('id', '=', id).forUpdate().executeTakeFirst()
  return row && (await withEvents(db, [fileOf(row)]))[0]
}

/** Adds the events that `after` has and `before` had not, and brings the columns up to date. False, and nothing is saved, when
 *  the id of an event is another referral's. */
export async function saveReferral(
  db: Db,
  file: ReferralFile,
  { before, after }: { before: Referral; after: Referral },
  clock: WorkingClock,
): Promise<boolean> {
  if (!(await insertEvents(db, file, after.events, before.events.length))) return false
  const sentAt = sentAtOf(before) === null ? sentAtOf(after) : null
  if (sentAt !== null) await showToPartner(db, file.id, sentAt)
  const saved = await db
    .updateTable('referrals')
    .set(columnsOf(after, clock))
    .where('id', '=', file.id)
    .where('version', '=', before.events.length)
    .executeTakeFirst()
  if (saved.numUpdatedRows !== 1n) throw new Error('The referral changed although it was held.')
  return true
}

/** Gives the referral to another adviser. The event that says so is saved by the caller. */
export async function saveAdviser(db: Db, id: ReferralId, adviserId: StaffId): Promise<void> {
  await db.updateTable('referrals').set({ adviser_id: adviserId }).where('id', '=', id).execute()
}

/** All referrals of the person (the ids of a file and of those merged into it), the latest first. */
export async function referralsOfClient(db: Db, ids: readonly ClientId[]): Promise<readonly KeptReferral[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('referrals')
    .select(fileColumns)
    .where('client_id', 'in', ids)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return withEvents(db, rows.map(fileOf))
}

/** Writes due times that follow from a clock set anew. One that changed since it was read got the new clock with its event. */
export async function saveDueTimes(
  db: Db,
  due: readonly { readonly id: ReferralId; readonly version: number; readonly at: Date; readonly turn: Turn | null }[],
): Promise<void> {
  if (due.length === 0) return
  const rows = due.map(
    ({ id, version, at, turn }) =>
      sql`(${id}::uuid, ${version}::integer, ${at}::timestamptz, ${turn?.from ?? null}::date, ${turn?.by ?? null}::date)`,
  )
  await sql`
    UPDATE referrals SET next_due_at = anew.at, partner_turn_on = anew.turn_on, partner_due_on = anew.due_on
    FROM (VALUES ${sql.join(rows)}) AS anew (id, version, at, turn_on, due_on)
    WHERE referrals.id = anew.id AND referrals.version = anew.version
      AND (referrals.next_due_at, referrals.partner_turn_on, referrals.partner_due_on)
        IS DISTINCT FROM (anew.at, anew.turn_on, anew.due_on)`.execute(db)
}

/** The columns as they stand, to be compared with what the events replay to. */
export async function keptColumns(
  db: Db,
  id: ReferralId,
): Promise<{ state: string; nextDueAt: Date | null; firstAttendedOn: string | null; version: number } | undefined> {
  const row = await db
    .selectFrom('referrals')
    .select(['state', 'next_due_at', 'first_attended_on', 'version'])
    .where('id', '=', id)
    .executeTakeFirst()
  return (
    row && {
      state: row.state,
      nextDueAt: row.next_due_at,
      firstAttendedOn: row.first_attended_on,
      version: row.version,
    }
  )
}

function columnsOf(referral: Referral, clock: WorkingClock) {
  const turn = partnersTurn(referral, clock)
  return {
    state: referral.state satisfies ReferralState,
    next_due_at: nextDueAt(referral, clock),
    first_attended_on: referral.firstAttendedOn,
    version: referral.events.length,
    partner_turn_on: turn?.from ?? null,
    partner_due_on: turn?.by ?? null,
  }
}

function sentAtOf({ events }: Pick<Referral, 'events'>): Date | null {
  return events.find(({ kind }) => kind === 'sent')?.at ?? null
}

/** Until it is sent, a signed-in partner sees neither the referral nor what hangs on it. */
async function showToPartner(db: Db, id: ReferralId, sentAt: Date): Promise<void> {
  await db.updateTable('referrals').set({ sent_at: sentAt }).where('id', '=', id).execute()
  for (const table of ['referral_events', 'referral_shares', 'referral_messages'] as const)
    await db
      .updateTable(table)
      .set({ sent_at: sentAt })
      .where('referral_id', '=', id)
      .where('sent_at', 'is', null)
      .execute()
}

// False, and nothing is written, when an event's id is another referral's: whoever acts may not see which.
async function insertEvents(db: Db, file: ReferralFile, events: readonly ReferralEvent[], known = 0): Promise<boolean> {
  const sentAt = sentAtOf({ events })
  const rows = events.slice(known).map((event, index) => ({
    ...marksOf(file),
    id: event.id,
    seq: known + index + 1,
    kind: event.kind,
    at: event.at,
    actor_kind: event.actor.kind,
    actor_id: event.actor.id,
    actor_name: event.actor.name,
    channel: event.channel,
    payload: payloadOf(event),
    sent_at: sentAt,
  }))
  if (rows.length === 0) return true
  const added = await db
    .insertInto('referral_events')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['network_id', 'id']).doNothing())
    .executeTakeFirst()
  return Number(added.numInsertedOrUpdatedRows ?? 0) === rows.length
}

/** The referrals of these rows, in their order, each with what happened to it. */
export async function referralsOfRows(db: Db, rows: readonly FileRow[]): Promise<readonly KeptReferral[]> {
  return withEvents(db, rows.map(fileOf))
}

async function withEvents(db: Db, files: readonly ReferralFile[]): Promise<readonly KeptReferral[]> {
  if (files.length === 0) return []
  const rows = await db
    .selectFrom('referral_events')
    .select(['referral_id', 'id', 'kind', 'at', 'actor_kind', 'actor_id', 'actor_name', 'channel', 'payload'])
    .where(
      'referral_id',
      'in',
      files.map((file) => file.id),
    )
    .orderBy('referral_id')
    .orderBy('seq')
    .execute()
  const byReferral = Map.groupBy(rows, (row) => row.referral_id)
  return files.map((file) => ({ file, referral: replay((byReferral.get(file.id) ?? []).map(eventOf)) }))
}

type EventRow = Pick<
  Selectable<Database['referral_events']>,
  'id' | 'kind' | 'at' | 'actor_kind' | 'actor_id' | 'actor_name' | 'channel' | 'payload'
>

function eventOf(row: EventRow): ReferralEvent {
  return {
    ...happeningFromRow(row.kind, row.payload),
    id: row.id as ReferralEventId,
    at: row.at,
    actor: { kind: known(actorKinds, row.actor_kind), id: row.actor_id, name: row.actor_name },
    channel: known(channels, row.channel),
  }
}

type FileRow = Pick<Selectable<Database['referrals']>, (typeof fileColumns)[number]>

// A row as it was written by this very file: its ids are of the kinds that their columns name.
function fileOf(row: FileRow): ReferralFile {
  return {
    networkId: row.network_id as NetworkId,
    id: row.id as ReferralId,
    reference: row.reference,
    clientId: row.client_id as ClientId,
    siteId: row.site_id as SiteId,
    restrictedTo: row.restricted_to && row.restricted_to.map((id) => id as StaffId),
    organizationId: row.organization_id as OrganizationId,
    organizationName: row.organization_name,
    serviceId: row.service_id as ServiceId,
    serviceName: row.service_name,
    serviceType: row.service_type,
    adviserId: row.adviser_id as StaffId,
  }
}

function known<Code extends string>(codes: readonly Code[], code: string): Code {
  const found = codes.find((one) => one === code)
  if (found === undefined) throw new Error('The database holds a code that this version does not know.')
  return found
}
