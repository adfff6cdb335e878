// Referrals that stand still: the system has reminded somebody, and nothing has happened since; or their day has passed.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import type { OrganizationId, ReferralId, SiteId } from '#platform/ids.ts'
import { ends } from '../referral.ts'
import { steps, type Step } from './loop.ts'

export interface StuckReferral {
  readonly id: ReferralId
  readonly organizationId: OrganizationId
  readonly organizationName: string
  readonly step: Step
  /** When something should have happened first: the first reminder of this wait, else the day it was due. */
  readonly since: Date
}

/** So many are read; a place where more stand still has another problem than their order. */
const most = 5000
/** What tells of a referral without moving it: a wait goes on through these. */
const quiet = [
  'reminded',
  'opened',
  'message',
  'shared_changed',
  'attachment_added',
  'reassigned',
  'link_revoked',
] as const

/** The stuck ones of these sites that this person may see, the longest stuck first, in one query. */
export async function stuckAt(db: Db, siteIds: readonly SiteId[], now: Date): Promise<readonly StuckReferral[]> {
  if (siteIds.length === 0) return []
  const { rows } = await sql<Row>`
    WITH waiting AS (
      SELECT network_id, id, organization_id, organization_name, state, next_due_at FROM referrals
      WHERE next_due_at IS NOT NULL AND site_id IN (${sql.join(siteIds)})
    ), moved AS (
      SELECT event.referral_id, max(event.seq) FILTER (WHERE event.kind NOT IN (${sql.join(quiet)})) AS seq
      FROM referral_events AS event JOIN waiting ON waiting.network_id = event.network_id AND waiting.id = event.referral_id
      GROUP BY event.referral_id
    ), reminded AS (
      SELECT event.referral_id, min(event.at) AS at
      FROM referral_events AS event JOIN moved ON moved.referral_id = event.referral_id
      WHERE event.kind = 'reminded' AND event.seq > moved.seq GROUP BY event.referral_id
    )
    SELECT waiting.id, waiting.organization_id, waiting.organization_name, waiting.state,
      coalesce(reminded.at, waiting.next_due_at) AS since
    FROM waiting LEFT JOIN reminded ON reminded.referral_id = waiting.id
    WHERE reminded.at IS NOT NULL OR waiting.next_due_at < ${now}
    ORDER BY since, waiting.id LIMIT ${most}`.execute(db)
  return rows.flatMap((row) => {
    const step = ends.some((end) => end === row.state) ? 'ended' : steps.find((each) => each === row.state)
    // A draft has been sent to nobody: it is its adviser's own.
    return step === undefined
      ? []
      : [
          {
            id: row.id,
            organizationId: row.organization_id,
            organizationName: row.organization_name,
            step,
            since: row.since,
          },
        ]
  })
}

interface Row {
  readonly id: ReferralId
  readonly organization_id: OrganizationId
  readonly organization_name: string
  readonly state: string
  readonly since: Date
}
