// One answer out of several: how much each member is heard, for each service, by held-out doubly robust loss. Where the data
// say little, the weights stay near where they began, which is close to the average for everyone.

/** heldOut[member]: rows × effects, column-major, made without the row's fold. effect: rows × effects, the doubly robust
 *  scores. among: rows × effects, each row's weight where somebody like it took the service, else 0. began: what each member is worth before the data. */
export interface StackProblem {
  readonly rows: number
  readonly effects: number
  readonly heldOut: readonly Float32Array[]
  readonly effect: Float64Array
  readonly among: Float64Array
  readonly began: readonly number[]
}

/** weights: effects × members, row-major, none below 0: what a member's deviation from its own average counts.
 *  centre: members × effects, each member's average. loss: effects × members, mean squared distance of the scores from the average and the
 *  member's deviations. */
export interface Stack {
  readonly weights: Float64Array
  readonly centre: Float64Array
  readonly loss: Float64Array
}

/** What the starting weights are worth, in units of information: as much as a member whose deviations explain 80 times the
 *  variance of one score's noise. At 2,000 episodes the data have far less than that to say, at 20,000 more. */
const worth = 80

/**
 * Weights minimise the squared distance of the scores from their mean by the members' deviations from theirs (Breiman 1996, Stacked
 * regressions; the loss is the doubly robust one of Kennedy 2023), each service scaled by its noise, plus `worth` times the squared distance
 * from the weights begun with: first for all services together, then for each around those. None below zero. O(rows · effects · members²).
 */
export function stackMembers(problem: StackProblem): Stack {
  const { effects, heldOut, began } = problem
  const members = heldOut.length
  const sums = Array.from({ length: effects }, (_, k) => sumsOf(problem, k))
  const shared = solve(
    sums.reduce((all, one) => all.map((value, i) => value + one.gram[i]!), new Float64Array(members * members)),
    sums.reduce((all, one) => all.map((value, i) => value + one.cross[i]!), new Float64Array(members)),
    Float64Array.from(began),
  )
  const weights = new Float64Array(effects * members)
  sums.forEach((one, k) => weights.set(solve(one.gram, one.cross, shared), k * members))
  const centre = new Float64Array(members * effects)
  const loss = new Float64Array(effects * members)
  sums.forEach((one, k) => {
    for (let m = 0; m < members; m++) {
      centre[m * effects + k] = one.centre[m]!
      loss[k * members + m] = one.noise * (1 + (one.gram[m * members + m]! - 2 * one.cross[m]!) / one.mass)
    }
  })
  return { weights, centre, loss }
}

/** Held-out predictions with every fold at the overall mean, in place. What is learned without a fold leans against that fold's own
 *  outcomes, so fold means carry the opposite of the truth; only differences within a fold are held out honestly.
 *  values, among: rows × effects, column-major. */
export function levelFolds(values: Float32Array, fold: Uint8Array, among: Float64Array): void {
  const rows = fold.length
  const folds = 1 + fold.reduce((most, f) => Math.max(most, f), 0)
  for (let from = 0; from < values.length; from += rows) {
    const sums = new Float64Array(folds)
    const mass = new Float64Array(folds)
    for (let i = 0; i < rows; i++) {
      const w = among[from + i]!
      sums[fold[i]!]! += w * values[from + i]!
      mass[fold[i]!]! += w
    }
    const overall = sums.reduce((a, b) => a + b, 0) / mass.reduce((a, b) => a + b, 0)
    const shift = sums.map((sum, f) => (mass[f]! > 0 ? overall - sum / mass[f]! : 0))
    for (let i = 0; i < rows; i++) values[from + i]! += shift[fold[i]!]!
  }
}

function sumsOf({ rows, heldOut, effect, among }: StackProblem, k: number) {
  const members = heldOut.length
  const from = k * rows
  let mass = 0
  let mean = 0
  const centre = new Float64Array(members)
  for (let i = 0; i < rows; i++) {
    const w = among[from + i]!
    mass += w
    mean += w * effect[from + i]!
    for (let m = 0; m < members; m++) centre[m]! += w * heldOut[m]![from + i]!
  }
  mean /= mass
  for (let m = 0; m < members; m++) centre[m]! /= mass
  const gram = new Float64Array(members * members)
  const cross = new Float64Array(members)
  const x = new Float64Array(members)
  let squares = 0
  for (let i = 0; i < rows; i++) {
    const w = among[from + i]!
    const d = effect[from + i]! - mean
    squares += w * d * d
    for (let m = 0; m < members; m++) {
      x[m] = heldOut[m]![from + i]! - centre[m]!
      cross[m]! += w * x[m]! * d
      for (let h = 0; h <= m; h++) gram[m * members + h]! += w * x[m]! * x[h]!
    }
  }
  const noise = squares / mass
  for (let m = 0; m < members; m++) {
    cross[m]! /= noise
    for (let h = 0; h <= m; h++) gram[h * members + m] = gram[m * members + h]! /= noise
  }
  return { gram, cross, centre, noise, mass }
}

/** Non-negative ridge towards `began` by coordinate descent, to rounding. */
function solve(gram: Float64Array, cross: Float64Array, began: Float64Array): Float64Array {
  const members = began.length
  const weights = began.slice()
  for (let round = 0; round < 2000; round++) {
    let moved = 0
    for (let m = 0; m < members; m++) {
      let pull = cross[m]! + worth * began[m]!
      for (let h = 0; h < members; h++) if (h !== m) pull -= gram[m * members + h]! * weights[h]!
      const next = Math.max(0, pull / (gram[m * members + m]! + worth))
      moved = Math.max(moved, Math.abs(next - weights[m]!))
      weights[m] = next
    }
    if (moved < 1e-10) break
  }
  return weights
}
