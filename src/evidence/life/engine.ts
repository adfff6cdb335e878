// What the life of a model needs of whoever learns: a seam, so that pages and jobs are tested without an hour of learning.

import type { Db } from '#platform/db/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import type { Card } from '../engine/card.ts'
import type { Foretold } from '../engine/foretell.ts'
import type { Term } from '../policy/terms.ts'

export interface Engine {
  /** The network's past episodes; `since`: only those that became known after this moment. Runs as the job. */
  readonly read: (db: Db, options?: { readonly since?: Date }) => Promise<LearningTable>
  /** Outside any transaction, and without holding up the event loop for long. Throws when the signal is aborted. */
  readonly learn: (
    table: LearningTable,
    options: LearnOptions,
  ) => Promise<{ readonly card: Card; readonly bytes: Uint8Array }>
  /** What a kept model would have told of these people. Null: it is a model of another version of the engine. */
  readonly foretell: (bytes: Uint8Array, table: LearningTable) => Promise<Foretold | null>
}

export interface LearnOptions {
  readonly seed: number
  /** What services cost and how many can have them; those of services that are not learned of say nothing. */
  readonly terms?: readonly Term[] | undefined
  readonly signal: AbortSignal
  /** Steps of any size; `of` may grow. */
  readonly onProgress: (done: number, of: number) => void
}
