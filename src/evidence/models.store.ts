// Fitted models: one of a kind is in use, the earlier ones stay for the recommendations that were made with them.

import type { Db } from '#platform/db/index.ts'
import { newId, type Id, type NetworkId } from '#platform/ids.ts'
import type { ClassicModel } from './classic.ts'
import { cardShape } from './engine/card.ts'
import { packModel, readCard, unpackModel } from './model-bytes.ts'
import type { FactDefinition } from '#directory/index.ts'

export type ModelId = Id<'evidence_model'>

export interface LearnedModel {
  readonly id: ModelId
  readonly version: number
  readonly learnedAt: Date
  readonly model: ClassicModel
}

/** Takes the place of the model in use. */
export async function saveModel(db: Db, networkId: NetworkId, model: ClassicModel, now: Date): Promise<LearnedModel> {
  const last = await db
    .selectFrom('evidence_models')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('kind', '=', model.kind)
    .executeTakeFirst()
  const version = Number(last?.version ?? 0) + 1
  await db
    .updateTable('evidence_models')
    .set({ state: 'retired', replaced_at: now })
    .where('kind', '=', model.kind)
    .where('state', '=', 'in_use')
    .execute()
  const id = newId<'evidence_model'>(now.getTime())
  const kept = packModel(model)
  await db
    .insertInto('evidence_models')
    .values({
      network_id: networkId,
      id,
      kind: model.kind,
      version,
      state: 'in_use',
      learned_at: now,
      layout: JSON.stringify(kept.layout),
      numbers: Buffer.from(kept.numbers),
      past_answers: Buffer.from(kept.pastAnswers),
      past_arms: Buffer.from(kept.pastArms),
      card: JSON.stringify(kept.card),
    })
    .execute()
  return { id, version, learnedAt: now, model }
}

/** The classic model in use, or null before the first learning. Read from the database once a process. */
export async function findModelInUse(
  db: Db,
  definitionOf: (code: string) => FactDefinition | null,
): Promise<LearnedModel | null> {
  const row = await db
    .selectFrom('evidence_models')
    .select(['id', 'version', 'learned_at'])
    .where('kind', '=', 'classic')
    .where('state', '=', 'in_use')
    .executeTakeFirst()
  if (!row) return null
  const id = row.id as ModelId
  const model = remembered.get(id) ?? (await loadModel(db, id, definitionOf))
  // The latest used stays longest; a handful of networks at a time is plenty, at about a megabyte each.
  remembered.delete(id)
  remembered.set(id, model)
  if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value!)
  return { id, version: row.version, learnedAt: row.learned_at, model }
}

/** What a model that was once in use is called; null when there is none of that id. */
export async function findModelVersion(
  db: Db,
  id: ModelId,
): Promise<{ version: number; learnedAt: Date; isInUse: boolean; episodes: number } | null> {
  const row = await db
    .selectFrom('evidence_models')
    .select(['kind', 'version', 'learned_at', 'state', 'card'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const episodes = row.kind === 'engine' ? cardShape.parse(row.card).data.rows : readCard(row.card).episodes
  return { version: row.version, learnedAt: row.learned_at, isInUse: row.state === 'in_use', episodes }
}

const mostRemembered = 8
const remembered = new Map<ModelId, ClassicModel>()

async function loadModel(
  db: Db,
  id: ModelId,
  definitionOf: (code: string) => FactDefinition | null,
): Promise<ClassicModel> {
  const row = await db
    .selectFrom('evidence_models')
    .select(['layout', 'numbers', 'past_answers', 'past_arms', 'card'])
    .where('id', '=', id)
    .where('kind', '=', 'classic')
    .executeTakeFirstOrThrow()
  const { layout, numbers, past_answers, past_arms, card } = row
  if (!numbers || !past_answers || !past_arms) throw new Error('The kept model has lost its numbers.')
  return unpackModel({ layout, numbers, pastAnswers: past_answers, pastArms: past_arms, card }, definitionOf)
}
