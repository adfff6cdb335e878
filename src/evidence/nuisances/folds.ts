// Deals rows into folds, so that every fold holds its share of every arm.

import { makeRandom, shuffled } from '#numerics/index.ts'

/** The fold of each row, 0 to folds − 1. Without clusters the rows of each arm are dealt out in turn, so that folds differ by
 *  a row an arm at most. Rows of one cluster stay together: the clusters, largest first (by chance where alike), go to the
 *  fold with fewest rows. Equal seed, equal folds. O(rows). */
export function dealFolds(
  rows: { readonly arm: Uint8Array; readonly cluster: Int32Array | null },
  folds: number,
  seed: number,
): Uint8Array {
  return rows.cluster === null ? dealByArm(rows.arm, folds, seed) : dealClusters(rows.cluster, folds, seed)
}

/** How many folds there can be: no more than rows or clusters, 20 at most, 2 at least. */
export function foldsFor(rows: number, cluster: Int32Array | null, wanted: number): number {
  const units = cluster === null ? rows : new Set(cluster).size
  return Math.max(2, Math.min(wanted, units, 20))
}

// Streams of chance of this file, apart from those of trees and draws.
const foldStream = 1_000_003

function dealByArm(arm: Uint8Array, folds: number, seed: number): Uint8Array {
  const fold = new Uint8Array(arm.length)
  const order = shuffled(arm.length, makeRandom(seed, foldStream))
  const byArm = new Map<number, number[]>()
  for (const row of order) {
    const own = byArm.get(arm[row] ?? 0)
    if (own) own.push(row)
    else byArm.set(arm[row] ?? 0, [row])
  }
  let next = 0
  // One arm goes on where the last stopped, so that the first folds do not get every arm's odd row. The arms come in the
  // order in which chance drew them, not by place: other places for the same arms give the same folds.
  for (const own of byArm.values()) for (const row of own) fold[row] = next++ % folds
  return fold
}

function dealClusters(cluster: Int32Array, folds: number, seed: number): Uint8Array {
  const sizes = new Map<number, number>()
  for (const place of cluster) sizes.set(place, (sizes.get(place) ?? 0) + 1)
  const places = [...sizes.keys()].sort((a, b) => a - b)
  const rank = shuffled(places.length, makeRandom(seed, foldStream))
  const order = places
    .map((place, i) => ({ place, size: sizes.get(place) ?? 0, rank: rank[i] ?? 0 }))
    .sort((a, b) => b.size - a.size || a.rank - b.rank)
  const rows = new Float64Array(folds)
  const foldOf = new Map<number, number>()
  for (const { place, size } of order) {
    let fewest = 0
    for (let f = 1; f < folds; f++) if ((rows[f] ?? 0) < (rows[fewest] ?? 0)) fewest = f
    foldOf.set(place, fewest)
    rows[fewest] = (rows[fewest] ?? 0) + size
  }
  return Uint8Array.from(cluster, (place) => foldOf.get(place) ?? 0)
}
