// One service or organisation, with everything that an adviser asks for; and what the network itself says of a service.

import { sql } from 'kysely'
import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { LocationId, OrganizationId, ServiceId } from '#platform/ids.ts'
import { readKept, type KeptChildren } from './kept.ts'
import { isServiceType, type ServiceType } from './service-type.ts'
import { renewDirectoryVersion } from './version.store.ts'

export const serviceStatuses = ['active', 'inactive', 'defunct', 'temporarily_closed'] as const
export type ServiceStatus = (typeof serviceStatuses)[number]

export interface Service {
  readonly id: ServiceId
  readonly organizationId: OrganizationId
  readonly organizationName: string
  readonly name: string
  readonly alternateName: string | null
  readonly description: string | null
  readonly serviceType: ServiceType | null
  readonly status: ServiceStatus
  /** The source no longer has it, since this day. */
  readonly goneSince: CalendarDay | null
  readonly languages: readonly string[]
  readonly interpretation: string | null
  /** Where a referral goes: the service's own address, else its organisation's; null when there is none. */
  readonly email: string | null
  readonly phone: string | null
  readonly url: string | null
  readonly fees: string | null
  readonly costCents: number | null
  readonly currency: string | null
  readonly eligibility: string | null
  readonly minimumAge: number | null
  readonly maximumAge: number | null
  readonly areas: readonly string[]
  readonly documents: readonly string[]
  readonly placesFree: number | null
  readonly placesAsOf: Date | null
  readonly placesBy: 'staff' | 'partner' | 'import' | null
  readonly nextStart: CalendarDay | null
  readonly assuredOn: CalendarDay | null
  readonly sourceChangedOn: CalendarDay | null
  readonly updatedAt: Date
  readonly source: string
  readonly sourceId: string
  /** What the directory says besides, by HSDS column and table. */
  readonly row: Readonly<Record<string, string>>
  readonly children: KeptChildren
}

export interface ServicePlace {
  readonly id: LocationId
  readonly name: string | null
  readonly kind: string
  readonly address: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly transport: string | null
  readonly accessibility: readonly string[]
  readonly children: KeptChildren
  /** What is said of the service at this place alone. */
  readonly thereChildren: KeptChildren
}

export interface ServiceHours {
  /** Null: the hours of the place, for whatever is there. */
  readonly isOfPlace: boolean
  readonly weekdays: readonly number[]
  /** `HH:MM`. */
  readonly opens: string
  readonly closes: string
  readonly weekOfMonth: number | null
}

/** The service, gone ones too: referrals point to them. Null when there is none of that id. */
export async function findService(db: Db, id: ServiceId): Promise<Service | null> {
  const row = await db
    .selectFrom('services as s')
    .innerJoin('organizations as o', (join) =>
      join.onRef('o.network_id', '=', 's.network_id').onRef('o.id', '=', 's.organization_id'),
    )
    .select([
      's.id',
      's.organization_id',
      's.organization_name',
      's.name',
      's.alternate_name',
      's.description',
      's.service_type',
    ])
    .select([
      's.status',
      's.gone_since',
      's.languages',
      's.interpretation',
      's.email',
      's.phone',
      's.url',
      's.fees',
      's.cost_cents',
    ])
    .select([
      's.currency',
      's.eligibility',
      's.minimum_age',
      's.maximum_age',
      's.areas',
      's.documents',
      's.places_free',
    ])
    .select([
      's.places_as_of',
      's.places_by',
      's.next_start',
      's.assured_on',
      's.source_changed_on',
      's.updated_at',
      's.source',
    ])
    .select(['s.source_id', 's.hsds', 'o.email as organization_email', 'o.phone as organization_phone'])
    .where('s.id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const kept = readKept(row.hsds)
  return {
    id,
    organizationId: row.organization_id as OrganizationId,
    organizationName: row.organization_name,
    name: row.name,
    alternateName: row.alternate_name,
    description: row.description,
    serviceType: isServiceType(row.service_type) ? row.service_type : null,
    status: row.status as ServiceStatus,
    goneSince: row.gone_since as CalendarDay | null,
    languages: row.languages,
    interpretation: row.interpretation,
    email: row.email ?? row.organization_email,
    phone: row.phone ?? row.organization_phone,
    url: row.url,
    fees: row.fees,
    costCents: row.cost_cents,
    currency: row.currency,
    eligibility: row.eligibility,
    minimumAge: row.minimum_age,
    maximumAge: row.maximum_age,
    areas: row.areas,
    documents: row.documents,
    placesFree: row.places_free,
    placesAsOf: row.places_as_of,
    placesBy: row.places_by as Service['placesBy'],
    nextStart: row.next_start as CalendarDay | null,
    assuredOn: row.assured_on as CalendarDay | null,
    sourceChangedOn: row.source_changed_on as CalendarDay | null,
    updatedAt: row.updated_at,
    source: row.source,
    sourceId: row.source_id,
    ...kept,
  }
}

/** Where a service is given, by name. */
export async function placesOfService(db: Db, id: ServiceId): Promise<ServicePlace[]> {
  const rows = await db
    .selectFrom('service_at_locations as l')
    .innerJoin('locations as p', (join) =>
      join.onRef('p.network_id', '=', 'l.network_id').onRef('p.id', '=', 'l.location_id'),
    )
    .select([
      'p.id',
      'p.name',
      'p.kind',
      'p.address',
      'p.latitude',
      'p.longitude',
      'p.transport',
      'p.accessibility',
      'p.hsds',
    ])
    .select('l.hsds as there')
    .where('l.service_id', '=', id)
    .where('l.gone_since', 'is', null)
    .where('p.gone_since', 'is', null)
    .orderBy('p.name')
    .orderBy('l.id')
    .execute()
  return rows.map(({ id: placeId, hsds, there, ...row }) => ({
    ...row,
    id: placeId as LocationId,
    children: readKept(hsds).children,
    thereChildren: readKept(there).children,
  }))
}

/** When a service is open on a day: its own hours, and those of its places, by the first weekday. */
export async function hoursOfService(db: Db, id: ServiceId, today: CalendarDay): Promise<ServiceHours[]> {
  const { rows } = await sql<{
    is_of_place: boolean
    weekdays: number[]
    opens_at: string
    closes_at: string
    week_of_month: number | null
  }>`
    SELECT DISTINCT c.service_id IS NULL AS is_of_place, c.weekdays, c.opens_at, c.closes_at, c.week_of_month FROM schedules c
    WHERE (c.service_id = ${id}::uuid OR (c.service_id IS NULL AND c.location_id = ANY (ARRAY(
        SELECT location_id FROM service_at_locations WHERE service_id = ${id}::uuid AND gone_since IS NULL))))
      AND (c.valid_from IS NULL OR c.valid_from <= ${today}::date) AND (c.valid_to IS NULL OR c.valid_to >= ${today}::date)
    ORDER BY 1, 2, 3`.execute(db)
  return rows.map((row) => ({
    isOfPlace: row.is_of_place,
    weekdays: row.weekdays,
    opens: row.opens_at.slice(0, 5),
    closes: row.closes_at.slice(0, 5),
    weekOfMonth: row.week_of_month,
  }))
}

export interface Places {
  /** Null: not known. */
  readonly free: number | null
  /** Left out: what was said of it stands. */
  readonly nextStart?: CalendarDay | null
  readonly asOf: Date
  readonly by: 'staff' | 'partner'
}

/** Says how many places are free and when it starts next. False when the actor may not say so, or there is no such service. */
export async function setPlaces(db: Db, id: ServiceId, { free, nextStart, asOf, by }: Places): Promise<boolean> {
  const changed = await db
    .updateTable('services')
    .set({
      places_free: free,
      places_as_of: asOf,
      places_by: by,
      ...(nextStart === undefined ? {} : { next_start: nextStart }),
    })
    .where('id', '=', id)
    .executeTakeFirst()
  await renewDirectoryVersion(db)
  return changed.numUpdatedRows > 0n
}

export async function setServiceType(db: Db, id: ServiceId, type: ServiceType | null): Promise<void> {
  await db.updateTable('services').set({ service_type: type }).where('id', '=', id).execute()
  await renewDirectoryVersion(db)
}

/** Somebody has checked on this day that the entry is right. */
export async function markChecked(db: Db, id: ServiceId, on: CalendarDay): Promise<void> {
  await db.updateTable('services').set({ assured_on: on }).where('id', '=', id).execute()
  await renewDirectoryVersion(db)
}
