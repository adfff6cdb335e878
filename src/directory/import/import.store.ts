// What an import asks of the database: many rows a statement, never a query a row.

import { sql } from 'kysely'
import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { NetworkId } from '#platform/ids.ts'
import { renewDirectoryVersion } from '../version.store.ts'

export interface KnownOrganization {
  readonly id: string
  readonly wholeHash: string
  readonly isGone: boolean
}

/** A service, location or link that is in the directory: by exchange id. */
export interface KnownPart {
  readonly id: string
  readonly organizationId: string
  readonly contentHash: string
  readonly isGone: boolean
}

export interface KnownParts {
  readonly services: ReadonlyMap<string, KnownPart>
  readonly locations: ReadonlyMap<string, KnownPart>
  readonly links: ReadonlyMap<string, KnownPart>
}

/** How many organisations of each source a file repeats: by id, and by name too where ids are plain numbers. */
export async function sourcesLike(
  db: Db,
  organizations: readonly { readonly id: string; readonly name: string }[],
): Promise<{ source: string; shared: number; total: number }[]> {
  const found = await sql<{ source: string; shared: number; total: number }>`
    SELECT o.source, count(f.id) AS shared, count(*) AS total
    FROM organizations o
    LEFT JOIN jsonb_to_recordset(${JSON.stringify(organizations)}::jsonb) AS f (id text, name text)
      ON f.id = o.exchange_id::text OR (f.id = o.source_id AND f.name = o.name)
    WHERE o.gone_since IS NULL
    GROUP BY o.source
    ORDER BY shared DESC, o.source`.execute(db)
  return found.rows
}

/** Whether this is the only import into the network; held until the transaction ends. */
export async function lockImports(db: Db, networkId: NetworkId): Promise<boolean> {
  const lock = sql<{
    got: boolean
  }>`SELECT pg_try_advisory_xact_lock(hashtext('waypost import'), hashtext(${networkId})) AS got`
  const { rows } = await lock.execute(db)
  return rows[0]?.got === true
}

/** Leaves the flush of this commit to a later one. An organisation is whole or not there, whatever happens in between. */
export async function commitLazily(db: Db): Promise<void> {
  await sql`SET LOCAL synchronous_commit = off`.execute(db)
}

export async function knownOrganizations(
  db: Db,
  source: string,
  exchangeIds: readonly string[],
): Promise<Map<string, KnownOrganization>> {
  const found = await sql<{ id: string; exchange_id: string; whole_hash: string; is_gone: boolean }>`
    SELECT id, exchange_id, whole_hash, gone_since IS NOT NULL AS is_gone FROM organizations
    WHERE source = ${source} AND exchange_id = ANY (${exchangeIds}::uuid[])`.execute(db)
  return new Map(
    found.rows.map((row) => [row.exchange_id, { id: row.id, wholeHash: row.whole_hash, isGone: row.is_gone }]),
  )
}

/** Organisations that another source keeps under the same UUID: which source, and the digest of what it says. */
export async function keptElsewhere(
  db: Db,
  source: string,
  exchangeIds: readonly string[],
): Promise<Map<string, { readonly source: string; readonly wholeHash: string }>> {
  const found = await sql<{ exchange_id: string; source: string; whole_hash: string }>`
    SELECT exchange_id, source, whole_hash FROM organizations
    WHERE source <> ${source} AND gone_since IS NULL AND exchange_id = ANY (${exchangeIds}::uuid[])
    ORDER BY source DESC`.execute(db)
  return new Map(found.rows.map((row) => [row.exchange_id, { source: row.source, wholeHash: row.whole_hash }]))
}

/** The parts with these exchange ids, and all parts of these organisations. */
export async function knownParts(
  db: Db,
  source: string,
  { exchangeIds, organizationIds }: { exchangeIds: readonly string[]; organizationIds: readonly string[] },
): Promise<KnownParts> {
  const ask = async (table: 'services' | 'locations' | 'service_at_locations') => {
    const hash = table === 'service_at_locations' ? sql`''` : sql.ref('content_hash')
    const found = await sql<{
      id: string
      exchange_id: string
      organization_id: string
      hash: string
      is_gone: boolean
    }>`
      SELECT id, exchange_id, organization_id, ${hash} AS hash, gone_since IS NOT NULL AS is_gone FROM ${sql.table(table)}
      WHERE source = ${source}
        AND (exchange_id = ANY (${exchangeIds}::uuid[]) OR organization_id = ANY (${organizationIds}::uuid[]))`.execute(
      db,
    )
    return new Map(
      found.rows.map((row) => [
        row.exchange_id,
        { id: row.id, organizationId: row.organization_id, contentHash: row.hash, isGone: row.is_gone },
      ]),
    )
  }
  return {
    services: await ask('services'),
    locations: await ask('locations'),
    links: await ask('service_at_locations'),
  }
}

/** Marks what the source no longer has; gives how many organisations, services and locations that were. */
export async function markSourceGone(
  db: Db,
  { source, now, today }: { readonly source: string; readonly now: Date; readonly today: CalendarDay },
  present: readonly string[],
): Promise<{ organizations: number; services: number; locations: number }> {
  const gone = await sql<{ id: string }>`
    UPDATE organizations SET gone_since = ${today}::date, updated_at = ${now}::timestamptz
    WHERE source = ${source} AND gone_since IS NULL AND exchange_id <> ALL (${present}::uuid[])
    RETURNING id`.execute(db)
  const ids = gone.rows.map((row) => row.id)
  if (ids.length === 0) return { organizations: 0, services: 0, locations: 0 }
  const mark = async (table: string, set: ReturnType<typeof sql>) => {
    const marked = await sql`
      UPDATE ${sql.table(table)} SET gone_since = ${today}::date ${set}
      WHERE organization_id = ANY (${ids}::uuid[]) AND gone_since IS NULL`.execute(db)
    return Number(marked.numAffectedRows ?? 0)
  }
  await mark('service_at_locations', sql``)
  await renewDirectoryVersion(db)
  return {
    organizations: ids.length,
    services: await mark('services', sql`, status = 'inactive', updated_at = ${now}::timestamptz`),
    locations: await mark('locations', sql`, updated_at = ${now}::timestamptz`),
  }
}

/** Marks the rows without an organisation that the source no longer has. */
export async function markLooseGone(
  db: Db,
  { source, today }: { readonly source: string; readonly today: CalendarDay },
  present: readonly string[],
): Promise<void> {
  await sql`
    UPDATE directory_loose_rows SET gone_since = ${today}::date
    WHERE source = ${source} AND gone_since IS NULL AND exchange_id <> ALL (${present}::uuid[])`.execute(db)
}
