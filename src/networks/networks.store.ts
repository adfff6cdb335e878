// The networks of this installation, and their sites as plain rows.

import { sql, type Kysely } from 'kysely'
import pg from 'pg'
import type { Database, Db } from '#platform/db/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import type { Network } from '#platform/http/index.ts'
import { newId, type NetworkId, type SiteId } from '#platform/ids.ts'
import type { NewNetwork, Site, SiteKind } from './network.ts'

/** All networks: a small table that everyone may read. */
export async function listNetworks(kysely: Kysely<Database>): Promise<Network[]> {
  const rows = await kysely
    .selectFrom('networks')
    .select(['id', 'slug', 'name', 'time_zone', 'locale', 'is_demo'])
    .select(sql<string[]>`holidays::text[]`.as('holidays'))
    .orderBy('name')
    .execute()
  return rows.map((row) => ({
    id: row.id as NetworkId,
    slug: row.slug,
    name: row.name,
    timeZone: row.time_zone,
    locale: row.locale,
    holidays: new Set(row.holidays as CalendarDay[]),
    isDemo: row.is_demo,
  }))
}

/** Adds a network, on a login that may become the owner: no request ever makes one. Throws when the slug is taken (23505). */
export async function insertNetwork(connection: pg.ClientConfig, network: NewNetwork, now: Date): Promise<NetworkId> {
  const id = newId<'network'>(now.getTime())
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await client.query('SET ROLE waypost_owner')
    await client.query(
      `INSERT INTO networks (id, slug, name, time_zone, locale, holidays, is_demo, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, network.slug, network.name, network.timeZone, network.locale, network.holidays, network.isDemo, now],
    )
  } finally {
    await client.end()
  }
  return id
}

/** Saves the network's days without work. Other processes know them within seconds. */
export async function saveHolidays(db: Db, networkId: NetworkId, days: readonly CalendarDay[]): Promise<void> {
  await db
    .updateTable('networks')
    .set({ holidays: sql`${[...days]}::date[]` })
    .where('id', '=', networkId)
    .execute()
}

/** The network's sites, centres first. */
export async function sitesOf(db: Db): Promise<Site[]> {
  const rows = await db
    .selectFrom('sites')
    .select(['id', 'name', 'kind', 'address', 'latitude', 'longitude', 'time_zone', 'is_active'])
    .orderBy('kind')
    .orderBy('name')
    .execute()
  return rows.map((row) => ({
    id: row.id as SiteId,
    name: row.name,
    kind: row.kind as SiteKind,
    address: row.address,
    position:
      row.latitude === null || row.longitude === null ? null : { latitude: row.latitude, longitude: row.longitude },
    timeZone: row.time_zone,
    isActive: row.is_active,
  }))
}

export async function insertSite(db: Db, networkId: NetworkId, site: Omit<Site, 'id'>): Promise<SiteId> {
  const id = newId<'site'>()
  await db
    .insertInto('sites')
    .values({
      network_id: networkId,
      id,
      name: site.name,
      kind: site.kind,
      address: site.address,
      latitude: site.position?.latitude ?? null,
      longitude: site.position?.longitude ?? null,
      time_zone: site.timeZone,
      is_active: site.isActive,
    })
    .execute()
  return id
}

/** Saves what a site is now. */
export async function changeSite(db: Db, site: Site): Promise<void> {
  await db
    .updateTable('sites')
    .set({
      name: site.name,
      kind: site.kind,
      address: site.address,
      latitude: site.position?.latitude ?? null,
      longitude: site.position?.longitude ?? null,
      is_active: site.isActive,
    })
    .where('id', '=', site.id)
    .execute()
}

export interface NetworkDirectory {
  all(): Promise<readonly Network[]>
  byId(id: string): Promise<Network | null>
  bySlug(slug: string): Promise<Network | null>
}

/** Remembers the networks for a few seconds: every request asks, and they hardly ever change. */
export function rememberNetworks(kysely: Kysely<Database>, now: () => Date): NetworkDirectory {
  const keptFor = 5_000
  let known: { at: number; networks: Promise<Network[]> } | null = null
  const all = () => {
    const at = now().getTime()
    if (!known || at - known.at > keptFor) {
      known = { at, networks: listNetworks(kysely) }
      known.networks.catch(() => (known = null))
    }
    return known.networks
  }
  return {
    all,
    byId: async (id) => (await all()).find((network) => network.id === id) ?? null,
    bySlug: async (slug) => (await all()).find((network) => network.slug === slug) ?? null,
  }
}
