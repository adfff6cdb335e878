// What a learned model says of one person at the desk: as for many (predict-evidence.ts), but that no protected answer of theirs
// has a say in anything, whether enough is known included.

import {
  binTable,
  effectiveNumbers,
  makeRandom,
  missingBin,
  predictRidgeOutcomes,
  type BinnedTable,
} from '#numerics/index.ts'
import { predictSupport } from '../nuisances/support-model.ts'
import type { EngineModel } from './model.ts'
import { placeOfPair } from './doubt.ts'
import { predictEvidence } from './predict-evidence.ts'
import { withoutColumns } from './prepared.ts'

/** One an arm but the control, in the model's order, in the outcome's units. */
export interface PersonEvidence {
  readonly tau: Float64Array
  readonly lo: Float64Array
  readonly hi: Float64Array
  /** Half the 95 % interval of how much more one effect is than another, of each pair of effects by `placeOfPair`. */
  readonly apart: Float64Array
  readonly support: Uint8Array
  /** The outcome to be expected under the control. */
  readonly without: number
  /** Effective number of similar past clients of each arm, the control first (docs/methods/similar-clients.md). */
  readonly similar: Float64Array
}

/** With so many the mean chance is within 0.01 of what any more would give, wherever it matters. */
const others = 64

/** cells: one a feature, in the model's order: a number or the place of a level; NaN where not known. Those of protected features are
 *  not looked at: they stand at the mean for the effect and for the outcome; whether somebody like this person took a service is asked
 *  of 64 people who have their other answers, with protected ones drawn at random, each of its values as likely as another. The same
 *  cells give the same answer. Throws a RangeError for another number of cells. Half a millisecond. */
export function predictPerson(model: EngineModel, cells: Float64Array): PersonEvidence {
  if (cells.length !== model.features.length)
    throw new RangeError(`there are ${cells.length} cells for ${model.features.length} features`)
  const isProtected = Uint8Array.from(model.features, (feature) => Number(feature.isProtected))
  const columns = Array.from(cells, (cell, j) => Float64Array.of(isProtected[j] === 1 ? NaN : cell))
  const { tau, lo, hi, variance } = predictEvidence(model, columns, 1)
  const table = binTable(model.cuts, columns, 1)
  const similar = new Float64Array(model.arms.length)
  effectiveNumbers(model.neighbours, withoutColumns(table, isProtected), 0, similar)
  const support = supportAmong(model, manyLike(table, isProtected))
  return { tau, lo, hi, apart: apartOf(model, variance), support, without: without(model, table), similar }
}

/** The misses of two effects may have nothing in common: both count (docs/methods/intervals.md). */
function apartOf({ interval, scale }: EngineModel, variance: Float64Array): Float64Array {
  const { stretchOfPairs, misfit } = interval
  const apart = new Float64Array(stretchOfPairs.length)
  for (let k = 1; k < variance.length; k++) {
    for (let l = 0; l < k; l++) {
      const pair = placeOfPair(k, l)
      const own = stretchOfPairs[pair]! ** 2 * (variance[k]! + variance[l]!)
      apart[pair] = 1.959964 * scale * Math.sqrt(own + 2 * misfit)
    }
  }
  return apart
}

function without(model: EngineModel, table: BinnedTable): number {
  const [{ mean } = { mean: null }] = model.ridge
  if (mean === null) return model.centre
  const atMean = Uint8Array.from(model.features, (feature) => Number(feature.isProtected))
  const out = new Float64Array(1)
  // The part that all services share is what is to be expected under the control.
  predictRidgeOutcomes({ arms: 1, size: model.basis.terms + 1, mean }, model.basis, table, { atMean, out })
  return model.centre + model.scale * out[0]!
}

function manyLike({ columns, bins }: BinnedTable, isProtected: Uint8Array): BinnedTable {
  const random = makeRandom(1, 0)
  const many = new Uint8Array(others * columns.length)
  columns.forEach((column, j) => {
    const cell = many.subarray(j * others, (j + 1) * others)
    if (isProtected[j] !== 1) cell.fill(bins[j]!)
    else for (let i = 0; i < others; i++) cell[i] = column.bins > 0 ? random.below(column.bins) : missingBin
  })
  return { rows: others, columns, bins: many }
}

function supportAmong({ support, supportFloor }: EngineModel, table: BinnedTable): Uint8Array {
  const chances = predictSupport(support, table)
  const { rows } = table
  const means = Float64Array.from({ length: chances.length / rows }, (_, arm) => {
    return chances.subarray(arm * rows, (arm + 1) * rows).reduce((sum, chance) => sum + chance, 0) / rows
  })
  return Uint8Array.from(means.subarray(1), (mean) => Number(mean >= supportFloor && means[0]! >= supportFloor))
}
