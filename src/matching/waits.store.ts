// How long people really wait for a service, counted from referrals each night.

import { sql } from 'kysely'
import { renewDirectoryVersion } from '#directory/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { NetworkId, ServiceId } from '#platform/ids.ts'
import type { Wait } from './catalogue.ts'

export async function waitsOf(db: Db): Promise<ReadonlyMap<ServiceId, Wait>> {
  const rows = await db.selectFrom('matching_waits').select(['id', 'median_days', 'people']).execute()
  return new Map(rows.map(({ id, median_days: days, people }) => [id as ServiceId, { days, people }]))
}

/** Median whole days from sending to first attendance, of those who first came since, by service; of fewer than `fewest` people
 *  nothing is kept. Those still waiting are not in it: the figure is of those who came. Counted by the day they came, not by the
 *  day of sending, which would leave out the long waits of whoever was sent lately. Days are the network's. Runs as the job. One
 *  pass over the referrals. */
export async function countWaits(
  db: Db,
  network: { readonly id: NetworkId; readonly timeZone: string },
  { since, fewest }: { readonly since: CalendarDay; readonly fewest: number },
): Promise<void> {
  await db.deleteFrom('matching_waits').execute()
  await sql`
    INSERT INTO matching_waits (network_id, id, median_days, people)
    SELECT ${network.id}::uuid, service_id,
      round(percentile_cont(0.5) WITHIN GROUP (ORDER BY
        greatest(0, first_attended_on - (sent_at AT TIME ZONE ${network.timeZone}::text)::date)))::integer,
      count(DISTINCT client_id)
    FROM referrals
    WHERE first_attended_on >= ${since}::date AND sent_at IS NOT NULL
    GROUP BY service_id HAVING count(DISTINCT client_id) >= ${fewest}`.execute(db)
  await renewDirectoryVersion(db)
}
