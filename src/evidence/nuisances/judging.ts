// How well predictions foretold rows that their learner had not seen, and the average of learners that does best.

/** What the taken arm's prediction is held against. `chance`: the prediction is the chance of what happened. */
export type LossKind = 'yes_no' | 'number' | 'chance'

/** Rows that judge: those whose target is known. target, weight: in the order of all rows. */
export interface Jury {
  readonly kind: LossKind
  readonly rows: Uint32Array
  readonly target: Float64Array
  readonly weight: Float64Array | null
}

// A learner that was sure and wrong loses what one wrong among ten thousand would; without a bound one row could rule.
const surest = 1e-4

/** Loss of one prediction: minus the log likelihood, or half the squared error of a number. */
export function lossOf(kind: LossKind, target: number, predicted: number): number {
  if (kind === 'number') return 0.5 * (target - predicted) ** 2
  return -Math.log(likelihoodOf(kind, target, predicted))
}

/** Weighted mean loss over the jury's rows. predicted: in the order of all rows. */
export function meanLoss(jury: Jury, predicted: ArrayLike<number>): number {
  let sum = 0
  let total = 0
  for (const row of jury.rows) {
    const w = jury.weight === null ? 1 : jury.weight[row]!
    sum += w * lossOf(jury.kind, jury.target[row]!, predicted[row]!)
    total += w
  }
  return total > 0 ? sum / total : 0
}

/** Weights (0 or more, summing to one) of the average of members with the least held-out loss: super learning by a convex
 *  average (van der Laan, Polley and Hubbard 2007, Statistical Applications in Genetics and Molecular Biology 6(1), 25).
 *  predicted: for each member the taken arm's prediction, in the order of all rows. Log loss by expectation and maximisation
 *  (the average is a mixture), squared loss by exact exchanges between two members at a time. Looks at no more than 100,000
 *  rows, evenly spaced. O(steps · rows · members). */
export function averageOfMembers(jury: Jury, predicted: readonly ArrayLike<number>[]): Float64Array {
  if (predicted.length === 1) return Float64Array.of(1)
  const step = Math.max(1, Math.ceil(jury.rows.length / 100_000))
  const rows = jury.rows.filter((_, i) => i % step === 0)
  return jury.kind === 'number' ? byExchange({ ...jury, rows }, predicted) : byMixture({ ...jury, rows }, predicted)
}

function likelihoodOf(kind: LossKind, target: number, predicted: number): number {
  const chance = kind === 'chance' || target === 1 ? predicted : 1 - predicted
  return Math.max(surest, Math.min(1, chance))
}

function byMixture(jury: Jury, predicted: readonly ArrayLike<number>[]): Float64Array {
  const members = predicted.length
  const { rows } = jury
  const likelihood = new Float64Array(rows.length * members)
  rows.forEach((row, i) => {
    for (let m = 0; m < members; m++) {
      likelihood[i * members + m] = likelihoodOf(jury.kind, jury.target[row]!, predicted[m]![row]!)
    }
  })
  const rowWeight = Float64Array.from(rows, (row) => (jury.weight === null ? 1 : jury.weight[row]!))
  let weights: Float64Array = new Float64Array(members).fill(1 / members)
  for (let step = 0; step < 300; step++) {
    const next = mixtureStep(likelihood, rowWeight, weights)
    const change = Math.max(...next.map((w, m) => Math.abs(w - weights[m]!)))
    weights = next
    if (change < 1e-5) break
  }
  return weights
}

function mixtureStep(likelihood: Float64Array, rowWeight: Float64Array, weights: Float64Array): Float64Array {
  const members = weights.length
  const next = new Float64Array(members)
  let total = 0
  for (let i = 0; i < rowWeight.length; i++) {
    let sum = 0
    for (let m = 0; m < members; m++) sum += weights[m]! * likelihood[i * members + m]!
    const scale = rowWeight[i]! / sum
    for (let m = 0; m < members; m++) next[m]! += scale * weights[m]! * likelihood[i * members + m]!
    total += rowWeight[i]!
  }
  return next.map((w) => w / total)
}

/** Minimises w'Gw on the simplex, G the products of the members' residuals. */
function byExchange(jury: Jury, predicted: readonly ArrayLike<number>[]): Float64Array {
  const members = predicted.length
  const products = new Float64Array(members * members)
  for (const row of jury.rows) {
    const w = jury.weight === null ? 1 : jury.weight[row]!
    for (let a = 0; a < members; a++) {
      const own = w * (jury.target[row]! - predicted[a]![row]!)
      for (let b = 0; b < members; b++) products[a * members + b]! += own * (jury.target[row]! - predicted[b]![row]!)
    }
  }
  const weights = new Float64Array(members).fill(1 / members)
  for (let round = 0; round < 200; round++) {
    for (let a = 0; a < members; a++) for (let b = 0; b < a; b++) exchange(weights, products, a, b)
  }
  return weights
}

/** Moves weight from b to a (or back) by the amount that lowers w'Gw most. */
function exchange(weights: Float64Array, products: Float64Array, a: number, b: number): void {
  const members = weights.length
  const at = (i: number, j: number) => products[i * members + j]!
  const bend = at(a, a) + at(b, b) - 2 * at(a, b)
  if (!(bend > 0)) return
  let slope = 0
  for (let m = 0; m < members; m++) slope += (at(a, m) - at(b, m)) * weights[m]!
  const move = Math.min(weights[b]!, Math.max(-weights[a]!, -slope / bend))
  weights[a]! += move
  weights[b]! -= move
}
