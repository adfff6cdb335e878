// Informal referrals as they are kept, on the client's file and with its marks.

import { sql } from 'kysely'
import type { Client } from '#clients/index.ts'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { ClientId, NetworkId, OrganizationId, ReferralId, ServiceId, StaffId } from '#platform/ids.ts'
import {
  informalOutcomes,
  type InformalId,
  type InformalOutcome,
  type InformalReferral,
  type ToldThing,
} from './informal.ts'

export interface NewInformal extends ToldThing {
  readonly id: InformalId
  readonly words: string | null
  readonly followUpOn: CalendarDay | null
}

const columns = [
  ...(['id', 'client_id', 'organization_id', 'service_id', 'service_type', 'name', 'words', 'told_by'] as const),
  ...(['told_at', 'follow_up_on', 'outcome', 'outcome_at', 'referral_id'] as const),
] as const

/** Keeps it on the client's file. The same form sent twice (the same id) keeps one. */
export async function insertInformal(
  db: Db,
  by: { networkId: NetworkId; staffId: StaffId; now: Date; today: CalendarDay },
  client: Pick<Client, 'id' | 'siteId' | 'restrictedTo'>,
  told: NewInformal,
): Promise<void> {
  await db
    .insertInto('informal_referrals')
    .values({
      network_id: by.networkId,
      id: told.id,
      client_id: client.id,
      site_id: client.siteId,
      restricted_to: client.restrictedTo && [...client.restrictedTo],
      organization_id: told.organizationId,
      service_id: told.serviceId,
      service_type: told.serviceType,
      name: told.name,
      words: told.words,
      told_by: by.staffId,
      told_at: by.now,
      told_on: by.today,
      follow_up_on: told.followUpOn,
    })
    .onConflict((conflict) => conflict.columns(['network_id', 'id']).doNothing())
    .execute()
}

/** All of a person (the ids of a file and of those merged into it) that were not taken back, the latest first. */
export async function informalOfClient(db: Db, ids: readonly ClientId[]): Promise<readonly InformalReferral[]> {
  if (ids.length === 0) return []
  const rows = await standing(db)
    .where('client_id', 'in', ids)
    .orderBy('told_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(informalOf)
}

/** One that was not taken back, of a client that this person may see. */
export async function findInformal(db: Db, id: InformalId): Promise<InformalReferral | undefined> {
  const row = await standing(db).where('id', '=', id).executeTakeFirst()
  return row && informalOf(row)
}

/** The latest about a service or a partner that this person noted. */
export async function informalAt(
  db: Db,
  staffId: StaffId,
  of: { readonly serviceId: ServiceId } | { readonly organizationId: OrganizationId },
  most = 5,
): Promise<readonly InformalReferral[]> {
  let query = standing(db).where('told_by', '=', staffId)
  if ('serviceId' in of) query = query.where('service_id', '=', of.serviceId)
  else query = query.where('organization_id', '=', of.organizationId)
  const rows = await query.orderBy('told_at', 'desc').orderBy('id', 'desc').limit(most).execute()
  return rows.map(informalOf)
}

/** What this person told others about lately, each name once, the latest first. */
export async function namesToldBy(db: Db, staffId: StaffId, most = 12): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('informal_referrals')
    .select(['name', (by) => by.fn.max('told_at').as('latest')])
    .where('told_by', '=', staffId)
    .where('undone_at', 'is', null)
    .where('service_id', 'is', null)
    .groupBy('name')
    .orderBy('latest', 'desc')
    .limit(most)
    .execute()
  return rows.map(({ name }) => name)
}

/** What waits to be asked by this day: told by this person, or about these clients, the longest due first. */
export async function informalDue(
  db: Db,
  of: { readonly staffId: StaffId; readonly clientIds: readonly ClientId[] },
  today: CalendarDay,
  most = 100,
): Promise<readonly InformalReferral[]> {
  const rows = await standing(db)
    .where('follow_up_on', '<=', today)
    .where('outcome', 'is', null)
    .where('referral_id', 'is', null)
    .where((is) =>
      of.clientIds.length === 0
        ? is('told_by', '=', of.staffId)
        : is.or([is('told_by', '=', of.staffId), is('client_id', 'in', of.clientIds)]),
    )
    .orderBy('follow_up_on')
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map(informalOf)
}

/** Notes what came of it; nothing when something is known already or it was taken back. */
export async function saveInformalOutcome(
  db: Db,
  id: InformalId,
  { outcome, by, now }: { outcome: InformalOutcome; by: StaffId; now: Date },
): Promise<boolean> {
  const saved = await db
    .updateTable('informal_referrals')
    .set({ outcome, outcome_by: by, outcome_at: now })
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .where('undone_at', 'is', null)
    .executeTakeFirst()
  return saved.numUpdatedRows === 1n
}

/** Takes it back: it is shown and counted nowhere from now on. */
export async function undoInformal(db: Db, id: InformalId, now: Date): Promise<void> {
  await db
    .updateTable('informal_referrals')
    .set({ undone_at: now })
    .where('id', '=', id)
    .where('undone_at', 'is', null)
    .execute()
}

/** A formal referral to the same service, or to the partner where no service was named, came after these: they have become
 *  it, and nobody asks about them any more. */
export async function becomeFormal(
  db: Db,
  {
    id,
    clientId,
    organizationId,
    serviceId,
  }: {
    id: ReferralId
    clientId: ClientId
    organizationId: OrganizationId
    serviceId: ServiceId
  },
): Promise<void> {
  await db
    .updateTable('informal_referrals')
    .set({ referral_id: id })
    .where('client_id', '=', clientId)
    .where('referral_id', 'is', null)
    .where('undone_at', 'is', null)
    .where((is) =>
      is.or([
        is('service_id', '=', serviceId),
        is.and([is('service_id', 'is', null), is('organization_id', '=', organizationId)]),
      ]),
    )
    .execute()
}

/** What was told about in a stretch of months, for the figures: no words and no names of people. Runs as the job. */
export interface CountedInformal {
  readonly clientId: ClientId
  readonly siteId: string
  readonly organizationId: OrganizationId | null
  readonly serviceType: string | null
  readonly toldOn: CalendarDay
  readonly result: InformalOutcome | 'became_formal' | 'open'
}

export async function informalToldFrom(db: Db, first: CalendarDay): Promise<readonly CountedInformal[]> {
  const rows = await db
    .selectFrom('informal_referrals')
    .select(['client_id', 'site_id', 'organization_id', 'service_type', 'told_on'])
    .select(
      sql<
        CountedInformal['result']
      >`CASE WHEN referral_id IS NOT NULL THEN 'became_formal' ELSE coalesce(outcome, 'open') END`.as('result'),
    )
    .where('told_on', '>=', first)
    .where('undone_at', 'is', null)
    .execute()
  return rows.map((row) => ({
    clientId: row.client_id as ClientId,
    siteId: row.site_id,
    organizationId: row.organization_id as OrganizationId | null,
    serviceType: row.service_type,
    toldOn: dayOf(row.told_on),
    result: row.result,
  }))
}

function standing(db: Db) {
  return db.selectFrom('informal_referrals').select(columns).where('undone_at', 'is', null)
}

type Row = Awaited<ReturnType<ReturnType<typeof standing>['execute']>>[number]

function informalOf(row: Row): InformalReferral {
  return {
    id: row.id as InformalId,
    clientId: row.client_id as ClientId,
    organizationId: row.organization_id as OrganizationId | null,
    serviceId: row.service_id as ServiceId | null,
    serviceType: row.service_type,
    name: row.name,
    words: row.words,
    toldBy: row.told_by as StaffId,
    toldAt: row.told_at,
    followUpOn: row.follow_up_on === null ? null : dayOf(row.follow_up_on),
    outcome: informalOutcomes.find((known) => known === row.outcome) ?? null,
    outcomeAt: row.outcome_at,
    referralId: row.referral_id as ReferralId | null,
  }
}

function dayOf(text: string): CalendarDay {
  const day = parseDay(text)
  if (day === null) throw new Error('The database holds a day that is none.')
  return day
}
