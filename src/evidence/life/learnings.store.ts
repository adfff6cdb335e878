// Learning that somebody asked for: how far it is, whether it is to stop, how it ended. One at a time in a network.

import { z } from 'zod'
import type { Db } from '#platform/db/index.ts'
import { newId, type Id, type NetworkId, type StaffId } from '#platform/ids.ts'
import type { ModelId } from '../models.store.ts'
import { termShape, type Term } from '../policy/terms.ts'

export type LearningId = Id<'evidence_learning'>

export type LearningResult = 'learned' | 'stopped' | 'failed'

export interface Learning {
  readonly id: LearningId
  readonly askedBy: StaffId
  readonly askedAt: Date
  readonly startedAt: Date | null
  readonly seenAt: Date | null
  /** Both 0 before the first step is told. */
  readonly done: number
  readonly of: number
  /** Somebody asked it to stop. Stopped without: its process ended. */
  readonly isStopping: boolean
  readonly result: LearningResult | null
  readonly endedAt: Date | null
  readonly modelId: ModelId | null
  /** What services were said to cost and how many can have them. */
  readonly terms: readonly Term[]
}

/** A learning that gives no sign of life for so long was ended with its process. */
const silentMs = 120_000

export function isSilent({ startedAt, seenAt, result }: Learning, now: Date): boolean {
  const last = seenAt ?? startedAt
  return result === null && last !== null && now.getTime() - last.getTime() > silentMs
}

/** The latest, running or ended. */
export async function latestLearning(db: Db): Promise<Learning | null> {
  const row = await learnings(db).orderBy('asked_at', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row ? learningOf(row) : null
}

/** Null: one is running already. A silent one is ended first: its process stopped. */
export async function askForLearning(
  db: Db,
  networkId: NetworkId,
  { askedBy, now, terms = [] }: { askedBy: StaffId; now: Date; terms?: readonly Term[] },
): Promise<LearningId | null> {
  const open = await learnings(db).where('ended_at', 'is', null).forUpdate().executeTakeFirst()
  const running = open ? learningOf(open) : null
  if (running && !isSilent(running, now)) return null
  if (running) await endLearning(db, running.id, { result: 'stopped', modelId: null, now })
  const id = newId<'evidence_learning'>(now.getTime())
  const added = await db
    .insertInto('evidence_learnings')
    .values({ network_id: networkId, id, asked_by: askedBy, asked_at: now, terms: JSON.stringify(terms) })
    .onConflict((conflict) => conflict.columns(['network_id']).where('ended_at', 'is', null).doNothing())
    .executeTakeFirst()
  return Number(added.numInsertedOrUpdatedRows ?? 0) === 1 ? id : null
}

/** Asks it to stop; one that has not begun, or is silent, ends at once. False: there is nothing to stop. */
export async function stopLearning(
  db: Db,
  id: LearningId,
  { stoppedBy, now }: { stoppedBy: StaffId; now: Date },
): Promise<boolean> {
  const row = await learnings(db).where('id', '=', id).where('ended_at', 'is', null).forUpdate().executeTakeFirst()
  if (!row) return false
  await db.updateTable('evidence_learnings').set({ stop_asked_by: stoppedBy }).where('id', '=', id).execute()
  const learning = learningOf(row)
  if (learning.startedAt === null || isSilent(learning, now))
    await endLearning(db, id, { result: 'stopped', modelId: null, now })
  return true
}

/** The job takes it up. Null: it was stopped before. */
export async function beginLearning(db: Db, id: LearningId, now: Date): Promise<Learning | null> {
  const row = await learnings(db).where('id', '=', id).where('ended_at', 'is', null).forUpdate().executeTakeFirst()
  if (!row) return null
  const begun = { started_at: now, seen_at: now, done: 0, of: 0 }
  await db.updateTable('evidence_learnings').set(begun).where('id', '=', id).execute()
  return { ...learningOf(row), startedAt: now, seenAt: now, done: 0, of: 0 }
}

/** A sign of life with how far it is. True: it goes on; false: somebody asked it to stop, or it was ended. */
export async function noteProgress(
  db: Db,
  id: LearningId,
  { done, of, now }: { done: number; of: number; now: Date },
): Promise<boolean> {
  const row = await db
    .updateTable('evidence_learnings')
    .set({ done, of, seen_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returning('stop_asked_by')
    .executeTakeFirst()
  return row !== undefined && row.stop_asked_by === null
}

/** Whether what was learned may be kept; nobody stops it from here on until the transaction ends. */
export async function mayKeep(db: Db, id: LearningId): Promise<boolean> {
  const row = await learnings(db).where('id', '=', id).where('ended_at', 'is', null).forUpdate().executeTakeFirst()
  return row !== undefined && row.stop_asked_by === null
}

export async function endLearning(
  db: Db,
  id: LearningId,
  { result, modelId, now }: { result: LearningResult; modelId: ModelId | null; now: Date },
): Promise<void> {
  await db
    .updateTable('evidence_learnings')
    .set({ result, model_id: modelId, ended_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

function learnings(db: Db) {
  return db
    .selectFrom('evidence_learnings')
    .select(['id', 'asked_by', 'asked_at', 'started_at', 'seen_at', 'done', 'of'])
    .select(['stop_asked_by', 'result', 'ended_at', 'model_id', 'terms'])
}

interface LearningRow {
  readonly id: string
  readonly asked_by: string
  readonly asked_at: Date
  readonly started_at: Date | null
  readonly seen_at: Date | null
  readonly done: number
  readonly of: number
  readonly stop_asked_by: string | null
  readonly result: string | null
  readonly ended_at: Date | null
  readonly model_id: string | null
  readonly terms: unknown
}

function learningOf(row: LearningRow): Learning {
  return {
    id: row.id as LearningId,
    askedBy: row.asked_by as StaffId,
    askedAt: row.asked_at,
    startedAt: row.started_at,
    seenAt: row.seen_at,
    done: row.done,
    of: row.of,
    isStopping: row.stop_asked_by !== null,
    result: row.result as LearningResult | null,
    endedAt: row.ended_at,
    modelId: row.model_id as ModelId | null,
    terms: z.array(termShape).parse(row.terms),
  }
}
