// Made-up people with known effects, for the forests' tests.

import { binTable, cutColumn, type BinnedTable } from '../bins/bins.ts'
import { makeRandom } from '../rng.ts'
import type { CausalForestInput } from './causal-forest.ts'

/** People drawn with a known law, and what is true of each: effects rows × 2, column-major. */
export interface Sample extends CausalForestInput {
  readonly values: readonly Float64Array[]
  readonly effects: Float64Array
}

/**
 * Four columns: x0 and x1 uniform, x2 a category of four, x3 binary. Three arms, their chances moved by x1. The first effect is
 * 1 where x0 is above a half, else 0; the second is 0.5 in the category 2 and -0.5 elsewhere. The nuisances are the true ones.
 */
export function drawSample(rows: number, seed: number, noise = 1): Sample {
  const random = makeRandom(seed, 0)
  const values = [0, 1, 2, 3].map(() => new Float64Array(rows))
  const y = new Float64Array(rows)
  const arm = new Uint8Array(rows)
  const yHat = new Float64Array(rows)
  const eHat = new Float64Array(rows * 3)
  const effects = new Float64Array(rows * 2)
  for (let i = 0; i < rows; i++) {
    values[0][i] = random.uniform()
    values[1][i] = random.uniform()
    values[2][i] = random.below(4)
    values[3][i] = random.below(2)
    const first = 0.2 + 0.2 * values[1][i]
    const second = 0.25
    const tau = [0, values[0][i] > 0.5 ? 1 : 0, values[2][i] === 2 ? 0.5 : -0.5]
    const drawn = random.uniform()
    arm[i] = drawn < first ? 1 : drawn < first + second ? 2 : 0
    const base = values[1][i] + values[3][i]
    y[i] = base + tau[arm[i]] + noise * random.normal()
    yHat[i] = base + first * tau[1] + second * tau[2]
    eHat[i] = 1 - first - second
    eHat[rows + i] = first
    eHat[2 * rows + i] = second
    effects[i] = tau[1]
    effects[rows + i] = tau[2]
  }
  const table = binSample(values)
  return { table, y, arm, arms: 3, yHat, eHat, weight: null, cluster: null, columns: null, values, effects }
}

/** Bins the columns of a sample: the third is a category of four, the others are numbers. */
export function binSample(values: readonly Float64Array[]): BinnedTable {
  const cuts = values.map((column, c) =>
    cutColumn({ kind: c === 2 ? 'category' : 'number', levels: c === 2 ? 4 : 0, values: column }, 64),
  )
  return binTable(cuts, values, values[0].length)
}
