// Which rows a tree sees. Half of the rows (or clusters) by the toss of a coin, one toss for a bag of trees; all of it is
// drawn again from the seed when needed, so that a forest need not remember its rows.

import { makeRandom, type Random } from '../rng.ts'

/** How a forest draws rows. rows: of the training table. cluster: each row's, places from 0, or null: then whole clusters
 *  are drawn, and share a side. weight: rows of weight zero are never drawn. bagSize: neighbouring trees that share a
 *  half-sample. rowsPerTree: about the most rows a tree sees. */
export interface Sampling {
  readonly seed: number
  readonly rows: number
  readonly cluster: Int32Array | null
  readonly weight: Float64Array | null
  readonly bagSize: number
  readonly rowsPerTree: number
}

/** What is drawn: rows, or clusters. */
export function unitsOf(sampling: Pick<Sampling, 'rows' | 'cluster'>): number {
  if (sampling.cluster === null) return sampling.rows
  let last = -1
  for (const unit of sampling.cluster) if (unit > last) last = unit
  return last + 1
}

/** Tosses a coin for each row or cluster: 1 says that it lies in that bag's half-sample. The stream (seed, -1 - bag) is the
 *  bag's alone; trees use those from (seed, 0) on. */
export function tossHalf(seed: number, bag: number, coins: Uint8Array): void {
  toss(makeRandom(seed, -1 - bag), coins)
}

/** The rows of one tree, ascending: `grown` decide its splits, `measured` fill its leaves (the same rows when not honest). */
export interface Drawn {
  readonly grown: Uint32Array
  readonly measured: Uint32Array
}

/** Draws one tree's rows from its bag's half-sample. coins: the bag's tosses; sides: room for every unit. */
export function drawRows(
  sampling: Sampling,
  coins: Uint8Array,
  sides: Uint8Array,
  random: Random,
  honest: boolean,
): Drawn {
  takeSides(sampling, sides, random, honest)
  const { rows, cluster, weight } = sampling
  const grown = new Uint32Array(rows)
  const measured = new Uint32Array(honest ? rows : 0)
  let g = 0
  let m = 0
  for (let i = 0; i < rows; i++) {
    const unit = cluster === null ? i : cluster[i]
    if (coins[unit] === 0 || sides[unit] === leftOut || (weight !== null && weight[i] === 0)) continue
    if (sides[unit] === 0) grown[g++] = i
    else measured[m++] = i
  }
  const kept = grown.slice(0, g)
  return { grown: kept, measured: honest ? measured.slice(0, m) : kept }
}

/** The side of what a tree leaves out of its half-sample. */
const leftOut = 2

function takeSides(sampling: Sampling, sides: Uint8Array, random: Random, honest: boolean): void {
  const share = (2 * sampling.rowsPerTree) / sampling.rows
  if (share >= 1) {
    if (honest) toss(random, sides)
    else sides.fill(0)
    return
  }
  // Independent draws with chance `share` each, from one taken to the next: the gaps are geometric.
  const perGap = 1 / Math.log(1 - share)
  sides.fill(leftOut)
  for (let u = gap(random, perGap); u < sides.length; u += 1 + gap(random, perGap)) {
    sides[u] = honest && random.uniform() < 0.5 ? 1 : 0
  }
}

function gap(random: Random, perGap: number): number {
  return Math.floor(Math.log(1 - random.uniform()) * perGap)
}

function toss(random: Random, coins: Uint8Array): void {
  let bits = 0
  for (let u = 0; u < coins.length; u++) {
    if ((u & 31) === 0) bits = (random.uniform() * 4294967296) | 0
    coins[u] = (bits >>> (u & 31)) & 1
  }
}
