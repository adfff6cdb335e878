// The work of learning nuisances, cut into pieces that any thread may do in any order.

import { dealFolds, foldsFor } from './folds.ts'
import { rowsOfFold, rowsWhere } from './learning.ts'
import type {
  Learner,
  NuisanceInput,
  NuisanceOptions,
  NuisancePlan,
  NuisanceTask,
  NuisanceTaskResult,
} from './nuisances.ts'
import { foretellPropensity, wholeBoosting, wholeRegression, type Split } from './propensity-learners.ts'
import { foretellResponse, type Response } from './response-learners.ts'
import { leastChance } from './bounds.ts'

export const learners: readonly Learner[] = ['regression', 'boosting', 'forest']

// Below so many rows trees find nothing that a penalised regression does not.
const fewestRowsOfTrees = 200

/** Deals the folds and settles every option. Refuses (RangeError) an input whose lengths differ, an arm that nobody took, a
 *  weight or outcome that is no number, and known propensities that do not sum to one. */
export function planNuisances(input: NuisanceInput, options: NuisanceOptions): NuisancePlan {
  checkInput(input)
  const { rows } = input.table
  const folds = foldsFor(rows, input.cluster, options.folds ?? 5)
  const wanted = options.learners ?? learners
  return {
    seed: options.seed,
    folds,
    fold: dealFolds(input, folds, options.seed),
    trees: options.trees ?? 100,
    floor: options.floor ?? leastChance(rows),
    learners: rows < fewestRowsOfTrees ? ['regression'] : wanted,
  }
}

/** All pieces, the longest first, so that threads end at about the same time. */
export function nuisanceTasks(input: NuisanceInput, plan: NuisancePlan): NuisanceTask[] {
  const each = (what: NuisanceTask['what'], which: readonly Learner[]) =>
    which.flatMap((learner): NuisanceTask[] => {
      // A forest holds out by itself: half of the trees have not seen a row.
      if (learner === 'forest') return [{ what, learner, fold: null }]
      return Array.from({ length: plan.folds }, (_, fold) => ({ what, learner, fold }))
    })
  // Known chances are used as they are; how the arms were taken is then learned for the support of new people alone.
  const ofPropensity = input.propensity === null ? plan.learners : plan.learners.filter((l) => l === 'regression')
  const lost = input.y.some(Number.isNaN)
  const whole = ofPropensity.filter((learner) => learner !== 'forest')
  return [
    ...whole.map((learner) => ({ what: 'propensity' as const, learner, fold: null })),
    ...each('propensity', ofPropensity),
    ...each('outcome', plan.learners),
    ...(lost
      ? each(
          'observed',
          plan.learners.filter((learner) => learner !== 'forest'),
        )
      : []),
  ]
}

/** Does one piece. The same input, plan and task give the same result in any thread. */
export function runNuisanceTask(input: NuisanceInput, plan: NuisancePlan, task: NuisanceTask): NuisanceTaskResult {
  const split = splitOf(input, plan, task)
  if (task.fold === null && task.learner !== 'forest') {
    const model =
      task.learner === 'regression' ? wholeRegression(input, split.train) : wholeBoosting(input, plan, split.train)
    return { task, settings: [], model }
  }
  if (split.train.length === 0) return { task, settings: [], model: null }
  const settings =
    task.what === 'propensity'
      ? foretellPropensity(task.learner, input, plan, split)
      : foretellResponse(task.learner, { input, of: responseOf(input, task.what), plan, split })
  return { task, settings, model: null }
}

function splitOf(input: NuisanceInput, plan: NuisancePlan, task: NuisanceTask): Split {
  const { y, weight } = input
  const hasTarget = (row: number) => task.what !== 'outcome' || !Number.isNaN(y[row])
  const counts = (row: number) => weight === null || (weight[row] ?? 0) > 0
  return {
    train: rowsWhere(y.length, (row) => plan.fold[row] !== task.fold && hasTarget(row) && counts(row)),
    predict: task.fold === null ? new Uint32Array(0) : rowsOfFold(plan, task.fold),
    task: placeOf(task),
  }
}

/** A whole number for each task, whatever tasks there are besides. */
function placeOf({ what, learner, fold }: NuisanceTask): number {
  const whats = ['outcome', 'propensity', 'observed']
  return (whats.indexOf(what) * learners.length + learners.indexOf(learner)) * 32 + (fold ?? 31)
}

/** The outcome, or whether it is known. */
export function responseOf(input: NuisanceInput, what: 'outcome' | 'observed'): Response {
  if (what === 'outcome') return { y: input.y, isYesNo: input.outcome === 'yes_no' }
  return { y: input.y.map((value) => (Number.isNaN(value) ? 0 : 1)), isYesNo: true }
}

function checkInput(input: NuisanceInput): void {
  const { table, arms, arm, y, outcome, weight, cluster, propensity } = input
  const { rows } = table
  if (rows < 2) throw new RangeError('there are fewer than two rows')
  if (arms < 2 || arms > 64) throw new RangeError('there are 2 to 64 arms')
  if (arm.length !== rows || y.length !== rows) throw new RangeError('arm or outcome has another number of rows')
  if (weight !== null && weight.length !== rows) throw new RangeError('there is not one weight a row')
  if (cluster !== null && cluster.length !== rows) throw new RangeError('there is not one cluster a row')
  if (cluster !== null && cluster.every((place) => place === cluster[0])) {
    throw new RangeError('all rows lie in one cluster, so none can judge the others')
  }
  const taken = new Float64Array(arms)
  for (let row = 0; row < rows; row++) {
    const k = arm[row] ?? arms
    if (k >= arms) throw new RangeError('an arm is not one of those compared')
    if (weight !== null && !((weight[row] ?? NaN) >= 0 && (weight[row] ?? NaN) < Infinity)) {
      throw new RangeError('a weight is no number of 0 or more')
    }
    taken[k]! += weight === null ? 1 : (weight[row] ?? 0)
    const value = y[row] ?? NaN
    if (outcome === 'yes_no' && value !== 0 && value !== 1 && !Number.isNaN(value)) {
      throw new RangeError('a yes/no outcome is neither 1 nor 0')
    }
    if (Math.abs(value) === Infinity) throw new RangeError('an outcome is infinite')
  }
  const empty = taken.findIndex((sum) => sum === 0)
  if (empty >= 0) throw new RangeError(`arm ${empty} has no rows`)
  if (y.every(Number.isNaN)) throw new RangeError('no outcome is known')
  if (propensity !== null) checkKnown(propensity, rows, arms)
}

function checkKnown(propensity: Float64Array, rows: number, arms: number): void {
  if (propensity.length !== rows * arms) throw new RangeError('known propensities are not rows by arms')
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let k = 0; k < arms; k++) {
      const chance = propensity[k * rows + row] ?? NaN
      if (!(chance >= 0 && chance <= 1)) throw new RangeError('a known propensity is not between 0 and 1')
      sum += chance
    }
    // Files carry chances with few digits.
    if (Math.abs(sum - 1) > 0.01) throw new RangeError('known propensities of a row do not sum to one')
  }
}
