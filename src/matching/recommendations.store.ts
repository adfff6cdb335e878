// Recommendations and choices as they were made: added to, never changed. A recommendation is kept as what it was made from, and
// made again to be shown.

import type { Db } from '#platform/db/index.ts'
import {
  newId,
  type ClientId,
  type Id,
  type NetworkId,
  type RecommendationId,
  type ServiceId,
  type SiteId,
  type StaffId,
} from '#platform/ids.ts'
import type { ArmAverage, ModelId, NearestFact, RankedBy } from '#evidence/index.ts'
import type { Choice, ChoiceReason } from './choice.ts'
import type { Person } from './person.ts'
import { keepOffer, keptOffer } from './catalogues.store.ts'
import type { Order } from './order.ts'
import { digestOf, rankOffer } from './rank-offer.run.ts'
import type { MadeRecommendation } from './recommend-client.run.ts'
import type { Recommendation } from './recommend.ts'
import {
  readDifferences,
  readEstimates,
  readNearest,
  readPerson,
  readRanking,
  readRecommendation,
} from './recommendation-json.ts'
import type { ShownBy } from './shown-by.ts'

/** Whose file it is, as every row that hangs on a client repeats it. */
export interface FileMarks {
  readonly networkId: NetworkId
  readonly clientId: ClientId
  readonly siteId: SiteId
  readonly restrictedTo: readonly StaffId[] | null
}

export interface KeptRecommendation extends Recommendation {
  readonly id: RecommendationId
  readonly clientId: ClientId
  readonly madeBy: StaffId
  readonly madeAt: Date
  readonly modelId: ModelId | null
  readonly person: Person
  readonly rankedBy: RankedBy
  readonly averages: readonly ArmAverage[]
  readonly unsupported: readonly string[]
  readonly nearest: readonly NearestFact[]
  /** How ties were broken; null of those kept before that was said. */
  readonly order: Order | null
  /** Made again from what was kept, it is the same as it was then. */
  readonly isAsMade: boolean
}

export interface KeptChoice {
  readonly recommendationId: RecommendationId
  readonly serviceId: ServiceId
  readonly rank: number | null
  readonly reason: ChoiceReason | null
  readonly words: string | null
  readonly chosenBy: StaffId
  readonly chosenAt: Date
}

export async function insertRecommendation(
  db: Db,
  file: FileMarks,
  made: MadeRecommendation & Pick<KeptRecommendation, 'madeBy' | 'madeAt'>,
): Promise<RecommendationId> {
  const id = newId<'recommendation'>(made.madeAt.getTime())
  const catalogueId = await keepOffer(db, file.networkId, made.offer, made.madeAt)
  await db
    .insertInto('recommendations')
    .values({
      ...columnsOf(file),
      id,
      made_by: made.madeBy,
      made_at: made.madeAt,
      model_id: made.modelId,
      facts: JSON.stringify(made.person.facts),
      wishes: JSON.stringify(made.person.wishes),
      estimates: JSON.stringify(made.estimates),
      ranking: JSON.stringify(briefly(made)),
      ranked_by: made.rankedBy,
      averages: JSON.stringify(made.averages),
      unsupported: [...made.unsupported],
      catalogue_id: catalogueId,
      for_day: made.offer.today,
      differences: JSON.stringify(made.differences),
      nearest: JSON.stringify(made.nearest),
      ordered_by: made.order.by,
      seed: made.order.seed,
      digest: digestOf(made),
    })
    .execute()
  return id
}

/** What was open to the client, in order: enough to look into without making the whole again. */
function briefly({ services }: MadeRecommendation) {
  return services
    .filter(({ standing }) => standing === 'eligible')
    .map(({ id, name, type, standing, rank, tier, chance, points }) => {
      const way = points.filter(({ key, values }) => key === 'online' || 'minutes' in values)
      return { id, name, type, standing, rank, tier, ...(chance === null ? {} : { chance }), points: way }
    })
}

export async function findRecommendation(db: Db, id: RecommendationId): Promise<KeptRecommendation | null> {
  const row = await rows(db).where('id', '=', id).executeTakeFirst()
  return row ? recommendationOf(db, row) : null
}

/** Whether the recommendation was made for this person; of all ids of the file. */
export async function isRecommendationOf(
  db: Db,
  clientIds: readonly ClientId[],
  id: RecommendationId,
): Promise<boolean> {
  const row = await db
    .selectFrom('recommendations')
    .select('id')
    .where('id', '=', id)
    .where('client_id', 'in', [...clientIds])
    .executeTakeFirst()
  return row !== undefined
}

/** The client's latest, whoever made it; of all ids of the file. */
export async function latestRecommendation(db: Db, clientIds: readonly ClientId[]): Promise<KeptRecommendation | null> {
  const row = await rows(db)
    .where('client_id', 'in', [...clientIds])
    .orderBy('made_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? recommendationOf(db, row) : null
}

/** The file's rankings but this one, the latest first; at most twenty. */
export async function otherRecommendations(
  db: Db,
  clientIds: readonly ClientId[],
  id: RecommendationId,
): Promise<readonly { readonly id: RecommendationId; readonly madeAt: Date }[]> {
  const found = await db
    .selectFrom('recommendations')
    .select(['id', 'made_at'])
    .where('client_id', 'in', [...clientIds])
    .where('id', '!=', id)
    .orderBy('made_at', 'desc')
    .limit(20)
    .execute()
  return found.map((row) => ({ id: row.id as RecommendationId, madeAt: row.made_at }))
}

/** Keeps what was chosen. The same again, as a button pressed twice sends it, is one choice: false. */
export async function insertChoice(
  db: Db,
  file: FileMarks,
  chosen: Choice & { recommendationId: RecommendationId; chosenBy: StaffId; chosenAt: Date; shownBy: ShownBy },
): Promise<boolean> {
  // Whoever chooses second at the same moment waits for the first.
  await db.selectFrom('recommendations').select('id').where('id', '=', chosen.recommendationId).forUpdate().execute()
  const [latest] = await choicesOf(db, chosen.recommendationId)
  const isSame = latest?.serviceId === chosen.service.id && latest.chosenBy === chosen.chosenBy
  if (isSame && latest.reason === chosen.reason && latest.words === chosen.words) return false
  await db
    .insertInto('matching_choices')
    .values({
      ...columnsOf(file),
      id: newId<'matching_choice'>(chosen.chosenAt.getTime()),
      recommendation_id: chosen.recommendationId,
      service_id: chosen.service.id,
      rank: chosen.service.rank,
      tier: chosen.service.tier,
      standing: chosen.service.standing,
      reason: chosen.reason,
      words: chosen.words,
      chosen_by: chosen.chosenBy,
      chosen_at: chosen.chosenAt,
      shown_by: JSON.stringify(chosen.shownBy),
    })
    .execute()
  return true
}

/** What was chosen from a recommendation, the latest first. */
export async function choicesOf(db: Db, recommendationId: RecommendationId): Promise<KeptChoice[]> {
  const found = await db
    .selectFrom('matching_choices')
    .select(['recommendation_id', 'service_id', 'rank', 'reason', 'words', 'chosen_by', 'chosen_at'])
    .where('recommendation_id', '=', recommendationId)
    .orderBy('chosen_at', 'desc')
    .execute()
  return found.map((row) => ({
    recommendationId: row.recommendation_id as RecommendationId,
    serviceId: row.service_id as ServiceId,
    rank: row.rank,
    reason: row.reason as ChoiceReason | null,
    words: row.words,
    chosenBy: row.chosen_by as StaffId,
    chosenAt: row.chosen_at,
  }))
}

/** Follows the file to another site, or into and out of restriction. */
export async function spreadMarks(
  db: Db,
  clientIds: readonly ClientId[],
  { siteId, restrictedTo }: Pick<FileMarks, 'siteId' | 'restrictedTo'>,
): Promise<void> {
  const marks = { site_id: siteId, restricted_to: restrictedTo && [...restrictedTo] }
  const ids = [...clientIds]
  await db.updateTable('recommendations').set(marks).where('client_id', 'in', ids).execute()
  await db.updateTable('matching_choices').set(marks).where('client_id', 'in', ids).execute()
}

interface RecommendationRow {
  readonly id: string
  readonly client_id: string
  readonly made_by: string
  readonly made_at: Date
  readonly model_id: string | null
  readonly facts: unknown
  readonly wishes: unknown
  readonly estimates: unknown
  readonly ranking: unknown
  readonly ranked_by: string
  readonly averages: unknown
  readonly unsupported: string[]
  readonly network_id: string
  readonly catalogue_id: string | null
  readonly differences: unknown
  readonly nearest: unknown
  readonly ordered_by: string | null
  readonly seed: number | null
  readonly digest: string | null
}

function rows(db: Db) {
  return db
    .selectFrom('recommendations')
    .select(['id', 'client_id', 'made_by', 'made_at', 'model_id', 'facts', 'wishes', 'estimates', 'ranking'])
    .select(['ranked_by', 'averages', 'unsupported'])
    .select(['network_id', 'catalogue_id', 'differences', 'nearest', 'ordered_by', 'seed', 'digest'])
}

async function recommendationOf(db: Db, row: RecommendationRow): Promise<KeptRecommendation> {
  const person = readPerson(row)
  const ranking = readRanking(row)
  const kept = {
    id: row.id as RecommendationId,
    clientId: row.client_id as ClientId,
    madeBy: row.made_by as StaffId,
    madeAt: row.made_at,
    modelId: row.model_id as Id<'evidence_model'> | null,
    ...{ person, ...ranking, unsupported: row.unsupported, nearest: readNearest(row.nearest) },
  }
  if (row.catalogue_id === null || row.ordered_by === null) {
    return { ...kept, ...readRecommendation(row), order: null, isAsMade: true }
  }
  const offer = await keptOffer(db, row.network_id as NetworkId, row.catalogue_id)
  const order: Order = { by: row.ordered_by === 'lottery' ? 'lottery' : 'stable', seed: row.seed ?? 0 }
  const inputs = {
    ...kept,
    estimates: readEstimates(row.estimates),
    differences: readDifferences(row.differences),
    order,
  }
  const made = rankOffer(offer, inputs)
  return { ...kept, ...made, order, isAsMade: digestOf(made) === row.digest }
}

function columnsOf({ networkId, clientId, siteId, restrictedTo }: FileMarks) {
  return {
    network_id: networkId,
    client_id: clientId,
    site_id: siteId,
    restricted_to: restrictedTo && [...restrictedTo],
  }
}
