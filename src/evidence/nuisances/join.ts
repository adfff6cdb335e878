// Puts the pieces together: picks or averages learners by held-out loss, calibrates, bounds and reports.

import { boundChances } from './bounds.ts'
import { recalibrate, recalibrated } from './calibration.ts'
import { rowsOfFold, rowsWhere } from './learning.ts'
import { meanLoss } from './judging.ts'
import { chooseMembers, gatherMembers, reportOf, takenOf, type Panel } from './members.ts'
import type {
  Nuisance,
  NuisanceInput,
  NuisancePlan,
  NuisanceReport,
  Nuisances,
  NuisanceTaskResult,
} from './nuisances.ts'
import { joinSupport } from './support-model.ts'
import { learners, responseOf } from './tasks.ts'

/** Nuisances from the results of all tasks, in any order. Known propensities are used as they are: neither calibrated nor
 *  bounded. O(rows · arms · settings). */
export function joinNuisances(
  input: NuisanceInput,
  plan: NuisancePlan,
  results: readonly NuisanceTaskResult[],
): Nuisances {
  const of = (what: Nuisance) =>
    inOrder(results.filter(({ task, settings }) => task.what === what && settings.length > 0))
  const outcome = joinResponse(input, plan, 'outcome', of('outcome'))
  const propensity = joinPropensity(input, plan, of('propensity'))
  const lost = of('observed')
  const observed = lost.length === 0 ? null : joinResponse(input, plan, 'observed', lost)
  return {
    outcome: outcome.predictions,
    propensity: propensity.predictions,
    observedWeight: observed === null ? new Float64Array(input.table.rows).fill(1) : inverseChances(input, observed),
    fold: plan.fold,
    report: [outcome.report, propensity.report, ...(observed === null ? [] : [observed.report])],
    arms: propensity.arms,
    floor: plan.floor,
    support: joinSupport(propensity.panel, propensity.members, results),
  }
}

/** Threads end in any order; sums must not depend on it. */
function inOrder(results: readonly NuisanceTaskResult[]): NuisanceTaskResult[] {
  const place = ({ task }: NuisanceTaskResult) => learners.indexOf(task.learner) * 256 + (task.fold ?? 0)
  return [...results].sort((a, b) => place(a) - place(b))
}

// A yes/no outcome is never foretold with more certainty than this.
const surestOutcome = 0.002

/** E[target | x, arm]: the outcome, or whether it is known. Each arm is calibrated by itself. */
function joinResponse(
  input: NuisanceInput,
  plan: NuisancePlan,
  what: 'outcome' | 'observed',
  results: readonly NuisanceTaskResult[],
): { readonly predictions: Float64Array; readonly report: NuisanceReport } {
  const { rows } = input.table
  const { y, isYesNo } = responseOf(input, what)
  const kind = isYesNo ? ('yes_no' as const) : ('number' as const)
  const known = rowsWhere(rows, (row) => !Number.isNaN(y[row]))
  const jury = { kind, rows: known, target: y, weight: input.weight }
  const panel = { input, plan, jury }
  const chosen = chooseMembers(panel, gatherMembers(panel, armMeans(panel), results))
  const { predictions } = chosen
  let calibrated = false
  for (let arm = 0; arm < input.arms; arm++) {
    const predicted = predictions.subarray(arm * rows, (arm + 1) * rows)
    const own = known.filter((row) => input.arm[row] === arm)
    const better = recalibrate({ ...jury, kind, predicted, rows: own, fold: plan.fold, folds: plan.folds })
    if (better === null) continue
    predicted.set(better)
    calibrated = true
  }
  if (isYesNo) {
    for (let i = 0; i < predictions.length; i++) {
      predictions[i] = Math.min(1 - surestOutcome, Math.max(surestOutcome, predictions[i]!))
    }
  }
  return { predictions, report: reportOf(what, panel, chosen, { predictions, calibrated }) }
}

function joinPropensity(input: NuisanceInput, plan: NuisancePlan, results: readonly NuisanceTaskResult[]) {
  const { rows } = input.table
  const jury = { kind: 'chance' as const, rows: rowsWhere(rows, () => true), target: input.y, weight: input.weight }
  const panel = { input, plan, jury }
  const members = gatherMembers(panel, armShares(panel), results)
  if (input.propensity !== null) {
    const predictions = Float64Array.from(input.propensity)
    return { predictions, report: knownReport(panel, predictions), arms: asTheyAre(predictions, rows), panel, members }
  }
  const chosen = chooseMembers(panel, members)
  const calibrated = calibrateChances(panel, chosen.predictions)
  const arms = boundChances(chosen.predictions, rows, plan.floor)
  const { predictions } = chosen
  return {
    predictions,
    report: reportOf('propensity', panel, chosen, { predictions, calibrated }),
    arms,
    panel,
    members,
  }
}

/** Recalibrates each arm's chances against taking it or not, and shares out one among the arms again; in place, and only
 *  where held-out loss falls. */
function calibrateChances({ input, plan, jury }: Panel, chances: Float64Array): boolean {
  const { rows } = input.table
  const after = new Float64Array(chances.length)
  for (let arm = 0; arm < input.arms; arm++) {
    const predicted = chances.subarray(arm * rows, (arm + 1) * rows)
    const target = Float64Array.from(input.arm, (k) => (k === arm ? 1 : 0))
    const of = { kind: 'yes_no' as const, predicted, target, weight: input.weight, rows: jury.rows }
    after.set(recalibrated({ ...of, fold: plan.fold, folds: plan.folds }), arm * rows)
  }
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let k = 0; k < input.arms; k++) sum += after[k * rows + i]!
    for (let k = 0; k < input.arms; k++) after[k * rows + i]! /= sum
  }
  if (!(meanLoss(jury, takenOf(input, after)) < meanLoss(jury, takenOf(input, chances)))) return false
  chances.set(after)
  return true
}

function knownReport(panel: Panel, predictions: Float64Array): NuisanceReport {
  const loss = meanLoss(panel.jury, takenOf(panel.input, predictions))
  return {
    what: 'propensity',
    chosen: 'known',
    losses: [{ learner: 'known', loss }],
    weights: [{ learner: 'known', weight: 1 }],
    settings: [],
    calibrated: false,
  }
}

function asTheyAre(chances: Float64Array, rows: number) {
  return Array.from({ length: chances.length / rows }, (_, k) => ({
    lowestPropensity: chances.subarray(k * rows, (k + 1) * rows).reduce((low, e) => Math.min(low, e), 1),
    bounded: 0,
  }))
}

// Nobody found again stands for more than five who were not.
const mostWeight = 5

/** 1 / P(known | x, taken arm) of rows whose outcome is known, scaled to mean one, then capped; 0 for the others. */
function inverseChances(input: NuisanceInput, observed: { readonly predictions: Float64Array }): Float64Array {
  const taken = takenOf(input, observed.predictions)
  const inverse = taken.map((chance, i) => (Number.isNaN(input.y[i]) ? 0 : 1 / chance))
  const known = inverse.filter((w) => w > 0)
  const mean = known.reduce((sum, w) => sum + w, 0) / known.length
  return inverse.map((w) => Math.min(mostWeight, w / mean))
}

/** Each arm's mean target over the other folds, pulled to the mean of all arms by the weight of two rows. */
function armMeans({ input, plan, jury }: Panel): Float32Array {
  const { rows } = input.table
  const out = new Float32Array(rows * input.arms)
  for (let f = 0; f < plan.folds; f++) {
    const sums = new Float64Array(input.arms)
    const totals = new Float64Array(input.arms)
    for (const row of jury.rows) {
      if (plan.fold[row] === f) continue
      const w = jury.weight === null ? 1 : jury.weight[row]!
      sums[input.arm[row]!]! += w * jury.target[row]!
      totals[input.arm[row]!]! += w
    }
    const total = sum(totals)
    const mean = total > 0 ? sum(sums) / total : 0
    const pull = (2 * total) / Math.max(1, jury.rows.length)
    const of = (k: number) => (total > 0 ? (sums[k]! + pull * mean) / (totals[k]! + pull) : 0)
    fillFold(out, rowsOfFold(plan, f), rows, of)
  }
  return out
}

/** Each arm's share over the other folds, half a row more to each. */
function armShares({ input, plan, jury }: Panel): Float32Array {
  const { rows } = input.table
  const out = new Float32Array(rows * input.arms)
  for (let f = 0; f < plan.folds; f++) {
    const totals = new Float64Array(input.arms)
    for (let row = 0; row < rows; row++) {
      if (plan.fold[row] !== f) totals[input.arm[row]!]! += jury.weight === null ? 1 : jury.weight[row]!
    }
    const half = (0.5 * Math.max(sum(totals), 1e-300)) / rows
    const whole = sum(totals) + half * input.arms
    fillFold(out, rowsOfFold(plan, f), rows, (k) => (totals[k]! + half) / whole)
  }
  return out
}

function fillFold(out: Float32Array, own: Uint32Array, rows: number, of: (arm: number) => number): void {
  for (let k = 0; k < out.length / rows; k++) {
    const value = of(k)
    for (const row of own) out[k * rows + row] = value
  }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
