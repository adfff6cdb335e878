// Writes organisations with all that belongs to them: a statement a table, whatever the number of rows.

import { sql } from 'kysely'
import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId } from '#platform/ids.ts'
import type { EntryOpening, LinkEntry, LocationEntry, OrganizationEntry, ServiceEntry } from './entry.ts'
import type { TableName } from '../hsds.ts'
import { digestOf } from './exchange-id.hash.ts'
import type { Values } from './row.ts'
import { renewDirectoryVersion } from '../version.store.ts'

/** Everything needed to write organisations: their entries with the ids that they have or get. */
export interface Writing {
  readonly networkId: NetworkId
  readonly source: string
  readonly now: Date
  readonly today: CalendarDay
  /** The id of each part in the database, by exchange id; parts of other organisations among them. */
  readonly ids: {
    readonly organizations: ReadonlyMap<string, string>
    readonly services: ReadonlyMap<string, string>
    readonly locations: ReadonlyMap<string, string>
    readonly links: ReadonlyMap<string, string>
  }
}

export interface EntryToWrite {
  readonly entry: OrganizationEntry
  readonly wholeHash: string
  /** The directory does not have it yet: then there is nothing of it to be gone. */
  readonly isNew: boolean
}

/** Writes organisations with all that belongs to them; what they no longer have is marked gone. */
export async function writeOrganizations(db: Db, writing: Writing, entries: readonly EntryToWrite[]): Promise<void> {
  const organizationIds = entries.map(({ entry }) => idIn(writing.ids.organizations, entry.exchangeId))
  await insertOrganizations(db, writing, entries)
  const all = <T>(of: (entry: OrganizationEntry) => readonly T[]) =>
    entries.flatMap(({ entry }, index) =>
      of(entry).map((part) => ({ part, owner: organizationIds[index] ?? '', entry })),
    )
  await insertLocations(
    db,
    writing,
    all((entry) => entry.locations),
  )
  await insertServices(
    db,
    writing,
    all((entry) => entry.services),
  )
  await insertLinks(
    db,
    writing,
    all((entry) => entry.links),
  )
  const known = entries.filter(({ isNew }) => !isNew).map(({ entry }) => entry)
  if (known.length > 0) await clearKnown(db, writing, known)
  const openings = all((entry) => entry.openings)
  if (openings.length > 0) await insertSchedules(db, writing, openings)
  await renewDirectoryVersion(db)
}

interface Owned<T> {
  readonly part: T
  readonly owner: string
  readonly entry: OrganizationEntry
}

async function insertOrganizations(
  db: Db,
  { networkId, source, now, ids }: Writing,
  entries: readonly EntryToWrite[],
): Promise<void> {
  const rows = entries.map(({ entry, wholeHash }) => ({
    id: idIn(ids.organizations, entry.exchangeId),
    source_id: entry.sourceId,
    exchange_id: entry.exchangeId,
    content_hash: digestOf(entry.hsds),
    whole_hash: wholeHash,
    name: entry.name,
    alternate_name: entry.alternateName,
    description: entry.description,
    email: entry.email,
    phone: entry.phone,
    website: entry.website,
    hsds: entry.hsds,
  }))
  await sql`
    INSERT INTO organizations (network_id, id, source, source_id, exchange_id, content_hash, whole_hash, name, alternate_name,
      description, email, phone, website, updated_at, hsds)
    SELECT ${networkId}::uuid, id, ${source}, source_id, exchange_id, content_hash, whole_hash, name, alternate_name, description,
      email, phone, website, ${now}::timestamptz, hsds
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, source_id text, exchange_id uuid, content_hash text,
      whole_hash text, name text, alternate_name text, description text, email text, phone text, website text, hsds jsonb)
    ON CONFLICT (network_id, id) DO UPDATE SET
      content_hash = excluded.content_hash, whole_hash = excluded.whole_hash, name = excluded.name,
      alternate_name = excluded.alternate_name, description = excluded.description, email = excluded.email,
      phone = excluded.phone, website = excluded.website, gone_since = NULL, updated_at = excluded.updated_at,
      hsds = excluded.hsds`.execute(db)
}

async function insertLocations(
  db: Db,
  { networkId, source, now, ids }: Writing,
  locations: readonly Owned<LocationEntry>[],
): Promise<void> {
  if (locations.length === 0) return
  const rows = locations.map(({ part, owner }) => ({
    id: idIn(ids.locations, part.exchangeId),
    organization_id: owner,
    source_id: part.sourceId,
    exchange_id: part.exchangeId,
    content_hash: part.contentHash,
    name: part.name,
    kind: part.kind,
    address: part.address,
    city: part.city,
    postal_code: part.postalCode,
    latitude: part.latitude,
    longitude: part.longitude,
    transport: part.transport,
    accessibility: part.accessibility,
    languages: part.languages,
    hsds: part.hsds,
  }))
  await sql`
    INSERT INTO locations (network_id, id, organization_id, source, source_id, exchange_id, content_hash, name, kind, address, city,
      postal_code, latitude, longitude, transport, accessibility, languages, updated_at, hsds)
    SELECT ${networkId}::uuid, id, organization_id, ${source}, source_id, exchange_id, content_hash, name, kind, address, city,
      postal_code, latitude, longitude, transport, accessibility, languages, ${now}::timestamptz, hsds
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, organization_id uuid, source_id text, exchange_id uuid,
      content_hash text, name text, kind text, address text, city text, postal_code text, latitude double precision,
      longitude double precision, transport text, accessibility text[], languages text[], hsds jsonb)
    ON CONFLICT (network_id, id) DO UPDATE SET
      organization_id = excluded.organization_id, content_hash = excluded.content_hash, name = excluded.name, kind = excluded.kind,
      address = excluded.address, city = excluded.city, postal_code = excluded.postal_code, latitude = excluded.latitude,
      longitude = excluded.longitude, transport = excluded.transport, accessibility = excluded.accessibility,
      languages = excluded.languages, gone_since = NULL, updated_at = excluded.updated_at, hsds = excluded.hsds`.execute(
    db,
  )
}

/** What the network itself keeps stays: the type that someone chose, and places told later than the import knows. */
async function insertServices(
  db: Db,
  { networkId, source, now, ids }: Writing,
  services: readonly Owned<ServiceEntry>[],
): Promise<void> {
  if (services.length === 0) return
  const rows = services.map(({ part, owner, entry }) => ({
    id: idIn(ids.services, part.exchangeId),
    organization_id: owner,
    organization_name: entry.name,
    source_id: part.sourceId,
    exchange_id: part.exchangeId,
    content_hash: part.contentHash,
    name: part.name,
    alternate_name: part.alternateName,
    description: part.description,
    service_type: part.serviceType,
    status: part.status,
    languages: part.languages,
    interpretation: part.interpretation,
    email: part.email,
    url: part.url,
    phone: part.phone,
    fees: part.fees,
    cost_cents: part.costCents,
    currency: part.currency,
    eligibility: part.eligibility,
    minimum_age: part.minimumAge,
    maximum_age: part.maximumAge,
    areas: part.areas,
    documents: part.documents,
    keywords: part.keywords,
    places_free: part.placesFree,
    places_as_of: part.placesAsOf,
    places_by: part.placesAsOf === null ? null : 'import',
    assured_on: part.assuredOn,
    source_changed_on: part.sourceChangedOn,
    hsds: part.hsds,
  }))
  await sql`
    INSERT INTO services (network_id, id, organization_id, organization_name, source, source_id, exchange_id, content_hash, name,
      alternate_name, description, service_type, status, languages, interpretation, email, url, phone, fees, cost_cents, currency,
      eligibility, minimum_age, maximum_age, areas, documents, keywords, places_free, places_as_of, places_by, assured_on,
      source_changed_on, updated_at, hsds)
    SELECT ${networkId}::uuid, id, organization_id, organization_name, ${source}, source_id, exchange_id, content_hash, name,
      alternate_name, description, service_type, status, languages, interpretation, email, url, phone, fees, cost_cents, currency,
      eligibility, minimum_age, maximum_age, areas, documents, keywords, places_free, places_as_of, places_by, assured_on,
      source_changed_on, ${now}::timestamptz, hsds
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, organization_id uuid, organization_name text,
      source_id text, exchange_id uuid, content_hash text, name text, alternate_name text, description text, service_type text,
      status text, languages text[], interpretation text, email text, url text, phone text, fees text, cost_cents bigint,
      currency text, eligibility text, minimum_age integer, maximum_age integer, areas text[], documents text[], keywords text,
      places_free integer, places_as_of timestamptz, places_by text, assured_on date, source_changed_on date, hsds jsonb)
    ON CONFLICT (network_id, id) DO UPDATE SET
      organization_id = excluded.organization_id, organization_name = excluded.organization_name,
      content_hash = excluded.content_hash, name = excluded.name, alternate_name = excluded.alternate_name,
      description = excluded.description, service_type = coalesce(excluded.service_type, services.service_type),
      status = excluded.status, languages = excluded.languages, interpretation = excluded.interpretation, email = excluded.email,
      url = excluded.url, phone = excluded.phone, fees = excluded.fees, cost_cents = excluded.cost_cents,
      currency = excluded.currency, eligibility = excluded.eligibility, minimum_age = excluded.minimum_age,
      maximum_age = excluded.maximum_age, areas = excluded.areas, documents = excluded.documents, keywords = excluded.keywords,
      places_free = CASE WHEN excluded.places_as_of > coalesce(services.places_as_of, '-infinity')
        THEN excluded.places_free ELSE services.places_free END,
      places_by = CASE WHEN excluded.places_as_of > coalesce(services.places_as_of, '-infinity')
        THEN excluded.places_by ELSE services.places_by END,
      places_as_of = greatest(excluded.places_as_of, services.places_as_of),
      assured_on = greatest(excluded.assured_on, services.assured_on), source_changed_on = excluded.source_changed_on,
      gone_since = NULL, updated_at = excluded.updated_at, hsds = excluded.hsds`.execute(db)
}

async function insertLinks(
  db: Db,
  { networkId, source, ids }: Writing,
  links: readonly Owned<LinkEntry>[],
): Promise<void> {
  if (links.length === 0) return
  const rows = links.map(({ part, owner }) => ({
    id: idIn(ids.links, part.exchangeId),
    organization_id: owner,
    service_id: idIn(ids.services, part.service),
    location_id: idIn(ids.locations, part.location),
    source_id: part.sourceId,
    exchange_id: part.exchangeId,
    hsds: part.hsds,
  }))
  await sql`
    INSERT INTO service_at_locations (network_id, id, organization_id, service_id, location_id, source, source_id, exchange_id, hsds)
    SELECT ${networkId}::uuid, id, organization_id, service_id, location_id, ${source}, source_id, exchange_id, hsds
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, organization_id uuid, service_id uuid, location_id uuid,
      source_id text, exchange_id uuid, hsds jsonb)
    ON CONFLICT (network_id, id) DO UPDATE SET
      organization_id = excluded.organization_id, service_id = excluded.service_id, location_id = excluded.location_id,
      gone_since = NULL, hsds = excluded.hsds`.execute(db)
}

async function insertSchedules(
  db: Db,
  { networkId, now, ids }: Writing,
  openings: readonly Owned<EntryOpening>[],
): Promise<void> {
  const rows = openings.map(({ part, owner }) => ({
    id: newId(now.getTime()),
    organization_id: owner,
    service_id: part.service === null ? null : (ids.services.get(part.service) ?? null),
    location_id: part.location === null ? null : (ids.locations.get(part.location) ?? null),
    weekdays: part.weekdays,
    opens_at: part.opens,
    closes_at: part.closes,
    week_of_month: part.weekOfMonth,
    valid_from: part.validFrom,
    valid_to: part.validTo,
  }))
  await sql`
    INSERT INTO schedules (network_id, id, organization_id, service_id, location_id, weekdays, opens_at, closes_at, week_of_month,
      valid_from, valid_to)
    SELECT ${networkId}::uuid, id, organization_id, service_id, location_id, weekdays, opens_at, closes_at, week_of_month,
      valid_from, valid_to
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, organization_id uuid, service_id uuid, location_id uuid,
      weekdays integer[], opens_at time, closes_at time, week_of_month smallint, valid_from date, valid_to date)
    WHERE service_id IS NOT NULL OR location_id IS NOT NULL`.execute(db)
}

/** What organisations that were known no longer have is gone; their schedules are made anew. */
async function clearKnown(db: Db, { ids, today, now }: Writing, entries: readonly OrganizationEntry[]): Promise<void> {
  const organizationIds = entries.map((entry) => idIn(ids.organizations, entry.exchangeId))
  await sql`DELETE FROM schedules WHERE organization_id = ANY (${organizationIds}::uuid[])`.execute(db)
  const left = (of: (entry: OrganizationEntry) => readonly { exchangeId: string }[]) =>
    entries.flatMap((entry) => of(entry).map((part) => part.exchangeId))
  const mark = (table: string, set: ReturnType<typeof sql>, exchangeIds: readonly string[]) => sql`
    UPDATE ${sql.table(table)} SET gone_since = ${today}::date ${set}
    WHERE organization_id = ANY (${organizationIds}::uuid[]) AND gone_since IS NULL
      AND exchange_id <> ALL (${exchangeIds}::uuid[])`
  await mark(
    'service_at_locations',
    sql``,
    left((entry) => entry.links),
  ).execute(db)
  await mark(
    'services',
    sql`, status = 'inactive', updated_at = ${now}::timestamptz`,
    left((entry) => entry.services),
  ).execute(db)
  await mark(
    'locations',
    sql`, updated_at = ${now}::timestamptz`,
    left((entry) => entry.locations),
  ).execute(db)
}

function idIn(ids: ReadonlyMap<string, string>, exchangeId: string): string {
  const id = ids.get(exchangeId)
  if (id === undefined) throw new Error('An import wrote a part before it had an id.')
  return id
}

/** A row that hangs on no organisation, as it is kept. */
export interface LooseRow {
  readonly kind: TableName
  readonly exchangeId: string
  readonly values: Values
}

/** Adds or changes rows that hang on no organisation. */
export async function writeLooseRows(
  db: Db,
  { networkId, source, now }: Pick<Writing, 'networkId' | 'source' | 'now'>,
  loose: readonly LooseRow[],
): Promise<void> {
  const rows = loose.map(({ kind, exchangeId, values }) => ({
    id: newId(now.getTime()),
    kind,
    exchange_id: exchangeId,
    content_hash: digestOf(values),
    hsds: { row: values, children: {} },
  }))
  await sql`
    INSERT INTO directory_loose_rows (network_id, id, source, kind, exchange_id, content_hash, hsds)
    SELECT ${networkId}::uuid, id, ${source}, kind, exchange_id, content_hash, hsds
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, kind text, exchange_id uuid, content_hash text, hsds jsonb)
    ON CONFLICT (network_id, source, kind, exchange_id) DO UPDATE SET
      content_hash = excluded.content_hash, hsds = excluded.hsds, gone_since = NULL
    WHERE directory_loose_rows.content_hash <> excluded.content_hash OR directory_loose_rows.gone_since IS NOT NULL`.execute(
    db,
  )
}
