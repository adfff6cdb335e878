// `learn` on a network's own episodes: the classic model, which is in use at once, and the engine's, which waits for its review.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { leaveIfStopped } from '#compute/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { NetworkId } from '#platform/ids.ts'
import { fitClassic } from './classic.ts'
import { readDataset, readWithoutService } from './dataset.store.ts'
import { NothingToLearn } from './engine/prepared.ts'
import { usualDraws, usualSeed } from './learn.run.ts'
import { learnedInputs } from './life/drift.ts'
import type { Engine } from './life/engine.ts'
import { keepFitted, type KeptEngineModel } from './life/life.store.ts'
import { saveModel, type LearnedModel } from './models.store.ts'
import type { Term } from './policy/terms.ts'
import { fitProspects } from './prospects/prospects.ts'
import { saveProspects } from './prospects/prospects.store.ts'

export interface NetworkLearnOrder {
  readonly networkId: NetworkId
  readonly engine: Engine
  readonly now: () => Date
  readonly signal: AbortSignal
  /** The same episodes and seed give the same models. */
  readonly seed?: number | undefined
  /** What services cost and how many can have them; those of services that too few took to learn of say nothing. */
  readonly terms?: readonly Term[]
  /** A transaction of its own, as the job. */
  readonly act: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  readonly onProgress?: (stage: 'classic' | 'engine', done: number, of: number) => void
}

export interface NetworkLearned {
  readonly classic: LearnedModel
  readonly engine: KeptEngineModel | null
  /** Why the engine could learn nothing, in a sentence; null where it did. */
  readonly whyNot: string | null
}

/** Reads in one transaction, fits outside any, keeps both in another: stopped before (Stopped), nothing is kept. */
export async function learnInNetwork(order: NetworkLearnOrder): Promise<NetworkLearned> {
  const { act, engine, networkId, signal, onProgress, seed = usualSeed } = order
  const { dataset, without, table } = await act(async (db) => ({
    dataset: await readDataset(db),
    without: await readWithoutService(db),
    table: await engine.read(db),
  }))
  leaveIfStopped(signal)
  const onDraw = (done: number) => onProgress?.('classic', done, usualDraws)
  const classic = fitClassic(dataset, { seed, draws: usualDraws, onDraw })
  const prospects = fitProspects(without, { seed, draws: usualDraws })
  // A stop that was asked for meanwhile is heard here.
  await nextTurn()
  leaveIfStopped(signal)
  const onStep = (done: number, of: number) => onProgress?.('engine', done, of)
  const learned = await engine.learn(table, { seed, terms: order.terms, signal, onProgress: onStep }).catch(sentenceOf)
  return act(async (db) => {
    const now = order.now()
    await saveProspects(db, networkId, prospects, now)
    const kept = {
      classic: await saveModel(db, networkId, classic, now),
      ...(typeof learned === 'string'
        ? { engine: null, whyNot: learned }
        : {
            engine: await keepFitted(db, networkId, { ...learned, inputs: learnedInputs(table), askedBy: null, now }),
            whyNot: null,
          }),
    }
    leaveIfStopped(signal)
    return kept
  })
}

function sentenceOf(error: unknown): string {
  if (error instanceof NothingToLearn) return error.message
  throw error
}
