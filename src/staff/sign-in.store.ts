// SQL at the door: who holds a session of staff.

import type { Db } from '#platform/db/index.ts'
import type { StaffActor } from '#platform/http/index.ts'
import type { SiteId, StaffId } from '#platform/ids.ts'
import { placesOfStaff } from './staff.store.ts'

/** Who holds a session: null when it is unknown, over, ended, or the person has left. Runs as the door; one query, since
 *  every request asks it. */
export async function findActorBySession(
  db: Db,
  { secretHash }: { secretHash: Buffer },
  now: Date,
): Promise<StaffActor | null> {
  const session = await db
    .selectFrom('staff_sessions as session')
    .innerJoin('staff', (join) =>
      join.onRef('staff.network_id', '=', 'session.network_id').onRef('staff.id', '=', 'session.account_id'),
    )
    .leftJoin('staff_sites as place', (join) =>
      join.onRef('place.network_id', '=', 'staff.network_id').onRef('place.staff_id', '=', 'staff.id'),
    )
    .select(['session.id as session_id', 'staff.id', 'staff.name', 'staff.roles', 'staff.locale'])
    .select(placesOfStaff)
    .where('session.secret_hash', '=', secretHash)
    .where('session.ended_at', 'is', null)
    .where('session.expires_at', '>', now)
    .where('staff.state', '=', 'active')
    .groupBy(['session.network_id', 'session.id', 'staff.network_id', 'staff.id'])
    .executeTakeFirst()
  if (!session) return null
  const { session_id: sessionId, id, roles, site_ids: siteIds, managed_site_ids: managedSiteIds, ...rest } = session
  return {
    ...{ ...rest, kind: 'staff', sessionId },
    id: id as StaffId,
    roles: roles as StaffActor['roles'],
    siteIds: siteIds as SiteId[],
    managedSiteIds: managedSiteIds as SiteId[],
  }
}
