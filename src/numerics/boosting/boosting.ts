// Gradient boosted trees on binned tables: histograms, Newton steps, small leaf-wise trees.
//
// Each round fits one tree a score to the loss's negative gradient, with leaf values −G / (H + l2) (a Newton step).
// Sources: Friedman (2001), Annals of Statistics 29(5), 1189–1232 (gradient boosting, shrinkage); Chen and Guestrin (2016),
// KDD, section 2 (second-order gain, missing answers sent to the side that gains); Ke et al. (2017), NeurIPS (histograms,
// leaf-wise growth, a sibling's histogram by subtraction).

import type { BinnedTable } from '../bins/bins.ts'
import { makeRandom, shuffled, type Random } from '../rng.ts'
import { addTree, type BoostedTrees } from './boosted-trees.ts'
import { checkProblem, countUp, type BoostingOptions, type BoostingProblem, type HeldOut } from './boosting-problem.ts'
import { addToOwnRows, growTree, treeSpace, type GrownTree, type TreeSpace } from './grow-tree.ts'
import { baseScores, fillGradients, lossAt } from './losses.ts'

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
