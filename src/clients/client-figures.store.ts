// How many files there are, by site. Row-level security counts only what the actor may see: never a restricted file that
// does not name them.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import type { SiteId } from '#platform/ids.ts'

export interface SiteFigures {
  readonly siteId: SiteId
  readonly open: number
  /** Open files that nobody is responsible for. */
  readonly withoutAdviser: number
  /** Open files that need an interpreter. */
  readonly withInterpreter: number
  /** Registered since the moment, whatever became of them. */
  readonly registeredSince: number
  /** Closed since the moment and not reopened. */
  readonly closedSince: number
}

/** One row for each of the sites that has a file; merged files count once, as their survivor. */
export async function countClients(db: Db, siteIds: readonly SiteId[], since: Date): Promise<readonly SiteFigures[]> {
  if (siteIds.length === 0) return []
  const isOpen = sql`status = 'open'`
  const count = (condition: ReturnType<typeof sql>) => sql<number>`(count(*) filter (where ${condition}))::int`
  const rows = await db
    .selectFrom('clients')
    .select([
      'site_id',
      count(isOpen).as('open'),
      count(sql`${isOpen} and adviser_id is null`).as('without_adviser'),
      count(sql`${isOpen} and needs_interpreter`).as('with_interpreter'),
      count(sql`created_at >= ${since}`).as('registered_since'),
      count(sql`closed_at >= ${since}`).as('closed_since'),
    ])
    .where('merged_into', 'is', null)
    .where('site_id', 'in', siteIds)
    .groupBy('site_id')
    .execute()
  return rows.map((row) => ({
    siteId: row.site_id as SiteId,
    open: row.open,
    withoutAdviser: row.without_adviser,
    withInterpreter: row.with_interpreter,
    registeredSince: row.registered_since,
    closedSince: row.closed_since,
  }))
}
