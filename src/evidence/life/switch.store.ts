// The one switch: whether a model ranks anything for anybody in this network.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId, type StaffId } from '#platform/ids.ts'
import type { ArmAverage, RankedBy, Ranking } from './ranking.ts'
import { engineInUse } from './life.store.ts'

export interface Turning {
  readonly isOn: boolean
  readonly at: Date
  readonly by: StaffId
  readonly reason: string
}

/** On until somebody turns it off. */
export async function isRankingByModelOn(db: Db): Promise<boolean> {
  return (await turnings(db, 1))[0]?.isOn ?? true
}

/** Who turned it, when and why, the latest first. */
export async function turnings(db: Db, most = 20): Promise<readonly Turning[]> {
  const rows = await db
    .selectFrom('evidence_settings')
    .select(['is_ranking_by_model', 'changed_at', 'changed_by', 'reason'])
    .orderBy('changed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  return rows.map((row) => ({
    isOn: row.is_ranking_by_model,
    at: row.changed_at,
    by: row.changed_by as StaffId,
    reason: row.reason,
  }))
}

export async function turnSwitch(db: Db, networkId: NetworkId, { isOn, at, by, reason }: Turning): Promise<void> {
  await db
    .insertInto('evidence_settings')
    .values({
      network_id: networkId,
      id: newId(at.getTime()),
      is_ranking_by_model: isOn,
      changed_at: at,
      changed_by: by,
      reason,
    })
    .execute()
}

/** What orders services now. One small query each for the switch and for the model in use. */
export async function rankedByNow(db: Db): Promise<RankedBy> {
  if (!(await isRankingByModelOn(db))) return 'switched_off'
  const model = await db
    .selectFrom('evidence_models')
    .select(sql<boolean>`(card ->> 'usedForRanking')::boolean`.as('is_used'))
    .where('kind', '=', 'engine')
    .where('state', '=', 'in_use')
    .executeTakeFirst()
  return model && !model.is_used ? 'checks_failed' : 'model'
}

/** The same, with what to show where no model orders: averages over everyone, of the engine's model in use, as far as its
 *  outcome is a yes or no. */
export async function rankingNow(db: Db): Promise<Ranking> {
  const by = await rankedByNow(db)
  const model = by === 'model' ? null : await engineInUse(db)
  if (model?.card.outcome.kind !== 'yes_no') return { by, averages: [], modelId: null }
  return { by, averages: model.card.averages.map(averageOf), modelId: model.id }
}

function averageOf({
  arm,
  estimate,
  low,
  high,
}: {
  arm: string
  estimate: number
  low: number
  high: number
}): ArmAverage {
  return { type: arm, gain: estimate, low, high }
}
