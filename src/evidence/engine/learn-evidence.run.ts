// From a table of past episodes to a model and its card.

import { withPool } from '#compute/index.ts'
import { meanOf } from '#numerics/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import { fitsOf, learnWidths, misfitOfGroups, type Widths } from './learn-widths.run.ts'
import { learnMembers, learnNuisances, type Members, type MembersOrder, type Scored } from './learn-members.run.ts'
import type { EngineModel } from './model.ts'
import { supportOf } from './predict-evidence.ts'
import { termsByArm, type Term } from '../policy/terms.ts'
import { learnPolicy } from './policy-choices.ts'
import { prepare, type Prepared } from './prepared.ts'
import { doubtOf, heard, heardRules, worth } from './ridge-member.ts'
import { levelFolds, stackMembers, type Stack } from './stack.ts'

export interface LearnOrder {
  readonly seed: number
  /** 0: in this thread. */
  readonly threads: number
  /** Trees of the causal forest. */
  readonly trees: number
  /** What services cost and how many can have them, of arms of the table; what is not said has no cost and no limit. */
  readonly terms?: readonly Term[]
  readonly signal?: AbortSignal | undefined
  /** Shares of the whole, of a hundred. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined
}

/** What a learning found, before it is described. */
export interface Learned {
  readonly prepared: Prepared
  readonly scored: Scored
  readonly members: Members
  readonly memberNames: readonly string[]
  readonly stack: Stack
  /** Held-out answers of the whole engine: rows × effects, outcome's units. */
  readonly heldOut: Float64Array
  readonly support: Uint8Array
  /** rows × effects: each row's weight where it has support, else 0: whom the checks ask. */
  readonly among: Float64Array
  /** Of each effect: mean width (outcome's units), and how often drawn truths lay inside. */
  readonly terms: readonly Term[]
  readonly interval: Pick<Widths, 'meanWidth' | 'coverage'>
  readonly model: EngineModel
}

/** Learns, as docs/methods tells. Terms move the policy tree alone. Throws NothingToLearn for a table from which nothing can be learned, Stopped when the signal says so.
 *  The same table, seed and trees give the same model with any number of threads. */
export async function learnModel(table: LearningTable, order: LearnOrder): Promise<Learned> {
  const prepared = prepare(table)
  let done = 0
  const advance = (share: number) => order.onProgress?.(Math.min(99, Math.round((done += share))), 100)
  return withPool({ threads: order.threads, signal: order.signal }, async (pool) => {
    const work: MembersOrder = { ...order, pool, signal: order.signal, advance }
    const scored = await learnNuisances(prepared, table.outcome.kind, work)
    const members = await learnMembers(prepared, scored, work)
    return answerOf(table, { prepared, scored, members, terms: order.terms ?? [] }, work)
  })
}

interface Found {
  readonly prepared: Prepared
  readonly scored: Scored
  readonly members: Members
  readonly terms: readonly Term[]
}

async function answerOf(table: LearningTable, found: Found, order: MembersOrder): Promise<Learned> {
  const { prepared, scored, members, terms } = found
  const { rows, arms, scale } = prepared
  const effects = arms - 1
  const memberNames = [...heardRules, 'boosting', 'forest']
  const heldOutOf = [
    ...heardRules.map((rule) => members.ridge[rule].heldOut),
    members.boostedHeldOut,
    members.forestHeldOut,
  ]
  const supportFloor = floorOf(prepared)
  const support = supportOf({ support: scored.nuisances.support, supportFloor }, prepared.table)
  const among = weightsAmongSupported(prepared, support)
  for (const member of heldOutOf) levelFolds(member, scored.nuisances.fold, among)
  const stack = stackMembers({
    rows,
    effects,
    heldOut: heldOutOf,
    effect: scored.effect,
    among,
    began: [...heardRules.map((rule) => heard[rule]), 0, 0],
  })
  const average = averagesOf(found, stack, among)
  const heldOut = new Float64Array(rows * effects)
  for (let k = 0; k < effects; k++) {
    heldOut.fill(average[k]! * scale, k * rows, (k + 1) * rows)
    heldOutOf.forEach((member, m) => {
      const weight = stack.weights[k * heldOutOf.length + m]! * scale
      const centre = stack.centre[m * effects + k]!
      if (weight > 0) for (let at = k * rows; at < (k + 1) * rows; at++) heldOut[at]! += weight * (member[at]! - centre)
    })
  }
  const misfit = misfitOfGroups(found, heldOut, among)
  const { stretch, stretchOfPairs, ...interval } = await learnWidths(found, { stack, support, misfit }, order)
  const model = modelOf(table, found, {
    stack,
    average,
    interval: { stretch, stretchOfPairs, misfit },
    supportFloor,
    heldOut,
    support,
  })
  return { prepared, scored, members, memberNames, stack, heldOut, support, among, interval, terms, model }
}

/** Who speaks of each effect: people alike of whom took the service. All, where there is next to nobody. */
function weightsAmongSupported({ rows, arms, weight }: Prepared, support: Uint8Array): Float64Array {
  const among = Float64Array.from(support, (one, at) => one * (weight === null ? 1 : weight[at % rows]!))
  for (let k = 0; k < arms - 1; k++) {
    const own = among.subarray(k * rows, (k + 1) * rows)
    if (own.reduce((sum, w) => sum + w, 0) >= fewestSupported * rows) continue
    for (let i = 0; i < rows; i++) own[i] = weight === null ? 1 : weight[i]!
  }
  return among
}

const fewestSupported = 0.02

/** Averages by the regression, whose noise is least, moved towards the doubly robust ones as far as the two differ by more
 *  than chance (positive-part James and Stein, towards the regression's). */
function averagesOf(
  { prepared, scored }: { prepared: Prepared; scored: Scored },
  stack: Stack,
  among: Float64Array,
): Float64Array {
  const { rows, arms, cluster } = prepared
  const effects = arms - 1
  const robust = Array.from({ length: effects }, (_, k) => {
    const of = (values: Float64Array) => values.subarray(k * rows, (k + 1) * rows)
    return meanOf(of(scored.effect), { weight: of(among), cluster })
  })
  const modelled = Float64Array.from({ length: effects }, (_, k) => {
    return heardRules.reduce((sum, _, m) => sum + worth[m]! * stack.centre[m * effects + k]!, 0)
  })
  const gaps = modelled.map((value, k) => robust[k]!.estimate - value)
  const distance = gaps.reduce((sum, gap, k) => sum + (gap / robust[k]!.se) ** 2, 0)
  // Two standard deviations of what chance makes of it: below that, the steadier of the two speaks alone.
  const expected = effects + 2 * Math.sqrt(2 * effects)
  const moved = distance > expected ? 1 - expected / distance : 0
  return modelled.map((value, k) => value + moved * gaps[k]!)
}

/** Below such a chance of taking a service nobody like this person took it, for all that can be told. */
function floorOf({ rows }: Prepared): number {
  return Math.max(0.02, 15 / rows)
}

function modelOf(
  table: LearningTable,
  { prepared, scored, members, terms }: Found,
  learned: {
    stack: Stack
    average: Float64Array
    interval: EngineModel['interval']
    supportFloor: number
    heldOut: Float64Array
    support: Uint8Array
  },
): EngineModel {
  const { arms, scale, centre } = prepared
  const { stack, average, interval, supportFloor, heldOut, support } = learned
  const effects = arms - 1
  return {
    kind: 'engine',
    treatment: table.treatment,
    outcome: { name: table.outcome.name, kind: table.outcome.kind },
    arms: table.arms,
    features: table.features.map(({ name, kind, levels, isProtected }) => ({ name, kind, levels, isProtected })),
    cuts: prepared.table.columns,
    scale,
    centre,
    basis: members.ground.basis,
    ridge: heardRules.map((rule) => ({ rule, mean: members.ridge[rule].fit.mean })),
    covariance: doubtOf(fitsOf(members)),
    boosted: isHeard(stack, heardRules.length, effects) ? members.boosted : null,
    forest: isHeard(stack, heardRules.length + 1, effects) ? { trees: members.forest, pull: members.pull } : null,
    neighbours: members.neighbours,
    stack: { ...stackHeard(stack, effects), average },
    interval,
    support: scored.nuisances.support,
    supportFloor,
    policy: learnPolicy(prepared, { heldOut, support, terms: termsByArm(terms, table.arms) }),
  }
}

/** A member whose weight is next to nothing for every service is left out of the model. */
const leastHeard = 0.01

function isHeard({ weights }: Stack, member: number, effects: number): boolean {
  const members = weights.length / effects
  return Array.from({ length: effects }, (_, k) => weights[k * members + member]!).some(
    (weight) => weight >= leastHeard,
  )
}

function stackHeard(stack: Stack, effects: number): Pick<Stack, 'weights' | 'centre'> {
  const members = stack.weights.length / effects
  const kept = Array.from({ length: members }, (_, m) => m).filter(
    (m) => m < heardRules.length || isHeard(stack, m, effects),
  )
  return {
    weights: Float64Array.from(
      Array.from({ length: effects }, (_, k) => kept.map((m) => stack.weights[k * members + m]!)).flat(),
    ),
    centre: Float64Array.from(kept.flatMap((m) => [...stack.centre.subarray(m * effects, (m + 1) * effects)])),
  }
}
