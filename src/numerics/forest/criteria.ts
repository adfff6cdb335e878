// What a split is for: means of targets that differ, shares of classes that differ, effects of arms that differ.

import type { Criterion, Workshop } from './grow-tree.ts'

const free = () => 0

/**
 * The fall in squared error of all targets together. labels: of each local row, `targets` a row; the caller fills them.
 * A cell holds the mass, then Σ mass × label of each target.
 */
export function meansDiffer(labels: Float64Array, targets: number): Criterion {
  const stride = 1 + targets
  return {
    stride,
    massOf: (sums, at) => sums[at],
    gainOf(sums, at) {
      let square = 0
      for (let s = at + 1; s < at + stride; s++) square += sums[s] * sums[s]
      return square / sums[at]
    },
    charge: free,
    fill(shop, start, end, wanted) {
      const { histogram, tried, cells, order, mass } = shop
      const columns = shop.layout.count
      for (let at = start; at < end; at++) {
        const row = order[at]
        const weight = mass[row]
        const from = row * targets - 1
        for (let k = 0; k < wanted; k++) {
          const to = cells[row * columns + tried[k]] * stride
          histogram[to] += weight
          for (let t = 1; t < stride; t++) histogram[to + t] += weight * labels[from + t]
        }
      }
    },
  }
}

/** The same where the targets say which one of several classes a row is in: then one number a row tells all.
 *  group: of each local row. scale: of each class, what its target is multiplied by. A cell holds the classes' masses. */
export function sharesDiffer(group: Uint8Array, scale: Float64Array): Criterion {
  const stride = scale.length
  const squares = scale.map((value) => value * value)
  return {
    stride,
    massOf: (sums, at) => addUp(sums, at, stride),
    gainOf(sums, at) {
      let square = 0
      let mass = 0
      for (let g = 0; g < stride; g++) {
        const sum = sums[at + g]
        mass += sum
        square += squares[g] * sum * sum
      }
      return square / mass
    },
    charge: free,
    fill(shop, start, end, wanted) {
      const { histogram, tried, cells, order, mass } = shop
      const columns = shop.layout.count
      for (let at = start; at < end; at++) {
        const row = order[at]
        const weight = mass[row]
        const slot = group[row]
        const base = row * columns
        for (let k = 0; k < wanted; k++) histogram[cells[base + tried[k]] * stride + slot] += weight
      }
    },
  }
}

/** minArm: the least mass of an arm on either side, where the parent has twice that. imbalance: charged for parting the
 *  arms unevenly, in units of `variance`, that of the residuals. */
export interface EffectsRule {
  readonly minArm: number
  readonly imbalance: number
  readonly variance: () => number
}

/** An arm's mean counts as if that many rows more had shown no difference: one client is no evidence. */
const doubt = 1

/**
 * The fall in squared error when every arm has its own mean on each side, less what one mean for all arms would bring: what
 * effects explain, and not what the side has in common. group: the arm of each local row. residual: its outcome less what
 * was expected without any service. A cell holds, arm by arm, the residuals' sum and the mass.
 */
export function effectsDiffer(group: Uint8Array, residual: Float64Array, arms: number, rule: EffectsRule): Criterion {
  const stride = 2 * arms
  return {
    stride,
    massOf(sums, at) {
      let mass = 0
      for (let s = at + 1; s < at + stride; s += 2) mass += sums[s]
      return mass
    },
    gainOf(sums, at) {
      let sum = 0
      let mass = 0
      for (let s = at; s < at + stride; s += 2) {
        sum += sums[s]
        mass += sums[s + 1]
      }
      const mean = sum / mass
      let gain = 0
      for (let s = at; s < at + stride; s += 2) {
        const above = sums[s] - mean * sums[s + 1]
        gain += (above * above) / (sums[s + 1] + doubt)
      }
      return gain
    },
    charge(left, at, total) {
      let uneven = 0
      for (let s = 1; s < stride; s += 2) {
        const here = left[at + s]
        const there = total[s] - here
        if (total[s] >= 2 * rule.minArm && (here < rule.minArm || there < rule.minArm)) return Infinity
        // The variance of an effect goes as one over the arm's rows.
        uneven += 1 / (here + doubt) + 1 / (there + doubt) - 1 / (total[s] + doubt)
      }
      return rule.imbalance === 0 ? 0 : rule.imbalance * rule.variance() * uneven
    },
    fill: (shop, start, end, wanted) => fillEffects(shop, start, end, wanted, group, residual, stride),
  }
}

function fillEffects(
  shop: Workshop,
  start: number,
  end: number,
  wanted: number,
  group: Uint8Array,
  residual: Float64Array,
  stride: number,
): void {
  const { histogram, tried, cells, order, mass } = shop
  const columns = shop.layout.count
  for (let at = start; at < end; at++) {
    const row = order[at]
    const weight = mass[row]
    const sum = weight * residual[row]
    const slot = 2 * group[row]
    const base = row * columns
    for (let k = 0; k < wanted; k++) {
      const to = cells[base + tried[k]] * stride + slot
      histogram[to] += sum
      histogram[to + 1] += weight
    }
  }
}

function addUp(sums: Float64Array, at: number, count: number): number {
  let sum = 0
  for (let s = at; s < at + count; s++) sum += sums[s]
  return sum
}
