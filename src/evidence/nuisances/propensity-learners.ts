// Who takes which service: three learners of P(arm | x).

import {
  fitBoosting,
  fitSoftmaxPath,
  growMeanForest,
  predictMeanForestOutOfBag,
  scoresToChances,
  softmaxChances,
} from '#numerics/index.ts'
import { layOutDesign, widthOf, writeDesign } from './design.ts'
import { boostingPace, heldOutWeights, ridgeOf, rowsOfTree, spread, streamOf } from './learning.ts'
import type {
  Learner,
  NuisanceInput,
  NuisancePlan,
  SettingPredictions,
  WholeBoosting,
  WholeRegression,
} from './nuisances.ts'

/** Which rows train and which are foretold. `task`: a whole number that no other task shares. */
export interface Split {
  readonly train: Uint32Array
  readonly predict: Uint32Array
  readonly task: number
}

/** Ridge penalties tried, strongest first, as each is fitted from the one before. */
export const propensityPenalties: readonly number[] = [300, 100, 30, 10]

/** Numbers of rounds tried. */
export const propensityRounds: readonly number[] = [10, 20, 30, 40, 60, 80]

// A regression of some forty slopes learns nothing more from further rows.
const mostRowsOfRegression = 100_000

export function foretellPropensity(
  learner: Learner,
  input: NuisanceInput,
  plan: NuisancePlan,
  split: Split,
): SettingPredictions[] {
  if (learner === 'regression') return regressionSettings(input, split)
  if (learner === 'boosting') return boostingSettings(input, plan, split)
  return [forestSetting(input, plan, split)]
}

/** The regression on all rows, every penalty. */
export function wholeRegression(input: NuisanceInput, train: Uint32Array): WholeRegression {
  const { layout, fits } = regressions(input, train)
  return { kind: 'regression', layout, settings: fits }
}

/** Boosting on all rows. More rounds than this are seldom chosen, and support needs no fine differences. */
export function wholeBoosting(input: NuisanceInput, plan: NuisancePlan, train: Uint32Array): WholeBoosting {
  return {
    kind: 'boosting',
    trees: boost(input, plan, { train, predict: new Uint32Array(0), task: 0 }, mostWhole).model,
  }
}

const mostWhole = 40

/** The name of a setting of boosting, and the rounds that a name says. */
export const settingOfRounds = (rounds: number): string => `rounds ${rounds}`
export const roundsOfSetting = (setting: string): number => Number(setting.replace('rounds ', ''))

function regressions(input: NuisanceInput, train: Uint32Array) {
  const rows = spread(train, mostRowsOfRegression)
  const layout = layOutDesign(input.table, rows)
  const columns = widthOf(layout)
  const { weight } = input
  const problem = {
    x: writeDesign(layout, input.table, rows),
    rows: rows.length,
    columns,
    y: Uint8Array.from(rows, (row) => input.arm[row] ?? 0),
    classes: input.arms,
    weight: weight === null ? null : Float64Array.from(rows, (row) => weight[row] ?? 0),
  }
  const penalties = propensityPenalties.map((penalty) => ridgeOf(columns, penalty, 0.1))
  const fits = fitSoftmaxPath(problem, penalties, { tolerance: 3e-4, maxSteps: 40 })
  return {
    layout,
    fits: fits.map(({ coefficients }, i) => ({ setting: `penalty ${propensityPenalties[i] ?? 0}`, coefficients })),
  }
}

function regressionSettings(input: NuisanceInput, { train, predict }: Split): SettingPredictions[] {
  const { layout, fits } = regressions(input, train)
  const x = writeDesign(layout, input.table, predict)
  return fits.map(({ setting, coefficients }) => ({
    setting,
    predictions: Float32Array.from(softmaxChances(coefficients, x, predict.length, widthOf(layout))),
  }))
}

function boost(input: NuisanceInput, plan: NuisancePlan, { train, predict, task }: Split, rounds: number) {
  const { table, arms, arm, weight } = input
  return fitBoosting(
    { table, loss: 'softmax', outputs: arms, y: Float64Array.from(arm), rows: train, weight, offset: null },
    {
      ...boostingPace(train.length),
      rounds,
      seed: streamOf(plan.seed, task),
      // Ends once further rounds only learn the rows by heart; that spares half of the work.
      ...(predict.length > 0 ? { heldOut: { rows: predict, keepAfter: propensityRounds, patience: 6 } } : {}),
    },
  )
}

function boostingSettings(input: NuisanceInput, plan: NuisancePlan, split: Split): SettingPredictions[] {
  return boost(input, plan, split, Math.max(...propensityRounds)).kept.map((scores, i) => {
    scoresToChances(scores, split.predict.length, input.arms)
    return { setting: settingOfRounds(propensityRounds[i] ?? 0), predictions: Float32Array.from(scores) }
  })
}

function forestSetting(input: NuisanceInput, plan: NuisancePlan, { train, task }: Split): SettingPredictions {
  const { table, arms, arm, cluster } = input
  const targets = new Float64Array(table.rows * arms)
  arm.forEach((k, i) => (targets[k * table.rows + i] = 1))
  const forest = growMeanForest(
    { table, targets, targetCount: arms, weight: heldOutWeights(input, train), cluster, columns: null },
    { seed: streamOf(plan.seed, task), minNode: 20, rowsPerTree: rowsOfTree },
    { from: 0, to: plan.trees },
  )
  const out = new Float64Array(table.rows * arms)
  predictMeanForestOutOfBag(forest, { table, cluster }, out)
  return { setting: `${plan.trees} trees`, predictions: Float32Array.from(out) }
}
