// One organisation, and what it offers.

import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { OrganizationId, ServiceId } from '#platform/ids.ts'
import { readKept, type KeptChildren } from './kept.ts'
import { isServiceType, type ServiceType } from './service-type.ts'
import type { ServiceStatus } from './services.store.ts'

export interface Organization {
  readonly id: OrganizationId
  readonly name: string
  readonly alternateName: string | null
  readonly description: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly website: string | null
  readonly goneSince: CalendarDay | null
  readonly source: string
  readonly children: KeptChildren
}

export async function findOrganization(db: Db, id: OrganizationId): Promise<Organization | null> {
  const row = await db
    .selectFrom('organizations')
    .select(['name', 'alternate_name', 'description', 'email', 'phone', 'website', 'gone_since', 'source', 'hsds'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  return {
    id,
    name: row.name,
    alternateName: row.alternate_name,
    description: row.description,
    email: row.email,
    phone: row.phone,
    website: row.website,
    goneSince: row.gone_since as CalendarDay | null,
    source: row.source,
    children: readKept(row.hsds).children,
  }
}

export interface ServiceOfOrganization {
  readonly id: ServiceId
  readonly name: string
  readonly serviceType: ServiceType | null
  readonly status: ServiceStatus
  readonly placesFree: number | null
  readonly placesAsOf: Date | null
  readonly nextStart: CalendarDay | null
}

/** What an organisation offers, by name; what has gone is left out. */
export async function servicesOfOrganization(db: Db, id: OrganizationId): Promise<ServiceOfOrganization[]> {
  const rows = await db
    .selectFrom('services')
    .select(['id', 'name', 'service_type', 'status', 'places_free', 'places_as_of', 'next_start'])
    .where('organization_id', '=', id)
    .where('gone_since', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id as ServiceId,
    name: row.name,
    serviceType: isServiceType(row.service_type) ? row.service_type : null,
    status: row.status as ServiceStatus,
    placesFree: row.places_free,
    placesAsOf: row.places_as_of,
    nextStart: row.next_start as CalendarDay | null,
  }))
}

/** The names of organisations, of those that are gone too. */
export async function organizationNames(
  db: Db,
  ids: readonly OrganizationId[],
): Promise<ReadonlyMap<OrganizationId, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('organizations').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, name }) => [id as OrganizationId, name]))
}
