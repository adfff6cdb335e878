// What must be known before an effect can be told from past episodes: who tended to take which service, and how people like
// this one fared with each. Both are learned from other rows than those they are used on.

import type { BinnedTable, BoostedTrees } from '#numerics/index.ts'
import type { DesignLayout } from './design.ts'

/** rows × columns of facts, protected ones included. arm: place of the service taken, 0 the control. y: yes/no as 1 and 0, or
 *  a number; NaN where not known. weight: 0 or more, one where null. cluster: places from 0; rows of one cluster share a
 *  fold. propensity: rows × arms, column-major, where the chances are known by design; null where they must be learned. */
export interface NuisanceInput {
  readonly table: BinnedTable
  readonly arms: number
  readonly arm: Uint8Array
  readonly y: Float64Array
  readonly outcome: 'yes_no' | 'number'
  readonly weight: Float64Array | null
  readonly cluster: Int32Array | null
  readonly propensity: Float64Array | null
}

export type Learner = 'regression' | 'boosting' | 'forest'
export type Nuisance = 'outcome' | 'propensity' | 'observed'

export interface NuisanceOptions {
  readonly seed: number
  /** Default 5; never more than there are rows (or clusters). */
  readonly folds?: number
  /** Default: all three. */
  readonly learners?: readonly Learner[]
  /** Trees of each forest. Default 100. */
  readonly trees?: number
  /** Least chance of any arm. Default: by the number of rows, see `leastChance`. */
  readonly floor?: number
}

/** One piece of work: a learner for one nuisance, trained on all rows but those of `fold`. `fold` null: on all rows, for the
 *  model of who is supported; a forest holds out by itself and always learns from all rows. */
export interface NuisanceTask {
  readonly what: Nuisance
  readonly learner: Learner
  readonly fold: number | null
}

/** The options with nothing left open, and the fold of each row. */
export interface NuisancePlan {
  readonly seed: number
  readonly folds: number
  readonly fold: Uint8Array
  readonly trees: number
  readonly floor: number
  readonly learners: readonly Learner[]
}

/** One setting's predictions for the rows left out, in their order: rows of the fold (a forest: all rows) × arms,
 *  column-major; NaN where no tree of a forest left a row out. */
export interface SettingPredictions {
  readonly setting: string
  readonly predictions: Float32Array
}

export interface NuisanceTaskResult {
  readonly task: NuisanceTask
  readonly settings: readonly SettingPredictions[]
  /** Of tasks on all rows alone. */
  readonly model: WholeRegression | WholeBoosting | null
}

/** Coefficients (columns + 1 of the layout × arms) of each setting. */
export interface WholeRegression {
  readonly kind: 'regression'
  readonly layout: DesignLayout
  readonly settings: readonly { readonly setting: string; readonly coefficients: Float64Array }[]
}

export interface WholeBoosting {
  readonly kind: 'boosting'
  readonly trees: BoostedTrees
}

/** How well each learner foretold the rows left out: mean log loss, or half the mean squared error of a number. */
export interface NuisanceReport {
  readonly what: Nuisance
  readonly chosen: string
  readonly losses: readonly { readonly learner: string; readonly loss: number }[]
  /** Share of each member in what is used. */
  readonly weights: readonly { readonly learner: string; readonly weight: number }[]
  readonly settings: readonly { readonly learner: string; readonly setting: string }[]
  readonly calibrated: boolean
}

/** outcome: E[Y | x, arm], rows × arms, column-major. propensity: P(arm | x), likewise, each row summing to one.
 *  observedWeight: 1 / P(outcome known | x, arm), mean one and capped; 0 where not known. fold: of each row. */
export interface Nuisances {
  readonly outcome: Float64Array
  readonly propensity: Float64Array
  readonly observedWeight: Float64Array
  readonly fold: Uint8Array
  readonly report: readonly NuisanceReport[]
  /** For each arm: the lowest propensity before bounding, and of how many rows it was below the floor. */
  readonly arms: readonly { readonly lowestPropensity: number; readonly bounded: number }[]
  readonly floor: number
  readonly support: SupportModel
}

/** P(arm | x) learned from all rows, to judge whether somebody new is like those who took it. Typed arrays throughout. */
export interface SupportModel {
  readonly arms: number
  readonly shares: Float64Array
  /** Shares of the marginal shares, the regression and the boosting, summing to one. */
  readonly weights: Float64Array
  readonly regression: { readonly layout: DesignLayout; readonly coefficients: Float64Array } | null
  readonly boosting: BoostedTrees | null
  readonly rounds: number
}
