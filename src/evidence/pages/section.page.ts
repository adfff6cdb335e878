// A part of a model's page: one sentence on top, what it means, pictures, a table. The template arranges, and nothing more.

export interface Cell {
  readonly text: string
  readonly isNumeric?: boolean
  /** SVG, beside or instead of the text. */
  readonly chart?: string
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
}

export const numeric = (text: string): Cell & { readonly isNumeric: true } => ({ text, isNumeric: true })
