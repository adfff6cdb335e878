// Makes held-out predictions mean what they say: of people foretold thirty in a hundred, thirty should have it.

import { expit, fitRidgeLinear, fitRidgeLogistic } from '#numerics/index.ts'
import { lossOf, type LossKind } from './judging.ts'

/** One arm's held-out predictions. predicted, target, weight, fold: in the order of all rows; rows: those whose target is
 *  known and that took the arm (or, of a chance, all). */
export interface Uncalibrated {
  readonly kind: Exclude<LossKind, 'chance'>
  readonly predicted: Float64Array
  readonly target: Float64Array
  readonly weight: Float64Array | null
  readonly rows: Uint32Array
  readonly fold: Uint8Array
  readonly folds: number
}

// Strength with which the map is pulled to "leave as it is", in rows on the log-odds scale.
const towardsNoChange = 4

// With fewer rows a map is noise.
const fewest = 100

/** Predictions after recalibration: log odds (or the number itself) times b plus a, shrunk to b = 1 and a = 0 (Cox 1958,
 *  Biometrika 45, 562–565). Each fold's map comes from the other folds. Returns null where held-out loss does not fall, or
 *  fewer than a hundred rows could tell. */
export function recalibrate(of: Uncalibrated): Float64Array | null {
  if (of.rows.length < fewest) return null
  const out = recalibrated(of)
  let before = 0
  let after = 0
  for (const row of of.rows) {
    const w = of.weight === null ? 1 : of.weight[row]!
    before += w * lossOf(of.kind, of.target[row]!, of.predicted[row]!)
    after += w * lossOf(of.kind, of.target[row]!, out[row]!)
  }
  return after < before ? out : null
}

/** The same whether or not it helps. */
export function recalibrated(of: Uncalibrated): Float64Array {
  const { kind, predicted, fold } = of
  const link = kind === 'number' ? (p: number) => p : logit
  const back = kind === 'number' ? (s: number) => s : expit
  const score = predicted.map(link)
  const out = new Float64Array(predicted.length)
  for (let f = 0; f < of.folds; f++) {
    const { shift, scale, centre } = mapWithout(of, score, f)
    for (let i = 0; i < out.length; i++) {
      if (fold[i] === f) out[i] = back(score[i]! + shift + scale * (score[i]! - centre))
    }
  }
  return out
}

/** Shift, and what is added to the scale of one, from the rows of all folds but one. */
function mapWithout(of: Uncalibrated, score: Float64Array, without: number) {
  const rows = of.rows.filter((row) => of.fold[row] !== without)
  const centre = rows.reduce((sum, row) => sum + score[row]!, 0) / Math.max(1, rows.length)
  const variance = rows.reduce((sum, row) => sum + (score[row]! - centre) ** 2, 0) / Math.max(1, rows.length)
  if (rows.length < fewest / 2 || !(variance > 1e-12)) return { shift: 0, scale: 0, centre }
  const x = new Float64Array(rows.length * 2).fill(1)
  rows.forEach((row, i) => (x[rows.length + i] = score[row]! - centre))
  const weight = of.weight === null ? null : Float64Array.from(rows, (row) => of.weight?.[row] ?? 0)
  const problem = {
    x,
    rows: rows.length,
    columns: 2,
    y: Float64Array.from(rows, (row) => of.target[row]!),
    weight,
    offset: Float64Array.from(rows, (row) => score[row]!),
  }
  const penalty = Float64Array.of(towardsNoChange, towardsNoChange * variance)
  const b =
    of.kind === 'number'
      ? fitRidgeLinear(problem, [penalty])[0]
      : fitRidgeLogistic(problem, penalty, { maxSteps: 20, tolerance: 1e-6 }).coefficients
  return { shift: b?.[0] ?? 0, scale: b?.[1] ?? 0, centre }
}

function logit(chance: number): number {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, chance))
  return Math.log(inside / (1 - inside))
}
