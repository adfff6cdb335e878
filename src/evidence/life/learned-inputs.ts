// What of the learning data is kept beside a model, so that later episodes can be compared with it. No row of anybody.

/** How one input lay: shares of its ranges (numbers, cut at tenths) or levels, the last share is that of "not known". */
export interface InputShares {
  readonly name: string
  /** Upper ends of all ranges but the last; null for levels. */
  readonly edges: readonly number[] | null
  readonly levels: readonly string[] | null
  readonly shares: readonly number[]
}

export interface ArmShare {
  readonly arm: string
  readonly share: number
  /** Of how many the outcome is known, its mean and its standard deviation (null below two). */
  readonly known: number
  readonly mean: number | null
  readonly deviation: number | null
}

/** What of the learning data is kept beside a model to compare later episodes with. No row, only shares and means. */
export interface LearnedInputs {
  readonly rows: number
  readonly isYesNo: boolean
  readonly inputs: readonly InputShares[]
  readonly arms: readonly ArmShare[]
}
