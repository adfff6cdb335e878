// What a rule is worth: the mean outcome if it chose for everybody, by scores that it did not see.

import { meanOf, type Estimate, type Sampling } from './estimate.ts'
import { armsOf } from './scores.ts'
import type { ScoredRows } from './averages.ts'

/** A rule of choice. chosen: the arm of every row (length rows); or shares: the probability of every arm (rows × arms,
 *  column-major, from 0 to 1, summing to 1 in each row). */
export type Rule = { readonly chosen: Uint8Array } | { readonly shares: Float64Array }

/** Every row's score under the rule, length rows: what `meanOf` averages and what two rules are compared by. A RangeError for
 *  an arm that is not there, or shares that do not sum to one. O(rows × arms). */
export function rowValues(scores: Float64Array, rows: number, rule: Rule): Float64Array {
  const arms = armsOf(scores, rows)
  const values = new Float64Array(rows)
  if ('chosen' in rule) {
    if (rule.chosen.length !== rows) throw new RangeError(`the rule chooses for ${rule.chosen.length} of ${rows} rows`)
    for (let i = 0; i < rows; i++) {
      if (rule.chosen[i] >= arms) throw new RangeError(`row ${i} is given arm ${rule.chosen[i]}, and there are ${arms}`)
      values[i] = scores[rule.chosen[i] * rows + i]
    }
    return values
  }
  if (rule.shares.length !== scores.length) throw new RangeError('the rule has other rows or arms than the scores')
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let k = 0; k < arms; k++) {
      const share = rule.shares[k * rows + i]
      if (!(share >= 0)) throw new RangeError(`row ${i}: a share is not from 0 to 1`)
      sum += share
      if (share > 0) values[i] += share * scores[k * rows + i]
    }
    if (!(Math.abs(sum - 1) < 1e-6)) throw new RangeError(`row ${i}: shares sum to ${sum}, not to 1`)
  }
  return values
}

/** Mean outcome under the rule, in the outcome's unit. Honest only when the rule was made without these rows' outcomes.
 *  Rows of weight 0 do not count. O(rows × arms). */
export function ruleValue(scored: ScoredRows, rule: Rule): Estimate {
  return meanOf(rowValues(scored.scores, scored.rows, rule), scored)
}

/** Value of `rule` less the value of `against`, row by row on the same scores, so that what both share cancels. */
export function ruleDifference(scored: ScoredRows, rule: Rule, against: Rule): Estimate {
  return meanDifference(
    rowValues(scored.scores, scored.rows, rule),
    rowValues(scored.scores, scored.rows, against),
    scored,
  )
}

/** Mean of `values` less mean of `against` (both length rows) with the standard error of the paired difference. For rules
 *  whose values are not scores of an arm, such as `scoresAsItWas`. */
export function meanDifference(values: Float64Array, against: Float64Array, sampling: Sampling = {}): Estimate {
  if (values.length !== against.length) throw new RangeError('the two differ in rows')
  return meanOf(
    values.map((value, i) => value - against[i]),
    sampling,
  )
}
