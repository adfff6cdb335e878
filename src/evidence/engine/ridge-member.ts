// The penalised regression with service-by-profile terms, under several beliefs about where services differ by person. Each
// belief learns its own penalties from the data; held-out loss decides later how much each is heard.

import {
  addMoments,
  fitBayesRidge,
  gatherMoments,
  planBasis,
  predictRidgeEffects,
  type Basis,
  type BayesRidge,
  type BinnedTable,
  type Moments,
  type VarianceRule,
} from '#numerics/index.ts'

/** alike: people differ by all facts equally much. by_fact: some facts matter, the same for all services. by_fact_and_service:
 *  each service has its own. free: the same without leaning on the others. */
export const ridgeRules = {
  alike: { sharing: 'all', borrow: 0 },
  by_fact: { sharing: 'column', borrow: 3 },
  by_fact_and_service: { sharing: 'column_and_arm', borrow: 3 },
  free: { sharing: 'column_and_arm', borrow: 0 },
} as const satisfies Readonly<Record<string, VarianceRule>>

export type RidgeRule = keyof typeof ridgeRules

/** Rules that are heard, and what each is worth before the data. The others wait for the data to call them. */
export const heard = { alike: 0.75, by_fact: 0.15, by_fact_and_service: 0.05, free: 0 } as const satisfies Partial<
  Record<RidgeRule, number>
>
export const heardRules = Object.keys(heard) as (keyof typeof heard)[]
/** The same as shares of one: how the averages come about. */
export const worth = heardRules.map((rule) => heard[rule] / heardRules.reduce((sum, one) => sum + heard[one], 0))

/** By whose posteriors intervals are made: one that leans on what services have in common and one that does not. The first is
 *  too wide where few facts matter, the second too narrow where many do; their mean variance lies between. */
export const doubters = ['by_fact_and_service', 'free'] as const satisfies readonly RidgeRule[]

/** Mean of the doubters' posterior covariances of each effect's coefficients: (terms + 1)², one an effect. */
export function doubtOf(fits: Readonly<Record<RidgeRule, BayesRidge>>): Float64Array[] {
  const [first, second] = doubters.map((rule) => fits[rule].covariance.slice(1))
  return first!.map((matrix, k) => matrix.map((value, i) => (value + second![k]![i]!) / 2))
}

/** What all rules share: sums of each fold's rows of each arm, at [fold * arms + arm]. */
export interface RidgeGround {
  readonly basis: Basis
  readonly moments: readonly Moments[]
  readonly arms: number
  readonly folds: number
}

export interface RidgeRows {
  readonly table: BinnedTable
  readonly arm: Uint8Array
  readonly arms: number
  readonly y: Float64Array
  readonly weight: Float64Array | null
  readonly fold: Uint8Array
  readonly folds: number
}

/** Steps of all columns together: the work grows with the cube of the terms, and of hundreds of columns lines must do. */
const mostSteps = 250

/** More people, finer steps: four at 2,000 rows, eight at 20,000, eleven at 100,000, never more than twelve; fewer where
 *  there are very many columns. */
export function stepsFor(rows: number, columns = 1): number {
  const wanted = Math.max(2, Math.min(12, Math.round(4 * (Math.log10(rows) - 2.3))))
  return Math.min(wanted, Math.floor(mostSteps / columns))
}

export function groundRidge({ table, ...rows }: RidgeRows): RidgeGround {
  const basis = planBasis(table, { steps: stepsFor(table.rows, table.columns.length), weight: rows.weight, rows: null })
  return { basis, moments: gatherMoments({ table, basis, ...rows }), arms: rows.arms, folds: rows.folds }
}

const roundsOnAll = 30
// A fold finds its own penalties: those of all rows know the fold's outcomes, and one penalty a fact and service tells enough of
// them to make held-out loss flatter the freest belief. With very many rows they tell next to nothing, and save the rounds.
const fewRows = 50_000
const roundsOfFold = { fromNothing: 16, fromAll: 6 }

/** The fit on all rows, and the effects of each row by the fit that has not seen its fold: rows × (arms - 1), column-major,
 *  protected columns (`atMean`) at their mean. O(folds · arms · terms³ + rows · arms · terms). */
export function fitRidgeMember(
  ground: RidgeGround,
  rule: RidgeRule,
  { table, fold, atMean }: { table: BinnedTable; fold: Uint8Array; atMean: Uint8Array },
): { fit: BayesRidge; heldOut: Float32Array } {
  const { basis, folds, arms } = ground
  const order = { rule: ridgeRules[rule], rounds: roundsOnAll }
  const fit = fitBayesRidge(momentsWithout(ground, null), basis, order)
  const heldOut = new Float32Array(table.rows * (arms - 1))
  for (let left = 0; left < folds; left++) {
    const start =
      table.rows < fewRows ? { rounds: roundsOfFold.fromNothing } : { rounds: roundsOfFold.fromAll, from: fit }
    const part = fitBayesRidge(momentsWithout(ground, left), basis, { ...order, ...start })
    const rows = rowsOf(fold, left)
    const effects = effectsOfRows(part, basis, pickRows(table, rows), atMean)
    for (let k = 0; k < arms - 1; k++) {
      rows.forEach((row, i) => (heldOut[k * table.rows + row] = effects[k * rows.length + i]!))
    }
  }
  return { fit, heldOut }
}

/** Sums of each arm without one fold (null: of all). */
export function momentsWithout({ moments, arms, folds }: RidgeGround, left: number | null): Moments[] {
  return Array.from({ length: arms }, (_, arm) =>
    addMoments(
      Array.from({ length: folds }, (_, f) => f).flatMap((f) => (f === left ? [] : [moments[f * arms + arm]!])),
    ),
  )
}

function effectsOfRows(fit: BayesRidge, basis: Basis, table: BinnedTable, atMean: Uint8Array): Float64Array {
  const effects = new Float64Array(table.rows * (fit.arms - 1))
  predictRidgeEffects(fit, basis, table, { atMean, effects })
  return effects
}

function rowsOf(fold: Uint8Array, left: number): Uint32Array {
  const rows: number[] = []
  fold.forEach((f, row) => {
    if (f === left) rows.push(row)
  })
  return Uint32Array.from(rows)
}

export function pickRows(table: BinnedTable, rows: Uint32Array): BinnedTable {
  const bins = new Uint8Array(rows.length * table.columns.length)
  for (let column = 0; column < table.columns.length; column++) {
    const from = column * table.rows
    const to = column * rows.length
    for (let i = 0; i < rows.length; i++) bins[to + i] = table.bins[from + rows[i]!]!
  }
  return { rows: rows.length, columns: table.columns, bins }
}
