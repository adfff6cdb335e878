// Who is in question for a service with few places, and what became of those who were proposed. Reads what other features own.

import { sql } from 'kysely'
import type { Facts } from '#directory/index.ts'
import type { ModelId } from '#evidence/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { ClientId, RecommendationId, ReferralId, ServiceId, SiteId, StaffId } from '#platform/ids.ts'
import { keptEstimates, keptFacts, openService } from './allocation-json.ts'

/** An open file with its latest recommendation. */
export interface Candidate {
  readonly clientId: ClientId
  readonly siteId: SiteId
  readonly restrictedTo: readonly StaffId[] | null
  /** Null: nothing was recommended in the time that counts. */
  readonly recommendation: {
    readonly id: RecommendationId
    readonly modelId: ModelId | null
    readonly rankedBy: string
    readonly facts: Facts
    readonly estimates: readonly { readonly type: string; readonly gain: number; readonly chanceWithout: number }[]
    /** Of the services asked for, those that were open to the client. */
    readonly open: readonly {
      readonly id: ServiceId
      readonly type: string | null
      readonly minutes: number | null
      readonly isTooFar: boolean
    }[]
  } | null
  /** When the first of the recommendations that count was made. */
  readonly since: Date | null
  /** What was chosen last from the latest one. */
  readonly chosen: ServiceId | null
  /** A referral to one of the services waits, runs or was completed; or one to a service of the same type runs. */
  readonly isPlaced: boolean
}

/** Open files of the sites that the asker may see. Recommendations since the moment count. Runs as the job. O(files). */
export async function candidatesFor(
  db: Db,
  asked: {
    readonly siteIds: readonly SiteId[]
    readonly askedBy: StaffId
    readonly services: readonly ServiceId[]
    readonly types: readonly string[]
    readonly since: Date
  },
): Promise<readonly Candidate[]> {
  const { siteIds, askedBy, services, types, since } = asked
  const { rows } = await sql<Row>`
    WITH files AS (
      SELECT network_id, id, site_id, restricted_to FROM clients
      WHERE status = 'open' AND merged_into IS NULL AND site_id = ANY (${[...siteIds]}::uuid[])
        AND (restricted_to IS NULL OR ${askedBy} = ANY (restricted_to))
    ), latest AS (
      SELECT DISTINCT ON (made.client_id) made.*, min(made.made_at) OVER (PARTITION BY made.client_id) AS first_at
      FROM recommendations AS made JOIN files ON files.network_id = made.network_id AND files.id = made.client_id
      WHERE made.made_at >= ${since} ORDER BY made.client_id, made.made_at DESC
    )
    SELECT files.id AS client_id, files.site_id, files.restricted_to, latest.id, latest.model_id, latest.ranked_by,
      latest.facts, latest.estimates, latest.first_at,
      (SELECT jsonb_agg(jsonb_build_object('id', item -> 'id', 'type', item -> 'type', 'points', item -> 'points'))
        FROM jsonb_array_elements(latest.ranking) AS item
        WHERE item ->> 'standing' = 'eligible' AND (item ->> 'id')::uuid = ANY (${[...services]}::uuid[])) AS open,
      (SELECT service_id FROM matching_choices AS choice
        WHERE choice.network_id = files.network_id AND choice.recommendation_id = latest.id
        ORDER BY choice.chosen_at DESC LIMIT 1) AS chosen,
      EXISTS (SELECT FROM referrals AS sent WHERE sent.network_id = files.network_id AND sent.client_id = files.id AND (
        (sent.service_id = ANY (${[...services]}::uuid[])
          AND sent.state NOT IN ('declined', 'ended_early', 'withdrawn', 'expired'))
        OR (sent.service_type = ANY (${[...types]}::text[]) AND sent.state IN ('accepted', 'under_way'))
      )) AS is_placed
    FROM files LEFT JOIN latest ON latest.client_id = files.id
    ORDER BY files.id`.execute(db)
  return rows.map(candidateOf)
}

interface Row {
  readonly client_id: ClientId
  readonly site_id: SiteId
  readonly restricted_to: StaffId[] | null
  readonly id: RecommendationId | null
  readonly model_id: ModelId | null
  readonly ranked_by: string | null
  readonly facts: unknown
  readonly estimates: unknown
  readonly first_at: Date | null
  readonly open: unknown
  readonly chosen: ServiceId | null
  readonly is_placed: boolean
}

function candidateOf(row: Row): Candidate {
  return {
    clientId: row.client_id,
    siteId: row.site_id,
    restrictedTo: row.restricted_to,
    recommendation: row.id && {
      id: row.id,
      modelId: row.model_id,
      rankedBy: row.ranked_by ?? '',
      facts: keptFacts.parse(row.facts),
      estimates: keptEstimates.parse(row.estimates),
      open: openService.parse(row.open ?? []).map(({ id, type, points }) => ({ id, type, ...travelOf(points) })),
    },
    since: row.first_at,
    chosen: row.chosen,
    isPlaced: row.is_placed,
  }
}

/** From what the recommendation said of the way. Farther than the client said they would travel is too far. */
function travelOf(points: readonly { readonly key: string; readonly values: Readonly<Record<string, unknown>> }[]) {
  const isTooFar = points.some(({ key }) => key === 'farther_than_willing')
  if (points.some(({ key }) => key === 'online')) return { minutes: 0, isTooFar: false }
  const way = points.find(({ values }) => typeof values.minutes === 'number')
  return { minutes: typeof way?.values.minutes === 'number' ? way.values.minutes : null, isTooFar }
}

/** The latest referral of a client since a moment, and whether it went to the service proposed. */
export interface Became {
  readonly clientId: ClientId
  readonly referralId: ReferralId
  readonly serviceId: ServiceId
  readonly serviceName: string
  readonly state: string
}

/** Referrals of these clients begun since, oldest first. */
export async function referredSince(db: Db, clientIds: readonly ClientId[], since: Date): Promise<readonly Became[]> {
  if (clientIds.length === 0) return []
  const rows = await db
    .selectFrom('referrals')
    .select(['client_id', 'id', 'service_id', 'service_name', 'state'])
    .where('client_id', 'in', [...clientIds])
    .where('created_at', '>=', since)
    .orderBy('created_at')
    .execute()
  return rows.map((row) => ({
    clientId: row.client_id as ClientId,
    referralId: row.id as ReferralId,
    serviceId: row.service_id as ServiceId,
    serviceName: row.service_name,
    state: row.state,
  }))
}

/** Proposals made since that give a place to open clients of this adviser who have had no referral since, with how many. */
export async function openOnProposals(
  db: Db,
  adviserId: StaffId,
  since: Date,
): Promise<readonly { readonly id: string; readonly name: string; readonly madeAt: Date; readonly count: number }[]> {
  const { rows } = await sql<{ id: string; name: string; made_at: Date; count: number }>`
    SELECT proposal.id, proposal.name, proposal.made_at, count(*)::int AS count
    FROM matching_proposals AS proposal
    JOIN matching_allocation_clients AS item
      ON item.network_id = proposal.network_id AND item.allocation_id = proposal.allocation_id
    JOIN clients ON clients.network_id = item.network_id AND clients.id = item.client_id
    WHERE proposal.made_at >= ${since} AND clients.adviser_id = ${adviserId} AND clients.status = 'open'
      AND item.got -> proposal.rule ->> 'service' IS NOT NULL
      AND NOT EXISTS (SELECT FROM referrals AS sent WHERE sent.network_id = item.network_id
        AND sent.client_id = item.client_id AND sent.created_at >= proposal.made_at)
    GROUP BY proposal.id, proposal.name, proposal.made_at ORDER BY proposal.made_at`.execute(db)
  return rows.map(({ id, name, made_at: madeAt, count }) => ({ id, name, madeAt, count }))
}
