// All services at once, as matching looks at them.

import { sql } from 'kysely'
import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { LocationId, OrganizationId, ServiceId } from '#platform/ids.ts'
import type { Rule } from './requirement.ts'
import { storedRule } from './rule-json.ts'
import { isServiceType, type ServiceType } from './service-type.ts'

export interface ServiceToMatch {
  readonly id: ServiceId
  readonly organizationId: OrganizationId
  readonly organizationName: string
  readonly name: string
  /** Null: nobody has said which; such a service has no evidence. */
  readonly serviceType: ServiceType | null
  readonly languages: readonly string[]
  readonly hasInterpretation: boolean
  readonly placesFree: number | null
  readonly placesAsOf: Date | null
  readonly nextStart: CalendarDay | null
  readonly costCents: number | null
  readonly currency: string | null
  readonly assuredOn: CalendarDay | null
  /** What it asks: the rules that staff entered, and the ages that the directory states. */
  readonly rules: readonly Rule[]
  readonly places: readonly PlaceToMatch[]
  readonly openings: readonly OpeningToMatch[]
}

export interface PlaceToMatch {
  readonly locationId: LocationId
  readonly name: string | null
  readonly city: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly isOnline: boolean
  readonly accessibility: readonly string[]
}

/** Hours on weekdays (1 Monday to 7 Sunday), `HH:MM:SS`; `closes` at or before `opens` is on the next day. */
export interface OpeningToMatch {
  readonly weekdays: readonly number[]
  readonly opens: string
  readonly closes: string
}

/** Every service that takes people, or the one that is asked for, by id. Four queries, whatever their number; rows are
 *  shared, not copied. */
export async function servicesForMatching(db: Db, today: CalendarDay, only?: ServiceId): Promise<ServiceToMatch[]> {
  const places = await placesByService(db, only)
  const rules = await rulesByService(db, only)
  const hours = await hoursByOwner(db, today)
  const services = await db
    .selectFrom('services')
    .select(['id', 'organization_id', 'organization_name', 'name', 'service_type', 'languages', 'interpretation'])
    .select([
      'places_free',
      'places_as_of',
      'next_start',
      'cost_cents',
      'currency',
      'assured_on',
      'minimum_age',
      'maximum_age',
    ])
    .where('status', '=', 'active')
    .where('gone_since', 'is', null)
    .$if(only !== undefined, (query) => query.where('id', '=', only!))
    .orderBy('id')
    .execute()
  return services.map((row): ServiceToMatch => {
    const own = places.get(row.id) ?? none
    return {
      id: row.id as ServiceId,
      organizationId: row.organization_id as OrganizationId,
      organizationName: row.organization_name,
      name: row.name,
      serviceType: isServiceType(row.service_type) ? row.service_type : null,
      languages: row.languages,
      hasInterpretation: row.interpretation !== null,
      placesFree: row.places_free,
      placesAsOf: row.places_as_of,
      nextStart: row.next_start as CalendarDay | null,
      costCents: row.cost_cents,
      currency: row.currency,
      assuredOn: row.assured_on as CalendarDay | null,
      rules: [...ageRule(row.minimum_age, row.maximum_age), ...(rules.get(row.id) ?? none)],
      places: own,
      openings:
        hours.get(row.id) ?? own.flatMap((place): readonly OpeningToMatch[] => hours.get(place.locationId) ?? none),
    }
  })
}

const none: readonly never[] = []

/** The ages that the directory itself states, as a rule. */
export function ageRule(from: number | null, to: number | null): Rule[] {
  if (from === null && to === null) return []
  // HSDS files write "any age" as 0 to 100 and the like.
  const least = from !== null && from > 0 ? from : undefined
  const most = to !== null && to < 99 ? to : undefined
  return least === undefined && most === undefined ? [] : [{ kind: 'age', from: least, to: most }]
}

async function placesByService(db: Db, only: ServiceId | undefined): Promise<Map<string, PlaceToMatch[]>> {
  const locations = await db
    .selectFrom('locations')
    .select(['id', 'name', 'city', 'latitude', 'longitude', 'kind', 'accessibility'])
    .where('gone_since', 'is', null)
    .execute()
  const byId = new Map(
    locations.map(({ id, kind, ...location }): [string, PlaceToMatch] => [
      id,
      { locationId: id as LocationId, isOnline: kind === 'virtual', ...location },
    ]),
  )
  const links = await db
    .selectFrom('service_at_locations')
    .select(['service_id', 'location_id'])
    .where('gone_since', 'is', null)
    .$if(only !== undefined, (query) => query.where('service_id', '=', only!))
    .orderBy('id')
    .execute()
  const places = new Map<string, PlaceToMatch[]>()
  for (const { service_id: service, location_id: location } of links) {
    const place = byId.get(location)
    if (!place) continue
    const known = places.get(service)
    if (known) known.push(place)
    else places.set(service, [place])
  }
  return places
}

async function rulesByService(db: Db, only: ServiceId | undefined): Promise<Map<string, Rule[]>> {
  const rows = await db
    .selectFrom('requirements')
    .select(['service_id', 'rule'])
    .where('removed_at', 'is', null)
    .$if(only !== undefined, (query) => query.where('service_id', '=', only!))
    .orderBy('id')
    .execute()
  const grouped = Map.groupBy(rows, (row) => row.service_id)
  return new Map([...grouped].map(([service, group]) => [service, group.map((row) => storedRule(row.rule))]))
}

/** Hours by service, and by location for those that are the location's own. */
async function hoursByOwner(db: Db, today: CalendarDay): Promise<Map<string, OpeningToMatch[]>> {
  const { rows } = await sql<{ owner: string; weekdays: number[]; opens: string; closes: string }>`
    SELECT coalesce(service_id, location_id) AS owner, weekdays, opens_at AS opens, closes_at AS closes FROM schedules
    WHERE (valid_from IS NULL OR valid_from <= ${today}::date) AND (valid_to IS NULL OR valid_to >= ${today}::date)`.execute(
    db,
  )
  const hours = new Map<string, OpeningToMatch[]>()
  for (const { owner, ...opening } of rows) {
    const known = hours.get(owner)
    if (known) known.push(opening)
    else hours.set(owner, [opening])
  }
  return hours
}
