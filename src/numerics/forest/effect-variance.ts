// How sure the bags of trees are of a row's effects.

import type { CausalForest } from './causal-forest.ts'
import { meanAboveNought, type EffectSolver, type Solved } from './effect-solver.ts'

/** Room to add up the bags of rows that walk together. Each rows × effects, but for the counts: rows.
 *  bag: the present bag's influence. between: of bags, squared. within: of their handfuls, squared. */
export interface Bags {
  readonly bag: Float64Array
  readonly between: Float64Array
  readonly within: Float64Array
  readonly counts: Uint32Array
  readonly isWhole: Uint8Array
  readonly score: Float64Array
}

export function roomForBags(rows: number, effects: number): Bags {
  return {
    bag: new Float64Array(rows * effects),
    between: new Float64Array(rows * effects),
    within: new Float64Array(rows * effects),
    counts: new Uint32Array(rows),
    isWhole: new Uint8Array(rows),
    score: new Float64Array(effects),
  }
}

/**
 * The variance of the effects of `count` rows just solved, row i's into `variance` at i × effects. found: as `sumLeaves` left it.
 * A handful of trees has an influence: (A + Λ)⁻¹ times its own estimating equation at the row's effects. Bags differ by the
 * sample and by the trees' chance, the handfuls of a bag by chance alone, so the variance is the first less the second
 * (Athey, Tibshirani and Wager 2019, section 4). Pairs of trees are handfuls where bags hold whole pairs: they tell chance
 * nearly as well as single trees do and cost less. Only whole bags are asked. NaN where fewer than two can be, where the effect is
 * NaN, and where no bag differs from another but by rounding: all were drawn from the same people, or nothing varies.
 */
export function bagVariance(
  forest: CausalForest,
  solver: EffectSolver,
  solved: Solved,
  found: Int32Array,
  count: number,
  bags: Bags,
  variance: Float64Array,
): void {
  const { bagSize, first, trees } = forest
  const { effects } = solver
  const handful = bagSize % 4 === 0 ? 2 : 1
  const perBag = bagSize / handful
  const size = count * effects
  bags.between.fill(0)
  bags.within.fill(0)
  bags.counts.fill(0)
  for (let tree = (bagSize - (first % bagSize)) % bagSize; tree + bagSize <= trees; tree += bagSize) {
    markWhole(forest, found, tree, count, bags)
    bags.bag.fill(0, 0, size)
    for (let t = tree; t < tree + bagSize; t += handful) {
      addInfluence(forest.leaves, solver, solved, found, t * count, (t + handful - 1) * count, count, bags)
    }
    for (let i = 0; i < size; i++) bags.between[i] += bags.bag[i] * bags.bag[i]
  }
  for (let i = 0; i < size; i++) {
    const many = bags.counts[Math.floor(i / effects)]
    const ofBags = bags.between[i] / (many * perBag * perBag)
    const ofChance = (bags.within[i] / (many * perBag) - ofBags) / (perBag - 1)
    const magnitude = solved.theta[i] ** 2 + solved.level[Math.floor(i / effects)] ** 2
    const differ = Math.max(ofBags, ofChance) > rounding * magnitude
    variance[i] = many >= 2 && differ ? meanAboveNought(ofBags, ofChance, many) : NaN
  }
}

/** Of squares: what sums of the same leaves in another order differ by. */
const rounding = 1e-24

/** A row's bag counts when the row may ask its trees and fell, in each, among rows. */
function markWhole(forest: CausalForest, found: Int32Array, tree: number, count: number, bags: Bags): void {
  for (let i = 0; i < count; i++) {
    let isWhole = 1
    for (let t = tree; t < tree + forest.bagSize; t++) {
      const leaf = found[t * count + i]
      if (leaf < 0 || forest.leaves[leaf] === 0) isWhole = 0
    }
    bags.isWhole[i] = isWhole
    bags.counts[i] += isWhole
  }
}

/** Adds the influence of the handful of trees a and b (the same twice where a handful is one). */
function addInfluence(
  leaves: Float32Array,
  solver: EffectSolver,
  solved: Solved,
  found: Int32Array,
  a: number,
  b: number,
  count: number,
  bags: Bags,
): void {
  const { effects, place, pull, towards } = solver
  const { theta, inverse, level } = solved
  const { bag, within, isWhole, score } = bags
  for (let i = 0; i < count; i++) {
    if (isWhole[i] === 0) continue
    const own = found[a + i]
    const other = found[b + i]
    const scale = 1 / (leaves[own] + leaves[other])
    const from = i * effects
    const wOwn = own + 2
    const wOther = other + 2
    for (let j = 0; j < effects; j++) {
      let sum =
        leaves[wOwn + effects + j] + leaves[wOther + effects + j] - level[i] * (leaves[wOwn + j] + leaves[wOther + j])
      const first = 2 * effects
      for (let k = 0, to = j * effects; k < effects; k++, to++) {
        const at = first + place[to]
        sum -= theta[from + k] * (leaves[wOwn + at] + leaves[wOther + at])
      }
      score[j] = sum * scale + pull[j] * (towards[j] - theta[from + j])
    }
    for (let j = 0, to = from * effects; j < effects; j++) {
      let sum = 0
      for (let k = 0; k < effects; k++, to++) sum += inverse[to] * score[k]
      bag[from + j] += sum
      within[from + j] += sum * sum
    }
  }
}
