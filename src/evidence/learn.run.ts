// `learn`: past episodes become the model in use.

import type { Db } from '#platform/db/index.ts'
import type { NetworkId } from '#platform/ids.ts'
import { fitClassic, type Dataset, type ClassicModel } from './classic.ts'
import { readDataset } from './dataset.store.ts'
import { saveModel, type LearnedModel } from './models.store.ts'
import { learnProspects } from './prospects/learn-prospects.run.ts'

export interface LearnOrder {
  readonly networkId: NetworkId
  readonly now: Date
  /** The same episodes and seed give the same model. */
  readonly seed?: number
  readonly draws?: number
  readonly onProgress?: (done: number, of: number) => void
  /** Where the fitting is done; here and now unless a caller has a thread to spare. */
  readonly fit?: (dataset: Dataset, options: { seed: number; draws: number }) => ClassicModel | Promise<ClassicModel>
}

/** A 95 % interval from 200 draws leaves five beyond each end. */
export const usualDraws = 200
export const usualSeed = 1

/** Reads all past episodes, fits, and puts the model in use; with too few episodes it is a model that estimates nothing
 *  and says so. What may be expected without help is learned with it. Runs as the job role, in the given transaction. */
export async function learn(db: Db, order: LearnOrder): Promise<LearnedModel> {
  const { networkId, now, seed = usualSeed, draws = usualDraws, onProgress } = order
  const dataset = await readDataset(db)
  const model = order.fit
    ? await order.fit(dataset, { seed, draws })
    : fitClassic(dataset, { seed, draws, onDraw: (done) => onProgress?.(done, draws) })
  await learnProspects(db, { networkId, now, seed, draws })
  return saveModel(db, networkId, model, now)
}
