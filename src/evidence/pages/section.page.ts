// A part of a model's page: one sentence on top, what it means, pictures, a table. The template arranges, and nothing more.

import type { Reader } from './words.page.ts'

export interface Cell {
  readonly text: string
  readonly isNumeric?: boolean
  /** SVG, beside or instead of the text. */
  readonly chart?: string
  /** The text is a verdict: told by a mark too. */
  readonly tone?: 'good' | 'stop' | 'quiet'
}

export interface Row {
  readonly head: string
  readonly cells: readonly Cell[]
}

export interface Table {
  readonly heads: readonly { readonly text: string; readonly isNumeric?: boolean }[]
  readonly rows: readonly Row[]
}

export interface Figure {
  readonly caption: string
  readonly chart: string
}

export interface Section {
  readonly id: string
  readonly heading: string
  readonly sentence: string
  /** How to read it. */
  readonly meaning: string | null
  readonly figures: readonly Figure[]
  readonly table: Table | null
  /** What stands on the fold; where there is none, nothing is folded. */
  readonly fold?: string
  /** Folded instead of the table. */
  readonly more?: Table
}

/** The sentence stays, what it rests on folds away. */
export function folded<S extends Section | null>(section: S, { t }: Reader): S | Section {
  if (section === null || (section.table === null && section.figures.length === 0)) return section
  const fold = t(section.figures.length > 0 ? 'evidence.section.pictures' : 'evidence.section.table')
  return { ...section, fold }
}

export const numeric = (text: string): Cell & { readonly isNumeric: true } => ({ text, isNumeric: true })
