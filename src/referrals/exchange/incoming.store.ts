// Requests by which partners send us people: kept once however often they are sent, decided by a person.

import { z } from 'zod'
import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import {
  newId,
  newReference,
  type ClientId,
  type NetworkId,
  type OrganizationId,
  type SiteId,
  type StaffId,
} from '#platform/ids.ts'
import type { Place } from './exchange.store.ts'
import {
  incomingStatuses,
  type IncomingFields,
  type IncomingFile,
  type IncomingReferral,
  type IncomingReferralId,
  type IncomingStatus,
  type NewIncomingReferral,
} from './incoming-referral.ts'

const columns = [
  ...(['id', 'reference', 'organization_id', 'organization_name', 'sender_system', 'sender_value'] as const),
  ...(['consent_on', 'status', 'reason', 'version', 'received_at', 'updated_at'] as const),
] as const
const staffColumns = [...columns, 'fields', 'client_id', 'decided_by'] as const

interface Sender {
  readonly networkId: NetworkId
  readonly organizationId: OrganizationId
  readonly organizationName: string
}

/** Keeps a request, unless the sender sent one of this name before: then that one is given. */
export async function keepIncoming(
  db: Db,
  { networkId, organizationId, organizationName }: Sender,
  { sender, fields, consentOn }: NewIncomingReferral,
  now: Date,
): Promise<{ readonly request: IncomingReferral; readonly isNew: boolean }> {
  // Whoever sends the same at the same moment waits for the first.
  const name = `${networkId} ${organizationId} ${sender.system} ${sender.value}`
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db)
  const known = await db
    .selectFrom('incoming_referrals')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('sender_system', '=', sender.system)
    .where('sender_value', '=', sender.value)
    .executeTakeFirst()
  if (known) return { request: requestOf(known), isNew: false }
  for (;;) {
    const row = await db
      .insertInto('incoming_referrals')
      .values({
        network_id: networkId,
        id: newId<'incoming_referral'>(now.getTime()),
        reference: newReference('S'),
        organization_id: organizationId,
        organization_name: organizationName,
        sender_system: sender.system,
        sender_value: sender.value,
        fields: JSON.stringify(fields),
        consent_on: consentOn,
        status: 'received',
        version: 1,
        received_at: now,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.columns(['network_id', 'reference']).doNothing())
      .returning(columns)
      .executeTakeFirst()
    if (row) return { request: requestOf(row), isNew: true }
  }
}

/** As its sender sees it; undefined for everybody else's. */
export async function findIncoming(db: Db, id: string): Promise<IncomingReferral | undefined> {
  const row = await db.selectFrom('incoming_referrals').select(columns).where('id', '=', id).executeTakeFirst()
  return row && requestOf(row)
}

/** As staff see it, held until the transaction ends. */
export async function holdIncoming(db: Db, id: IncomingReferralId): Promise<IncomingFile | undefined> {
  const row = await db
    .selectFrom('incoming_referrals')
    .select(staffColumns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row && fileOf(row)
}

export interface IncomingQuestion {
  readonly statuses?: readonly IncomingStatus[]
  readonly since?: Date
  readonly until?: Date
  readonly after?: Place
  readonly most: number
}

/** The sender's requests by their last change, the longest unchanged first. */
export async function changedIncoming(
  db: Db,
  { statuses, since, until, after, most }: IncomingQuestion,
): Promise<readonly IncomingReferral[]> {
  let query = db.selectFrom('incoming_referrals').select(columns)
  if (statuses) query = query.where('status', 'in', statuses.length > 0 ? [...statuses] : ['none'])
  if (since) query = query.where('updated_at', '>=', since)
  if (until) query = query.where('updated_at', '<=', until)
  if (after)
    query = query.where((is) =>
      is.or([is('updated_at', '>', after.at), is.and([is('updated_at', '=', after.at), is('id', '>', after.id)])]),
    )
  return (await query.orderBy('updated_at').orderBy('id').limit(most).execute()).map(requestOf)
}

/** What waits, the longest waiting first; then what was decided, the latest first. */
export async function incomingForStaff(db: Db, isWaiting: boolean, most = 100): Promise<readonly IncomingFile[]> {
  let query = db.selectFrom('incoming_referrals').select(staffColumns)
  query = isWaiting
    ? query.where('status', '=', 'received').orderBy('received_at')
    : query.where('status', '<>', 'received').orderBy('updated_at', 'desc')
  return (await query.orderBy('id').limit(most).execute()).map(fileOf)
}

export type Decision =
  | { readonly status: 'declined' | 'duplicate'; readonly reason: string | null }
  | {
      readonly status: 'taken_up'
      readonly client: { id: ClientId; siteId: SiteId; restrictedTo: readonly StaffId[] | null }
    }

/** Notes what a person of ours decided. Nothing happens to a request that was decided before; gives whether it did. */
export async function decideIncoming(
  db: Db,
  id: IncomingReferralId,
  decision: Decision,
  { by, now }: { by: StaffId; now: Date },
): Promise<boolean> {
  const client = decision.status === 'taken_up' ? decision.client : null
  const done = await db
    .updateTable('incoming_referrals')
    .set((is) => ({
      status: decision.status,
      reason: decision.status === 'taken_up' ? null : decision.reason,
      client_id: client?.id ?? null,
      site_id: client?.siteId ?? null,
      restricted_to: client?.restrictedTo ? [...client.restrictedTo] : null,
      version: is('version', '+', 1),
      updated_at: now,
      decided_at: now,
      decided_by: by,
    }))
    .where('id', '=', id)
    .where('status', '=', 'received')
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** The sender takes the request back: what it said of the person is gone at once. Gives whether it was still waiting. */
export async function takeBackIncoming(db: Db, id: string, now: Date): Promise<boolean> {
  const done = await db
    .updateTable('incoming_referrals')
    .set((is) => ({
      status: 'taken_back',
      fields: null,
      version: is('version', '+', 1),
      updated_at: now,
      decided_at: now,
    }))
    .where('id', '=', id)
    .where('status', '=', 'received')
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** The person was assessed: what they were sent for is done. Gives the requests that this completes. */
export async function completeIncoming(
  db: Db,
  ids: readonly ClientId[],
  now: Date,
): Promise<readonly IncomingReferral[]> {
  if (ids.length === 0) return []
  const rows = await db
    .updateTable('incoming_referrals')
    .set((is) => ({ status: 'completed', version: is('version', '+', 1), updated_at: now }))
    .where('client_id', 'in', ids)
    .where('status', '=', 'taken_up')
    .returning(columns)
    .execute()
  return rows.map(requestOf)
}

/** What was said of the person is no longer needed once the request was decided long enough ago. Gives how many were emptied. */
export async function emptyDecided(db: Db, decidedBefore: Date): Promise<number> {
  const done = await db
    .updateTable('incoming_referrals')
    .set({ fields: null })
    .where('decided_at', '<', decidedBefore)
    .where('fields', 'is not', null)
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}

const day = z.string().transform((said) => parseDay(said))
const fieldsShape = z.object({
  name: z.string(),
  familyName: z.string().nullable(),
  birthDate: day.nullable(),
  phones: z.array(z.string()),
  email: z.string().nullable(),
  address: z.string().nullable(),
  language: z.string().nullable(),
  reason: z.string().nullable(),
  needs: z.array(z.string()),
  words: z.array(z.string()),
  contact: z.string().nullable(),
}) satisfies z.ZodType<IncomingFields>

interface Row {
  readonly id: string
  readonly reference: string
  readonly organization_id: string
  readonly organization_name: string
  readonly sender_system: string
  readonly sender_value: string
  readonly consent_on: string
  readonly status: string
  readonly reason: string | null
  readonly version: number
  readonly received_at: Date
  readonly updated_at: Date
}

// A row as it was written by this very file: its ids and days are of the kinds that their columns name.
function requestOf(row: Row): IncomingReferral {
  const status = incomingStatuses.find((one) => one === row.status)
  if (status === undefined) throw new Error('The database holds a status that this version does not know.')
  return {
    id: row.id as IncomingReferralId,
    reference: row.reference,
    organizationId: row.organization_id as OrganizationId,
    organizationName: row.organization_name,
    sender: { system: row.sender_system, value: row.sender_value },
    consentOn: row.consent_on as CalendarDay,
    status,
    reason: row.reason,
    version: row.version,
    receivedAt: row.received_at,
    updatedAt: row.updated_at,
  }
}

function fileOf(row: Row & { fields: unknown; client_id: string | null; decided_by: string | null }): IncomingFile {
  return {
    ...requestOf(row),
    fields: row.fields === null ? null : fieldsShape.parse(row.fields),
    clientId: row.client_id as ClientId | null,
    decidedBy: row.decided_by as StaffId | null,
  }
}
