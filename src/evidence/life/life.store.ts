// The engine's models as they are kept: card, state, and the events that led there; bytes apart.

import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId, type StaffId } from '#platform/ids.ts'
import { cardShape, type Card } from '../engine/card.ts'
import type { ModelId } from '../models.store.ts'
import type { LearnedInputs } from './learned-inputs.ts'
import type { LifeEventKind, LifeState, Step } from './life.ts'

/** A model as the pages show it: all but its bytes. */
export interface KeptEngineModel {
  readonly id: ModelId
  readonly version: number
  readonly learnedAt: Date
  readonly state: LifeState
  readonly card: Card
}

export interface LifeEvent {
  readonly modelId: ModelId
  readonly kind: LifeEventKind
  readonly at: Date
  /** Null: learned by a command. */
  readonly actorId: StaffId | null
  readonly note: string | null
}

/** What learning hands over to be kept. */
export interface FittedModel {
  readonly card: Card
  readonly bytes: Uint8Array
  readonly inputs: LearnedInputs
  /** Null: learned by a command. */
  readonly askedBy: StaffId | null
  readonly now: Date
}

/** Keeps a model that waits for its review. Nothing that ranks changes. Runs as the job. */
export async function keepFitted(db: Db, networkId: NetworkId, fitted: FittedModel): Promise<KeptEngineModel> {
  const { card, bytes, inputs, askedBy, now } = fitted
  const last = await db
    .selectFrom('evidence_models')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('kind', '=', 'engine')
    .executeTakeFirst()
  const id = newId<'evidence_model'>(now.getTime())
  const version = Number(last?.version ?? 0) + 1
  const row = { network_id: networkId, id, kind: 'engine', version, learned_at: now, state: 'fitted' }
  await db
    .insertInto('evidence_models')
    .values({ ...row, card: JSON.stringify(card), inputs: JSON.stringify(inputs) })
    .execute()
  await db
    .insertInto('evidence_model_bytes')
    .values({ network_id: networkId, id, bytes: Buffer.from(bytes) })
    .execute()
  await addEvent(db, networkId, { modelId: id, kind: 'fitted', at: now, actorId: askedBy, note: null })
  return { id, version, learnedAt: now, state: 'fitted', card }
}

/** All models of the engine, the newest first. */
export async function engineModels(db: Db): Promise<readonly KeptEngineModel[]> {
  return (await models(db).orderBy('version', 'desc').execute()).map(modelOf)
}

/** Null: no such model of the engine in this network, or not for this reader. */
export async function findEngineModel(db: Db, id: ModelId): Promise<KeptEngineModel | null> {
  const row = await models(db).where('id', '=', id).executeTakeFirst()
  return row ? modelOf(row) : null
}

/** The engine's model in use, or null. */
export async function engineInUse(db: Db): Promise<KeptEngineModel | null> {
  const row = await models(db).where('state', '=', 'in_use').executeTakeFirst()
  return row ? modelOf(row) : null
}

/** The model as one file, for whoever estimates with it; null where the reader may not. */
export async function engineBytes(db: Db, id: ModelId): Promise<Buffer | null> {
  const row = await db.selectFrom('evidence_model_bytes').select('bytes').where('id', '=', id).executeTakeFirst()
  return row?.bytes ?? null
}

/** What happened to these models; of each, the first first. */
export async function lifeEventsOf(db: Db, ids: readonly ModelId[]): Promise<readonly LifeEvent[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('evidence_model_events')
    .select(['model_id', 'kind', 'at', 'actor_id', 'note'])
    .where('model_id', 'in', [...ids])
    .orderBy('model_id')
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({
    modelId: row.model_id as ModelId,
    kind: row.kind as LifeEventKind,
    at: row.at,
    actorId: row.actor_id as StaffId | null,
    note: row.note,
  }))
}

/** Locks the engine's models until the transaction ends: whoever takes a step at the same moment waits, and then sees it. */
export async function lockEngineModels(db: Db): Promise<void> {
  await db.selectFrom('evidence_models').select('id').where('kind', '=', 'engine').orderBy('id').forUpdate().execute()
}

/** Keeps a step with its event. A model put in use retires the one that was, as the same person's doing. */
export async function keepStep(
  db: Db,
  networkId: NetworkId,
  taken: Step & {
    readonly modelId: ModelId
    readonly actorId: StaffId
    readonly note: string | null
    readonly now: Date
  },
): Promise<void> {
  const { modelId, actorId, note, now, to, event } = taken
  const change = (id: ModelId, state: LifeState) =>
    db
      .updateTable('evidence_models')
      .set({ state, replaced_at: state === 'retired' ? now : null })
      .where('id', '=', id)
      .execute()
  const before = to === 'in_use' ? await engineInUse(db) : null
  if (before) {
    await change(before.id, 'retired')
    await addEvent(db, networkId, { modelId: before.id, kind: 'retired', at: now, actorId, note: null })
  }
  await change(modelId, to)
  await addEvent(db, networkId, { modelId, kind: event, at: now, actorId, note })
}

function models(db: Db) {
  return db
    .selectFrom('evidence_models')
    .select(['id', 'version', 'learned_at', 'state', 'card'])
    .where('kind', '=', 'engine')
}

interface ModelRow {
  readonly id: string
  readonly version: number
  readonly learned_at: Date
  readonly state: string
  readonly card: unknown
}

function modelOf(row: ModelRow): KeptEngineModel {
  return {
    id: row.id as ModelId,
    version: row.version,
    learnedAt: row.learned_at,
    state: row.state as LifeState,
    card: cardShape.parse(row.card),
  }
}

async function addEvent(db: Db, networkId: NetworkId, event: LifeEvent): Promise<void> {
  const last = await db
    .selectFrom('evidence_model_events')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('model_id', '=', event.modelId)
    .executeTakeFirst()
  await db
    .insertInto('evidence_model_events')
    .values({
      network_id: networkId,
      id: newId(event.at.getTime()),
      model_id: event.modelId,
      seq: Number(last?.seq ?? 0) + 1,
      kind: event.kind,
      at: event.at,
      actor_id: event.actorId,
      note: event.note,
    })
    .execute()
}
