// Finding services and organisations by what people type and choose.

import { sql, type RawBuilder } from 'kysely'
import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { OrganizationId, ServiceId } from '#platform/ids.ts'
import { boxAround } from './place.ts'
import { alikeEnough, wordsOf, type ServiceWish } from './search.ts'
import { isServiceType, type ServiceType } from './service-type.ts'

export interface FoundService {
  readonly id: ServiceId
  readonly name: string
  readonly description: string | null
  readonly organizationId: OrganizationId
  readonly organizationName: string
  readonly serviceType: ServiceType | null
  readonly languages: readonly string[]
  readonly cities: readonly string[]
  readonly kilometres: number | null
  readonly placesFree: number | null
  readonly placesAsOf: Date | null
  readonly nextStart: CalendarDay | null
  readonly assuredOn: CalendarDay | null
  readonly sourceChangedOn: CalendarDay | null
  readonly costCents: number | null
}

export interface FoundPage {
  readonly services: readonly FoundService[]
  /** On all pages. */
  readonly total: number
  /** Nothing has the words as they were typed: these have nearly such words. */
  readonly isNearly: boolean
}

export interface PageOf {
  /** From 1. */
  readonly page: number
  readonly size: number
  readonly today: CalendarDay
}

interface Row {
  id: ServiceId
  name: string
  description: string | null
  organization_id: OrganizationId
  organization_name: string
  service_type: string | null
  languages: string[]
  cities: string[] | null
  km: number | null
  places_free: number | null
  places_as_of: Date | null
  next_start: CalendarDay | null
  assured_on: CalendarDay | null
  source_changed_on: CalendarDay | null
  cost_cents: number | null
  total: number
}

/**
 * Services that take people, best first: by the words where there are any, else by distance, else by name. Each word begins
 * a word of the entry; where that finds nothing, each is nearly a word of its names (typing errors).
 */
export async function searchServices(db: Db, wish: ServiceWish, pageOf: PageOf): Promise<FoundPage> {
  const exact = await find(db, wish, { ...pageOf, isNearly: false })
  if (exact.length > 0 || wordsOf(wish.words).length === 0) return foundPage(exact, false)
  const nearly = await find(db, wish, { ...pageOf, isNearly: true })
  return foundPage(nearly, nearly.length > 0)
}

async function find(db: Db, wish: ServiceWish, options: PageOf & { readonly isNearly: boolean }): Promise<Row[]> {
  const { page, size, today, isNearly } = options
  const words = wordsOf(wish.words)
  const conditions = [
    sql`s.status = 'active'`,
    sql`s.gone_since IS NULL`,
    ...words.map((word) => (isNearly ? sql`(${hasWord(word)} OR ${isLike(word, knownText)})` : hasWord(word))),
    ...choices(wish),
    ...(wish.openAt ? [isOpenAt(wish.openAt, today)] : []),
  ]
  const rank =
    words.length > 0
      ? sql`ts_rank(s.search, to_tsquery('simple', ${words.map((word) => `${word}:*`).join(' | ')}))
          + word_similarity(${words.join(' ')}, ${nameText}) DESC, d.km NULLS LAST`
      : sql`d.km NULLS LAST`
  const { rows } = await sql<Row>`
    SELECT s.id, s.name, s.description, s.organization_id, s.organization_name, s.service_type, s.languages, d.cities, d.km,
      s.places_free, s.places_as_of, s.next_start, s.assured_on, s.source_changed_on, s.cost_cents, count(*) OVER () AS total
    FROM services s
    ${wish.near ? placesWithin(wish.near, wish.accessibility) : placesOfEach(wish.accessibility)}
    WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY ${rank}, s.name, s.id
    LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(db)
  return rows
}

function foundPage(rows: readonly Row[], isNearly: boolean): FoundPage {
  return { services: rows.map(foundService), total: rows[0]?.total ?? 0, isNearly }
}

/** Whether the directory holds any service at all. */
export async function hasServices(db: Db): Promise<boolean> {
  return (await db.selectFrom('services').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Organisations by name, for the search from anywhere. */
export async function searchOrganizations(
  db: Db,
  text: string,
  limit: number,
): Promise<{ readonly id: OrganizationId; readonly name: string }[]> {
  const words = wordsOf(text)
  if (words.length === 0) return []
  const name = sql`lower(name || ' ' || coalesce(alternate_name, ''))`
  const { rows } = await sql<{ id: OrganizationId; name: string }>`
    SELECT id, name FROM organizations
    WHERE gone_since IS NULL AND ${sql.join(
      words.map((word) => isLike(word, name)),
      sql` AND `,
    )}
    ORDER BY word_similarity(${words.join(' ')}, ${name}) DESC, name LIMIT ${limit}`.execute(db)
  return rows
}

const nameText = sql`lower(s.name || ' ' || coalesce(s.alternate_name, '') || ' ' || s.organization_name)`

/** What words may nearly be: names, keywords and towns. Descriptions are long, and nearly everything is nearly in them. */
const knownText = sql`lower(s.name || ' ' || coalesce(s.alternate_name, '') || ' ' || s.organization_name || ' ' || s.keywords)`

function hasWord(word: string): RawBuilder<unknown> {
  return sql`s.search @@ to_tsquery('simple', ${`${word}:*`})`
}

/** Trigrams say little of one or two letters: these must be there as they are. */
function isLike(word: string, text: RawBuilder<unknown>): RawBuilder<unknown> {
  if (word.length < 3) return sql`strpos(${text}, ${word}) > 0`
  return sql`word_similarity(${word}, ${text}) >= ${alikeEnough}`
}

function choices(wish: ServiceWish): RawBuilder<unknown>[] {
  const { type, language, accessibility, hasPlaces, organizationId } = wish
  return [
    ...(type === 'unknown' ? [sql`s.service_type IS NULL`] : type ? [sql`s.service_type = ${type}`] : []),
    ...(language ? [sql`s.languages @> ARRAY[${language}]::text[]`] : []),
    ...(hasPlaces ? [sql`s.places_free > 0`] : []),
    ...(organizationId ? [sql`s.organization_id = ${organizationId}::uuid`] : []),
    ...(accessibility && accessibility.length > 0 && !wish.near ? [sql`d.is_accessible`] : []),
  ]
}

const towns = sql`array_agg(DISTINCT p.city) FILTER (WHERE p.city IS NOT NULL) AS cities`

/** Each service's towns, and whether one of its places has all that is needed. */
function placesOfEach(accessibility: ServiceWish['accessibility'] = []): RawBuilder<unknown> {
  return sql`LEFT JOIN LATERAL (
    SELECT ${towns}, NULL::float8 AS km, coalesce(bool_or(p.accessibility @> ${accessibility}::text[]), false) AS is_accessible
    FROM service_at_locations l JOIN locations p ON p.network_id = l.network_id AND p.id = l.location_id
    WHERE l.network_id = s.network_id AND l.service_id = s.id AND l.gone_since IS NULL AND p.gone_since IS NULL) d ON true`
}

/** The places within the distance first (few), then the services there: ten times as fast as asking each service. */
function placesWithin(
  { position, kilometres }: NonNullable<ServiceWish['near']>,
  accessibility: ServiceWish['accessibility'] = [],
): RawBuilder<unknown> {
  const box = boxAround(position, kilometres)
  return sql`JOIN (
    WITH close AS MATERIALIZED (
      SELECT id, city, 12742 * asin(least(1, sqrt(power(sin(radians(latitude - ${position.latitude}) / 2), 2)
        + cos(radians(${position.latitude})) * cos(radians(latitude)) * power(sin(radians(longitude - ${position.longitude}) / 2), 2)))) AS km
      FROM locations
      WHERE gone_since IS NULL AND latitude BETWEEN ${box.south} AND ${box.north}
        AND longitude BETWEEN ${box.west} AND ${box.east} AND accessibility @> ${accessibility}::text[])
    SELECT l.service_id, ${towns}, min(p.km) AS km
    FROM close p JOIN service_at_locations l ON l.location_id = p.id
    WHERE l.gone_since IS NULL AND p.km <= ${kilometres}
    GROUP BY l.service_id) d ON d.service_id = s.id`
}

/** By its own hours; by those of its places where it has none of its own. Hours past midnight belong to the day before. */
function isOpenAt({ weekday, time }: { weekday: number; time: string }, today: CalendarDay): RawBuilder<unknown> {
  const yesterday = weekday === 1 ? 7 : weekday - 1
  const isOpen = sql`
    (c.valid_from IS NULL OR c.valid_from <= ${today}::date) AND (c.valid_to IS NULL OR c.valid_to >= ${today}::date)
    AND CASE WHEN c.opens_at < c.closes_at
      THEN ${weekday} = ANY (c.weekdays) AND c.opens_at <= ${time}::time AND ${time}::time < c.closes_at
      ELSE (${weekday} = ANY (c.weekdays) AND c.opens_at <= ${time}::time)
        OR (${yesterday} = ANY (c.weekdays) AND ${time}::time < c.closes_at) END`
  const own = sql`SELECT 1 FROM schedules c WHERE c.network_id = s.network_id AND c.service_id = s.id`
  return sql`(EXISTS (${own} AND ${isOpen}) OR (NOT EXISTS (${own}) AND EXISTS (
    SELECT 1 FROM service_at_locations l
    JOIN schedules c ON c.network_id = l.network_id AND c.location_id = l.location_id AND c.service_id IS NULL
    WHERE l.network_id = s.network_id AND l.service_id = s.id AND l.gone_since IS NULL AND ${isOpen})))`
}

function foundService(row: Row): FoundService {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    serviceType: isServiceType(row.service_type) ? row.service_type : null,
    languages: row.languages,
    cities: row.cities ?? [],
    kilometres: row.km,
    placesFree: row.places_free,
    placesAsOf: row.places_as_of,
    nextStart: row.next_start,
    assuredOn: row.assured_on,
    sourceChangedOn: row.source_changed_on,
    costCents: row.cost_cents,
  }
}
