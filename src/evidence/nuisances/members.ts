// The learners of one nuisance side by side, each at the setting that foretold best, and their average.

import { rowsOfFold } from './learning.ts'
import { averageOfMembers, meanLoss, type Jury } from './judging.ts'
import type { NuisanceInput, NuisancePlan, NuisanceReport, NuisanceTaskResult } from './nuisances.ts'

/** Predictions rows × arms at a learner's best setting, and their mean held-out loss. */
export interface Member {
  readonly learner: string
  readonly setting: string
  readonly predictions: Float32Array
  readonly loss: number
}

export interface Panel {
  readonly input: NuisanceInput
  readonly plan: NuisancePlan
  readonly jury: Jury
}

/** What is used: the best member, or the average of several. */
export interface Chosen {
  readonly predictions: Float64Array
  readonly members: readonly Member[]
  /** In the order of members. */
  readonly weights: Float64Array
  readonly chosen: string
}

/** The simplest member (predictions that know the arm alone), then each learner at its best setting. A row that a forest
 *  cannot foretell gets the simplest prediction. */
export function gatherMembers(panel: Panel, simplest: Float32Array, results: readonly NuisanceTaskResult[]): Member[] {
  const learners = [...new Set(results.map((result) => result.task.learner))]
  const own = learners.map((learner) => {
    const pieces = results.filter((result) => result.task.learner === learner)
    const settings = pieces[0]?.settings.map(({ setting }) => setting) ?? []
    const judged = settings.map((setting, at) => ({
      setting,
      at,
      loss: meanLoss(panel.jury, takenTogether(panel, pieces, at, simplest)),
    }))
    const best = judged.reduce((low, next) => (next.loss < low.loss ? next : low))
    return { learner, ...best, predictions: placeTogether(panel, pieces, best.at, simplest) }
  })
  const loss = meanLoss(panel.jury, takenOf(panel.input, simplest))
  return [{ learner: 'average', setting: '', predictions: simplest, loss }, ...own]
}

// An average is used where it beats the best member by this share of the loss: less is not worth the words.
const worthWhile = 1e-4

// A member with less weight only costs time.
const leastWeight = 0.02

/** The average of the members that foretells best, or the best member where averaging hardly helps. */
export function chooseMembers({ input, jury }: Panel, members: readonly Member[]): Chosen {
  const taken = members.map((member) => takenOf(input, member.predictions))
  const best = members.reduce((low, next, m) => (next.loss < members[low]!.loss ? m : low), 0)
  const weights = averageOfMembers(jury, taken).map((w) => (w < leastWeight ? 0 : w))
  const total = weights.reduce((sum, w) => sum + w, 0)
  const averaged = new Float64Array(input.table.rows)
  weights.forEach((w, m) => {
    weights[m] = w / total
    for (let i = 0; i < averaged.length; i++) averaged[i]! += (w / total) * taken[m]![i]!
  })
  const isWorthIt = meanLoss(jury, averaged) < members[best]!.loss * (1 - worthWhile)
  if (!isWorthIt) weights.fill(0).fill(1, best, best + 1)
  const named = members.filter((_, m) => weights[m]! > 0).map(({ learner }) => learner)
  return { predictions: blend(members, weights), members, weights, chosen: named.join(' + ') }
}

export function reportOf(
  what: NuisanceReport['what'],
  panel: Panel,
  of: Chosen,
  after: { readonly predictions: Float64Array; readonly calibrated: boolean },
): NuisanceReport {
  const used = meanLoss(panel.jury, takenOf(panel.input, after.predictions))
  return {
    what,
    chosen: of.chosen,
    losses: [...of.members.map(({ learner, loss }) => ({ learner, loss })), { learner: 'used', loss: used }],
    weights: of.members.map(({ learner }, m) => ({ learner, weight: of.weights[m]! })),
    settings: of.members.map(({ learner, setting }) => ({ learner, setting })),
    calibrated: after.calibrated,
  }
}

/** Each row's prediction for the arm that it took. */
export function takenOf({ table, arm }: NuisanceInput, predictions: ArrayLike<number>): Float64Array {
  const taken = new Float64Array(table.rows)
  for (let i = 0; i < taken.length; i++) taken[i] = predictions[arm[i]! * table.rows + i]!
  return taken
}

/** The same as `placeTogether`, for the taken arm alone. */
function takenTogether(
  { input, plan }: Panel,
  pieces: readonly NuisanceTaskResult[],
  setting: number,
  simplest: Float32Array,
): Float64Array {
  const out = takenOf(input, simplest)
  for (const { task, settings } of pieces) {
    const own = settings[setting]?.predictions
    if (own === undefined) continue
    const places = task.fold === null ? null : rowsOfFold(plan, task.fold)
    const count = places === null ? out.length : places.length
    for (let i = 0; i < count; i++) {
      const row = places === null ? i : places[i]!
      const value = own[input.arm[row]! * count + i]!
      if (!Number.isNaN(value)) out[row] = value
    }
  }
  return out
}

/** One setting's predictions of every row, from the folds that each left some out. */
function placeTogether(
  { input, plan }: Panel,
  pieces: readonly NuisanceTaskResult[],
  setting: number,
  simplest: Float32Array,
): Float32Array {
  const { rows } = input.table
  const out = simplest.slice()
  for (const { task, settings } of pieces) {
    const own = settings[setting]?.predictions
    if (own === undefined) continue
    const places = task.fold === null ? null : rowsOfFold(plan, task.fold)
    const count = places === null ? rows : places.length
    for (let k = 0; k < input.arms; k++) {
      for (let i = 0; i < count; i++) {
        const value = own[k * count + i]!
        if (!Number.isNaN(value)) out[k * rows + (places === null ? i : places[i]!)] = value
      }
    }
  }
  return out
}

function blend(members: readonly Member[], weights: Float64Array): Float64Array {
  const out = new Float64Array(members[0]!.predictions.length)
  members.forEach(({ predictions }, m) => {
    const w = weights[m]!
    if (w > 0) for (let i = 0; i < out.length; i++) out[i]! += w * predictions[i]!
  })
  return out
}
