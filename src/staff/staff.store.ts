// SQL on staff accounts and where they work. What they sign in with is the platform's.

import { sql } from 'kysely'
import type { Db, StaffRole } from '#platform/db/index.ts'
import { newId, type NetworkId, type SiteId, type StaffId } from '#platform/ids.ts'
import type { StaffMember, StaffState } from './member.ts'

export interface NewStaff {
  readonly name: string
  readonly email: string
  readonly roles: readonly StaffRole[]
  readonly locale: string
  readonly languages: readonly string[]
  readonly siteIds: readonly SiteId[]
  readonly managedSiteIds: readonly SiteId[]
}

/** Everyone of the network, those who left last. */
export async function listStaff(db: Db): Promise<StaffMember[]> {
  const rows = await staffQuery(db)
    .orderBy(sql`staff.state = 'left'`)
    .orderBy('staff.name')
    .execute()
  return rows.map(toMember)
}

export async function findStaff(db: Db, id: StaffId): Promise<StaffMember | null> {
  const row = await staffQuery(db).where('staff.id', '=', id).executeTakeFirst()
  return row ? toMember(row) : null
}

export async function findStaffByEmail(db: Db, email: string): Promise<StaffMember | null> {
  const row = await staffQuery(db).where('staff.email', '=', email).executeTakeFirst()
  return row ? toMember(row) : null
}

/** Adds an account that waits for its password. Throws when the address has one in this network (23505). */
export async function insertStaff(db: Db, networkId: NetworkId, staff: NewStaff, now: Date): Promise<StaffId> {
  const id = newId<'staff'>(now.getTime())
  await db
    .insertInto('staff')
    .values({
      network_id: networkId,
      id,
      name: staff.name,
      email: staff.email,
      roles: [...staff.roles],
      locale: staff.locale,
      languages: [...staff.languages],
      state: 'invited',
      created_at: now,
    })
    .execute()
  await placeStaff(db, networkId, id, staff)
  return id
}

/** Where the person works from now on, in place of what stood there. */
export async function placeStaff(
  db: Db,
  networkId: NetworkId,
  id: StaffId,
  { siteIds, managedSiteIds }: Pick<NewStaff, 'siteIds' | 'managedSiteIds'>,
): Promise<void> {
  await db.deleteFrom('staff_sites').where('staff_id', '=', id).execute()
  const everySite = [...new Set([...siteIds, ...managedSiteIds])]
  if (everySite.length === 0) return
  await db
    .insertInto('staff_sites')
    .values(
      everySite.map((site) => ({
        network_id: networkId,
        staff_id: id,
        site_id: site,
        manages: managedSiteIds.includes(site),
      })),
    )
    .execute()
}

export async function changeStaff(
  db: Db,
  id: StaffId,
  change: Partial<Pick<NewStaff, 'name' | 'roles' | 'locale' | 'languages'>>,
): Promise<void> {
  const { name, roles, locale, languages } = change
  await db
    .updateTable('staff')
    .set({
      ...(name === undefined ? {} : { name }),
      ...(roles === undefined ? {} : { roles: [...roles] }),
      ...(locale === undefined ? {} : { locale }),
      ...(languages === undefined ? {} : { languages: [...languages] }),
    })
    .where('id', '=', id)
    .execute()
}

/** An invited member signs in from now on. At the door. */
export async function activateStaff(db: Db, id: string): Promise<void> {
  await db.updateTable('staff').set({ state: 'active' }).where('id', '=', id).where('state', '=', 'invited').execute()
}

/** Whoever had left is invited again: an old password opens nothing until a new one is set. */
export async function reopenStaff(db: Db, id: StaffId): Promise<void> {
  await db
    .updateTable('staff')
    .set({ state: 'invited', left_at: null })
    .where('id', '=', id)
    .where('state', '=', 'left')
    .execute()
}

/** The person has left: the account stays for the record and signs in no more. */
export async function markLeft(db: Db, id: StaffId, now: Date): Promise<void> {
  await db.updateTable('staff').set({ state: 'left', left_at: now }).where('id', '=', id).execute()
}

/** Where a person works and what they manage, over a left join of `staff_sites` as `place`, grouped by person. */
export const placesOfStaff = [
  sql<string[]>`coalesce(array_agg(place.site_id::text) FILTER (WHERE place.site_id IS NOT NULL), '{}')`.as('site_ids'),
  sql<string[]>`coalesce(array_agg(place.site_id::text) FILTER (WHERE place.manages), '{}')`.as('managed_site_ids'),
] as const

function staffQuery(db: Db) {
  return db
    .selectFrom('staff')
    .leftJoin('staff_sites as place', (join) =>
      join.onRef('place.network_id', '=', 'staff.network_id').onRef('place.staff_id', '=', 'staff.id'),
    )
    .select(['staff.id', 'staff.name', 'staff.email', 'staff.roles', 'staff.locale', 'staff.languages', 'staff.state'])
    .select(placesOfStaff)
    .groupBy(['staff.network_id', 'staff.id'])
}

interface StaffRow {
  id: string
  name: string
  email: string
  roles: string[]
  locale: string
  languages: string[]
  state: string
  site_ids: string[]
  managed_site_ids: string[]
}

function toMember(row: StaffRow): StaffMember {
  return {
    id: row.id as StaffId,
    name: row.name,
    email: row.email,
    roles: row.roles as StaffRole[],
    locale: row.locale,
    languages: row.languages,
    state: row.state as StaffState,
    siteIds: row.site_ids as SiteId[],
    managedSiteIds: row.managed_site_ids as SiteId[],
  }
}
