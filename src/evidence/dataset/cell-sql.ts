// How a cell becomes text or a number, said in DuckDB's SQL so that it is done on whole columns. One rule for learning and
// for predicting.

import type { SourceKind } from './roles.ts'

/** Texts that say "not known". Others that do in somebody's file are names of their own, and shown as such. */
export const unknownTexts = ['', 'NA', 'NaN', 'nan', 'null', 'NULL'] as const

/** The name by which the place-th column is asked for: what a file calls it never reaches a statement. */
export function columnAt(place: number): string {
  return `c${place}`
}

/** The cell as text without the white space around it; NULL where not known. */
export function textSql(kind: SourceKind, column: string): string {
  if (kind !== 'text') return `CAST(${column} AS VARCHAR)`
  const words = unknownTexts.map((word) => `'${word}'`).join(', ')
  return `CASE WHEN ${trimmed(column)} IN (${words}) THEN NULL ELSE ${trimmed(column)} END`
}

/** The cell as a number; NaN where not known and where it is no number. Underscores between digits are no number. */
export function numberSql(kind: SourceKind, column: string): string {
  return `coalesce(${plainNumber(kind, column)}, 'NaN'::DOUBLE)`
}

/** Whether the cell says something that is no number. */
export function isOddSql(column: string): string {
  return `CASE WHEN ${plainNumber('text', column)} IS NOT NULL THEN false ELSE ${textSql('text', column)} IS NOT NULL END`
}

/** Text as it stands in a statement. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function plainNumber(kind: SourceKind, column: string): string {
  if (kind === 'yes_no') return `CAST(CAST(${column} AS TINYINT) AS DOUBLE)`
  if (kind === 'number') return `CAST(${column} AS DOUBLE)`
  return `CASE WHEN contains(${column}, '_') THEN NULL ELSE TRY_CAST(${column} AS DOUBLE) END`
}

function trimmed(column: string): string {
  return `trim(${column}, E' \\t\\r\\n')`
}
