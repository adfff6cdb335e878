// Gradient boosted trees on binned tables: histograms, Newton steps, small leaf-wise trees.
//
// Each round fits one tree a score to the loss's negative gradient, with leaf values −G / (H + l2) (a Newton step).
// Sources: Friedman (2001), Annals of Statistics 29(5), 1189–1232 (gradient boosting, shrinkage); Chen and Guestrin (2016),
// KDD, section 2 (second-order gain, missing answers sent to the side that gains); Ke et al. (2017), NeurIPS (histograms,
// leaf-wise growth, a sibling's histogram by subtraction).

import { missingBin, type BinnedTable } from '../bins/bins.ts'
import { makeRandom, shuffled, type Random } from '../rng.ts'
import { addTree, type BoostedTrees } from './boosted-trees.ts'
import { addToOwnRows, growTree, treeSpace, type GrownTree, type TreeSpace } from './grow-tree.ts'
import { baseScores, fillGradients, lossAt, type BoostingLoss } from './losses.ts'

/** What to learn. All arrays are as long as the table has rows (times `outputs`, column-major), also where only some rows
 *  train; cells of other rows are never read, and may be NaN.
 *  loss squared: y is rows × outputs, one model for each target; logistic: y is 0 to 1, outputs 1; softmax: y is the place
 *  of a class, 0 to outputs − 1.
 *  rows: those that train, each once, all where null. weight: 0 or more, one where null. offset: rows × outputs, scores
 *  known beforehand (squared: outcome units; else log odds), which the model adds to and does not contain; zero where null. */
export interface BoostingProblem {
  readonly table: BinnedTable
  readonly loss: BoostingLoss
  readonly outputs: number
  readonly y: Float64Array
  readonly rows: Uint32Array | null
  readonly weight: Float64Array | null
  readonly offset: Float64Array | null
}

export interface BoostingOptions {
  readonly rounds: number
  /** Share of each Newton step that is taken. Default 0.1. */
  readonly learningRate?: number
  /** Most leaves of a tree. Default 8. */
  readonly leaves?: number
  /** Most splits from root to leaf. Default 6. */
  readonly depth?: number
  /** Added to each leaf's hessian: shrinks small leaves. Default 1. */
  readonly l2?: number
  /** Least sum of hessians (squared loss: of weights) in a leaf. Default 1e-3. */
  readonly minHessian?: number
  /** Least number of rows in a leaf. Default 20. */
  readonly minRows?: number
  /** Share of rows, and of columns, that each round sees; drawn from makeRandom(seed, round). Default 1: nothing is drawn. */
  readonly rowShare?: number
  readonly columnShare?: number
  readonly seed?: number
  readonly heldOut?: HeldOut
}

/** Rows that judge and do not train. */
export interface HeldOut {
  readonly rows: Uint32Array
  /** Stop after this many rounds without a lower loss, and keep the rounds up to the lowest. Without it all rounds stay. */
  readonly patience?: number
  /** Numbers of rounds after which these rows' scores are kept, rising. */
  readonly keepAfter?: readonly number[]
}

export interface BoostingFit {
  readonly model: BoostedTrees
  /** Mean held-out loss after 0, 1, 2, … rounds; empty without held-out rows. */
  readonly heldOutLoss: Float64Array
  /** For each of `keepAfter`: the held-out rows' scores, offset included, held-out rows × outputs, column-major. Where
   *  growing ended before, those at the end. */
  readonly kept: readonly Float64Array[]
}

/** Fits by boosting. Ends early when no tree of a round finds a split. Refuses (RangeError) wrong shapes, no row to train
 *  on, values that are no numbers in rows that train, and weights that sum to nothing. Missing cells go to the side that
 *  gains; where a node saw none, to the side with more rows. The same input gives the same trees; equal weights and repeated
 *  rows agree up to rounding when minRows does not bind. O(rounds · outputs · rows · columns), a pass or two for each tree. */
export function fitBoosting(problem: BoostingProblem, options: BoostingOptions): BoostingFit {
  checkProblem(problem)
  const { table, loss, outputs } = problem
  const training = problem.rows ?? countUp(table.rows)
  const scores = startingScores(problem, training)
  const space = treeSpace(table, training.length, options)
  const gradient = new Float64Array(table.rows * outputs)
  const hessian = loss === 'squared' ? (problem.weight ?? new Float64Array(0)) : new Float64Array(table.rows * outputs)
  const judged = options.heldOut ? judge(problem, options.heldOut, scores.base) : null
  const trees: GrownTree[] = []
  let rounds = 0
  for (; rounds < options.rounds; rounds++) {
    fillGradients(problem, training, scores.all, gradient, hessian)
    const grown = growRound({ problem, options, training, gradient, hessian, scores: scores.all, space }, rounds)
    if (grown.every((tree) => tree.left[0] === 0)) break
    trees.push(...grown)
    if (judged !== null && judged.wantsToStopAfter(grown)) {
      rounds++
      break
    }
  }
  const kept = judged === null ? rounds : judged.bestRounds(rounds)
  return {
    model: joinTrees(table, outputs, scores.base, trees.slice(0, kept * outputs)),
    heldOutLoss: judged === null ? new Float64Array(0) : Float64Array.from(judged.losses),
    kept: judged === null ? [] : judged.keptScores(),
  }
}

interface RoundInput {
  readonly problem: BoostingProblem
  readonly options: BoostingOptions
  readonly training: Uint32Array
  readonly gradient: Float64Array
  readonly hessian: Float64Array
  readonly scores: Float64Array
  readonly space: TreeSpace
}

/** One tree for each output, all from the gradients before the round; each is added to the training rows' scores at once. */
function growRound(input: RoundInput, round: number): GrownTree[] {
  const { problem, options, training, gradient, hessian, scores, space } = input
  const { rows } = problem.table
  const { rowShare = 1, columnShare = 1, seed = 0 } = options
  const random = rowShare < 1 || columnShare < 1 ? makeRandom(seed, round) : null
  const seen = random !== null && rowShare < 1 ? drawn(training, rowShare, random) : training
  const columns = columnsSeen(problem.table.columns.length, columnShare, random)
  return Array.from({ length: problem.outputs }, (_, output) => {
    const [from, to] = [output * rows, (output + 1) * rows]
    const own = problem.loss === 'squared' ? hessian : hessian.subarray(from, to)
    const of = { gradient: gradient.subarray(from, to), hessian: own.length === 0 ? null : own }
    const tree = growTree(space, of, seen, columns)
    if (seen.length === training.length) addToOwnRows(space, tree, scores.subarray(from, to))
    else addTree(problem.table, tree, training, scores, from)
    return tree
  })
}

/** Each row by its own coin, but never none. */
function drawn(rows: Uint32Array, share: number, random: Random): Uint32Array {
  const taken = new Uint32Array(rows.length)
  let count = 0
  for (const row of rows) {
    taken[count] = row
    if (random.uniform() < share) count++
  }
  return count > 0 ? taken.subarray(0, count) : rows
}

function columnsSeen(columns: number, share: number, random: Random | null): Uint32Array {
  if (random === null || share >= 1 || columns === 0) return countUp(columns)
  return shuffled(columns, random)
    .subarray(0, Math.max(1, Math.round(columns * share)))
    .sort()
}

function startingScores(problem: BoostingProblem, training: Uint32Array): { base: Float64Array; all: Float64Array } {
  const { table, outputs, offset } = problem
  const base = baseScores(problem, training)
  const all = new Float64Array(table.rows * outputs)
  for (let output = 0; output < outputs; output++) {
    const from = output * table.rows
    for (let i = from; i < from + table.rows; i++) all[i] = base[output] + (offset === null ? 0 : offset[i])
  }
  return { base, all }
}

interface Judge {
  readonly losses: number[]
  wantsToStopAfter(grown: readonly GrownTree[]): boolean
  bestRounds(grown: number): number
  keptScores(): Float64Array[]
}

function judge(problem: BoostingProblem, heldOut: HeldOut, base: Float64Array): Judge {
  const { outputs, offset, table } = problem
  const { rows, patience, keepAfter = [] } = heldOut
  const scores = new Float64Array(rows.length * outputs)
  for (let output = 0; output < outputs; output++) {
    for (let i = 0; i < rows.length; i++) {
      const known = offset === null ? 0 : offset[output * table.rows + rows[i]]
      scores[output * rows.length + i] = base[output] + known
    }
  }
  const losses = [lossAt(problem, rows, scores)]
  const kept: Float64Array[] = []
  const keep = () => {
    while (kept.length < keepAfter.length && keepAfter[kept.length] <= losses.length - 1) kept.push(scores.slice())
  }
  keep()
  let best = 0
  return {
    losses,
    wantsToStopAfter(grown) {
      grown.forEach((tree, output) => addTree(table, tree, rows, scores, output * rows.length, true))
      losses.push(lossAt(problem, rows, scores))
      keep()
      if (losses[losses.length - 1] < losses[best]) best = losses.length - 1
      return patience !== undefined && losses.length - 1 - best >= patience
    },
    bestRounds: (grown) => (patience === undefined ? grown : best),
    keptScores() {
      while (kept.length < keepAfter.length) kept.push(scores.slice())
      return kept
    },
  }
}

function joinTrees(table: BinnedTable, outputs: number, base: Float64Array, trees: readonly GrownTree[]): BoostedTrees {
  const roots = new Uint32Array(trees.length)
  let nodes = 0
  trees.forEach((tree, t) => {
    roots[t] = nodes
    nodes += tree.left.length
  })
  const model = {
    columns: table.columns.length,
    outputs,
    base,
    roots,
    column: new Uint16Array(nodes),
    cut: new Uint8Array(nodes),
    side: new Uint8Array(nodes),
    left: new Uint32Array(nodes),
    value: new Float64Array(nodes),
  }
  trees.forEach((tree, t) => {
    model.column.set(tree.column, roots[t])
    model.cut.set(tree.cut, roots[t])
    model.side.set(tree.side, roots[t])
    model.left.set(tree.left, roots[t])
    model.value.set(tree.value, roots[t])
  })
  return model
}

function countUp(rows: number): Uint32Array {
  const all = new Uint32Array(rows)
  for (let i = 0; i < rows; i++) all[i] = i
  return all
}

function checkProblem(problem: BoostingProblem): void {
  const { table, loss, outputs, y, weight, offset } = problem
  const cells = table.rows * outputs
  if (!Number.isInteger(outputs) || outputs < 1) throw new RangeError('there is no output to learn')
  if (loss === 'logistic' && outputs !== 1) throw new RangeError('a logistic loss has one output')
  if (table.columns.some((column) => column.bins > missingBin)) throw new RangeError('a column has too many bins')
  if (y.length !== (loss === 'softmax' ? table.rows : cells)) throw new RangeError('y has another number of rows')
  if (weight !== null && weight.length !== table.rows) throw new RangeError('there is not one weight a row')
  if (offset !== null && offset.length !== cells) throw new RangeError('there is not one offset a row and output')
  checkValues(problem, problem.rows ?? countUp(table.rows))
}

function checkValues(problem: BoostingProblem, rows: Uint32Array): void {
  const { table, loss, outputs, y, weight, offset } = problem
  if (rows.length === 0) throw new RangeError('there is no row to learn from')
  let total = 0
  for (const row of rows) {
    if (row >= table.rows) throw new RangeError('a row to learn from is not in the table')
    total += weight === null ? 1 : weight[row]
    if (weight !== null && !(weight[row] >= 0)) throw new RangeError('a weight is no number of 0 or more')
    for (let k = 0; k < outputs; k++) {
      if (offset !== null && !Number.isFinite(offset[k * table.rows + row]))
        throw new RangeError('an offset is no number')
      if (loss === 'squared' && !Number.isFinite(y[k * table.rows + row]))
        throw new RangeError('an outcome is no number')
    }
    if (loss === 'logistic' && !(y[row] >= 0 && y[row] <= 1)) throw new RangeError('an outcome is not between 0 and 1')
    if (loss === 'softmax' && !(Number.isInteger(y[row]) && y[row] >= 0 && y[row] < outputs)) {
      throw new RangeError('a class is not one of those to learn')
    }
  }
  if (!(total > 0) || !Number.isFinite(total)) throw new RangeError('the weights sum to nothing')
}
