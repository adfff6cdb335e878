// Learning as the commands and the job ask for it.

import { withoutIdleFeatures } from '../dataset/keep-rows.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import type { Term } from '../policy/terms.ts'
import type { Card } from './card.ts'
import { describe } from './describe.ts'
import { learnModel } from './learn-evidence.run.ts'
import type { EngineModel } from './model.ts'

export interface LearnEvidenceOrder {
  readonly seed: number
  /** Threads that compute; 0 computes in this one. The answer is the same. */
  readonly threads: number
  readonly trees?: number | undefined
  readonly terms?: readonly Term[]
  readonly refused?: number
  readonly now?: Date
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((done: number, of: number) => void) | undefined
}

/** Enough for the forest's answers to settle; the regression carries most of them. */
const usualTrees = 500

/** Learns and describes, of the features by which people differ; the others are in neither model nor card. The card's costs are left at nothing: whoever runs it measures the process. Throws NothingToLearn,
 *  or Stopped. */
export async function learnEvidence(
  read: LearningTable,
  order: LearnEvidenceOrder,
): Promise<{ readonly model: EngineModel; readonly card: Card }> {
  const { seed, threads, trees = usualTrees, terms = [], refused = 0, now = new Date() } = order
  const table = withoutIdleFeatures(read)
  const learned = await learnModel(table, {
    ...{ seed, threads, trees, terms },
    ...{ signal: order.signal, onProgress: order.onProgress },
  })
  const card = describe(table, learned, {
    ...{ learnedAt: now.toISOString(), seed, refused, threads },
    ...{ seconds: 0, cpuSeconds: 0, peakMiB: 0 },
  })
  order.onProgress?.(100, 100)
  return { model: learned.model, card }
}
