// A regression that learns from the data how far each kind of term may stray from zero: what is common to all arms, and
// what an arm adds for whom. Terms that show nothing fade to nothing, so that with few or weak data everyone gets the average.

import { type BinnedTable } from '../bins/bins.ts'
import { solveArrow } from './arrow.ts'
import { shapes, termsOfRow, type Basis } from './basis.ts'
import { type Moments } from './moments.ts'

/** How arms' terms share their variances: one for all; one a column; one a column and arm. `borrow`: how many terms' worth
 *  each variance leans on the variance of all arms' terms together (0: on itself alone). */
export interface VarianceRule {
  readonly sharing: 'all' | 'column' | 'column_and_arm'
  readonly borrow: number
}

/** Coefficients: arms × size (block 0 common, block k what arm k adds against the control), in units of the outcome that
 *  the moments were taken of. covariance[k]: size × size. */
export interface BayesRidge {
  readonly arms: number
  readonly size: number
  readonly mean: Float64Array
  readonly covariance: readonly Float64Array[]
  readonly precision: Float64Array
  readonly noise: number
  /** Log marginal likelihood at the variances found. */
  readonly evidence: number
  /** Effective number of coefficients of the arms' terms, without their constants. */
  readonly effective: number
}

export interface FitOrder {
  readonly rule: VarianceRule
  readonly rounds: number
  /** Variances to start from: another fit of the same basis and rule. */
  readonly from?: BayesRidge | null
}

/**
 * Fits by evidence maximisation (MacKay 1992, Bayesian interpolation, section 4: a variance is its coefficients' squares over their effective
 * number), the common and the arms' terms together. byArm: moments of each arm of an outcome with mean about 0 and variance about 1, the control
 * first; an arm without rows keeps its prior. Deterministic. O(rounds · arms · size³).
 */
export function fitBayesRidge(
  byArm: readonly Moments[],
  basis: Basis,
  { rule, rounds, from = null }: FitOrder,
): BayesRidge {
  const size = basis.terms + 1
  const arms = byArm.length
  if (byArm.some((one) => one.size !== size)) throw new RangeError('the moments are of another basis')
  const groups = groupCoefficients(basis, arms, rule)
  const rows = byArm.reduce((sum, { weight }) => sum + weight, 0)
  let precision = from ? from.precision.slice() : startingPrecision(groups, size * arms)
  let noise = from ? from.noise : 1
  for (let round = 1; ; round++) {
    const posterior = solveArrow(byArm, precision, noise)
    const sums = sumByGroup(groups, posterior, precision)
    const residual = residualSquares(byArm, posterior.mean, size)
    const next = nextPrecision(groups, sums, rule)
    const moved = groups.of.reduce((most, group, i) => {
      return Math.max(most, Math.abs(Math.log(next[group] / precision[i])) * Math.min(1, sums.effective[group] + 0.02))
    }, 0)
    if (round >= rounds || moved < 2e-3) {
      const effective = groups.isArmTerm.reduce((sum, is, group) => sum + (is ? sums.effective[group] : 0), 0)
      const evidence = logEvidence({
        rows,
        noise,
        residual,
        precision,
        mean: posterior.mean,
        logDeterminant: posterior.logDeterminant,
      })
      return {
        arms,
        size,
        mean: posterior.mean,
        covariance: posterior.covariance,
        precision,
        noise,
        evidence,
        effective,
      }
    }
    precision = Float64Array.from(groups.of, (group) => next[group])
    noise = Math.max(1e-9, residual / Math.max(1, rows - sums.total))
  }
}

/** Effects of the arms against the control: rows × (arms - 1), column-major. atMean: columns that stand at their mean, so that
 *  they cannot move the effect. O(rows · arms · terms). */
export function predictRidgeEffects(
  { size, arms, mean }: Pick<BayesRidge, 'size' | 'arms' | 'mean'>,
  basis: Basis,
  table: BinnedTable,
  { atMean, effects }: { atMean: Uint8Array | null; effects: Float64Array },
): void {
  const terms = new Float64Array(size)
  for (let row = 0; row < table.rows; row++) {
    termsOfRow(basis, table, row, terms, atMean)
    for (let k = 1; k < arms; k++) {
      const from = k * size
      let sum = 0
      for (let i = 0; i < size; i++) sum += terms[i] * mean[from + i]
      effects[(k - 1) * table.rows + row] = sum
    }
  }
}

/** Posterior variances of those effects: rows × covariances, column-major. byEffect: each effect's covariance, the control's
 *  left out. O(rows · effects · terms²). */
export function predictRidgeVariances(
  byEffect: readonly Float64Array[],
  basis: Basis,
  table: BinnedTable,
  { atMean, variances }: { atMean: Uint8Array | null; variances: Float64Array },
): void {
  const size = basis.terms + 1
  const terms = new Float64Array(size)
  for (let row = 0; row < table.rows; row++) {
    termsOfRow(basis, table, row, terms, atMean)
    byEffect.forEach((covariance, k) => (variances[k * table.rows + row] = quadraticForm(covariance, terms, size)))
  }
}

/** Fitted outcome of every row under every arm: rows × arms, column-major. atMean: as for effects. O(rows · arms · terms). */
export function predictRidgeOutcomes(
  { size, arms, mean }: Pick<BayesRidge, 'size' | 'arms' | 'mean'>,
  basis: Basis,
  table: BinnedTable,
  { atMean, out }: { atMean: Uint8Array | null; out: Float64Array },
): void {
  const terms = new Float64Array(size)
  for (let row = 0; row < table.rows; row++) {
    termsOfRow(basis, table, row, terms, atMean)
    let common = 0
    for (let i = 0; i < size; i++) common += terms[i] * mean[i]
    out[row] = common
    for (let k = 1; k < arms; k++) {
      const from = k * size
      let sum = common
      for (let i = 0; i < size; i++) sum += terms[i] * mean[from + i]
      out[k * table.rows + row] = sum
    }
  }
}

function quadraticForm(matrix: Float64Array, x: Float64Array, size: number): number {
  let total = 0
  for (let i = 0; i < size; i++) {
    const xi = x[i]
    if (xi === 0) continue
    const from = i * size
    let sum = 0
    for (let j = 0; j < i; j++) sum += matrix[from + j] * x[j]
    total += xi * (2 * sum + matrix[from + i] * xi)
  }
  return total
}

interface Groups {
  /** Group of each coefficient. */
  readonly of: Uint16Array
  readonly count: number
  readonly isArmTerm: readonly boolean[]
  readonly kind: readonly ('free' | 'constant' | 'common' | 'arm')[]
}

function groupCoefficients(basis: Basis, arms: number, { sharing }: VarianceRule): Groups {
  const places = new Map<string, number>()
  const kind: Groups['kind'][number][] = []
  const place = (name: string, of: Groups['kind'][number]) => {
    if (!places.has(name)) {
      places.set(name, places.size)
      kind.push(of)
    }
    return places.get(name)!
  }
  const of = new Uint16Array(arms * (basis.terms + 1))
  let at = 0
  for (let arm = 0; arm < arms; arm++) {
    of[at++] = arm === 0 ? place('free', 'free') : place('constant', 'constant')
    for (let term = 0; term < basis.terms; term++) {
      const column = basis.termColumn[term]
      if (arm === 0)
        of[at++] = place(sharing === 'all' ? `common ${lineOrNot(basis, term)}` : `common ${column}`, 'common')
      else if (sharing === 'all') of[at++] = place('arms', 'arm')
      else of[at++] = place(sharing === 'column' ? `arms ${column}` : `arm ${arm} ${column}`, 'arm')
    }
  }
  return { of, count: kind.length, kind, isArmTerm: kind.map((one) => one === 'arm') }
}

function lineOrNot(basis: Basis, term: number): string {
  return basis.termShape[term] === shapes.line ? 'line' : 'other'
}

// Where the search begins, in the outcome's standard deviations: what is common moves more than what an arm adds.
const starting = { free: 1e-6, constant: 1 / 0.1 ** 2, common: 1 / 0.1 ** 2, arm: 1 / 0.04 ** 2 } as const
// An average effect is at least this uncertain before the data, in standard deviations of the outcome.
const leastConstant = 0.06

function startingPrecision(groups: Groups, length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => starting[groups.kind[groups.of[i]]])
}

function sumByGroup(groups: Groups, posterior: ReturnType<typeof solveArrow>, precision: Float64Array) {
  const { mean, covariance } = posterior
  const size = mean.length / covariance.length
  const effective = new Float64Array(groups.count)
  const squares = new Float64Array(groups.count)
  const spread = new Float64Array(groups.count)
  const count = new Float64Array(groups.count)
  let total = 0
  for (let i = 0; i < mean.length; i++) {
    const group = groups.of[i]
    const own = covariance[Math.floor(i / size)]
    const variance = own[(i % size) * (size + 1)]
    const used = 1 - precision[i] * variance
    effective[group] += used
    total += used
    squares[group] += mean[i] ** 2
    spread[group] += variance
    count[group]++
  }
  return { effective, squares, spread, count, total }
}

function nextPrecision(groups: Groups, sums: ReturnType<typeof sumByGroup>, { borrow }: VarianceRule): Float64Array {
  let squares = 1e-12
  let effective = 1e-6
  groups.isArmTerm.forEach((is, group) => {
    if (!is) return
    squares += sums.squares[group]
    effective += sums.effective[group]
  })
  const family = squares / effective
  return Float64Array.from(groups.kind, (kind, group) => {
    const own = { effective: sums.effective[group], squares: sums.squares[group] }
    switch (kind) {
      case 'free':
        return starting.free
      case 'constant':
        return (sums.count[group] + 1) / (own.squares + sums.spread[group] + leastConstant ** 2)
      case 'common':
        return bounded((own.effective + 1e-9) / (own.squares + 1e-12))
      case 'arm':
        return bounded((own.effective + 1e-9 + borrow) / (own.squares + 1e-12 + borrow * family))
    }
  })
}

function bounded(precision: number): number {
  return Math.min(1e7, Math.max(1e-2, precision))
}

function residualSquares(byArm: readonly Moments[], mean: Float64Array, size: number): number {
  const joined = new Float64Array(size)
  let total = 0
  byArm.forEach(({ gram, cross, squares }, arm) => {
    for (let i = 0; i < size; i++) joined[i] = mean[i] + (arm === 0 ? 0 : mean[arm * size + i])
    let fitted = 0
    let quadratic = 0
    for (let i = 0; i < size; i++) {
      let sum = 0
      for (let j = 0; j < size; j++) sum += gram[i * size + j] * joined[j]
      quadratic += sum * joined[i]
      fitted += cross[i] * joined[i]
    }
    total += squares - 2 * fitted + quadratic
  })
  return Math.max(0, total)
}

function logEvidence(at: {
  rows: number
  noise: number
  residual: number
  precision: Float64Array
  mean: Float64Array
  logDeterminant: number
}): number {
  let prior = 0
  for (let i = 0; i < at.mean.length; i++) prior += at.precision[i] * at.mean[i] ** 2 - Math.log(at.precision[i])
  return -0.5 * (at.rows * Math.log(2 * Math.PI * at.noise) + at.residual / at.noise + prior + at.logDeterminant)
}
