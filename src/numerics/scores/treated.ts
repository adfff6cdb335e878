// The effect of each arm on those who took it.

import { checkedSampling, clusterSpread, estimateOf, type Estimate, type Sampling } from './estimate.ts'
import { checkedArms, type ScoreProblem } from './scores.ts'

/**
 * Average effect of every arm against the control on those who took that arm (arm k at place k - 1), in y's unit: the mean of
 * y - outcome_0(x) over those who took it, less the mean of the same over the control, each control weighted by
 * p_k(x) / p_0(x), the weights summing to one (Hajek). Right when either outcome_0 or the ratio of propensities is.
 * Missing outcomes by observedWeight as in the scores; only outcome_0 and, where outcomes are missing, outcome_k enter.
 *
 * Standard errors from the influence of each row, summed by cluster where given. Refused: what the scores refuse, an arm of no
 * positive weight, and controls none of whom could have taken the arm. O(rows × arms). Source: the doubly robust estimator of
 * the effect on the treated, Mercatanti and Li (2014), Annals of Applied Statistics 8, 2485-2508.
 */
export function effectsOnTreated(problem: ScoreProblem, sampling: Sampling = {}): Estimate[] {
  const arms = checkedArms(problem)
  const { weight, cluster } = checkedSampling(problem.y.length, sampling)
  return Array.from({ length: arms - 1 }, (_, k) => effectOnTreated(problem, k + 1, weight, cluster))
}

function effectOnTreated(
  problem: ScoreProblem,
  k: number,
  weight: Float64Array | null,
  cluster: Int32Array | null,
): Estimate {
  const { arm, y, outcome, propensity } = problem
  const observed = problem.observedWeight ?? null
  const rows = y.length
  const value = new Float64Array(rows)
  const share = new Float64Array(rows)
  let treatedSum = 0
  let treatedTotal = 0
  let controlSum = 0
  let controlTotal = 0
  for (let i = 0; i < rows; i++) {
    const w = weight === null ? 1 : weight[i]
    const seen = observed === null ? 1 : observed[i]
    if (arm[i] === k && w > 0) {
      const expected = outcome[k * rows + i]
      value[i] = expected - outcome[i] + (seen === 0 ? 0 : seen * (y[i] - expected))
      share[i] = w
      treatedSum += w * value[i]
      treatedTotal += w
    } else if (arm[i] === 0 && w > 0 && seen > 0) {
      value[i] = y[i] - outcome[i]
      share[i] = (w * seen * propensity[k * rows + i]) / propensity[i]
      controlSum += share[i] * value[i]
      controlTotal += share[i]
    }
  }
  if (treatedTotal === 0) throw new RangeError(`arm ${k} has no rows of positive weight`)
  if (controlTotal === 0) throw new RangeError(`no control could have taken arm ${k}`)
  const treated = treatedSum / treatedTotal
  const control = controlSum / controlTotal
  for (let i = 0; i < rows; i++)
    value[i] =
      arm[i] === k
        ? (share[i] * (value[i] - treated)) / treatedTotal
        : (-share[i] * (value[i] - control)) / controlTotal
  const { sumOfSquares, units } = clusterSpread(value, share, cluster)
  return estimateOf(treated - control, Math.sqrt(sumOfSquares), units - 1)
}
