// What passes between the readers of the layouts and the import, and what is wrong with it.

import type { Relation, SkillKind } from '../occupation.ts'

/** Values of a row by column name in small letters; blanks are left out. */
export type Values = Record<string, string>

export type RowReason =
  | 'wrong_number_of_columns'
  | 'unreadable_character'
  | 'no_code'
  | 'no_name'
  | 'comes_twice'
  | 'no_such_occupation'
  | 'no_such_skill'
  | 'unknown_relation'
  | 'not_a_number'
  | 'unknown_code'
  | 'not_a_day'
  | 'incomplete'

export interface RefusedRow {
  readonly file: string
  readonly line: number
  readonly reason: RowReason
  /** What stood there, shortened. */
  readonly value: string
}

export interface FileProblem {
  readonly file: string
  readonly line: number | null
  readonly reason: 'column_missing' | 'broken_table' | 'no_utf8' | 'nothing_known' | 'two_layouts' | 'unreadable'
  readonly value: string
}

/** A file that cannot be read as a whole: nothing of the import is kept. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused'
  readonly problem: FileProblem

  constructor(problem: FileProblem) {
    super(`${problem.file}: ${problem.reason}`)
    this.problem = problem
  }
}

/** An occupation as one language tells it. */
export interface OccupationEntry {
  readonly code: string
  readonly isco: string | null
  readonly soc: string | null
  readonly language: string
  readonly name: string
  /** What else it is called, without the name. */
  readonly otherLabels: readonly string[]
  readonly description: string | null
}

export interface SkillEntry {
  readonly code: string
  readonly kind: SkillKind
  readonly language: string
  readonly name: string
}

export interface NeedEntry {
  readonly occupation: string
  readonly skill: string
  readonly relation: Relation
  readonly importance: number | null
}

const longestShown = 80

export function shortened(text: string | undefined): string {
  const shown = (text ?? '').replaceAll('\0', '')
  return shown.length > longestShown ? `${shown.slice(0, longestShown)}…` : shown
}

const longestLabel = 300

/** Labels, each once and none like the name, in their order; longer ones than any label is are left out. */
export function otherLabels(name: string, labels: readonly string[]): readonly string[] {
  const seen = new Set([name.toLowerCase()])
  return labels
    .map((label) => label.replace(/\s+/g, ' ').trim())
    .filter((label) => label !== '' && label.length <= longestLabel)
    .filter((label) => !seen.has(label.toLowerCase()) && seen.add(label.toLowerCase()))
}
