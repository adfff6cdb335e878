// P(arm | x) for somebody new: whether anyone like this person took the service.

import { predictBoosted, scoresToChances, softmaxChances, type BinnedTable } from '#numerics/index.ts'
import { widthOf, writeDesign } from './design.ts'
import { averageOfMembers } from './judging.ts'
import { takenOf, type Member, type Panel } from './members.ts'
import type { NuisanceTaskResult, SupportModel } from './nuisances.ts'
import { roundsOfSetting } from './propensity-learners.ts'

/** The models learned from all rows, weighed as their like did on rows left out. No forest: it would be most of the file. */
export function joinSupport(
  panel: Panel,
  members: readonly Member[],
  results: readonly NuisanceTaskResult[],
): SupportModel {
  const { input, jury } = panel
  const whole = results.map((result) => result.model).filter((model) => model !== null)
  const regression = whole.find((model) => model.kind === 'regression')
  const boosting = whole.find((model) => model.kind === 'boosting')
  const memberOf = (learner: string) => members.find((member) => member.learner === learner)
  const kept = ['average', ...(regression ? ['regression'] : []), ...(boosting ? ['boosting'] : [])]
  const present = kept.map(memberOf).filter((member) => member !== undefined)
  const found = averageOfMembers(
    jury,
    present.map((member) => takenOf(input, member.predictions)),
  )
  const weightOf = (learner: string) => found[present.findIndex((member) => member.learner === learner)] ?? 0
  const setting = memberOf('regression')?.setting
  const coefficients = regression?.settings.find((one) => one.setting === setting)?.coefficients
  return {
    arms: input.arms,
    shares: sharesOf(panel),
    weights: Float64Array.of(weightOf('average'), weightOf('regression'), weightOf('boosting')),
    regression: regression && coefficients ? { layout: regression.layout, coefficients } : null,
    boosting: boosting?.trees ?? null,
    rounds: roundsOfSetting(memberOf('boosting')?.setting ?? 'rounds 0'),
  }
}

/** Chances of each arm for each row of `table` (binned by the same cuts): rows × arms, column-major, each row summing to one.
 *  Neither calibrated nor bounded. O(rows · (columns + trees · depth) · arms). */
export function predictSupport(model: SupportModel, table: BinnedTable): Float64Array {
  const { arms, shares, weights, regression, boosting } = model
  const { rows } = table
  const [ofShares = 0, ofRegression = 0, ofBoosting = 0] = weights
  const out = new Float64Array(rows * arms)
  for (let k = 0; k < arms; k++) out.fill(ofShares * shares[k]!, k * rows, (k + 1) * rows)
  if (regression !== null && ofRegression > 0) {
    const x = writeDesign(regression.layout, table, null)
    addTimes(out, softmaxChances(regression.coefficients, x, rows, widthOf(regression.layout)), ofRegression)
  }
  if (boosting !== null && ofBoosting > 0) {
    const scores = predictBoosted(boosting, table, null, model.rounds)
    scoresToChances(scores, rows, arms)
    addTimes(out, scores, ofBoosting)
  }
  return out
}

function addTimes(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += times * what[i]!
}

function sharesOf({ input }: Panel): Float64Array {
  const totals = new Float64Array(input.arms)
  input.arm.forEach((k, row) => (totals[k]! += input.weight === null ? 1 : input.weight[row]!))
  const whole = totals.reduce((sum, w) => sum + w, 0)
  return totals.map((w) => w / whole)
}
