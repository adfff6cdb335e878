// Judges predictions against people whose truth is known: how much of the possible gain the choice reaches, how wrong
// effects are, whether intervals hold what they promise, and what is claimed to be known.
//
// Outcomes and effects are in the outcome's own units (a yes/no outcome: chance). Definitions:
//   gain           (value of the choice - value as assigned) / (value of the best choice for each - value as assigned),
//                  value being the mean true outcome; each person gets the arm with the largest predicted effect
//   RMSE           root mean square of predicted minus true effect of an arm against the control, over all test people
//   coverage       share of supported pairs (person, arm) whose 95 % interval holds the true effect
//   width          mean of hi - lo over supported pairs
//   intervalScore  mean of (hi - lo) + (2 / 0.05) * (distance by which the true effect misses the interval) over supported
//                  pairs: lower is better (Gneiting and Raftery 2007, JASA 102(477), section 6.2)
//   supported      share supported of the pairs whose true chance of that arm is 5 % or more
//   claimed        share supported of the pairs whose true chance of that arm is below 0.5 %; null where there are none

import { numberColumn, textColumn, type TextTable } from './tables.ts'

const shareThatCounts = 0.05
const shareThatIsNil = 0.005
const penalty = 2 / 0.05

/** Arm 0 is the control. All arrays have one value a person, lists one array an arm. */
export interface Truth {
  readonly arms: readonly string[]
  readonly means: readonly Float64Array[]
  readonly shares: readonly Float64Array[]
}

/** One array an arm but the control, in the truth's order. */
export interface Predictions {
  readonly tau: readonly Float64Array[]
  readonly low: readonly Float64Array[] | null
  readonly high: readonly Float64Array[] | null
  readonly support: readonly Float64Array[] | null
  /** The arm of a policy tree, by name. */
  readonly policy: readonly string[] | null
}

export interface ArmJudgement {
  readonly arm: string
  readonly average: number
  readonly averagePredicted: number
  readonly rmse: number
  readonly spread: number
  readonly coverage: number | null
  readonly width: number | null
  readonly intervalScore: number | null
  readonly supported: number | null
  readonly claimed: number | null
}

export interface Judgement {
  readonly arms: readonly ArmJudgement[]
  readonly values: { readonly asIs: number; readonly random: number; readonly single: number; readonly oracle: number }
  readonly gain: number
  readonly gainSingle: number
  readonly gainTree: number | null
  /** Means over the arms for which there is a figure. */
  readonly rmse: number
  readonly coverage: number | null
  readonly width: number | null
  readonly intervalScore: number | null
  readonly supported: number | null
}

/** Truth from columns p_<arm> and e_<arm>; the control is the first of them. */
export function truthFrom(table: TextTable): Truth {
  const arms = [...table.keys()].filter((name) => name.startsWith('p_')).map((name) => name.slice(2))
  return {
    arms,
    means: arms.map((arm) => numberColumn(table, `p_${arm}`)),
    shares: arms.map((arm) => numberColumn(table, `e_${arm}`)),
  }
}

/** Predictions from columns tau_, lo_, hi_ and support_<arm> and policy; intervals, support and policy may be absent. */
export function predictionsFrom(table: TextTable, arms: readonly string[]): Predictions {
  const others = arms.slice(1)
  const all = (prefix: string) =>
    others.some((arm) => table.has(`${prefix}_${arm}`))
      ? others.map((arm) => numberColumn(table, `${prefix}_${arm}`))
      : null
  return {
    tau: others.map((arm) => numberColumn(table, `tau_${arm}`)),
    low: all('lo'),
    high: all('hi'),
    support: all('support'),
    policy: table.has('policy') ? textColumn(table, 'policy') : null,
  }
}

/** Throws where predictions and truth are of different people, an effect is no number, or a policy names no arm. */
export function judge(truth: Truth, predicted: Predictions): Judgement {
  const rows = truth.means[0]!.length
  for (const list of [predicted.tau, predicted.low, predicted.high, predicted.support]) {
    for (const column of list ?? []) {
      if (column.length !== rows) throw new Error(`There are ${rows} people and ${column.length} predictions.`)
    }
  }
  if (predicted.tau.some((column) => column.some(Number.isNaN))) throw new Error('A predicted effect is no number.')
  const arms = truth.arms.slice(1).map((_, place) => judgeArm(truth, predicted, place))
  return {
    arms,
    ...judgeChoices(truth, predicted),
    rmse: average(arms.map(({ rmse }) => rmse)) ?? NaN,
    coverage: average(arms.map(({ coverage }) => coverage)),
    width: average(arms.map(({ width }) => width)),
    intervalScore: average(arms.map(({ intervalScore }) => intervalScore)),
    supported: average(arms.map(({ supported }) => supported)),
  }
}

function judgeArm(truth: Truth, predicted: Predictions, place: number): ArmJudgement {
  const effect = truth.means[place + 1]!.map((value, row) => value - truth.means[0]![row]!)
  const share = truth.shares[place + 1]!
  const hat = predicted.tau[place]!
  const support = predicted.support?.[place]
  const mean = over(effect.length)
  const all = mean((row) => effect[row]!)!
  const isKnown = (row: number) => !support || support[row] === 1
  return {
    arm: truth.arms[place + 1]!,
    average: all,
    averagePredicted: mean((row) => hat[row]!)!,
    rmse: Math.sqrt(mean((row) => (hat[row]! - effect[row]!) ** 2)!),
    spread: Math.sqrt(mean((row) => (effect[row]! - all) ** 2)!),
    ...judgeIntervals(effect, predicted.low?.[place], predicted.high?.[place], isKnown),
    supported: support
      ? mean(
          (row) => support[row]!,
          (row) => share[row]! >= shareThatCounts,
        )
      : null,
    claimed: support
      ? mean(
          (row) => support[row]!,
          (row) => share[row]! < shareThatIsNil,
        )
      : null,
  }
}

function judgeIntervals(
  effect: Float64Array,
  low: Float64Array | undefined,
  high: Float64Array | undefined,
  isKnown: (row: number) => boolean,
): Pick<ArmJudgement, 'coverage' | 'width' | 'intervalScore'> {
  if (!low || !high) return { coverage: null, width: null, intervalScore: null }
  const mean = over(effect.length)
  const width = (row: number) => high[row]! - low[row]!
  const miss = (row: number) => Math.max(0, low[row]! - effect[row]!, effect[row]! - high[row]!)
  return {
    coverage: mean((row) => Number(low[row]! <= effect[row]! && effect[row]! <= high[row]!), isKnown),
    width: mean(width, isKnown),
    intervalScore: mean((row) => width(row) + penalty * miss(row), isKnown),
  }
}

function judgeChoices(
  truth: Truth,
  predicted: Predictions,
): Pick<Judgement, 'values' | 'gain' | 'gainSingle' | 'gainTree'> {
  const { arms, means, shares } = truth
  const mean = over(means[0]!.length)
  const valueOf = (choose: (row: number) => number) => mean((row) => means[choose(row)]![row]!)!
  const best = (valueAt: (arm: number, row: number) => number) => (row: number) => {
    let chosen = 0
    for (let arm = 1; arm < arms.length; arm++) if (valueAt(arm, row) > valueAt(chosen, row)) chosen = arm
    return chosen
  }
  const singles = arms.map((_, arm) => valueOf(() => arm))
  const values = {
    asIs: mean((row) => arms.reduce((sum, _, arm) => sum + means[arm]![row]! * shares[arm]![row]!, 0))!,
    random: average(singles)!,
    single: Math.max(...singles),
    oracle: valueOf(best((arm, row) => means[arm]![row]!)),
  }
  const gain = (value: number) => (value - values.asIs) / (values.oracle - values.asIs)
  const places = predicted.policy?.map((name) => {
    const place = arms.indexOf(name)
    if (place < 0) throw new Error(`The policy names ${name}, which is no arm.`)
    return place
  })
  return {
    values,
    gain: gain(valueOf(best((arm, row) => (arm === 0 ? 0 : predicted.tau[arm - 1]![row]!)))),
    gainSingle: gain(values.single),
    gainTree: places ? gain(valueOf((row) => places[row]!)) : null,
  }
}

/** Means over all rows, or over those that are kept; null where none is. */
function over(rows: number) {
  return (valueAt: (row: number) => number, isKept: (row: number) => boolean = () => true): number | null => {
    let sum = 0
    let kept = 0
    for (let row = 0; row < rows; row++) {
      if (!isKept(row)) continue
      sum += valueAt(row)
      kept++
    }
    return kept === 0 ? null : sum / kept
  }
}

function average(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}
