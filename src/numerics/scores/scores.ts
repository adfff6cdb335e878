// Doubly robust scores: for every row and arm an unbiased, noisy account of the outcome under that arm.

/** What is known of every row. Matrices are rows × arms, column-major; arm 0 is the control.
 *  arm: the arm taken. y: the outcome, NaN where it is not known. outcome: cross-fitted E(y | x, arm), in y's unit.
 *  propensity: cross-fitted or known P(arm | x).
 *  observedWeight: needed as soon as one y is NaN. 0 where y is not known, else 1 / P(y is known | x, arm). */
export interface ScoreProblem {
  readonly arm: Uint8Array
  readonly y: Float64Array
  readonly outcome: Float64Array
  readonly propensity: Float64Array
  readonly observedWeight?: Float64Array | null
}

/** Scales each arm's corrections so that their weights sum to the number of rows (Hajek), which tames noisy propensities.
 *  weight: row weights (length rows) under which they are to sum. */
export interface Normalising {
  readonly isNormalised: boolean
  readonly weight?: Float64Array | null
}

/**
 * The score of each potential outcome (augmented inverse propensity weighting: Robins, Rotnitzky and Zhao 1994, JASA 89,
 * 846-866): outcome_k(x) + 1(arm = k) × observedWeight / propensity_k(x) × (y - outcome_k(x)). Its mean over people like x is
 * E(y under k | x) when either the outcome regression or the propensities are right.
 *
 * Returns rows × arms, column-major, in y's unit. Row weights do not change a row's own score; give them to the averages.
 * A propensity of 0 is allowed for an arm not taken: the regression alone speaks there, so leave such rows out of averages.
 * Refused with a RangeError: lengths that differ, an arm that nobody took (or of which no outcome is known), a propensity
 * outside 0..1 or 0 for the arm taken, a NaN outcome of positive observedWeight or without one, a regression that is not
 * finite. Draws no chance. O(rows × arms).
 */
export function doublyRobustScores(problem: ScoreProblem, normalising?: Normalising): Float64Array {
  const arms = checkedArms(problem)
  const { arm, y, outcome, propensity } = problem
  const observed = problem.observedWeight ?? null
  const rows = y.length
  const scale = normalising?.isNormalised === true ? normalised(problem, arms, normalising.weight ?? null) : null
  const scores = outcome.slice()
  for (let i = 0; i < rows; i++) {
    const at = arm[i] * rows + i
    const seen = observed === null ? 1 : observed[i]
    if (seen === 0) continue
    const share = scale === null ? 1 : scale[arm[i]]
    scores[at] += ((share * seen) / propensity[at]) * (y[i] - outcome[at])
  }
  return scores
}

/** Scores of the effect of `arm` against `against` (the control unless said): length rows. */
export function effectScores(scores: Float64Array, rows: number, arm: number, against = 0): Float64Array {
  const arms = armsOf(scores, rows)
  if (!(arm < arms && against < arms)) throw new RangeError(`there is no arm ${Math.max(arm, against)} among ${arms}`)
  const effect = new Float64Array(rows)
  for (let i = 0; i < rows; i++) effect[i] = scores[arm * rows + i] - scores[against * rows + i]
  return effect
}

/**
 * What each row's outcome was, as a score: y itself, or, where outcomes are missing, outcome_a(x) + observedWeight × (y -
 * outcome_a(x)) of the arm a taken. Its mean is the value of choosing as was chosen. (Scores of the arm taken would not do:
 * their correction is meant for rules that look at x alone.) Length rows; refuses as `doublyRobustScores` does.
 */
export function scoresAsItWas(problem: ScoreProblem): Float64Array {
  checkedArms(problem)
  const { arm, y, outcome } = problem
  const observed = problem.observedWeight ?? null
  if (observed === null) return y.slice()
  const rows = y.length
  return Float64Array.from({ length: rows }, (_, i) => {
    const expected = outcome[arm[i] * rows + i]
    return observed[i] === 0 ? expected : expected + observed[i] * (y[i] - expected)
  })
}

/** The number of arms of a rows × arms matrix; a RangeError where the length is no multiple of the rows. */
export function armsOf(matrix: Float64Array, rows: number): number {
  const arms = matrix.length / rows
  if (!(rows > 0) || !Number.isInteger(arms))
    throw new RangeError(`${matrix.length} scores are no matrix of ${rows} rows`)
  return arms
}

/** Checks everything that the scores rest on, and says how many arms there are. O(rows × arms). */
export function checkedArms(problem: ScoreProblem): number {
  const { arm, y, outcome, propensity } = problem
  const observed = problem.observedWeight ?? null
  const rows = y.length
  if (rows === 0) throw new RangeError('there are no rows')
  const arms = armsOf(outcome, rows)
  if (arms < 2) throw new RangeError('one arm alone has nothing to be compared with')
  if (arm.length !== rows || propensity.length !== outcome.length || (observed?.length ?? rows) !== rows)
    throw new RangeError('arms, outcomes, regressions and propensities differ in length')
  if (!outcome.every(Number.isFinite)) throw new RangeError('an outcome regression is not a finite number')
  if (!propensity.every((share) => share >= 0 && share <= 1)) throw new RangeError('a propensity is not from 0 to 1')
  const known = new Float64Array(arms)
  for (let i = 0; i < rows; i++) {
    if (arm[i] >= arms) throw new RangeError(`row ${i} took arm ${arm[i]}, and there are ${arms}`)
    const seen = observed === null ? 1 : observed[i]
    if (!(seen >= 0 && seen < Infinity)) throw new RangeError(`row ${i}: observedWeight is not 0 or more`)
    if (seen === 0) continue
    if (!Number.isFinite(y[i])) throw new RangeError(`row ${i} has no outcome; give observedWeight, with 0 there`)
    if (propensity[arm[i] * rows + i] === 0) throw new RangeError(`row ${i} took an arm of propensity 0`)
    known[arm[i]]++
  }
  const missing = known.indexOf(0)
  if (missing >= 0) throw new RangeError(`no row took arm ${missing} and has a known outcome`)
  return arms
}

function normalised(problem: ScoreProblem, arms: number, weight: Float64Array | null): Float64Array {
  const { arm, propensity, y } = problem
  const observed = problem.observedWeight ?? null
  const rows = y.length
  if (weight !== null && weight.length !== rows)
    throw new RangeError(`there are ${weight.length} weights for ${rows} rows`)
  const sums = new Float64Array(arms)
  let total = 0
  for (let i = 0; i < rows; i++) {
    const w = weight === null ? 1 : weight[i]
    total += w
    const seen = observed === null ? 1 : observed[i]
    if (seen > 0) sums[arm[i]] += (w * seen) / propensity[arm[i] * rows + i]
  }
  if (!sums.every((sum) => sum > 0)) throw new RangeError('an arm has no rows of positive weight')
  return sums.map((sum) => total / sum)
}
