// The classic estimator's choices on rows that it has not seen: the baseline that the engine's own choices stand beside.

import { fitClassicOnce, armCoefficients, type ClassicData, type ClassicFit } from '../classic-fit.ts'
import type { BinnedTable } from '#numerics/index.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import type { Prepared } from './prepared.ts'

const innerFolds = 5
/** The classic estimator was made for files of a few thousand; more rows than these do not change its choices. */
const mostRows = 50_000

/**
 * The arm that the classic estimator would choose for each row, fitted on the half of the rows that the row is not in (halves by
 * fold, so clusters stay together). Null where the outcome is a number: it knows yes and no alone. Protected columns are left
 * out of it. O(rows · columns · penalties).
 */
export function classicChoices(table: LearningTable, prepared: Prepared, fold: Uint8Array): Uint8Array | null {
  if (table.outcome.kind !== 'yes_no') return null
  const columns = designColumns(prepared.ranking)
  const chosen = new Uint8Array(table.rows)
  for (const half of [0, 1]) {
    const learned = rowsWhere(fold, (f) => f % 2 !== half).slice(0, mostRows)
    const data = arrange(table, columns, learned, prepared.arms)
    const fit = fitClassicOnce(data, new Float64Array(data.rows).fill(1), {
      shrinkage: 'pooled',
      start: null,
      pull: null,
    })
    choose(fit, { columns, rows: rowsWhere(fold, (f) => f % 2 === half), arms: prepared.arms }, chosen)
  }
  return chosen
}

/** One column a number (its bin's mean), one a level but the first: NaN where not known. */
function designColumns({ rows, columns, bins }: BinnedTable): Float64Array[] {
  return columns.flatMap((column, place) => {
    const bytes = bins.subarray(place * rows, (place + 1) * rows)
    if (column.kind === 'number') return [Float64Array.from(bytes, (bin) => column.centres[bin] ?? NaN)]
    return Array.from({ length: Math.max(0, column.bins - 1) }, (_, level) =>
      Float64Array.from(bytes, (bin) => (bin < column.bins ? Number(bin === level + 1) : NaN)),
    )
  })
}

/** Rows sorted by fold, then arm, as the fit wants them. */
function arrange(table: LearningTable, columns: readonly Float64Array[], learned: number[], arms: number): ClassicData {
  const dealt = new Uint32Array(arms)
  const placed = learned
    .map((row) => ({ row, arm: table.arm[row]!, fold: dealt[table.arm[row]!]!++ % innerFolds }))
    .sort((a, b) => a.fold - b.fold || a.arm - b.arm)
  const cells = new Float64Array(placed.length * columns.length)
  columns.forEach((column, j) => placed.forEach(({ row }, i) => (cells[j * placed.length + i] = column[row]!)))
  return {
    ...{ rows: placed.length, columns: columns.length, arms, folds: innerFolds, cells },
    arm: Uint16Array.from(placed, ({ arm }) => arm),
    fold: Uint8Array.from(placed, ({ fold }) => fold),
    working: Float64Array.from(placed, ({ row }) => table.outcome.values[row]!),
  }
}

function choose(
  fit: ClassicFit,
  { columns, rows, arms }: { columns: readonly Float64Array[]; rows: readonly number[]; arms: number },
  chosen: Uint8Array,
): void {
  const slopes = Array.from({ length: arms }, (_, arm) => armCoefficients(fit, arm))
  const { mean, deviation } = fit.scaling
  for (const row of rows) {
    let best = -Infinity
    slopes.forEach((slope, arm) => {
      let odds = slope[0]!
      columns.forEach((column, j) => {
        const cell = column[row]!
        if (!Number.isNaN(cell)) odds += (slope[j + 1]! * (cell - mean[j]!)) / deviation[j]!
      })
      if (odds > best) {
        best = odds
        chosen[row] = arm
      }
    })
  }
}

function rowsWhere(fold: Uint8Array, holds: (fold: number) => boolean): number[] {
  const rows: number[] = []
  fold.forEach((f, row) => {
    if (holds(f)) rows.push(row)
  })
  return rows
}
