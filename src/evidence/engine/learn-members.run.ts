// Everything that is fitted, in the order in which it is needed, spread over threads.

import { leaveIfStopped, shareBuffers, type Pool } from '#compute/index.ts'
import {
  doublyRobustScores,
  joinCausalForests,
  type BayesRidge,
  type BoostedTrees,
  type CausalForest,
  type EffectsPull,
  type Neighbours,
  type NeighboursInput,
} from '#numerics/index.ts'
import { joinNuisances } from '../nuisances/join.ts'
import type { NuisanceInput, NuisancePlan, Nuisances } from '../nuisances/nuisances.ts'
import { nuisanceTasks, planNuisances } from '../nuisances/tasks.ts'
import type * as tasks from './engine.tasks.ts'
import type { Prepared } from './prepared.ts'
import { ridgeRules, type RidgeGround, type RidgeRows, type RidgeRule } from './ridge-member.ts'

/** Counts pieces of work of known rough cost, so that progress is even. */
export type Advance = (share: number) => void

export interface MembersOrder {
  readonly seed: number
  readonly trees: number
  readonly pool: Pool
  readonly signal: AbortSignal | undefined
  readonly advance: Advance
}

/** scores: rows × arms, outcome's units. effect: rows × effects, scores against the control over the scale. */
export interface Scored {
  readonly nuisances: Nuisances
  readonly scores: Float64Array
  readonly effect: Float64Array
  /** Row weight times the weight of those whose outcome is known; 0 where it is not. */
  readonly weight: Float64Array | null
}

export interface Members {
  readonly ground: RidgeGround
  readonly ridge: Readonly<Record<RidgeRule, { readonly fit: BayesRidge; readonly heldOut: Float32Array }>>
  readonly boosted: readonly BoostedTrees[]
  readonly boostedHeldOut: Float32Array
  readonly forest: CausalForest
  readonly pull: EffectsPull
  readonly neighbours: Neighbours
  readonly forestHeldOut: Float32Array
}

const outcomeFolds = 5

export async function learnNuisances(
  prepared: Prepared,
  kind: 'yes_no' | 'number',
  { seed, pool, advance }: MembersOrder,
): Promise<Scored> {
  const { rows, arms } = prepared
  const y = Float64Array.from(prepared.y, (value, i) =>
    prepared.isKnown[i] === 1 ? value * prepared.scale + prepared.centre : NaN,
  )
  const input: NuisanceInput = { ...prepared, y, outcome: kind }
  const plan: NuisancePlan = planNuisances(input, { seed, folds: outcomeFolds })
  const pieces = nuisanceTasks(input, plan)
  const results = await pool.run<typeof tasks.learnNuisance>({
    module: 'engine',
    name: 'learnNuisance',
    shared: shareBuffers({ input: bare(input), plan }),
    tasks: pieces,
    onProgress: () => advance(30 / pieces.length),
  })
  const nuisances = joinNuisances(input, plan, results)
  const known = prepared.isKnown.every((one) => one === 1)
  const problem = {
    arm: prepared.arm,
    y: y.map((value) => (Number.isNaN(value) ? 0 : value)),
    outcome: nuisances.outcome,
    propensity: nuisances.propensity,
    observedWeight: known ? null : nuisances.observedWeight,
  }
  const scores = doublyRobustScores(problem)
  const effect = new Float64Array(rows * (arms - 1))
  for (let k = 1; k < arms; k++) {
    for (let i = 0; i < rows; i++) effect[(k - 1) * rows + i] = (scores[k * rows + i]! - scores[i]!) / prepared.scale
  }
  return { nuisances, scores, effect, weight: weightOf(prepared, known ? null : nuisances.observedWeight) }
}

export async function learnMembers(prepared: Prepared, scored: Scored, order: MembersOrder): Promise<Members> {
  const { pool, signal, advance } = order
  const { fold } = scored.nuisances
  const folds = 1 + fold.reduce((most, f) => Math.max(most, f), 0)
  const shared = shareBuffers({
    ...prepared,
    table: prepared.table,
    ranking: prepared.ranking,
    fold,
    effect: scored.effect,
  })
  const rows: RidgeRows = { ...pick(shared), weight: scored.weight, fold: shared.fold, folds }
  const [ground] = await pool.run<typeof tasks.gatherGround>({
    module: 'engine',
    name: 'gatherGround',
    shared: rows,
    tasks: [null],
  })
  const rules = Object.keys(ridgeRules) as RidgeRule[]
  const ridge = await pool.run<typeof tasks.learnRidge>({
    module: 'engine',
    name: 'learnRidge',
    shared: { ground: ground!, table: shared.table, fold: shared.fold, atMean: shared.isProtected },
    tasks: rules,
    onProgress: () => advance(20 / rules.length),
  })
  leaveIfStopped(signal)
  const boosted = await pool.run<typeof tasks.learnBoosted>({
    module: 'engine',
    name: 'learnBoosted',
    shared: { table: shared.ranking, fold: shared.fold, folds, weight: prepared.weight, effect: shared.effect },
    tasks: Array.from({ length: prepared.arms - 1 }, (_, k) => k),
    onProgress: () => advance(10 / (prepared.arms - 1)),
  })
  const boostedHeldOut = new Float32Array(prepared.rows * boosted.length)
  boosted.forEach(({ heldOut }, k) => boostedHeldOut.set(heldOut, k * prepared.rows))
  return {
    ground: ground!,
    ridge: Object.fromEntries(rules.map((rule, i) => [rule, ridge[i]!])) as unknown as Members['ridge'],
    boosted: boosted.map(({ trees }) => trees),
    boostedHeldOut,
    ...(await learnForest(prepared, scored, order)),
  }
}

// A multiple of the trees that share a half-sample.
const treesATask = 48
// All trees tell how well the forest foretells; ten parts of them are enough to answer with, and answer in a tenth of a millisecond.
const partsKept = 10
const rowsATask = 4096

async function learnForest(
  prepared: Prepared,
  { nuisances, weight, effect }: Scored,
  { seed, trees, pool, advance }: MembersOrder,
): Promise<Pick<Members, 'forest' | 'pull' | 'neighbours' | 'forestHeldOut'>> {
  const { rows, arms, arm, y, ranking, cluster, centre, scale } = prepared
  const yHat = new Float64Array(rows)
  for (let k = 0; k < arms; k++) {
    for (let i = 0; i < rows; i++) {
      const at = k * rows + i
      yHat[i]! += (nuisances.propensity[at]! * (nuisances.outcome[at]! - centre)) / scale
    }
  }
  const input = { table: ranking, y, arm, arms, yHat, eHat: nuisances.propensity, weight, cluster, columns: null }
  const ranges = rangesOf(trees, treesATask)
  const parts = await pool.run<typeof tasks.growTrees>({
    module: 'engine',
    name: 'growTrees',
    shared: { input, seed },
    tasks: ranges,
    onProgress: () => advance(25 / ranges.length),
  })
  const forest = joinCausalForests(parts)
  const pull = { towards: averagesOf(effect, rows, prepared.weight), strengths: [pullStrength] }
  const effects = new Float64Array(rows * (arms - 1))
  const shared = shareBuffers({ forest, table: ranking, cluster, effects, pull })
  const blocks = rangesOf(rows, rowsATask)
  await pool.run<typeof tasks.foretellOutOfBag>({
    module: 'engine',
    name: 'foretellOutOfBag',
    shared,
    tasks: blocks,
    onProgress: () => advance(10 / blocks.length),
  })
  const kept = joinCausalForests(parts.slice(0, partsKept))
  return {
    forest: kept,
    pull,
    neighbours: await neighboursOf(kept, input, pool),
    forestHeldOut: withoutGaps(shared.effects, rows),
  }
}

async function neighboursOf(forest: CausalForest, rows: NeighboursInput, pool: Pool): Promise<Neighbours> {
  const { table, arm, weight, cluster } = rows
  const [measured] = await pool.run<typeof tasks.lookAround>({
    module: 'engine',
    name: 'lookAround',
    shared: shareBuffers({ forest, input: { table, arm, weight, cluster } }),
    tasks: [null],
  })
  const { arms, columns, first, trees, nodes, nodeStart, leafStart } = forest
  return { kind: 'neighbours', arms, columns, first, trees, nodes, nodeStart, leafStart, ...measured! }
}

/** How strongly the forest's effects are pulled to the averages where few took an arm (docs/methods/causal-forest.md). */
const pullStrength = 0.3

function averagesOf(effect: Float64Array, rows: number, weight: Float64Array | null): Float64Array {
  return Float64Array.from({ length: effect.length / rows }, (_, k) => {
    let [sum, total] = [0, 0]
    for (let i = 0; i < rows; i++) {
      const w = weight === null ? 1 : weight[i]!
      sum += w * effect[k * rows + i]!
      total += w
    }
    return sum / total
  })
}

/** Where no tree has a say, a row deviates from nobody. */
function withoutGaps(effects: Float64Array, rows: number): Float32Array {
  const whole = new Float32Array(effects.length)
  for (let from = 0; from < effects.length; from += rows) {
    let [sum, count] = [0, 0]
    for (let at = from; at < from + rows; at++) {
      if (!Number.isFinite(effects[at])) continue
      sum += effects[at]!
      count++
    }
    const mean = count > 0 ? sum / count : 0
    for (let at = from; at < from + rows; at++) whole[at] = Number.isFinite(effects[at]) ? effects[at]! : mean
  }
  return whole
}

function rangesOf(count: number, step: number) {
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => ({
    from: i * step,
    to: Math.min(count, (i + 1) * step),
  }))
}

function weightOf({ rows, weight, isKnown }: Prepared, observed: Float64Array | null): Float64Array | null {
  if (observed === null) return weight
  return Float64Array.from({ length: rows }, (_, i) => (isKnown[i] === 1 ? (weight?.[i] ?? 1) * observed[i]! : 0))
}

function bare({ table, arms, arm, y, outcome, weight, cluster, propensity }: NuisanceInput): NuisanceInput {
  return { table, arms, arm, y, outcome, weight, cluster, propensity }
}

function pick({ table, arm, arms, y }: Prepared) {
  return { table, arm, arms, y }
}
