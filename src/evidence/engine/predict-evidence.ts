// What a learned model says of people: the effect of each service on each of them, how sure that is, and for whom nothing is known.

import {
  binTable,
  choosePolicy,
  openEffects,
  predictBoosted,
  predictRidgeEffects,
  predictRidgeVariances,
  type BinnedTable,
  type EffectsPredictor,
} from '#numerics/index.ts'
import { predictSupport } from '../nuisances/support-model.ts'
import type { EngineModel, Predictions } from './model.ts'
import { withoutColumns } from './prepared.ts'

/** columns: one a feature, in the model's order; numbers, or places of levels; NaN where not known. Throws a RangeError for another number
 *  of columns. The same rows give the same answer in any block. A row costs arms · terms² / 2, and a walk of each tree heard. */
export function predictEvidence(model: EngineModel, columns: readonly Float64Array[], rows: number): Predictions {
  const table = binTable(model.cuts, columns, rows)
  const isProtected = Uint8Array.from(model.features, (feature) => Number(feature.isProtected))
  const ranking = withoutColumns(table, isProtected)
  const effects = model.arms.length - 1
  const { tau, variance } = effectsOf(model, { table, ranking, isProtected })
  const { stretch, misfit } = model.interval
  const bound = model.outcome.kind === 'yes_no' ? 1 : Infinity
  const lo = new Float64Array(rows * effects)
  const hi = new Float64Array(rows * effects)
  for (let k = 0; k < effects; k++) {
    for (let at = k * rows; at < (k + 1) * rows; at++) {
      const half = 1.959964 * model.scale * Math.sqrt(stretch[k]! ** 2 * variance[at]! + misfit)
      tau[at] = within(model.scale * tau[at]!, bound)
      lo[at] = within(tau[at]! - half, bound)
      hi[at] = within(tau[at]! + half, bound)
    }
  }
  const policy = new Uint8Array(rows)
  if (model.policy !== null) choosePolicy(model.policy, ranking, policy)
  return { rows, tau, lo, hi, variance, support: supportOf(model, table), policy }
}

/** 1 where the person's chance of this service, and of the control it is compared with, is not below the floor. rows × (arms - 1). */
export function supportOf(model: Pick<EngineModel, 'support' | 'supportFloor'>, table: BinnedTable): Uint8Array {
  const chances = predictSupport(model.support, table)
  const { rows } = table
  const support = new Uint8Array(chances.length - rows)
  for (let at = 0; at < support.length; at++) {
    support[at] = Number(chances[rows + at]! >= model.supportFloor && chances[at % rows]! >= model.supportFloor)
  }
  return support
}

function effectsOf(
  model: EngineModel,
  { table, ranking, isProtected }: { table: BinnedTable; ranking: BinnedTable; isProtected: Uint8Array },
): { tau: Float64Array; variance: Float64Array } {
  const { rows } = table
  const { stack, basis, arms } = model
  const effects = arms.length - 1
  const members = stack.centre.length / effects
  const tau = new Float64Array(rows * effects)
  for (let k = 0; k < effects; k++) tau.fill(stack.average[k]!, k * rows, (k + 1) * rows)
  const variance = new Float64Array(rows * effects)
  const out = new Float64Array(rows * effects)
  const hear = (member: number) => {
    for (let k = 0; k < effects; k++) {
      const weight = stack.weights[k * members + member]!
      const centre = stack.centre[member * effects + k]!
      for (let at = k * rows; at < (k + 1) * rows; at++) {
        if (Number.isFinite(out[at])) tau[at]! += weight * (out[at]! - centre)
      }
    }
  }
  predictRidgeVariances(model.covariance, basis, table, { atMean: isProtected, variances: variance })
  model.ridge.forEach(({ mean }, member) => {
    const fit = { arms: arms.length, size: basis.terms + 1, mean }
    predictRidgeEffects(fit, basis, table, { atMean: isProtected, effects: out })
    hear(member)
  })
  let member = model.ridge.length
  if (model.boosted !== null) {
    model.boosted.forEach((trees, k) => out.set(predictBoosted(trees, ranking), k * rows))
    hear(member++)
  }
  if (model.forest !== null) {
    openForest(model.forest).predict(ranking, { effects: out })
    hear(member)
  }
  return { tau, variance }
}

type Forest = NonNullable<EngineModel['forest']>

// A forest is made ready once, not once a person: that takes as long as answering fifty.
const opened = new WeakMap<Forest, EffectsPredictor>()

function openForest(forest: Forest): EffectsPredictor {
  const ready = opened.get(forest) ?? openEffects(forest.trees, forest.pull)
  opened.set(forest, ready)
  return ready
}

function within(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value))
}
