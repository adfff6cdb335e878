// One fit of the classic estimator: scaling, imputation, weights for lost outcomes, both penalties, all arms.
// docs/methods/classic-estimator.md has the formulas. The bootstrap calls it again with other counts.

import {
  expit,
  fitRidgeLogistic,
  foldNewton,
  heldOutLosses,
  linearPredictor,
  predictorsWithout,
  stepWithout,
  type FoldedNewton,
  type LogisticProblem,
} from '#numerics/index.ts'
import { scalingOf, type Scaling } from './columns.ts'

/** Everyone's cells and outcomes, rows sorted by fold, then arm. Column-major, NaN where not known. */
export interface ClassicData {
  readonly rows: number
  readonly columns: number
  readonly arms: number
  readonly folds: number
  readonly cells: Float64Array
  readonly arm: Uint16Array
  readonly fold: Uint8Array
  /** 1 working, 0 not, NaN lost touch. */
  readonly working: Float64Array
}

/** What an arm's slopes are shrunk towards. `pooled`: those of all arms together; `zero`: nothing, each arm alone. */
export type Shrinkage = 'pooled' | 'zero'

export interface FitOptions {
  readonly shrinkage: Shrinkage
  /** Null: fit to convergence. Else one Newton step a model from this fit, as the bootstrap needs it. */
  readonly start: ClassicFit | null
  /** Where each arm's slopes are pulled to, in standard deviations of the penalty (one number a slope, arm after arm);
   *  null: to none. */
  readonly pull: Float64Array | null
}

/** Coefficients on the standardised scale. `shared`: an intercept an arm, then a slope a column. `own`, an arm each:
 *  intercept, then slopes, both on top of `shared` when shrunk towards it. */
export interface ClassicFit {
  readonly scaling: Scaling
  readonly shrinkage: Shrinkage
  readonly shared: Float64Array
  readonly own: readonly Float64Array[]
  readonly answering: Float64Array | null
  readonly sharedPenalty: number
  readonly ownPenalty: number
  /** Weighted mean log loss of held-out rows: by the chosen penalties, and by each arm's own share of workers. */
  readonly heldOutLoss: number
  readonly plainLoss: number
}

/** In units of a standardised slope squared against a log likelihood (1 / C of other software); steps of half a power
 *  of ten find the flat bottom of the loss. An arm's own grid ends at 1000 (slopes of about 0.03 log odds a standard
 *  deviation): a stronger one says that a service helps everyone alike, which few episodes cannot show. */
const sharedPenalties = [1, 3, 10, 30, 100, 300]
const ownPenalties = [10, 30, 100, 300, 1000]
/** For the model of who can still be reached: it only weighs, so it is kept smooth rather than sharp. */
const answeringPenalty = 30
/** Nobody's answer counts for more than five: a larger weight would let one person speak for a group. */
const largestWeight = 5
/** Keeps an intercept finite in a draw whose outcomes are all alike; elsewhere too weak to matter. */
const interceptPenalty = 1e-3

/** Fits all arms on rows drawn `counts` times (1 for the plain fit). Draws no random numbers. */
export function fitClassicOnce(data: ClassicData, counts: Float64Array, options: FitOptions): ClassicFit {
  const { shrinkage, start } = options
  const scaling = scalingOf(data.cells, data.rows, counts)
  const reached = weighLostTouch(data, scaling, counts, start?.answering ?? null)
  const rows = rowsWhere(data.rows, (i) => counts[i]! > 0 && !Number.isNaN(data.working[i]!))
  const y = Float64Array.from(rows, (i) => data.working[i]!)
  const weight = Float64Array.from(rows, (i) => counts[i]! * (reached.weight?.[i] ?? 1))
  const problem = pooledProblem(data, scaling, { rows, y, weight })
  // One arm alone shares with nobody: what it would be pulled towards need not be known.
  const shared = data.arms === 1 && shrinkage === 'zero' ? null : fitShared(data, { problem, rows }, start)
  const offsets = shared && shrinkage === 'pooled' ? offsetsOf(shared.folded, shared.solved, shared.penalties) : null
  const arms = fitArms(data, { problem, offsets, rows }, options)
  const total = weight.reduce((sum, w) => sum + w, 0)
  return {
    scaling,
    shrinkage,
    shared: shared?.solved ?? new Float64Array(data.arms + data.columns),
    own: arms.own,
    answering: reached.coefficients,
    sharedPenalty: shared?.penalty ?? 0,
    ownPenalty: arms.penalty,
    heldOutLoss: arms.loss / total,
    plainLoss: plainLoss(data, rows, { y, weight }) / total,
  }
}

/** What all arms have in common, and the penalty that held-out rows ask for. */
function fitShared(
  data: ClassicData,
  { problem, rows }: { readonly problem: LogisticProblem; readonly rows: Uint32Array },
  start: FitOptions['start'],
) {
  const penaltyOf = (value: number) => withIntercepts(data.arms, data.columns, value)
  const folded = foldNewton(problem, start?.shared ?? converge(problem, penaltyOf(30)), boundsOf(rows, data))
  const { penalty } = choose([folded], sharedPenalties, penaltyOf)
  const penalties = penaltyOf(penalty)
  return {
    folded,
    penalty,
    penalties,
    solved: start ? stepWithout(folded, penalties, -1) : converge(problem, penalties),
  }
}

/** An arm's intercept and slopes on the standardised scale, shared part included. Length 1 + columns. */
export function armCoefficients(fit: ClassicFit, arm: number): Float64Array {
  const own = fit.own[arm]!
  if (fit.shrinkage === 'zero') return own
  const arms = fit.own.length
  return own.map((b, j) => b + (j === 0 ? fit.shared[arm]! : fit.shared[arms + j - 1]!))
}

interface Sample {
  readonly rows: Uint32Array
  readonly y: Float64Array
  readonly weight: Float64Array
}

/** Weights that let those whose outcome is known stand for those lost touch with: 1 / P(known | facts, arm), mean one
 *  and capped. Null when everyone's outcome is known. */
function weighLostTouch(
  data: ClassicData,
  scaling: Scaling,
  counts: Float64Array,
  start: Float64Array | null,
): { weight: Float64Array | null; coefficients: Float64Array | null } {
  if (!data.working.some(Number.isNaN)) return { weight: null, coefficients: null }
  const rows = rowsWhere(data.rows, (i) => counts[i]! > 0)
  const y = Float64Array.from(rows, (i) => (Number.isNaN(data.working[i]!) ? 0 : 1))
  const problem = pooledProblem(data, scaling, { rows, y, weight: Float64Array.from(rows, (i) => counts[i]!) })
  const penalty = withIntercepts(data.arms, data.columns, answeringPenalty)
  const maxSteps = start ? 1 : 50
  const { coefficients } = fitRidgeLogistic(problem, penalty, start ? { start, maxSteps } : { maxSteps })
  const weight = new Float64Array(data.rows)
  let total = 0
  let people = 0
  rows.forEach((row, i) => {
    if (y[i] === 0) return
    let log = 0
    for (let j = 0; j < problem.columns; j++) log += coefficients[j]! * problem.x[j * problem.rows + i]!
    weight[row] = 1 / expit(log)
    total += counts[row]! * weight[row]
    people += counts[row]!
  })
  const scale = people / total
  return { weight: weight.map((w) => Math.min(w * scale, largestWeight)), coefficients }
}

/** What the shared slopes say of each row: by the fit of all rows, and by fits without each fold. */
interface Offsets {
  readonly all: Float64Array
  readonly without: readonly Float64Array[]
}

function offsetsOf(folded: FoldedNewton, solved: Float64Array, penalty: Float64Array): Offsets {
  const all = new Float64Array(folded.problem.rows)
  linearPredictor(folded.problem.x, folded.problem.rows, solved, all)
  return { all, without: predictorsWithout(folded, penalty) }
}

interface Pooled {
  readonly problem: LogisticProblem
  readonly offsets: Offsets | null
  readonly rows: Uint32Array
}

/** One penalty for all arms: few arms have enough episodes to choose their own well. */
function fitArms(
  data: ClassicData,
  pooled: Pooled,
  { start, pull }: FitOptions,
): { own: Float64Array[]; penalty: number; loss: number } {
  const penaltyOf = (value: number) => withIntercepts(1, data.columns, value)
  const all = Array.from({ length: data.arms }, (_, arm) => {
    const { problem, bounds, offsetWithout } = armProblem(data, pooled, arm)
    return foldNewton(problem, start?.own[arm] ?? converge(problem, penaltyOf(100)), bounds, offsetWithout)
  })
  const { penalty: chosen, loss } = choose(all, ownPenalties, penaltyOf)
  const penalty = penaltyOf(chosen)
  const own = all.map((folded, arm) => {
    if (!start) return converge(folded.problem, penalty)
    const centre = pull && centreOf(pull.subarray(arm * data.columns, (arm + 1) * data.columns), chosen)
    return stepWithout(folded, penalty, -1, centre)
  })
  return { own, penalty: chosen, loss }
}

/** A penalty of p says that slopes lie within about 1 / √p of what they are shrunk to. */
function centreOf(pull: Float64Array, penalty: number): Float64Array {
  const centre = new Float64Array(1 + pull.length)
  for (let j = 0; j < pull.length; j++) centre[1 + j] = pull[j]! / Math.sqrt(penalty)
  return centre
}

/** The penalty of the grid with the least loss on held-out rows, summed over the problems; the larger one on a tie. */
function choose(
  folded: readonly FoldedNewton[],
  grid: readonly number[],
  penaltyOf: (value: number) => Float64Array,
): { penalty: number; loss: number } {
  const losses = new Float64Array(grid.length)
  for (const fold of folded) heldOutLosses(fold, grid.map(penaltyOf)).forEach((loss, k) => (losses[k]! += loss))
  let best = grid.length - 1
  for (let k = grid.length - 2; k >= 0; k--) if (losses[k]! < losses[best]!) best = k
  return { penalty: grid[best]!, loss: losses[best]! }
}

function converge(problem: LogisticProblem, penalty: Float64Array): Float64Array {
  return fitRidgeLogistic(problem, penalty).coefficients
}

/** A column an arm (its intercept), then the standardised cells; what is not known lies at the mean, 0. */
function pooledProblem(data: ClassicData, { mean, deviation }: Scaling, sample: Sample): LogisticProblem {
  const { rows, y, weight } = sample
  const n = rows.length
  const x = new Float64Array(n * (data.arms + data.columns))
  for (let i = 0; i < n; i++) x[data.arm[rows[i]!]! * n + i] = 1
  for (let j = 0; j < data.columns; j++) {
    const from = j * data.rows
    const to = (data.arms + j) * n
    for (let i = 0; i < n; i++) {
      const cell = data.cells[from + rows[i]!]!
      x[to + i] = Number.isNaN(cell) ? 0 : (cell - mean[j]!) / deviation[j]!
    }
  }
  return { x, rows: n, columns: data.arms + data.columns, y, weight, offset: null }
}

/** One arm's rows of the pooled problem, with one intercept; they keep their order by fold. */
function armProblem(
  data: ClassicData,
  pooled: Pooled,
  arm: number,
): { problem: LogisticProblem; bounds: Uint32Array; offsetWithout: readonly Float64Array[] | null } {
  const places = rowsWhere(pooled.rows.length, (i) => data.arm[pooled.rows[i]!] === arm)
  const n = places.length
  const pick = (from: Float64Array) => Float64Array.from(places, (place) => from[place]!)
  const x = new Float64Array(n * (1 + data.columns)).fill(1, 0, n)
  for (let j = 0; j < data.columns; j++) {
    const from = (data.arms + j) * pooled.problem.rows
    const to = (1 + j) * n
    for (let i = 0; i < n; i++) x[to + i] = pooled.problem.x[from + places[i]!]!
  }
  const { y, weight } = pooled.problem
  const offset = pooled.offsets && pick(pooled.offsets.all)
  const offsetWithout = pooled.offsets && pooled.offsets.without.map(pick)
  const problem = { x, rows: n, columns: 1 + data.columns, y: pick(y), weight: weight && pick(weight), offset }
  return {
    problem,
    bounds: boundsOf(
      places.map((place) => pooled.rows[place]!),
      data,
    ),
    offsetWithout,
  }
}

/** Where each fold begins among these rows, which are sorted by fold. Length folds + 1. */
function boundsOf(rows: Uint32Array, data: ClassicData): Uint32Array {
  const bounds = new Uint32Array(data.folds + 1)
  for (const row of rows) bounds[data.fold[row]! + 1]!++
  for (let fold = 0; fold < data.folds; fold++) bounds[fold + 1]! += bounds[fold]!
  return bounds
}

function withIntercepts(intercepts: number, slopes: number, penalty: number): Float64Array {
  return new Float64Array(intercepts + slopes).fill(penalty).fill(interceptPenalty, 0, intercepts)
}

function rowsWhere(rows: number, holds: (row: number) => boolean): Uint32Array {
  const found = new Uint32Array(rows)
  let count = 0
  for (let i = 0; i < rows; i++) if (holds(i)) found[count++] = i
  return found.slice(0, count)
}

/** Log loss of each arm's own share of workers, the yardstick that facts have to beat. */
function plainLoss(data: ClassicData, rows: Uint32Array, { y, weight }: Omit<Sample, 'rows'>): number {
  const total = new Float64Array(data.arms)
  const working = new Float64Array(data.arms)
  rows.forEach((row, i) => {
    total[data.arm[row]!]! += weight[i]!
    working[data.arm[row]!]! += weight[i]! * y[i]!
  })
  return total.reduce((loss, n, arm) => {
    const share = working[arm]! / n
    const terms = [share, 1 - share].map((p) => (p > 0 ? -p * Math.log(p) : 0))
    return n > 0 ? loss + n * (terms[0]! + terms[1]!) : loss
  }, 0)
}
