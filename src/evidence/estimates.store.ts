// What the past says of one client, by whichever model has the say: the engine's in use, else the classic one, else none.

import { definitionOf, factCodes, type FactDefinition, type Facts } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import { chancesAndDifferences, estimateChances, type Difference, type Estimate } from './classic-estimate.ts'
import { readFactsFor, type FactReader } from './dataset/fact-features.ts'
import { engineEstimates } from './engine-estimate.ts'
import type { EngineModel } from './engine/model.ts'
import type { NearestFact } from './engine/nearest-facts.ts'
import { engineBytes } from './life/life.store.ts'
import type { ArmAverage, RankedBy } from './life/ranking.ts'
import { rankingNow } from './life/switch.store.ts'
import { readEngineModel, unpackModelBytes } from './model-file/index.ts'
import { findModelInUse, type LearnedModel, type ModelId } from './models.store.ts'

export interface ClientEstimates {
  readonly rankedBy: RankedBy
  /** Where estimates or averages come from; null before the first learning. */
  readonly modelId: ModelId | null
  readonly estimates: readonly Estimate[]
  /** Service types that nobody like this client took. The classic estimator knows of none. */
  readonly unsupported: readonly string[]
  /** Over everyone; none where a model orders. */
  readonly averages: readonly ArmAverage[]
  /** How much more one type adds than another for this client: of each pair of `estimates`. */
  readonly differences: readonly Difference[]
  /** What the past clients nearest to this one have in common, at most three facts; empty where no group can be named, and by the
   *  classic model. */
  readonly nearest: readonly NearestFact[]
}

export type { Difference }

/** The same facts and model give the same answer. */
export async function estimatesForClient(
  db: Db,
  facts: Facts,
  definition: (code: string) => FactDefinition | null,
): Promise<ClientEstimates> {
  const { by: rankedBy, averages, modelId } = await rankingNow(db)
  const classic = await findModelInUse(db, definition)
  const none = { rankedBy, unsupported: [], averages: [], differences: [], nearest: [] }
  if (rankedBy !== 'model') {
    // The engine's averages where there are any; else the classic estimate for somebody of whom nothing is known.
    const shown = modelId !== null || !classic ? averages : estimateChances(classic.model, {}).map(averageOf)
    return { ...none, modelId: modelId ?? classic?.id ?? null, estimates: [], averages: shown }
  }
  const engine = await findEngineReady(db)
  if (engine) return { ...none, modelId: engine.id, ...engineEstimates(engine, facts) }
  return { ...none, modelId: classic?.id ?? null, ...classicEstimates(classic, facts) }
}

function classicEstimates(classic: LearnedModel | null, facts: Facts) {
  return classic ? chancesAndDifferences(classic.model, facts) : { estimates: [], differences: [] }
}

function averageOf({ type, gain, low, high }: ArmAverage): ArmAverage {
  return { type, gain, low, high }
}

interface ReadyModel {
  readonly id: ModelId
  readonly model: EngineModel
  readonly reader: FactReader
}

/** A few megabytes each, and a fifth of a second to read: the latest used stay. Null: not for this version of Waypost. */
const mostRemembered = 4
const remembered = new Map<ModelId, ReadyModel | null>()

/** The engine's model in use, read from the database once a process. Null where there is none that says chances of working, and
 *  where it was learned by another version of the engine: then it must be learned again, and until then the classic model
 *  speaks. Throws when its bytes are damaged. */
async function findEngineReady(db: Db): Promise<ReadyModel | null> {
  const row = await db
    .selectFrom('evidence_models')
    .select('id')
    .where('kind', '=', 'engine')
    .where('state', '=', 'in_use')
    .executeTakeFirst()
  if (!row) return null
  const id = row.id as ModelId
  const known = remembered.get(id)
  const ready = known === undefined ? await readyModel(db, id) : known
  remembered.delete(id)
  remembered.set(id, ready)
  if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value!)
  return ready
}

async function readyModel(db: Db, id: ModelId): Promise<ReadyModel | null> {
  const bytes = await engineBytes(db, id)
  if (!bytes) throw new Error('The kept model has lost its bytes.')
  const file = unpackModelBytes(bytes)
  const read = file.ok ? readEngineModel(file.value) : file
  if (!read.ok) {
    if (read.problem.reason === 'other_engine' || read.problem.reason === 'newer') return null
    throw new Error(`The kept model cannot be read: ${read.problem.reason}.`)
  }
  const model = read.value
  if (model.outcome.kind !== 'yes_no') return null
  const definitions = new Map(factCodes.map((code) => [code, definitionOf(code)]))
  return { id, model, reader: readFactsFor(model.features, definitions) }
}
