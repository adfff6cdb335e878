// Why a file cannot be learned from. One sentence each, for the terminal and for the page that takes files.

export type ProblemCode =
  | 'missing_file'
  | 'unknown_format'
  | 'unreadable'
  | 'not_text'
  | 'broken_quoting'
  | 'line_ends'
  | 'long_line'
  | 'empty'
  | 'no_header'
  | 'no_name'
  | 'same_name'
  | 'roles'
  | 'missing_column'
  | 'column_type'
  | 'wrong_cells'
  | 'no_row'
  | 'arms'
  | 'control'
  | 'no_feature'
  | 'no_outcome'
  | 'no_weight'

export interface DatasetProblem {
  readonly code: ProblemCode
  readonly sentence: string
}

export function problem(code: ProblemCode, sentence: string): DatasetProblem {
  return { code, sentence }
}

/** One row that is not learned from. `place`: the line of a CSV file (the header is line 1), the row of a Parquet file
 *  (from 1). */
export interface RefusedRow {
  readonly place: number
  /** Empty when the row as a whole is wrong. */
  readonly column: string
  readonly reason: string
}

export interface Refusals {
  readonly count: number
  /** The first thousand; the count has them all. */
  readonly shown: readonly RefusedRow[]
}

/** How many refused rows are told one by one: who has more of them has one fault, not a thousand. */
export const mostRefusalsShown = 1000

/** Names as they are said in a sentence, the first few of them. */
export function listed(names: readonly string[]): string {
  const said = names.slice(0, 12).map((name) => `“${name}”`)
  return said.join(', ') + (names.length > said.length ? ` and ${names.length - said.length} more` : '')
}
