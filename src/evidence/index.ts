// The front door of the evidence: what past clients teach, with its doubt.

import { estimatesForClient as estimatesWith, type ClientEstimates } from './estimates.store.ts'
import { findModelInUse as findWith, type LearnedModel } from './models.store.ts'
import { prospectsWith } from './prospects/prospects.store.ts'
import type { Prospects } from './prospects/prospects.ts'
import { vocabulary } from './import-episodes.run.ts'
import type { Facts } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'

export { estimateChances, plainChances, type Estimate } from './classic-estimate.ts'
export { fitClassic, type ClassicCard, type ClassicModel, type Dataset } from './classic.ts'
export { learnedFacts } from './columns.ts'
export type { ArmCount } from './episode.ts'
export { startFactTable } from './fact-table.ts'
export { importEpisodes, type EpisodesOrder, type EpisodesReport } from './import-episodes.run.ts'
export { learn, type LearnOrder } from './learn.run.ts'
export { learnInNetwork } from './learn-network.run.ts'
export { learnedInputs } from './life/drift.ts'
export type { Engine, LearnOptions } from './life/engine.ts'
export { evidenceJobs, learnJob, type OnFitted } from './life/evidence.jobs.ts'
export { askForLearning, latestLearning } from './life/learnings.store.ts'
export { engineInUse, engineModels, keepFitted, keepStep, type KeptEngineModel } from './life/life.store.ts'
export type { ArmAverage, RankedBy } from './life/ranking.ts'
export { rankedByNow } from './life/switch.store.ts'
export type { RefusedRow } from './mapping.ts'
export { findModelVersion, type LearnedModel, type ModelId } from './models.store.ts'
export type { ClientEstimates, Difference } from './estimates.store.ts'
export type { ProviderResult } from './provider-results.ts'
export { providerResults } from './provider-results.store.ts'
export type { NearestFact } from './engine/nearest-facts.ts'
export { nearestInWords } from './pages/nearest-words.page.ts'
export { evidenceRoutes } from './pages/evidence.routes.ts'

/** The classic model in use, or null before the first learning. */
export function findModelInUse(db: Db): Promise<LearnedModel | null> {
  return findWith(db, vocabulary.definitionOf)
}

/** What the past says of a client of whom these facts are known, by the model that has the say. */
export function estimatesForClient(db: Db, facts: Facts): Promise<ClientEstimates> {
  return estimatesWith(db, facts, vocabulary.definitionOf)
}

/** What somebody of whom these facts are known may expect without help; null before the first learning. Nothing that ranks asks. */
export function prospectsForClient(db: Db, facts: Facts): Promise<Prospects | null> {
  return prospectsWith(db, facts, vocabulary.definitionOf)
}
export type { LikelyEarnings, Prospects } from './prospects/prospects.ts'
