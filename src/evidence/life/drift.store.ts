// What was found when later episodes were compared with those that a model learned from.

import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId } from '#platform/ids.ts'
import type { ModelId } from '../models.store.ts'
import type { DriftReport } from './drift.ts'
import { readDriftReport, readLearnedInputs } from './drift-json.ts'
import type { LearnedInputs } from './learned-inputs.ts'

export interface KeptDrift {
  readonly modelId: ModelId
  readonly lookedAt: Date
  readonly report: DriftReport
}

export interface WatchedModel {
  readonly id: ModelId
  readonly learnedAt: Date
  readonly inputs: LearnedInputs
}

/** The engine's models that may yet rank, or do: all but the retired. Runs as the job. */
export async function watchedModels(db: Db): Promise<readonly WatchedModel[]> {
  const rows = await db
    .selectFrom('evidence_models')
    .select(['id', 'learned_at', 'inputs'])
    .where('kind', '=', 'engine')
    .where('state', '<>', 'retired')
    .orderBy('version')
    .execute()
  return rows.map((row) => ({
    id: row.id as ModelId,
    learnedAt: row.learned_at,
    inputs: readLearnedInputs(row.inputs),
  }))
}

export async function keepDrift(db: Db, networkId: NetworkId, { modelId, lookedAt, report }: KeptDrift): Promise<void> {
  await db
    .insertInto('evidence_drift')
    .values({
      network_id: networkId,
      id: newId(lookedAt.getTime()),
      model_id: modelId,
      looked_at: lookedAt,
      report: JSON.stringify(report),
    })
    .execute()
}

/** How often this model was looked at. */
export async function looksAt(db: Db, id: ModelId): Promise<number> {
  const row = await db
    .selectFrom('evidence_drift')
    .select((eb) => eb.fn.countAll().as('looks'))
    .where('model_id', '=', id)
    .executeTakeFirst()
  return Number(row?.looks ?? 0)
}

/** The latest look at each of these models that was looked at. */
export async function latestDrift(db: Db, ids: readonly ModelId[]): Promise<ReadonlyMap<ModelId, KeptDrift>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('evidence_drift')
    .distinctOn('model_id')
    .select(['model_id', 'looked_at', 'report'])
    .where('model_id', 'in', [...ids])
    .orderBy('model_id')
    .orderBy('looked_at', 'desc')
    .execute()
  return new Map(
    rows.map((row) => {
      const modelId = row.model_id as ModelId
      return [modelId, { modelId, lookedAt: row.looked_at, report: readDriftReport(row.report) }]
    }),
  )
}
