// What a causal forest says of a row: the effects among its forest-weighted neighbours, how sure the bags are of them, and
// how many took what.

import type { BinnedTable } from '../bins/bins.ts'
import { momentsOf, type CausalForest } from './causal-forest.ts'
import type { TreeRange } from './checks.ts'
import {
  openSolver,
  overallMoments,
  roomForSolved,
  setPull,
  solveEffects,
  type EffectSolver,
  type Solved,
} from './effect-solver.ts'
import { bagVariance, roomForBags, type Bags } from './effect-variance.ts'
import { roomForRows, rowsSideBySide } from './trees.ts'
import { recallHalfSamples, rowsTogether, sumLeaves, type HalfSamples } from './walk.ts'

/**
 * Where predictions go: column-major, the caller's.
 * effects: rows × (arms - 1) × strengths, against arm 0, in outcome units. variance: rows × (arms - 1), of the first
 * strength's effects, or null. alike: rows × arms, how many who took the arm share the row's leaf, a mean over the trees
 * that may be asked; or null.
 */
export interface EffectsOut {
  readonly effects: Float64Array
  readonly variance?: Float64Array | null
  readonly alike?: Float64Array | null
}

/**
 * Where few took an arm, a row's effect says little; the pull adds `strength` of the arm's overall variance with the effect
 * `towards` (arms - 1; null for the forest's own overall effects). Several strengths cost hardly more than one; 0 is none.
 */
export interface EffectsPull {
  readonly towards: Float64Array | null
  readonly strengths: readonly number[]
}

const noPull: EffectsPull = { towards: null, strengths: [0] }

/** A forest made ready to answer again and again, one row or a million: what is the same for all rows is found once. */
export interface EffectsPredictor {
  readonly predict: (table: BinnedTable, out: EffectsOut) => void
}

/**
 * Writes the effects of each row of `table`. Of the forest-weighted moments (see `CausalForest`) of weight, y, w, wy and ww' the
 * effects are the slopes of y on w. Where nobody took an arm, its effect is the pull's. NaN where no tree has a say.
 * Throws a RangeError for another number of columns or outputs of the wrong size. O(rows × trees × (depth + arms²)).
 */
export function predictEffects(forest: CausalForest, table: BinnedTable, out: EffectsOut, pull = noPull): void {
  openEffects(forest, pull).predict(table, out)
}

/** What `predictEffects` does for callers that ask often: O(leaves) here, then nothing but the rows' own cost. */
export function openEffects(forest: CausalForest, pull: EffectsPull = noPull): EffectsPredictor {
  const solvers = openSolvers(forest, pull)
  let desk = openDesk(forest, 1)
  return {
    predict(table, out) {
      checkOut(forest, table, out, solvers.length)
      if (table.rows > desk.rows) desk = openDesk(forest, Math.min(rowsTogether, table.rows))
      predictRows({ forest, table, out, solvers, desk }, 0, table.rows, null)
    },
  }
}

/** The same for the training rows, each asked only of the trees whose half-sample left it (or its cluster) out: held-out
 *  predictions. Only the rows of `range` are written, so that threads may share the work. */
export function predictEffectsOutOfBag(
  forest: CausalForest,
  input: { readonly table: BinnedTable; readonly cluster: Int32Array | null },
  out: EffectsOut,
  pull = noPull,
  range: TreeRange = { from: 0, to: input.table.rows },
): void {
  const { table, cluster } = input
  if (table.rows !== forest.trainingRows) throw new RangeError('these are not the rows that the forest was grown on')
  checkOut(forest, table, out, pull.strengths.length)
  const solvers = openSolvers(forest, pull)
  const prediction = { forest, table, out, solvers, desk: openDesk(forest, rowsTogether) }
  // So many rows at a time keep the half-samples in a few megabytes.
  const step = 65_536
  for (let from = range.from; from < range.to; from += step) {
    const to = Math.min(from + step, range.to)
    const halves = recallHalfSamples(forest, forest.seed, forest.bagSize, { rows: table.rows, cluster }, from, to)
    predictRows(prediction, from, to, halves)
  }
}

interface Prediction {
  readonly forest: CausalForest
  readonly table: BinnedTable
  readonly out: EffectsOut
  readonly solvers: readonly EffectSolver[]
  readonly desk: Desk
}

/** Room for as many rows as walk together. */
interface Desk {
  readonly rows: number
  readonly bins: Uint8Array
  readonly sums: Float64Array
  readonly found: Int32Array
  readonly solved: Solved
  readonly bags: Bags
  readonly variance: Float64Array
}

function openDesk(forest: CausalForest, rows: number): Desk {
  const effects = forest.arms - 1
  return {
    rows,
    bins: roomForRows(rows, forest.columns),
    sums: new Float64Array(rows * forest.leafSize),
    found: new Int32Array(forest.trees * rows),
    solved: roomForSolved(rows, effects),
    bags: roomForBags(rows, effects),
    variance: new Float64Array(rows * effects),
  }
}

function openSolvers(forest: CausalForest, pull: EffectsPull): readonly EffectSolver[] {
  if (pull.strengths.length === 0) throw new RangeError('there is no strength to pull with')
  if (pull.towards !== null && pull.towards.length !== forest.arms - 1)
    throw new RangeError('towards does not hold an effect for each arm')
  const overall = overallMoments(forest)
  return pull.strengths.map((strength) => {
    const solver = openSolver(forest.arms - 1)
    setPull(solver, overall, pull.towards, strength)
    return solver
  })
}

function checkOut(forest: CausalForest, table: BinnedTable, out: EffectsOut, strengths: number): void {
  const { columns, arms } = forest
  const size = table.rows * (arms - 1)
  if (table.columns.length !== columns) throw new RangeError(`the forest reads ${columns} columns`)
  if (out.effects.length !== size * strengths) throw new RangeError('effects are not rows by effects by strengths')
  if (out.variance != null && out.variance.length !== size) throw new RangeError('variance is not rows by effects')
  if (out.alike != null && out.alike.length !== table.rows * arms) throw new RangeError('alike is not rows by arms')
}

function predictRows(prediction: Prediction, from: number, to: number, halves: HalfSamples | null): void {
  const { forest, table, out, desk } = prediction
  const { bins, sums, found } = desk
  const { columns, leafSize, arms } = forest
  const size = out.alike == null ? momentsOf(arms - 1) : leafSize
  for (let start = from; start < to; start += rowsTogether) {
    const count = Math.min(rowsTogether, to - start)
    rowsSideBySide(table, start, start + count, bins)
    const offset = halves === null ? 0 : start - halves.from
    sumLeaves(forest, { bins, columns, count, halves, offset }, sums, found, size)
    writeEffects(prediction, start, count)
    if (out.variance != null) writeVariance(prediction, out.variance, start, count)
    if (out.alike != null) writeAlike(prediction, out.alike, start, count)
  }
}

function writeEffects(prediction: Prediction, start: number, count: number): void {
  const { solvers, out, table, forest } = prediction
  const { sums, solved } = prediction.desk
  // Backwards, so that the first strength is left solved for the variance.
  for (let p = solvers.length - 1; p >= 0; p--) {
    const { effects } = solvers[p]
    for (let i = 0; i < count; i++) {
      solveEffects(solvers[p], sums, i * forest.leafSize, solved, i)
      for (let j = 0; j < effects; j++) {
        out.effects[(p * effects + j) * table.rows + start + i] = solved.theta[i * effects + j]
      }
    }
  }
}

function writeVariance(prediction: Prediction, out: Float64Array, start: number, count: number): void {
  const { forest, solvers, table } = prediction
  const { solved, found, bags, variance } = prediction.desk
  const { effects } = solvers[0]
  bagVariance(forest, solvers[0], solved, found, count, bags, variance)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < effects; j++) out[j * table.rows + start + i] = variance[i * effects + j]
  }
}

function writeAlike(prediction: Prediction, out: Float64Array, start: number, count: number): void {
  const { forest, table } = prediction
  const { sums, found } = prediction.desk
  const { arms, leafSize, trees } = forest
  for (let i = 0; i < count; i++) {
    let asked = 0
    for (let at = i; at < trees * count; at += count) if (found[at] >= 0) asked++
    const first = i * leafSize + momentsOf(arms - 1)
    for (let a = 0; a < arms; a++) out[a * table.rows + start + i] = sums[first + a] / asked
  }
}
