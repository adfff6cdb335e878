// How many past people a forest's answer rests on: the effective number of each arm, from leaves alone, so that whoever asks needs
// no rows.

import type { BinnedTable } from '../bins/bins.ts'
import { makeRandom, shuffled } from '../rng.ts'
import { causalForestDefaults, type CausalForest } from './causal-forest.ts'
import { drawRows, tossHalf, unitsOf } from './subsample.ts'
import { findLeaf, roomForRows, rowsFrom, rowsSideBySide, type Trees } from './trees.ts'

/**
 * A forest's trees with what each leaf knows of its neighbourhood. A leaf L's record in `leaves`, leafSize = 2 × arms + 1 numbers:
 * - for each arm a, Σ w_i / |L| over the leaf's rows that took it (w: row weights, |L|: rows);
 * - for each arm a, Σ (w_i / |L|) ᾱ_i over the same, where ᾱ_i is the mean forest weight of row i for people who fall in L;
 * - |L|, the rows.
 * taken: how many of all training rows with weight took each arm.
 */
export interface Neighbours extends Trees {
  readonly kind: 'neighbours'
  readonly arms: number
  readonly columns: number
  readonly taken: Float64Array
  /** How many of those rows lie in each bin of each column; in none where not known. */
  readonly seen: readonly Float64Array[]
}

/** The rows that the forest was grown on, as it saw them. */
export interface NeighboursInput {
  readonly table: BinnedTable
  readonly arm: Uint8Array
  readonly weight: Float64Array | null
  readonly cluster: Int32Array | null
}

/** Whether and how the forest drew rows, and of how many people at most the weights are looked at. */
export interface NeighboursOptions {
  readonly honest?: boolean
  readonly rowsPerTree?: number
  readonly lookedAt?: number
}

/**
 * Measures the neighbourhood of each leaf of a forest. With B trees, row i has for a person x the weight
 * α_i(x) = w_i / B · Σ_b 1{ i fills the leaf of x in tree b } / |that leaf| (Athey, Tibshirani and Wager 2019, section 2.1). For
 * people looked at (drawn by the forest's seed, those who fill a leaf themselves left out of it) all weights are worked out, and a
 * leaf keeps the mean. The trees' rows are drawn again from the seed, so `input` and options must be those that the forest was grown with.
 * Throws a RangeError for tables of another size. Deterministic.
 * O(trees × rows + lookedAt × trees × rows of a leaf); needs memory for trees × rows of a tree.
 */
export function measureNeighbours(
  forest: CausalForest,
  input: NeighboursInput,
  options: NeighboursOptions = {},
): Neighbours {
  const { table, arm } = input
  if (table.rows !== forest.trainingRows || arm.length !== table.rows || table.columns.length !== forest.columns)
    throw new RangeError('these are not the rows that the forest was grown on')
  const { honest, rowsPerTree } = { ...causalForestDefaults, ...options }
  const bins = roomForRows(table.rows, forest.columns)
  rowsSideBySide(table, 0, table.rows, bins)
  const members = membersOfLeaves(forest, input, bins, { honest, rowsPerTree })
  const leaves = lookAround(forest, input, bins, members, options.lookedAt ?? enoughLookedAt(forest, members))
  const taken = new Float64Array(forest.arms)
  const seen = table.columns.map((column) => new Float64Array(column.bins))
  for (let i = 0; i < table.rows; i++) {
    if (input.weight !== null && input.weight[i] === 0) continue
    taken[arm[i]]++
    seen.forEach((counts, c) => {
      const bin = table.bins[c * table.rows + i]
      if (bin < counts.length) counts[bin]++
    })
  }
  const { arms, columns, first, trees, nodes, nodeStart, leafStart } = forest
  const leafSize = 2 * arms + 1
  return { kind: 'neighbours', arms, columns, taken, seen, first, trees, nodes, nodeStart, leafStart, leafSize, leaves }
}

/** As many as cost a second or two: a person meets as many rows as the leaves hold that it falls in. */
function enoughLookedAt({ trees, leafStart }: CausalForest, { start }: Members): number {
  let met = 0
  for (let tree = 0; tree < trees; tree++) {
    const all = start[leafStart[tree + 1]] - start[leafStart[tree]]
    for (let l = leafStart[tree]; l < leafStart[tree + 1]; l++) met += (start[l + 1] - start[l]) ** 2 / Math.max(1, all)
  }
  return Math.min(4096, Math.max(256, Math.floor(4e7 / Math.max(1, met))))
}

/**
 * Writes the effective number of past people of each arm for one row (Kish 1965, section 11.7): (Σ_a α)² / Σ_a α², sums over those
 * who took the arm. Of the two sums the first is exact, the second a mean over people of the same leaves (see `Neighbours`). Nought
 * where nobody near took the arm; never more than took it. numbers: arms long. Throws a RangeError for a table of another
 * shape. O(trees × (depth + arms)).
 */
export function effectiveNumbers(neighbours: Neighbours, table: BinnedTable, row: number, numbers: Float64Array): void {
  const { arms, columns, trees, nodes, nodeStart, leafStart, leaves, leafSize, taken } = neighbours
  if (table.columns.length !== columns) throw new RangeError(`the forest reads ${columns} columns`)
  if (numbers.length !== arms) throw new RangeError('there is not a number for each arm')
  const bins = roomForRows(1, columns)
  rowsSideBySide(table, row, row + 1, bins)
  const sums = new Float64Array(2 * arms)
  for (let tree = 0; tree < trees; tree++) {
    const leaf = leafStart[tree] + findLeaf(nodes, 2 * nodeStart[tree], bins, rowsFrom)
    const from = leaf * leafSize
    for (let s = 0; s < sums.length; s++) sums[s] += leaves[from + s]
  }
  for (let a = 0; a < arms; a++) {
    // Both sums over the trees: their mean's square over the mean.
    const number = sums[arms + a] > 0 ? (sums[a] * sums[a]) / (trees * sums[arms + a]) : 0
    numbers[a] = Math.min(taken[a], number)
  }
}

/** The rows that fill each leaf, ascending: of leaf l (counted over all trees) rows[start[l]] to rows[start[l + 1] - 1]. */
interface Members {
  readonly start: Uint32Array
  readonly rows: Uint32Array
  /** Trees that anybody fills. */
  readonly speaking: number
}

function membersOfLeaves(
  forest: CausalForest,
  { table, weight, cluster }: NeighboursInput,
  bins: Uint8Array,
  rule: { readonly honest: boolean; readonly rowsPerTree: number },
): Members {
  const { seed, bagSize, trees, first, nodes, nodeStart, leafStart, columns } = forest
  const sampling = { seed, rows: table.rows, cluster, weight, bagSize, rowsPerTree: rule.rowsPerTree }
  const coins = new Uint8Array(unitsOf(sampling))
  const sides = new Uint8Array(coins.length)
  const start = new Uint32Array(leafStart[trees] + 1)
  const parts: Uint32Array[] = []
  let tossed = -1
  let speaking = 0
  for (let tree = 0; tree < trees; tree++) {
    const bag = Math.floor((first + tree) / bagSize)
    if (bag !== tossed) tossHalf(seed, bag, coins)
    tossed = bag
    const { measured } = drawRows(sampling, coins, sides, makeRandom(seed, first + tree), rule.honest)
    const leaf = new Uint32Array(measured.length)
    for (let i = 0; i < measured.length; i++) {
      leaf[i] = leafStart[tree] + findLeaf(nodes, 2 * nodeStart[tree], bins, rowsFrom + measured[i] * columns)
      start[leaf[i] + 1]++
    }
    for (let l = leafStart[tree]; l < leafStart[tree + 1]; l++) start[l + 1] += start[l]
    const sorted = new Uint32Array(measured.length)
    const next = start.slice(leafStart[tree], leafStart[tree + 1])
    const before = start[leafStart[tree]]
    for (let i = 0; i < measured.length; i++) sorted[next[leaf[i] - leafStart[tree]]++ - before] = measured[i]
    parts.push(sorted)
    if (measured.length > 0) speaking++
  }
  const rows = new Uint32Array(start[start.length - 1])
  let at = 0
  for (const part of parts) {
    rows.set(part, at)
    at += part.length
  }
  return { start, rows, speaking }
}

function lookAround(
  forest: CausalForest,
  { table, arm, weight }: NeighboursInput,
  bins: Uint8Array,
  { start, rows, speaking }: Members,
  lookedAt: number,
): Float32Array {
  const { arms, trees, nodes, nodeStart, leafStart, columns } = forest
  const count = leafStart[trees]
  const mass = new Float64Array(count * arms)
  for (let l = 0; l < count; l++) {
    const scale = 1 / Math.max(1, start[l + 1] - start[l])
    for (let m = start[l]; m < start[l + 1]; m++)
      mass[l * arms + arm[rows[m]]] += scale * (weight === null ? 1 : weight[rows[m]])
  }
  const overlap = new Float64Array(count * arms)
  const people = new Uint32Array(count)
  const alpha = new Float64Array(table.rows)
  const leaf = new Uint32Array(trees)
  const fills = new Uint8Array(trees)
  for (const person of whoIsLookedAt(table.rows, forest.seed, lookedAt)) {
    for (let tree = 0; tree < trees; tree++) {
      const l = leafStart[tree] + findLeaf(nodes, 2 * nodeStart[tree], bins, rowsFrom + person * columns)
      leaf[tree] = l
      fills[tree] = 0
      const scale = 1 / (speaking * (start[l + 1] - start[l]))
      for (let m = start[l]; m < start[l + 1]; m++) {
        const row = rows[m]
        if (row === person) fills[tree] = 1
        alpha[row] += weight === null ? scale : scale * weight[row]
      }
    }
    for (let tree = 0; tree < trees; tree++) {
      if (fills[tree] === 1) continue
      const l = leaf[tree]
      const scale = 1 / (start[l + 1] - start[l])
      for (let m = start[l]; m < start[l + 1]; m++) {
        const row = rows[m]
        overlap[l * arms + arm[row]] += alpha[row] * (weight === null ? scale : scale * weight[row])
      }
      people[l]++
    }
    for (let tree = 0; tree < trees; tree++)
      for (let m = start[leaf[tree]]; m < start[leaf[tree] + 1]; m++) alpha[rows[m]] = 0
  }
  return recordsOf({ arms, mass, overlap, people, start }, leafStart)
}

/** By a stream of chance that neither trees nor bags draw from. */
function whoIsLookedAt(rows: number, seed: number, lookedAt: number): Uint32Array {
  return shuffled(rows, makeRandom(seed, 0x40000000)).subarray(0, lookedAt)
}

/** A leaf in which nobody lay who was looked at overlaps as the others of its tree do; where there is no other, as if its tree
 *  were the only one. */
function recordsOf(
  found: {
    readonly arms: number
    readonly mass: Float64Array
    readonly overlap: Float64Array
    readonly people: Uint32Array
    readonly start: Uint32Array
  },
  leafStart: Uint32Array,
): Float32Array {
  const { arms, mass, overlap, people, start } = found
  const size = 2 * arms + 1
  const records = new Float32Array(people.length * size)
  for (let tree = 0; tree + 1 < leafStart.length; tree++) {
    let known = 0
    let near = 0
    for (let l = leafStart[tree]; l < leafStart[tree + 1]; l++) {
      if (people[l] === 0) continue
      for (let a = 0; a < arms; a++) {
        known += mass[l * arms + a]
        near += overlap[l * arms + a] / people[l]
      }
    }
    const usual = known > 0 ? near / known : null
    for (let l = leafStart[tree]; l < leafStart[tree + 1]; l++) {
      for (let a = 0; a < arms; a++) {
        const own = mass[l * arms + a]
        records[l * size + a] = own
        records[l * size + arms + a] =
          people[l] > 0 ? overlap[l * arms + a] / people[l] : own * (usual ?? 1 / Math.max(1, start[l + 1] - start[l]))
      }
      records[l * size + 2 * arms] = start[l + 1] - start[l]
    }
  }
  return records
}
