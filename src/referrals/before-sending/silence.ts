// Whether a partner has stopped answering: three referrals in a row that ran past their clock.

/** How an earlier referral fared. `isPastClock`: the partner was reminded, or the time to answer is over. */
export interface Answering {
  readonly state: string
  readonly isPastClock: boolean
}

const inARow = 3

/** The latest first. A referral that may still be answered in time says nothing yet. */
export function isSilent(latest: readonly Answering[]): boolean {
  const telling = latest.filter(({ state, isPastClock }) => state !== 'sent' || isPastClock).slice(0, inARow)
  return telling.length === inARow && telling.every(({ state }) => state === 'sent' || state === 'expired')
}
