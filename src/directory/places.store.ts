// What a partner's own pages ask of its services. It reads no more columns than a signed-in partner may see.

import { parseDay, type CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { OrganizationId, ServiceId } from '#platform/ids.ts'

export interface ServicePlaces {
  readonly id: ServiceId
  readonly name: string
  /** Null: nobody has said. */
  readonly free: number | null
  readonly nextStart: CalendarDay | null
  readonly asOf: Date | null
}

/** The services that the organisation offers, by name. */
export async function placesOfOrganization(db: Db, organizationId: OrganizationId): Promise<readonly ServicePlaces[]> {
  const rows = await db
    .selectFrom('services')
    .select(['id', 'name', 'places_free', 'next_start', 'places_as_of'])
    .where('organization_id', '=', organizationId)
    .where('status', '=', 'active')
    .orderBy('name')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id as ServiceId,
    name: row.name,
    free: row.places_free,
    nextStart: parseDay(row.next_start),
    asOf: row.places_as_of,
  }))
}
