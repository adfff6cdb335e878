// One row of a file of findings: what a study elsewhere found of a type of help. Pure.

import { ok, refused, type Result } from '#platform/result.ts'
import type { Finding } from '../evidence-step.ts'

/** In any order; the last two may be left out. There is no other column: one that is misspelt is not passed over. */
export const findingColumns = ['service_type', 'gain', 'low', 'high', 'source', 'year', 'population'] as const
export const neededColumns = ['service_type', 'gain', 'low', 'high', 'source'] as const

/** Each has words as `matching.findings.reason.<code>`. */
export type RowProblem =
  | 'wrong_number_of_columns'
  | 'unreadable_character'
  | 'unknown_type'
  | 'not_a_share'
  | 'not_between'
  | 'no_source'
  | 'too_long'
  | 'not_a_year'
  | 'comes_twice'

export interface RefusedCell {
  readonly reason: RowProblem
  /** The column it is about, or null for the row. */
  readonly column: string | null
  /** What stands there. */
  readonly value: string
}

export interface Reading {
  readonly isServiceType: (code: string) => boolean
  /** No study is of a later year. */
  readonly thisYear: number
}

/** As long as a reference to a paper with all its authors. */
const longestText = 500
/** A share with a point; `5` would be five hundred people of a hundred. */
const share = /^-?(0?\.\d{1,9}|[01](\.0{1,9})?)$/

/** The finding, or the first thing that is wrong with the row. `cells`: trimmed, by column; blank where nothing is said. */
export function readFinding(
  cells: Readonly<Record<string, string>>,
  { isServiceType, thisYear }: Reading,
): Result<Finding, RefusedCell> {
  const of = (column: string) => cells[column] ?? ''
  const wrong = (reason: RowProblem, column: string) => refused({ reason, column, value: of(column) })
  const type = of('service_type')
  if (!isServiceType(type)) return wrong('unknown_type', 'service_type')
  const notShare = (['gain', 'low', 'high'] as const).find((column) => !share.test(of(column)))
  if (notShare) return wrong('not_a_share', notShare)
  const [gain, low, high] = [Number(of('gain')), Number(of('low')), Number(of('high'))]
  if (low > gain || gain > high) return wrong('not_between', 'gain')
  if (of('source') === '') return wrong('no_source', 'source')
  const tooLong = (['source', 'population'] as const).find((column) => of(column).length > longestText)
  if (tooLong) return refused({ reason: 'too_long', column: tooLong, value: String(of(tooLong).length) })
  const year = of('year') === '' ? null : Number(of('year'))
  if (year !== null && !(/^\d{4}$/.test(of('year')) && year >= 1900 && year <= thisYear)) {
    return wrong('not_a_year', 'year')
  }
  return ok({ type, gain, low, high, source: of('source'), year, population: of('population') || null })
}

/** What tells two findings apart; a second one of the same is a contradiction, or a line copied twice. */
export function keyOfFinding({ type, source, year, population }: Finding): string {
  return JSON.stringify([type, source, year, population])
}

export interface FindingChanges {
  readonly added: number
  /** The same study, with other figures. */
  readonly changed: number
  readonly unchanged: number
  readonly gone: number
}

/** What the new ones change of those kept. Both without two of the same key. */
export function changesBetween(kept: readonly Finding[], found: readonly Finding[]): FindingChanges {
  const before = new Map(kept.map((finding) => [keyOfFinding(finding), finding]))
  const counts = { added: 0, changed: 0, unchanged: 0 }
  for (const finding of found) {
    const known = before.get(keyOfFinding(finding))
    const isSame = known?.gain === finding.gain && known.low === finding.low && known.high === finding.high
    counts[known === undefined ? 'added' : isSame ? 'unchanged' : 'changed']++
  }
  return { ...counts, gone: before.size - counts.changed - counts.unchanged }
}
