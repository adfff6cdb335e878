// Entries that the network makes itself, without a directory to import: organisations, places, services.

import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type LocationId, type NetworkId, type OrganizationId, type ServiceId } from '#platform/ids.ts'
import type { AccessibilityCode } from './accessibility.ts'
import type { ServiceType } from './service-type.ts'
import { renewDirectoryVersion } from './version.store.ts'

export interface NewOrganization {
  readonly id?: OrganizationId
  readonly name: string
  readonly description: string
  readonly email?: string | undefined
  readonly phone?: string | undefined
  readonly website?: string | undefined
}

export interface NewLocation {
  readonly id?: LocationId
  readonly organizationId: OrganizationId
  readonly name: string
  readonly kind?: 'physical' | 'virtual'
  readonly address?: {
    readonly street: string
    readonly city: string
    readonly region: string
    readonly postalCode: string
    readonly country: string
  }
  readonly position?: { readonly latitude: number; readonly longitude: number }
  readonly accessibility?: readonly AccessibilityCode[]
  readonly languages?: readonly string[]
}

export interface NewService {
  readonly id?: ServiceId
  readonly organizationId: OrganizationId
  readonly organizationName: string
  readonly name: string
  readonly description: string
  readonly serviceType: ServiceType | null
  readonly locationIds: readonly LocationId[]
  readonly languages?: readonly string[]
  readonly interpretation?: string | undefined
  readonly email?: string | undefined
  readonly phone?: string | undefined
  readonly url?: string | undefined
  readonly fees?: string | undefined
  readonly costCents?: number | undefined
  /** ISO 4217. */
  readonly currency?: string | undefined
  readonly eligibility?: string | undefined
  readonly places?: { readonly free: number | null; readonly nextStart: CalendarDay | null }
  readonly assuredOn?: CalendarDay | undefined
  readonly openings?: readonly {
    readonly weekdays: readonly number[]
    readonly opens: string
    readonly closes: string
  }[]
}

// The source of entries that came from nowhere else.
const source = 'waypost'

/** Adds organisations; gives their ids in the same order. One statement, whatever their number; so do the others. */
export async function addOrganizations(
  db: Db,
  networkId: NetworkId,
  organizations: readonly NewOrganization[],
  now: Date,
): Promise<OrganizationId[]> {
  const rows = organizations.map(({ id = newId<'organization'>(now.getTime()), ...one }) => ({
    ...common(networkId, id, now),
    content_hash: '',
    whole_hash: '',
    name: one.name,
    description: one.description,
    email: one.email ?? null,
    phone: one.phone ?? null,
    website: one.website ?? null,
    hsds: keptAs(
      { id, name: one.name, description: one.description, email: one.email, website: one.website },
      one.phone === undefined
        ? {}
        : { phone: [{ id: newId(), organization_id: id, number: one.phone, type: 'voice' }] },
    ),
  }))
  if (rows.length > 0) await db.insertInto('organizations').values(rows).execute()
  return rows.map((row) => row.id)
}

export async function addLocations(
  db: Db,
  networkId: NetworkId,
  locations: readonly NewLocation[],
  now: Date,
): Promise<LocationId[]> {
  const rows = locations.map(({ id = newId<'location'>(now.getTime()), ...one }) => ({
    ...common(networkId, id, now),
    content_hash: '',
    organization_id: one.organizationId,
    name: one.name,
    kind: one.kind ?? 'physical',
    address: one.address ? `${one.address.street}, ${one.address.postalCode} ${one.address.city}` : null,
    city: one.address?.city ?? null,
    postal_code: one.address?.postalCode ?? null,
    latitude: one.position?.latitude ?? null,
    longitude: one.position?.longitude ?? null,
    accessibility: [...(one.accessibility ?? [])],
    languages: [...(one.languages ?? [])],
    hsds: keptLocation(id, one),
  }))
  if (rows.length > 0) await db.insertInto('locations').values(rows).execute()
  await renewDirectoryVersion(db)
  return rows.map((row) => row.id)
}

export async function addServices(
  db: Db,
  networkId: NetworkId,
  services: readonly NewService[],
  now: Date,
): Promise<ServiceId[]> {
  const ids = services.map((service) => service.id ?? newId<'service'>(now.getTime()))
  const identified = services.map((service, index) => ({ ...service, id: ids[index] ?? newId<'service'>() }))
  if (identified.length === 0) return ids
  await db
    .insertInto('services')
    .values(identified.map((service) => serviceRow(networkId, service, now)))
    .execute()
  const links = identified.flatMap((service) =>
    service.locationIds.map((locationId) => {
      const { updated_at: _, ...row } = common(networkId, newId(now.getTime()), now)
      const kept = keptAs({ id: row.id, service_id: service.id, location_id: locationId }, {})
      return {
        ...row,
        organization_id: service.organizationId,
        service_id: service.id,
        location_id: locationId,
        hsds: kept,
      }
    }),
  )
  if (links.length > 0) await db.insertInto('service_at_locations').values(links).execute()
  const hours = identified.flatMap((service) =>
    (service.openings ?? []).map((opening) => ({
      network_id: networkId,
      id: newId(now.getTime()),
      organization_id: service.organizationId,
      service_id: service.id,
      weekdays: [...opening.weekdays],
      opens_at: opening.opens,
      closes_at: opening.closes,
    })),
  )
  if (hours.length > 0) await db.insertInto('schedules').values(hours).execute()
  await renewDirectoryVersion(db)
  return ids
}

function serviceRow(networkId: NetworkId, service: NewService & { readonly id: ServiceId }, now: Date) {
  const { id, places } = service
  return {
    ...common(networkId, id, now),
    content_hash: '',
    organization_id: service.organizationId,
    organization_name: service.organizationName,
    name: service.name,
    description: service.description,
    service_type: service.serviceType,
    status: 'active',
    languages: [...(service.languages ?? [])],
    interpretation: service.interpretation ?? null,
    email: service.email ?? null,
    phone: service.phone ?? null,
    url: service.url ?? null,
    fees: service.fees ?? null,
    cost_cents: service.costCents ?? null,
    currency: service.currency ?? null,
    eligibility: service.eligibility ?? null,
    places_free: places?.free ?? null,
    next_start: places?.nextStart ?? null,
    places_as_of: places ? now : null,
    places_by: places ? 'staff' : null,
    assured_on: service.assuredOn ?? null,
    hsds: keptService(service),
  }
}

function keptService(service: NewService & { readonly id: ServiceId }): string {
  const { id } = service
  const row = {
    ...{
      id,
      organization_id: service.organizationId,
      name: service.name,
      description: service.description,
      status: 'active',
    },
    ...{ url: service.url, email: service.email, interpretation_services: service.interpretation },
    ...{
      fees_description: service.fees,
      eligibility_description: service.eligibility,
      assured_date: service.assuredOn,
    },
  }
  const phone =
    service.phone === undefined ? [] : [{ id: newId(), service_id: id, number: service.phone, type: 'voice' }]
  const language = (service.languages ?? []).map((code) => ({ id: newId(), service_id: id, code }))
  const schedule = (service.openings ?? []).map((opening) => ({
    ...{ id: newId(), service_id: id, freq: 'WEEKLY', byday: opening.weekdays.map((day) => days[day - 1]).join(',') },
    ...{ opens_at: opening.opens, closes_at: opening.closes },
  }))
  return keptAs(row, { phone, language, schedule })
}

const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

function keptLocation(id: LocationId, one: NewLocation): string {
  const row = {
    ...{ id, organization_id: one.organizationId, location_type: one.kind ?? 'physical', name: one.name },
    ...{ latitude: one.position?.latitude.toString(), longitude: one.position?.longitude.toString() },
  }
  const address = one.address
    ? [
        {
          ...{ id: newId(), location_id: id, address_1: one.address.street, city: one.address.city },
          ...{ state_province: one.address.region, postal_code: one.address.postalCode, country: one.address.country },
          address_type: 'physical',
        },
      ]
    : []
  const accessibility = (one.accessibility ?? []).map((code) => ({ id: newId(), location_id: id, description: code }))
  return keptAs(row, { address, accessibility })
}

function common<T extends string>(networkId: NetworkId, id: T, now: Date) {
  return { network_id: networkId, id, source, source_id: id, exchange_id: id, updated_at: now }
}

/** As imports keep things, so that an export carries them. */
function keptAs(
  row: Readonly<Record<string, string | undefined>>,
  children: Readonly<Record<string, readonly Readonly<Record<string, string | undefined>>[]>>,
): string {
  const filled = Object.entries(children).filter(([, rows]) => rows.length > 0)
  return JSON.stringify({ row, children: Object.fromEntries(filled) })
}
