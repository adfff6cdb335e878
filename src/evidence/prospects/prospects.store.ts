// The prospects in use, kept with the models: the newest takes the place of the one before.

import type { FactDefinition, Facts } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId } from '#platform/ids.ts'
import type { ModelId } from '../models.store.ts'
import { packProspects, unpackProspects } from './prospects-bytes.ts'
import { prospectsOf, type Prospects, type ProspectsModel } from './prospects.ts'

const kind = 'prospects'

/** Runs as the job. */
export async function saveProspects(db: Db, networkId: NetworkId, model: ProspectsModel, now: Date): Promise<void> {
  const last = await db
    .selectFrom('evidence_models')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('kind', '=', kind)
    .executeTakeFirst()
  await db
    .updateTable('evidence_models')
    .set({ state: 'retired', replaced_at: now })
    .where('kind', '=', kind)
    .where('state', '=', 'in_use')
    .execute()
  const kept = packProspects(model)
  await db
    .insertInto('evidence_models')
    .values({
      network_id: networkId,
      id: newId<'evidence_model'>(now.getTime()),
      kind,
      version: Number(last?.version ?? 0) + 1,
      state: 'in_use',
      learned_at: now,
      layout: JSON.stringify(kept.layout),
      numbers: Buffer.from(kept.numbers),
      past_answers: Buffer.from(kept.pastAnswers),
      past_arms: Buffer.from(kept.pastArms),
      card: JSON.stringify(kept.card),
    })
    .execute()
}

/** What somebody of whom these facts are known may expect without help; null before the first learning. */
export async function prospectsWith(
  db: Db,
  facts: Facts,
  definitionOf: (code: string) => FactDefinition | null,
): Promise<Prospects | null> {
  const model = await findProspects(db, definitionOf)
  return model && prospectsOf(model, facts)
}

const mostRemembered = 8
const remembered = new Map<ModelId, ProspectsModel>()

/** Read from the database once a process. */
async function findProspects(
  db: Db,
  definitionOf: (code: string) => FactDefinition | null,
): Promise<ProspectsModel | null> {
  const row = await db
    .selectFrom('evidence_models')
    .select('id')
    .where('kind', '=', kind)
    .where('state', '=', 'in_use')
    .executeTakeFirst()
  if (!row) return null
  const id = row.id as ModelId
  const model = remembered.get(id) ?? (await loadProspects(db, id, definitionOf))
  // The latest used stays longest; a few megabytes each.
  remembered.delete(id)
  remembered.set(id, model)
  if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value!)
  return model
}

async function loadProspects(
  db: Db,
  id: ModelId,
  definitionOf: (code: string) => FactDefinition | null,
): Promise<ProspectsModel> {
  const { layout, numbers, past_answers, past_arms, card } = await db
    .selectFrom('evidence_models')
    .select(['layout', 'numbers', 'past_answers', 'past_arms', 'card'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (!numbers || !past_answers || !past_arms) throw new Error('The kept prospects have lost their numbers.')
  return unpackProspects({ layout, numbers, pastAnswers: past_answers, pastArms: past_arms, card }, definitionOf)
}
