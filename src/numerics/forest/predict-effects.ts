// What a causal forest says of a row: the effects of its forest-weighted neighbours, and how sure the bags are of them.

import type { BinnedTable } from '../bins/bins.ts'
import type { TreeRange } from './checks.ts'
import { momentsOf, type CausalForest } from './causal-forest.ts'
import { rowsSideBySide } from './trees.ts'
import { recallHalfSamples, rowsTogether, sumLeaves, type HalfSamples } from './walk.ts'

/** Where predictions go, all column-major and the caller's. effects, variance: rows × (arms - 1), against arm 0.
 *  alike: rows × arms, how many who took the arm share the row's leaf, a mean over the trees. */
export interface EffectsOut {
  readonly effects: Float64Array
  readonly variance: Float64Array | null
  readonly alike: Float64Array | null
  readonly pull?: number
  readonly towards?: Float64Array
}

/** Writes the effects of each row of `table`. With forest-weighted means of weight, y, w, wy and ww' (see `CausalForest`), the
 *  effects are the slopes of y on w. NaN where no tree has a say. O(rows × trees × depth). */
export function predictEffects(forest: CausalForest, table: BinnedTable, out: EffectsOut): void {
  predict(forest, table, out, { from: 0, to: table.rows }, null)
}

/** The same for the training rows, each asked only of the trees whose half-sample left it (or its cluster) out; only the
 *  rows of `range` are written. */
export function predictEffectsOutOfBag(
  forest: CausalForest,
  input: { readonly table: BinnedTable; readonly cluster: Int32Array | null },
  out: EffectsOut,
  range: TreeRange = { from: 0, to: input.table.rows },
): void {
  const { table, cluster } = input
  if (table.rows !== forest.trainingRows) throw new RangeError('these are not the rows that the forest was grown on')
  const step = 65_536
  for (let from = range.from; from < range.to; from += step) {
    const to = Math.min(from + step, range.to)
    const halves = recallHalfSamples(forest, forest.seed, forest.bagSize, { rows: table.rows, cluster }, from, to)
    predict(forest, table, out, { from, to }, halves)
  }
}

function predict(
  forest: CausalForest,
  table: BinnedTable,
  out: EffectsOut,
  range: TreeRange,
  halves: HalfSamples | null,
): void {
  const { columns, leafSize, arms, bagSize } = forest
  const effects = arms - 1
  if (table.columns.length !== columns) throw new RangeError(`the forest reads ${columns} columns`)
  if (out.effects.length !== table.rows * effects) throw new RangeError('the output is not rows by effects')
  const bins = new Uint8Array(rowsTogether * columns)
  const sums = new Float64Array(rowsTogether * leafSize)
  const found = new Int32Array(forest.trees * rowsTogether)
  const node = openSolver(effects, overall(forest, out.pull ?? 0, out.towards))
  const moments = momentsOf(effects)
  for (let start = range.from; start < range.to; start += rowsTogether) {
    const count = Math.min(rowsTogether, range.to - start)
    rowsSideBySide(table, start, start + count, bins)
    const asked = halves === null ? null : { ...halves, bagSize, offset: start - halves.from }
    sumLeaves(forest, bins, columns, count, sums, found, asked)
    for (let i = 0; i < count; i++) {
      const at = i * leafSize
      const row = start + i
      solveEffects(node, sums, at)
      for (let j = 0; j < effects; j++) out.effects[j * table.rows + row] = node.theta[j]
      if (out.alike !== null) {
        let asks = 0
        for (let tree = 0; tree < forest.trees; tree++) if (found[tree * count + i] >= 0) asks++
        for (let a = 0; a < arms; a++) out.alike[a * table.rows + row] = sums[at + moments + a] / asks
      }
      if (out.variance !== null) {
        bagVariance(forest, node, found, i, count)
        for (let j = 0; j < effects; j++) out.variance[j * table.rows + row] = node.variance[j]
      }
    }
  }
}

interface Solver {
  readonly pullTo: Float64Array
  readonly pullBy: Float64Array
  readonly effects: number
  readonly theta: Float64Array
  readonly inverse: Float64Array
  readonly scratch: Float64Array
  readonly variance: Float64Array
  readonly pull: Float64Array
  readonly bagPull: Float64Array
  readonly between: Float64Array
  readonly total: Float64Array
  main: number
}

function openSolver(effects: number, rest: Pick<Solver, 'pullTo' | 'pullBy'>): Solver {
  const size = effects
  return {
    ...rest,
    effects,
    theta: new Float64Array(size),
    inverse: new Float64Array(size * size),
    scratch: new Float64Array(size * size),
    variance: new Float64Array(size),
    pull: new Float64Array(size),
    bagPull: new Float64Array(size),
    between: new Float64Array(size),
    total: new Float64Array(size),
    main: 0,
  }
}

function solveEffects(node: Solver, sums: Float64Array, at: number): void {
  const { effects: E, theta, inverse, scratch, pullTo, pullBy } = node
  const w0 = sums[at]
  const yBar = sums[at + 1] / w0
  let from = at + 2 + 2 * E
  for (let j = 0; j < E; j++) {
    for (let k = j; k < E; k++) {
      const v = sums[from++] / w0 - (sums[at + 2 + j] / w0) * (sums[at + 2 + k] / w0)
      scratch[j * E + k] = v
      scratch[k * E + j] = v
    }
  }
  for (let j = 0; j < E; j++) scratch[j * E + j] += pullBy[j]
  invert(scratch, inverse, E)
  for (let j = 0; j < E; j++) {
    let t = 0
    for (let k = 0; k < E; k++)
      t += inverse[j * E + k] * (sums[at + 2 + E + k] / w0 - (sums[at + 2 + k] / w0) * yBar + pullBy[k] * pullTo[k])
    theta[j] = t
  }
  let main = yBar
  for (let j = 0; j < E; j++) main -= (theta[j] * sums[at + 2 + j]) / w0
  node.main = main
}

/** Gauss–Jordan without pivoting on a positive definite matrix; destroys `a`. */
function invert(a: Float64Array, inv: Float64Array, n: number): void {
  inv.fill(0)
  for (let i = 0; i < n; i++) inv[i * n + i] = 1
  for (let p = 0; p < n; p++) {
    const d = 1 / a[p * n + p]
    for (let k = 0; k < n; k++) {
      a[p * n + k] *= d
      inv[p * n + k] *= d
    }
    for (let i = 0; i < n; i++) {
      if (i === p) continue
      const f = a[i * n + p]
      for (let k = 0; k < n; k++) {
        a[i * n + k] -= f * a[p * n + k]
        inv[i * n + k] -= f * inv[p * n + k]
      }
    }
  }
}

function bagVariance(forest: CausalForest, node: Solver, found: Int32Array, i: number, count: number): void {
  const { leaves, bagSize, trees } = forest
  const { effects: E, theta, inverse, pull, bagPull, between, total, variance, main } = node
  between.fill(0)
  total.fill(0)
  let bags = 0
  const centred = node.scratch
  for (let first = 0; first + bagSize <= trees; first += bagSize) {
    let isWhole = true
    for (let t = first; t < first + bagSize; t++)
      if (found[t * count + i] < 0 || leaves[found[t * count + i]] === 0) isWhole = false
    if (!isWhole) continue
    bags++
    bagPull.fill(0)
    for (let t = first; t < first + bagSize; t++) {
      const at = found[t * count + i]
      for (let j = 0; j < E; j++) {
        pull[j] = leaves[at + 2 + E + j] - leaves[at + 2 + j] * main
      }
      let from = at + 2 + 2 * E
      for (let j = 0; j < E; j++) {
        pull[j] -= leaves[from++] * theta[j]
        for (let k = j + 1; k < E; k++) {
          const v = leaves[from++]
          pull[j] -= v * theta[k]
          pull[k] -= v * theta[j]
        }
      }
      for (let j = 0; j < E; j++) {
        let s = 0
        for (let k = 0; k < E; k++) s += inverse[j * E + k] * pull[k]
        centred[j] = s
        bagPull[j] += s
        total[j] += s * s
      }
    }
    for (let j = 0; j < E; j++) between[j] += (bagPull[j] / bagSize) ** 2
  }
  for (let j = 0; j < E; j++) {
    const vb = between[j] / bags
    const vt = total[j] / (bags * bagSize)
    variance[j] = bags === 0 ? NaN : keepPositive(vb, (vt - vb) / (bagSize - 1), bags)
  }
}

/**
 * The between-bag variance less the trees' own noise in it. The difference is itself uncertain and may fall below nought, so
 * it is replaced by its mean under a flat prior on positive values: with r the difference over its standard error s, the
 * difference plus s φ(r) / Φ(r) (the mean of a normal cut off at nought). s takes the bags' spread for a chi-square.
 */
function keepPositive(between: number, noise: number, bags: number): number {
  const s = Math.max(between, noise) * Math.sqrt(2 / bags)
  if (!(s > 0)) return 0
  const r = (between - noise) / s
  return between - noise + s * millsOf(r)
}

/** φ(r) / Φ(r) of the standard normal, from Φ by its continued fraction below -1 and by Hermite's series elsewhere. */
function millsOf(r: number): number {
  if (r > 8) return 0
  const density = Math.exp((-r * r) / 2) / Math.sqrt(2 * Math.PI)
  if (r < -2) {
    // Φ(r) = φ(r) / (x + 1 / (x + 2 / (x + 3 / …))), x = -r.
    let fraction = -r
    for (let k = 40; k >= 1; k--) fraction = -r + k / fraction
    return fraction
  }
  // Φ(r) = 1/2 + φ(r) (r + r³/3 + r⁵/15 + …).
  let term = r
  let sum = r
  for (let k = 1; k < 200; k++) {
    term *= (r * r) / (2 * k + 1)
    sum += term
  }
  return density / (0.5 + density * sum)
}

function overall(forest: CausalForest, pull: number, towards?: Float64Array) {
  const E = forest.arms - 1
  const { leaves, leafSize } = forest
  const sums = new Float64Array(leafSize)
  const moments = momentsOf(E)
  for (let at = 0; at < leaves.length; at += leafSize) {
    let rows = 0
    for (let a = 0; a < forest.arms; a++) rows += leaves[at + moments + a]
    for (let s = 0; s < leafSize; s++) sums[s] += rows * leaves[at + s]
  }
  const node = openSolver(E, { pullTo: new Float64Array(E), pullBy: new Float64Array(E) })
  solveEffects(node, sums, 0)
  const by = new Float64Array(E)
  let from = 2 + 2 * E
  for (let j = 0; j < E; j++) {
    by[j] = pull * (sums[from] / sums[0] - (sums[2 + j] / sums[0]) ** 2)
    from += E - j
  }
  return { pullTo: towards ?? node.theta, pullBy: by }
}
