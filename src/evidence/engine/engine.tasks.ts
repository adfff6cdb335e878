// The pieces of learning that threads do. Each draws chance from its own seed, so the number of threads changes nothing.

import {
  growCausalForest,
  measureNeighbours,
  predictEffectsOutOfBag,
  type BayesRidge,
  type BinnedTable,
  type BoostedTrees,
  type CausalForest,
  type CausalForestInput,
  type EffectsPull,
  type Neighbours,
  type NeighboursInput,
} from '#numerics/index.ts'
import type { NuisanceInput, NuisancePlan, NuisanceTask, NuisanceTaskResult } from '../nuisances/nuisances.ts'
import { runNuisanceTask } from '../nuisances/tasks.ts'
import { fitBoostedMember } from './boosted-member.ts'
import { drawDistances, type Distances, type DoubtProblem, type Drawing } from './doubt.ts'
import { fitRidgeMember, groundRidge, type RidgeGround, type RidgeRows, type RidgeRule } from './ridge-member.ts'
import { usualMinimum } from '#platform/suppression.ts'

export function learnNuisance(
  { input, plan }: { readonly input: NuisanceInput; readonly plan: NuisancePlan },
  task: NuisanceTask,
): NuisanceTaskResult {
  return runNuisanceTask(input, plan, task)
}

export function gatherGround(rows: RidgeRows, _task: null): RidgeGround {
  return groundRidge(rows)
}

export function learnRidge(
  shared: {
    readonly ground: RidgeGround
    readonly table: BinnedTable
    readonly fold: Uint8Array
    readonly atMean: Uint8Array
  },
  rule: RidgeRule,
): { fit: BayesRidge; heldOut: Float32Array } {
  return fitRidgeMember(shared.ground, rule, shared)
}

export interface BoostedRows {
  readonly table: BinnedTable
  readonly fold: Uint8Array
  readonly folds: number
  readonly weight: Float64Array | null
  /** rows × effects. */
  readonly effect: Float64Array
}

export function learnBoosted(shared: BoostedRows, effect: number): { trees: BoostedTrees; heldOut: Float32Array } {
  const { rows } = shared.table
  return fitBoostedMember(shared, shared.effect.subarray(effect * rows, (effect + 1) * rows))
}

export interface TreeRange {
  readonly from: number
  readonly to: number
}

export function growTrees(
  shared: { readonly input: CausalForestInput; readonly seed: number },
  range: TreeRange,
): CausalForest {
  return growCausalForest(shared.input, { seed: shared.seed }, range)
}

/** Writes the rows of the range into the shared `effects`. */
export function foretellOutOfBag(
  shared: {
    readonly forest: CausalForest
    readonly table: BinnedTable
    readonly cluster: Int32Array | null
    readonly effects: Float64Array
    readonly pull: EffectsPull
  },
  range: TreeRange,
): null {
  predictEffectsOutOfBag(shared.forest, shared, { effects: shared.effects }, shared.pull, range)
  return null
}

export function lookAround(
  shared: { readonly forest: CausalForest; readonly input: NeighboursInput },
  _task: null,
): Pick<Neighbours, 'leaves' | 'leafSize' | 'taken' | 'seen'> {
  const { leaves, leafSize, taken, seen } = measureNeighbours(shared.forest, shared.input)
  // A model is no register: of few people with an answer it is not kept how many there were.
  for (const counts of seen) counts.forEach((count, bin) => (counts[bin] = count < usualMinimum ? 0 : count))
  return { leaves, leafSize, taken, seen }
}

export function drawDoubt(shared: DoubtProblem, drawing: Drawing): Distances {
  return drawDistances(shared, drawing)
}
