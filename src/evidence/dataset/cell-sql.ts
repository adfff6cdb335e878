// How a cell becomes text or a number, said in DuckDB's SQL so that it is done on whole columns. One rule for learning and
// for predicting.

import type { SourceKind } from './roles.ts'

/** Texts that say "not known". Others that do in somebody's file are names of their own, and shown as such. */
const unknownTexts = ['', 'NA', 'NaN', 'nan', 'null', 'NULL'] as const
const unknown: ReadonlySet<string> = new Set(unknownTexts)

/** The name by which the place-th column is asked for: what a file calls it never reaches a statement. */
export function columnAt(place: number): string {
  return `c${place}`
}

/** What a text cell says, without the white space around it; null where not known. */
export function meaningOf(text: string | null): string | null {
  const said = text?.trim() ?? ''
  return unknown.has(said) ? null : said
}

/** A text such as “1,5”: a number to whoever wrote it. */
export function isDecimalComma(said: string): boolean {
  return /^-?\d+,\d+$/.test(said)
}

/** A day, or a moment, as spreadsheets and databases write it. */
export function isDate(said: string): boolean {
  return /^(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4})\b/.test(said)
}

/** The cell as text, still with its white space: trimming is for those few texts that differ, not for every row. */
export function textSql(kind: SourceKind, column: string): string {
  return kind === 'text' ? column : `CAST(${column} AS VARCHAR)`
}

/** The cell as a number; NaN where not known and where it is no number. Underscores between digits are no number. */
export function numberSql(kind: SourceKind, column: string): string {
  return `coalesce(${plainNumber(kind, column)}, 'NaN'::DOUBLE)`
}

/** The same, but infinite where the cell says something that is no number, so that it can be told. */
export function strictNumberSql(kind: SourceKind, column: string): string {
  if (kind !== 'text') return numberSql(kind, column)
  const otherwise = `CASE WHEN ${isOddSql(column)} THEN 'Infinity'::DOUBLE ELSE 'NaN'::DOUBLE END`
  return `coalesce(${plainNumber(kind, column)}, ${otherwise})`
}

/** How many of a text column's cells are numbers. */
export function countNumbersSql(column: string): string {
  return `count(nullif(${plainNumber('text', column)}, 'NaN'::DOUBLE))::DOUBLE`
}

/** Whether a text cell says something that is no number. */
export function isOddSql(column: string): string {
  const words = unknownTexts.map((word) => `'${word}'`).join(', ')
  const isKnown = `trim(${column}, E' \\t\\r\\n') NOT IN (${words})`
  return `CASE WHEN ${plainNumber('text', column)} IS NOT NULL THEN false ELSE ${isKnown} END`
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
