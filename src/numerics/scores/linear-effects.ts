// The best straight line through noisy effects: which facts go with more or less gain.

import { choleskyFactor, choleskySolve } from '../cholesky.ts'
import { addWeightedGram } from '../gram.ts'
import { checkedSampling, clustersIn, estimateOf, pAboveZero, type Estimate, type Sampling } from './estimate.ts'

/** A coefficient, and the one-sided p of "not above zero". */
export interface Coefficient extends Estimate {
  readonly p: number
}

/**
 * Best linear predictor of the effect: least squares of one arm's effect scores on columns (Semenova and Chernozhukov 2021,
 * Econometrics Journal 24, 264-289). effect: length rows (`effectScores`), in the outcome's unit. columns: rows × columns,
 * column-major, without an intercept. Returns the intercept, then a coefficient a column, in effect per unit of the column.
 *
 * Variance: the jackknife that leaves out one cluster (or row, where none are given) at a time, centred at the whole fit: for
 * rows this is HC3 (MacKinnon and White 1985, Journal of Econometrics 29, 305-325). Intervals by t, units less coefficients. A
 * coefficient that one cluster alone determines makes all standard errors Infinity. Refused with a RangeError: columns that
 * depend on each other (a constant among them too), values that are not finite in rows of positive weight, no more rows than
 * coefficients. O(rows × columns²), with clusters more by O(clusters × columns³).
 */
export function bestLinearPredictor(
  effect: Float64Array,
  columns: Float64Array,
  sampling: Sampling = {},
): Coefficient[] {
  const rows = effect.length
  const { weight, cluster } = checkedSampling(rows, sampling)
  const count = columns.length / rows
  if (!Number.isInteger(count)) throw new RangeError(`${columns.length} cells are no columns of ${rows} rows`)
  const line = fitLine(effect, columns, weight)
  const left = cluster === null ? withoutEachRow(line) : withoutEachCluster(line, cluster)
  const freedom = left.units - line.size
  return Array.from(inOwnUnits(line, line.coefficients), (estimate, j) => {
    const found = estimateOf(estimate, Math.sqrt(left.variance[j]), freedom)
    return { ...found, p: pAboveZero(estimate, found.se, freedom) }
  })
}

/** The fit on rows of positive weight (`places` in the caller's rows). x: `count` rows by `size` columns, column-major, the
 *  intercept first, the others centred and scaled, so that the gram is well behaved. factor: of the gram. */
interface Line {
  readonly count: number
  readonly size: number
  readonly places: Uint32Array
  readonly x: Float64Array
  readonly weight: Float64Array
  readonly gram: Float64Array
  readonly factor: Float64Array
  readonly coefficients: Float64Array
  readonly residual: Float64Array
  readonly centre: Float64Array
  readonly scale: Float64Array
}

interface LeftOut {
  readonly variance: Float64Array
  readonly units: number
}

function fitLine(effect: Float64Array, columns: Float64Array, weight: Float64Array | null): Line {
  const rows = effect.length
  const places = Uint32Array.from({ length: rows }, (_, i) => i).filter((i) => weight === null || weight[i] > 0)
  const count = places.length
  const size = columns.length / rows + 1
  if (count <= size) throw new RangeError(`${count} rows are too few for ${size} coefficients`)
  const w = Float64Array.from(places, (i) => (weight === null ? 1 : weight[i]))
  const x = new Float64Array(count * size).fill(1)
  const centre = new Float64Array(size)
  const scale = new Float64Array(size).fill(1)
  for (let j = 1; j < size; j++) {
    const column = x.subarray(j * count, (j + 1) * count)
    for (let r = 0; r < count; r++) column[r] = columns[(j - 1) * rows + places[r]]
    standardise(column, w, j, centre, scale)
  }
  const gram = new Float64Array(size * size)
  addWeightedGram(x, count, size, w, gram)
  const factor = gram.slice()
  // Standardised columns have equal diagonals, so a pivot that has all but vanished means dependence in any unit.
  if (!choleskyFactor(factor, size) || isNearSingular(factor, gram, size))
    throw new RangeError('the columns depend on each other')
  const coefficients = new Float64Array(size)
  for (let j = 0; j < size; j++)
    for (let r = 0; r < count; r++) coefficients[j] += w[r] * x[j * count + r] * effect[places[r]]
  choleskySolve(factor, size, coefficients)
  if (!coefficients.every(Number.isFinite)) throw new RangeError('an effect is not a finite number')
  const residual = Float64Array.from(places, (i) => effect[i])
  for (let j = 0; j < size; j++) for (let r = 0; r < count; r++) residual[r] -= coefficients[j] * x[j * count + r]
  return { count, size, places, x, weight: w, gram, factor, coefficients, residual, centre, scale }
}

function standardise(
  column: Float64Array,
  w: Float64Array,
  j: number,
  centre: Float64Array,
  scale: Float64Array,
): void {
  let total = 0
  let sum = 0
  for (let r = 0; r < column.length; r++) {
    if (!Number.isFinite(column[r])) throw new RangeError(`column ${j - 1} has a value that is not a finite number`)
    total += w[r]
    sum += w[r] * (column[r] - column[0])
  }
  centre[j] = column[0] + sum / total
  let squares = 0
  for (let r = 0; r < column.length; r++) {
    column[r] -= centre[j]
    squares += w[r] * column[r] * column[r]
  }
  scale[j] = Math.sqrt(squares / total)
  if (scale[j] === 0) throw new RangeError(`column ${j - 1} does not vary`)
  for (let r = 0; r < column.length; r++) column[r] /= scale[j]
}

function isNearSingular(factor: Float64Array, gram: Float64Array, size: number): boolean {
  for (let j = 0; j < size; j++) if (factor[j * size + j] ** 2 < 1e-10 * gram[j * size + j]) return true
  return false
}

/** Coefficients, or differences of them, from the standardised columns back to the caller's. */
function inOwnUnits(line: Line, standardised: Float64Array): Float64Array {
  const own = standardised.slice()
  for (let j = 1; j < line.size; j++) {
    own[j] /= line.scale[j]
    own[0] -= own[j] * line.centre[j]
  }
  return own
}

/** What leaving a row out moves: gram⁻¹ x w e / (1 - leverage). O(size²) a row. */
function withoutEachRow(line: Line): LeftOut {
  const { count, size, x, weight, factor, residual } = line
  const variance = new Float64Array(size)
  const moved = new Float64Array(size)
  for (let r = 0; r < count; r++) {
    for (let j = 0; j < size; j++) moved[j] = weight[r] * x[j * count + r]
    choleskySolve(factor, size, moved)
    let leverage = 0
    for (let j = 0; j < size; j++) leverage += moved[j] * x[j * count + r]
    const left = 1 - leverage
    if (left < 1e-10) return { variance: variance.fill(Infinity), units: count }
    for (let j = 0; j < size; j++) moved[j] *= residual[r] / left
    addSquares(variance, inOwnUnits(line, moved))
  }
  return { variance, units: count }
}

/** What leaving a cluster out moves: (gram - its gram)⁻¹ (its X' w e). O(size³) a cluster. */
function withoutEachCluster(line: Line, cluster: Int32Array): LeftOut {
  const { size, gram } = line
  const variance = new Float64Array(size)
  const members = membersOf(line, cluster)
  const left = new Float64Array(size * size)
  const moved = new Float64Array(size)
  for (const member of members) {
    left.set(gram)
    moved.fill(0)
    for (const r of member) addRow(line, r, left, moved)
    if (!choleskyFactor(left, size) || isNearSingular(left, gram, size))
      return { variance: variance.fill(Infinity), units: members.length }
    choleskySolve(left, size, moved)
    addSquares(variance, inOwnUnits(line, moved))
  }
  return { variance, units: members.length }
}

function addRow(line: Line, r: number, left: Float64Array, moved: Float64Array): void {
  const { count, size, x, weight, residual } = line
  for (let j = 0; j < size; j++) {
    const weighted = weight[r] * x[j * count + r]
    moved[j] += weighted * residual[r]
    for (let k = j; k < size; k++) left[j * size + k] -= weighted * x[k * count + r]
  }
}

function membersOf(line: Line, cluster: Int32Array): number[][] {
  const members = Array.from({ length: clustersIn(cluster) }, (): number[] => [])
  for (let r = 0; r < line.count; r++) members[cluster[line.places[r]]].push(r)
  return members.filter((member) => member.length > 0)
}

function addSquares(variance: Float64Array, moved: Float64Array): void {
  for (let j = 0; j < variance.length; j++) variance[j] += moved[j] * moved[j]
}
