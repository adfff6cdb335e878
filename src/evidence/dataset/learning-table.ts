// What the engine learns from, whatever it was read from: a file or the network's own episodes. Columns are typed arrays of
// one length, in the order of the rows, so that millions of rows fit and nothing is made per row.

/** One thing known of everybody before any service was taken. `values`: a number as it is; for `ordered` and `category` the
 *  place of its level in `levels` (ordered: from least to most). NaN: not known, which is never a level. */
export interface Feature {
  readonly name: string
  readonly kind: 'number' | 'ordered' | 'category'
  readonly levels: readonly string[]
  /** Enters the models of who gets what and of outcomes, never the effect that ranks. */
  readonly isProtected: boolean
  readonly values: Float64Array
}

export interface Outcome {
  readonly name: string
  readonly kind: 'yes_no' | 'number'
  /** NaN: not known (lost touch), never "no". Yes is 1, no is 0. */
  readonly values: Float64Array
}

/** Rows that share something unrecorded (a site, an adviser), and so are kept together in folds and in standard errors. */
export interface Cluster {
  readonly name: string
  /** The cluster's place, from 0; a row without one is a cluster of its own. */
  readonly places: Int32Array
  readonly count: number
}

export interface Providers {
  readonly names: readonly string[]
  /** The place of the provider's name; -1: none. */
  readonly places: Int32Array
}

export interface LearningTable {
  readonly rows: number
  readonly features: readonly Feature[]
  readonly treatment: string
  /** The control is at place 0, the others sorted by name. */
  readonly arms: readonly string[]
  readonly arm: Uint8Array
  readonly outcome: Outcome
  readonly weight: Float64Array | null
  readonly cluster: Cluster | null
  /** rows × arms, column-major: arm k of row i at [k * rows + i]. Each row sums to one. */
  readonly knownPropensity: Float64Array | null
  readonly span: { readonly from: string; readonly to: string } | null
  readonly provider: Providers | null
}
