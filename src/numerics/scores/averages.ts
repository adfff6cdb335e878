// Averages of doubly robust scores: over everybody, by group, and where the arms overlap.

import { checkedSampling, meanOf, type Estimate, type Sampling } from './estimate.ts'
import { armsOf, effectScores } from './scores.ts'

/** scores: rows × arms, column-major, as `doublyRobustScores` makes them. */
export interface ScoredRows extends Sampling {
  readonly scores: Float64Array
  readonly rows: number
}

/** Mean outcome if everybody took each arm, in the outcome's unit: one estimate an arm, the control first. Standard errors
 *  plain or by cluster; they take the nuisances as given, which is right to first order for cross-fitted ones (Chernozhukov and
 *  others 2018, Econometrics Journal 21, C1-C68). O(rows × arms). Refuses what `meanOf` refuses. */
export function averageOutcomes(scored: ScoredRows): Estimate[] {
  const { scores, rows } = scored
  return Array.from({ length: armsOf(scores, rows) }, (_, k) =>
    meanOf(scores.subarray(k * rows, (k + 1) * rows), scored),
  )
}

/** Average effect of every arm but the control, against the control: arm k at place k - 1. As `averageOutcomes`. */
export function averageEffects(scored: ScoredRows): Estimate[] {
  const { scores, rows } = scored
  const arms = armsOf(scores, rows)
  return Array.from({ length: arms - 1 }, (_, k) => meanOf(effectScores(scores, rows, k + 1), scored))
}

/** Rows of a group with positive weight, and the effects of arms 1, 2, … in it; `effects` is empty where there are no rows. */
export interface GroupEffects {
  readonly rows: number
  readonly effects: readonly Estimate[]
}

/** Average effects within each group. group: length rows, places from 0 below `groups`; -1 leaves a row out. The groups must
 *  not have been made from these rows' own outcomes (held-out predictions are fine). O(rows × arms × groups in use). */
export function effectsByGroup(scored: ScoredRows, group: Int32Array, groups: number): GroupEffects[] {
  const { scores, rows } = scored
  const { weight, cluster } = checkedSampling(rows, scored)
  const arms = armsOf(scores, rows)
  const members = rowsByGroup(group, groups, rows, weight)
  return members.map((member) => ({
    rows: member.length,
    effects:
      member.length === 0
        ? []
        : Array.from({ length: arms - 1 }, (_, k) =>
            meanOf(
              Float64Array.from(member, (i) => scores[(k + 1) * rows + i] - scores[i]),
              {
                weight: weight && Float64Array.from(member, (i) => weight[i]),
                cluster: cluster && Int32Array.from(member, (i) => cluster[i]),
              },
            ),
          ),
  }))
}

/**
 * Average effects among those for whom both the arm and the control were likely: each row weighs p_k p_0 / (p_k + p_0)
 * (overlap weights: Li, Morgan and Zaslavsky 2018, JASA 113, 390-400, pair by pair). The steadiest average where overlap is
 * thin; another population than everybody. propensity: rows × arms. The weights count as known. O(rows × arms).
 */
export function effectsInOverlap(scored: ScoredRows, propensity: Float64Array): Estimate[] {
  const { scores, rows } = scored
  if (propensity.length !== scores.length) throw new RangeError('scores and propensities differ in length')
  const { weight, cluster } = checkedSampling(rows, scored)
  return Array.from({ length: armsOf(scores, rows) - 1 }, (_, k) => {
    const overlap = overlapWeights(propensity, rows, k + 1)
    if (weight !== null) for (let i = 0; i < rows; i++) overlap[i] *= weight[i]
    return meanOf(effectScores(scores, rows, k + 1), { weight: overlap, cluster })
  })
}

/** p_k p_0 / (p_k + p_0) for every row; 0 where either is 0. */
export function overlapWeights(propensity: Float64Array, rows: number, arm: number): Float64Array {
  if (!(arm >= 1 && arm < armsOf(propensity, rows))) throw new RangeError(`there is no arm ${arm} beside the control`)
  return Float64Array.from({ length: rows }, (_, i) => {
    const both = propensity[arm * rows + i] * propensity[i]
    return both > 0 ? both / (propensity[arm * rows + i] + propensity[i]) : 0
  })
}

function rowsByGroup(group: Int32Array, groups: number, rows: number, weight: Float64Array | null): Uint32Array[] {
  if (group.length !== rows) throw new RangeError(`there are ${group.length} groups for ${rows} rows`)
  const counts = new Uint32Array(groups)
  for (let i = 0; i < rows; i++) {
    if (group[i] >= groups) throw new RangeError(`row ${i} is of group ${group[i]}, and there are ${groups}`)
    if (group[i] >= 0 && (weight === null || weight[i] > 0)) counts[group[i]]++
  }
  const members = Array.from(counts, (count) => new Uint32Array(count))
  const filled = new Uint32Array(groups)
  for (let i = 0; i < rows; i++)
    if (group[i] >= 0 && (weight === null || weight[i] > 0)) members[group[i]][filled[group[i]]++] = i
  return members
}
