// What orders services for a client at the moment.

import type { ModelId } from '../models.store.ts'

/** Over everyone who could have taken it, against nothing taken: more of one working, with its 95 % interval. */
export interface ArmAverage {
  readonly type: string
  readonly gain: number
  readonly low: number
  readonly high: number
}

/** `model`: gains order. Else what services ask and how they fit in practice, because somebody switched ranking by model off,
 *  or because the model in use failed its checks. */
export type RankedBy = 'model' | 'switched_off' | 'checks_failed'

export interface Ranking {
  readonly by: RankedBy
  /** To show where no model orders, and the engine's model that they are from; none without such a model. */
  readonly averages: readonly ArmAverage[]
  readonly modelId: ModelId | null
}
