// What orders services for a client at the moment.

/** Over everyone who could have taken it, against nothing taken: more of one working, with its 95 % interval. */
export interface ArmAverage {
  readonly type: string
  readonly gain: number
  readonly low: number
  readonly high: number
}

export interface Ranking {
  /** `model`: gains order. Else what services ask and how they fit in practice, because somebody switched ranking by model off,
   *  or because the model in use failed its checks. */
  readonly by: 'model' | 'switched_off' | 'checks_failed'
  /** To show where no model orders. */
  readonly averages: readonly ArmAverage[]
}
