// Choices beside what was suggested, with what became of them; their figures; and which adviser was told of which month.

import { sql } from 'kysely'
import type { CalendarDay } from '#platform/dates.ts'
import { changeScope, type Db } from '#platform/db/index.ts'
import type { Scene } from '#platform/http/index.ts'
import {
  newId,
  type ClientId,
  type NetworkId,
  type RecommendationId,
  type ReferralId,
  type ServiceId,
  type StaffId,
} from '#platform/ids.ts'
import type { ChoiceReason } from '../choice.ts'
import type { Breakdown, ChoiceFigure, CountedChoice, Stage } from './choices.ts'

/** The last choice from one recommendation. */
export interface OwnChoice {
  readonly recommendationId: RecommendationId
  readonly clientId: ClientId
  readonly chosenAt: Date
  readonly tookFirst: boolean
  readonly reason: ChoiceReason | null
  readonly words: string | null
  /** What stood first; null where nothing was open to the client. */
  readonly first: { readonly id: ServiceId; readonly name: string } | null
  readonly chosen: { readonly id: ServiceId; readonly name: string }
  readonly referralId: ReferralId | null
  readonly stage: Stage
  /** As it was last told after the choice; null where nothing was. */
  readonly outcome: string | null
}

/** This adviser's choices since, the latest first. One query; a recommendation's ranking is looked into for two services. */
export async function choicesOfAdviser(db: Db, adviserId: StaffId, since: Date): Promise<readonly OwnChoice[]> {
  const { rows } = await sql<OwnRow>`
    WITH own AS (
      SELECT DISTINCT ON (recommendation_id) * FROM matching_choices
      WHERE chosen_by = ${adviserId} AND chosen_at >= ${since} ORDER BY recommendation_id, chosen_at DESC
    )
    SELECT own.recommendation_id, own.client_id, own.chosen_at, own.rank, own.tier, own.reason, own.words, own.service_id,
      services.name AS service_name, first.id AS first_id, first.name AS first_name,
      sent.id AS referral_id, sent.state, sent.first_attended_on, told.kind AS outcome
    FROM own
    JOIN services ON services.network_id = own.network_id AND services.id = own.service_id
    JOIN recommendations AS made ON made.network_id = own.network_id AND made.id = own.recommendation_id
    LEFT JOIN LATERAL (
      SELECT item ->> 'id' AS id, item ->> 'name' AS name FROM jsonb_array_elements(made.ranking) AS item
      WHERE item ->> 'rank' = '1' LIMIT 1
    ) AS first ON true
    LEFT JOIN LATERAL (
      SELECT id, state, first_attended_on FROM referrals
      WHERE referrals.network_id = own.network_id AND referrals.client_id = own.client_id
        AND referrals.service_id = own.service_id
        AND (referrals.recommendation_id = own.recommendation_id OR referrals.created_at >= own.chosen_at)
      ORDER BY created_at LIMIT 1
    ) AS sent ON true
    LEFT JOIN LATERAL (
      SELECT kind FROM outcome_statements AS told
      WHERE told.network_id = own.network_id AND told.client_id = own.client_id AND told.as_of >= own.chosen_at::date
        AND NOT EXISTS (SELECT FROM outcome_statements AS later
          WHERE later.network_id = told.network_id AND later.corrects = told.id)
      ORDER BY as_of DESC, recorded_at DESC LIMIT 1
    ) AS told ON true
    ORDER BY own.chosen_at DESC, own.recommendation_id`.execute(db)
  return rows.map((row) => ({
    recommendationId: row.recommendation_id,
    clientId: row.client_id,
    chosenAt: row.chosen_at,
    tookFirst: row.rank === 1 || row.tier === 1,
    reason: row.reason,
    words: row.words,
    first: row.first_id === null ? null : { id: row.first_id, name: row.first_name ?? '' },
    chosen: { id: row.service_id, name: row.service_name },
    referralId: row.referral_id,
    stage: stageOf(row),
    outcome: row.outcome,
  }))
}

interface OwnRow {
  readonly recommendation_id: RecommendationId
  readonly client_id: ClientId
  readonly chosen_at: Date
  readonly rank: number | null
  readonly tier: number | null
  readonly reason: ChoiceReason | null
  readonly words: string | null
  readonly service_id: ServiceId
  readonly service_name: string
  readonly first_id: ServiceId | null
  readonly first_name: string | null
  readonly referral_id: ReferralId | null
  readonly state: string | null
  readonly first_attended_on: string | null
  readonly outcome: string | null
}

function stageOf({ state, first_attended_on }: OwnRow): Stage {
  if (state === null || state === 'drafted') return 'not_referred'
  if (state === 'completed') return 'completed'
  return first_attended_on === null ? 'referred' : 'attended'
}

/** The last choice from each recommendation since, of those from which something was suggested first. Runs as the job. */
export async function choicesSince(db: Db, since: Date, timeZone: string): Promise<readonly CountedChoice[]> {
  const { rows } = await sql<CountedRow>`
    WITH last AS (
      SELECT DISTINCT ON (recommendation_id) * FROM matching_choices
      WHERE chosen_at >= ${since} ORDER BY recommendation_id, chosen_at DESC
    )
    SELECT to_char(last.chosen_at AT TIME ZONE ${timeZone}, 'YYYY-MM') AS month, last.site_id, last.chosen_by, last.rank, last.tier,
      last.reason, first.type AS service_type
    FROM last
    JOIN recommendations AS made ON made.network_id = last.network_id AND made.id = last.recommendation_id
    JOIN LATERAL (
      SELECT item ->> 'type' AS type FROM jsonb_array_elements(made.ranking) AS item WHERE item ->> 'rank' = '1' LIMIT 1
    ) AS first ON true
    ORDER BY last.recommendation_id`.execute(db)
  return rows.map((row) => ({
    month: row.month,
    siteId: row.site_id,
    serviceType: row.service_type ?? 'unknown',
    reason: row.rank === 1 || row.tier === 1 ? null : (row.reason ?? 'other'),
    adviser: row.chosen_by,
  }))
}

interface CountedRow {
  readonly month: string
  readonly site_id: string
  readonly chosen_by: string
  readonly rank: number | null
  readonly tier: number | null
  readonly reason: ChoiceReason | null
  readonly service_type: string | null
}

/** When it was counted last, over which months. */
export interface ChoiceCount {
  readonly countedAt: Date
  readonly firstMonth: string
  readonly lastMonth: string
  readonly minimum: number
}

/** Puts these figures in the place of all earlier ones. */
export async function replaceChoiceFigures(
  db: Db,
  networkId: NetworkId,
  { figures, count }: { readonly figures: readonly ChoiceFigure[]; readonly count: ChoiceCount },
): Promise<void> {
  await db.deleteFrom('figure_choices').execute()
  await db.deleteFrom('figure_choice_counts').execute()
  const rows = figures.map(({ month, breakdown, value, measure, category, count: people }) => ({
    network_id: networkId,
    id: newId(),
    period: month === null ? null : `${month}-01`,
    breakdown,
    site_id: breakdown === 'site' ? value : null,
    service_type: breakdown === 'service_type' ? value : null,
    measure,
    category,
    count: people,
  }))
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    await db
      .insertInto('figure_choices')
      .values(rows.slice(from, from + rowsAtOnce))
      .execute()
  await db
    .insertInto('figure_choice_counts')
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

/** PostgreSQL takes at most 65,535 values in one statement. */
const rowsAtOnce = 3000

/** The rest of the request reads as the figures' own role, which knows no person. */
export async function becomeChoicesReader(scene: Pick<Scene, 'db' | 'network' | 'actor'>): Promise<void> {
  await changeScope(scene.db, {
    role: 'figures',
    networkId: scene.network.id,
    actorId: scene.actor.id,
    siteIds: scene.actor.managedSiteIds,
    roles: scene.actor.roles,
  })
}

/** Null: never counted yet. */
export async function lastChoiceCount(db: Db): Promise<ChoiceCount | null> {
  const row = await db
    .selectFrom('figure_choice_counts')
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

/** All that this person may see. */
export async function choiceFigures(db: Db): Promise<readonly ChoiceFigure[]> {
  const rows = await db
    .selectFrom('figure_choices')
    .select(['period', 'breakdown', 'site_id', 'service_type', 'measure', 'category', 'count'])
    .execute()
  return rows.map((row) => ({
    month: row.period?.slice(0, 7) ?? null,
    breakdown: row.breakdown as Breakdown,
    value: row.site_id ?? row.service_type,
    measure: row.measure as ChoiceFigure['measure'],
    category: row.category,
    count: row.count,
  }))
}

/** Active advisers who chose something between the moments and were not told of that month yet. Runs as the job. */
export async function advisersToTell(
  db: Db,
  { month, from, to }: { readonly month: CalendarDay; readonly from: Date; readonly to: Date },
): Promise<readonly { readonly id: StaffId; readonly email: string; readonly locale: string }[]> {
  const rows = await db
    .selectFrom('staff')
    .select(['id', 'email', 'locale'])
    .where('state', '=', 'active')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('matching_choices')
          .select('matching_choices.id')
          .whereRef('matching_choices.chosen_by', '=', 'staff.id')
          .where('chosen_at', '>=', from)
          .where('chosen_at', '<', to),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('matching_choice_notes')
            .select('matching_choice_notes.id')
            .whereRef('matching_choice_notes.staff_id', '=', 'staff.id')
            .where('month', '=', month),
        ),
      ),
    )
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ id: row.id as StaffId, email: row.email, locale: row.locale }))
}

export async function insertChoiceNote(
  db: Db,
  networkId: NetworkId,
  { staffId, month, now }: { readonly staffId: StaffId; readonly month: CalendarDay; readonly now: Date },
): Promise<string> {
  const id = newId(now.getTime())
  await db
    .insertInto('matching_choice_notes')
    .values({ network_id: networkId, id, staff_id: staffId, month, told_at: now })
    .execute()
  return id
}

/** The month that a note is about: `2026-10`. */
export async function monthOfNote(db: Db, id: string): Promise<string | null> {
  const row = await db.selectFrom('matching_choice_notes').select('month').where('id', '=', id).executeTakeFirst()
  return row ? row.month.slice(0, 7) : null
}

/** The month of the note that this adviser was given last, if it was since. */
export async function latestNote(
  db: Db,
  since: Date,
): Promise<{ readonly month: string; readonly toldAt: Date } | null> {
  const row = await db
    .selectFrom('matching_choice_notes')
    .select(['month', 'told_at'])
    .where('told_at', '>=', since)
    .orderBy('told_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { month: row.month.slice(0, 7), toldAt: row.told_at } : null
}
