// What is compared with: the figures that a reference folder's README prints for other methods, seed by seed, and the bars
// that this benchmark holds the engine to.

import fs from 'node:fs'
import path from 'node:path'

/** Gain (share of the possible) and root mean square error (outcome units), one a seed from seed 1 on. */
export interface PeerFigures {
  readonly method: string
  readonly gain: readonly number[]
  readonly rmse: readonly number[]
}

export interface Yardstick {
  readonly peers: (shape: string, n: number) => readonly PeerFigures[]
}

/** Gain to reach at least, in percent, by shape and rows. */
const gainBars: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  smooth: { 2000: 64, 20_000: 75, 100_000: 92 },
  tree: { 2000: 53, 20_000: 77, 100_000: 96 },
  sparse: { 2000: 54, 20_000: 55, 100_000: 75 },
}

/** What 20,000 rows may cost: CPU seconds and MiB of learning, CPU seconds of 10,000 predictions. */
export const costBars: Readonly<Record<number, { learn: number; peak: number; predict: number }>> = {
  20_000: { learn: 60, peak: 800, predict: 3 },
}

/** Errors are held against the best of these. */
const rivals = ['grf', 'stack', 'averages']

export function gainBar(shape: string, n: number): number | null {
  return gainBars[shape]?.[n] ?? null
}

/** How large the error may be beside the best rival's. */
export function errorBar(n: number): number {
  return n <= 2000 ? 1 : 0.95
}

/** Reads the table of figures a seed: rows `| n | variant | method | gain a seed | mean | RMSE a seed | mean |`. */
export function readYardstick(folder: string): Yardstick {
  const file = path.join(folder, 'README.md')
  const found = new Map<string, PeerFigures[]>()
  for (const line of fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : []) {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    const n = Number(cells[0]?.replaceAll(',', ''))
    if (cells.length !== 7 || !Number.isInteger(n)) continue
    const [, shape = '', method = '', gains = '', , errors = ''] = cells
    const peers = found.get(`${shape} ${n}`) ?? []
    peers.push({ method, gain: percents(gains), rmse: errors === '-' ? [] : percents(errors) })
    found.set(`${shape} ${n}`, peers)
  }
  return { peers: (shape, n) => found.get(`${shape} ${n}`) ?? [] }
}

/** The engine's mean error over a rival's on the seeds that the rival was run with; the largest such ratio, which is the one
 *  against the best rival. rmse: by seed. Null where no seed is shared. */
export function errorAgainstBest(
  peers: readonly PeerFigures[],
  rmse: ReadonlyMap<number, number>,
): { rival: string; ratio: number; seeds: number } | null {
  let worst: { rival: string; ratio: number; seeds: number } | null = null
  for (const { method, rmse: theirs } of peers) {
    if (!rivals.includes(method)) continue
    const shared = theirs.flatMap((value, place) => {
      const own = rmse.get(place + 1)
      return own === undefined ? [] : [{ own, value }]
    })
    if (shared.length === 0) continue
    const ratio = shared.reduce((sum, { own }) => sum + own, 0) / shared.reduce((sum, { value }) => sum + value, 0)
    if (!worst || ratio > worst.ratio) worst = { rival: method, ratio, seeds: shared.length }
  }
  return worst
}

function percents(list: string): number[] {
  return list.split(' ').map((value) => Number(value) / 100)
}
