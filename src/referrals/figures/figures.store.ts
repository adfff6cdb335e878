// What the figures are counted from, and the figures as they are kept: replaced as a whole, read as the figures' own role.

import { sql } from 'kysely'
import { z } from 'zod'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import { changeScope, type Db } from '#platform/db/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { newId, type ClientId, type NetworkId, type OrganizationId, type SiteId } from '#platform/ids.ts'
import { ends } from '../referral.ts'
import { breakdowns, unknownValue, type Breakdown, type Figure } from './count.ts'
import type { Move } from './loop.ts'

/** A referral without a word of the person: where, to whom, and what moved it. */
export interface ReferralMoves {
  readonly clientId: ClientId
  readonly siteId: SiteId
  readonly organizationId: OrganizationId
  readonly organizationName: string
  readonly serviceType: string | null
  readonly moves: readonly Move[]
}

const moving = [
  ...(['sent', 'waiting_list', 'more_information_asked', 'accepted', 'attended', 'did_not_attend'] as const),
  ...(['next_step_recorded', ...ends] as const),
] as const
const day = z.string().transform((text): CalendarDay => {
  const parsed = parseDay(text)
  if (parsed === null) throw new Error('A referral moved on a day that is none.')
  return parsed
})
const movesShape = z.array(
  z
    .tuple([z.enum(moving), day, z.string(), z.string().nullable(), z.string().nullable()])
    .transform(([kind, on, actor, by, reason]): Move => ({ kind, on, actor, by, reason })),
)

/** All referrals begun since the moment with what moved them, in one query. What was corrected is left out; days are those of
 *  the zone. Runs as the job. */
export async function referralMovesSince(db: Db, since: Date, timeZone: string): Promise<readonly ReferralMoves[]> {
  const { rows } = await sql<MovesRow>`
    WITH begun AS (
      SELECT id, client_id, site_id, organization_id, organization_name, service_type FROM referrals WHERE created_at >= ${since}
    ), corrected AS (
      SELECT (payload ->> 'corrects')::uuid AS id FROM referral_events WHERE kind = 'corrected' AND at >= ${since}
    ), moved AS (
      SELECT event.referral_id,
        json_agg(json_build_array(event.kind,
          coalesce(event.payload ->> 'on', to_char(event.at AT TIME ZONE ${timeZone}, 'YYYY-MM-DD')),
          event.actor_kind, event.payload ->> 'by', event.payload ->> 'reason') ORDER BY event.seq) AS moves
      FROM referral_events AS event
      WHERE event.at >= ${since} AND event.kind = ANY (${moving}) AND NOT EXISTS (SELECT FROM corrected WHERE corrected.id = event.id)
      GROUP BY event.referral_id
    )
    SELECT begun.client_id, begun.site_id, begun.organization_id, begun.organization_name, begun.service_type, moved.moves
    FROM begun JOIN moved ON moved.referral_id = begun.id`.execute(db)
  return rows.map((row) => ({
    clientId: row.client_id,
    siteId: row.site_id,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    serviceType: row.service_type,
    moves: movesShape.parse(row.moves),
  }))
}

interface MovesRow {
  readonly client_id: ClientId
  readonly site_id: SiteId
  readonly organization_id: OrganizationId
  readonly organization_name: string
  readonly service_type: string | null
  readonly moves: unknown
}

/** When all of it was counted last, over which months. */
export interface FigureCount {
  readonly countedAt: Date
  /** `2026-03`. */
  readonly firstMonth: string
  readonly lastMonth: string
  readonly minimum: number
}

/** So many rows are written at a time: PostgreSQL takes at most 65,535 values in one statement. */
const rowsAtOnce = 3000

/** Puts these figures in the place of all earlier ones. `names`: the partners' by id. */
export async function replaceFigures(
  db: Db,
  networkId: NetworkId,
  { figures, names, count }: { figures: readonly Figure[]; names: ReadonlyMap<string, string>; count: FigureCount },
): Promise<void> {
  await db.deleteFrom('figure_referrals').execute()
  await db.deleteFrom('figure_referral_counts').execute()
  // What was told of no partner is no partner's figure: it counts in the totals, and has no row.
  const rows = figures
    .filter(({ breakdown, value }) => breakdown !== 'partner' || value !== unknownValue)
    .map((figure) => rowOf(networkId, figure, names))
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    await db
      .insertInto('figure_referrals')
      .values(rows.slice(from, from + rowsAtOnce))
      .execute()
  await db
    .insertInto('figure_referral_counts')
    .values({
      network_id: networkId,
      id: newId(),
      counted_at: count.countedAt,
      first_month: `${count.firstMonth}-01`,
      last_month: `${count.lastMonth}-01`,
      minimum: count.minimum,
    })
    .execute()
}

/** Null: never counted yet. */
export async function lastCount(db: Db): Promise<FigureCount | null> {
  const row = await db
    .selectFrom('figure_referral_counts')
    .select(['counted_at', 'first_month', 'last_month', 'minimum'])
    .executeTakeFirst()
  return row
    ? {
        countedAt: row.counted_at,
        firstMonth: row.first_month.slice(0, 7),
        lastMonth: row.last_month.slice(0, 7),
        minimum: row.minimum,
      }
    : null
}

/** Which figures: everyone's months, one value's months, or all values of a breakdown in one month (null: all months). */
export type FigureWish =
  | { readonly over: 'months'; readonly breakdown: Breakdown | 'everyone'; readonly value: string | null }
  | { readonly over: 'values'; readonly breakdown: Breakdown; readonly month: string | null }

export interface KeptFigure extends Figure {
  /** A partner's name; other values are named by their catalogue or by the sites. */
  readonly name: string | null
}

/** The figures that this reader may see. */
export async function figuresOf(db: Db, wish: FigureWish): Promise<readonly KeptFigure[]> {
  let query = db
    .selectFrom('figure_referrals')
    .select(['period', 'breakdown', 'site_id', 'organization_id', 'organization_name', 'service_type', 'group_value'])
    .select(['measure', 'category', 'numerator', 'denominator', 'median', 'ninetieth'])
    .where('breakdown', '=', wish.breakdown)
  if (wish.over === 'values') {
    query = wish.month === null ? query.where('period', 'is', null) : query.where('period', '=', `${wish.month}-01`)
  } else if (wish.breakdown !== 'everyone' && wish.value !== null) {
    query = query.where(columnOf(wish.breakdown), '=', wish.value)
  }
  return (await query.execute()).map((row) => ({
    month: row.period?.slice(0, 7) ?? null,
    breakdown: breakdowns.find((each) => each === row.breakdown) ?? 'everyone',
    value: row.site_id ?? row.organization_id ?? row.service_type ?? row.group_value,
    name: row.organization_name,
    measure: row.measure,
    category: row.category,
    numerator: row.numerator,
    denominator: row.denominator,
    median: row.median,
    ninetieth: row.ninetieth,
  }))
}

export interface ValueWithFigures {
  readonly breakdown: Breakdown
  readonly value: string
  /** A partner's name. */
  readonly name: string | null
}

/** Everything that this reader may see figures of. */
export async function valuesWithFigures(db: Db): Promise<readonly ValueWithFigures[]> {
  const rows = await db
    .selectFrom('figure_referrals')
    .select(['breakdown', 'site_id', 'organization_id', 'organization_name', 'service_type', 'group_value'])
    .distinct()
    .where('breakdown', '<>', 'everyone')
    .execute()
  return rows.flatMap((row) => {
    const breakdown = breakdowns.find((each) => each === row.breakdown)
    const value = row.site_id ?? row.organization_id ?? row.service_type ?? row.group_value
    return breakdown && value !== null ? [{ breakdown, value, name: row.organization_name }] : []
  })
}

/** Reads on as the figures' own role, to the end of the transaction: a manager of the sites that they manage. It may read no file. */
export async function becomeFiguresReader(scene: Pick<Scene, 'db' | 'network' | 'actor'>): Promise<void> {
  await changeScope(scene.db, {
    role: 'figures',
    networkId: scene.network.id,
    actorId: scene.actor.id,
    siteIds: scene.actor.managedSiteIds,
    roles: scene.actor.roles,
  })
}

function columnOf(breakdown: Breakdown) {
  switch (breakdown) {
    case 'site':
      return 'site_id'
    case 'partner':
      return 'organization_id'
    case 'service_type':
      return 'service_type'
    default:
      return 'group_value'
  }
}

function rowOf(networkId: NetworkId, figure: Figure, names: ReadonlyMap<string, string>) {
  const { month, breakdown, value } = figure
  const column = breakdown === 'everyone' ? null : columnOf(breakdown)
  const valueIn = (wanted: ReturnType<typeof columnOf>) => (column === wanted ? value : null)
  return {
    network_id: networkId,
    id: newId(),
    period: month === null ? null : `${month}-01`,
    breakdown,
    site_id: valueIn('site_id'),
    organization_id: valueIn('organization_id'),
    organization_name: breakdown === 'partner' && value !== null ? (names.get(value) ?? '') : null,
    service_type: valueIn('service_type'),
    group_value: valueIn('group_value'),
    measure: figure.measure,
    category: figure.category,
    numerator: figure.numerator,
    denominator: figure.denominator,
    median: figure.median,
    ninetieth: figure.ninetieth,
  }
}
