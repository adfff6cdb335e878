// A learned model: what a prediction needs, as plain objects of typed arrays, so that it can be packed, sent and mapped.

import type {
  Basis,
  BinnedColumn,
  BoostedTrees,
  CausalForest,
  EffectsPull,
  Neighbours,
  PolicyTree,
} from '#numerics/index.ts'
import type { Feature } from '../dataset/learning-table.ts'
import type { SupportModel } from '../nuisances/nuisances.ts'

/** Effects are kept in units of the outcome over `scale`. */
export interface EngineModel {
  readonly kind: 'engine'
  readonly treatment: string
  readonly outcome: { readonly name: string; readonly kind: 'yes_no' | 'number' }
  /** The control first. */
  readonly arms: readonly string[]
  readonly features: readonly Pick<Feature, 'name' | 'kind' | 'levels' | 'isProtected'>[]
  readonly cuts: readonly BinnedColumn[]
  readonly scale: number
  /** The outcome's mean, which the regression's part that is common to all services is taken from. */
  readonly centre: number
  readonly basis: Basis
  /** Coefficients of each rule that is heard: arms × (terms + 1). */
  readonly ridge: readonly { readonly rule: string; readonly mean: Float64Array }[]
  /** Posterior covariance of each effect's coefficients by the widest rule: (terms + 1)², one an effect. */
  readonly covariance: readonly Float64Array[]
  /** One an effect; null where they are not heard. */
  readonly boosted: readonly BoostedTrees[] | null
  readonly forest: { readonly trees: CausalForest; readonly pull: EffectsPull } | null
  /** How many past clients are near, by the forest's leaves, whether or not the forest is heard. Columns: features without protected ones. */
  readonly neighbours: Neighbours
  readonly stack: {
    /** effects × members, row-major; members: the regression's rules, then boosting, then the forest, as far as heard. */
    readonly weights: Float64Array
    /** members × effects: each member's average, which its deviations are taken from. */
    readonly centre: Float64Array
    /** The average effect that everyone starts from. */
    readonly average: Float64Array
  }
  readonly interval: {
    readonly stretch: Float64Array
    /** Of the difference of two effects, by `placeOfPair`. */
    readonly stretchOfPairs: Float64Array
    readonly misfit: number
  }
  readonly support: SupportModel
  readonly supportFloor: number
  readonly policy: PolicyTree | null
}

/** Effects against the control, rows × (arms - 1), column-major, in the outcome's units, with 95 % intervals. support: 1 where
 *  somebody like this person took the service. policy: the arm (place) of the policy tree, 0 where there is none. */
export interface Predictions {
  readonly rows: number
  readonly tau: Float64Array
  readonly lo: Float64Array
  readonly hi: Float64Array
  /** Posterior variances of the effects, before any stretch, in units of the outcome over the model's scale, squared. */
  readonly variance: Float64Array
  readonly support: Uint8Array
  readonly policy: Uint8Array
}
