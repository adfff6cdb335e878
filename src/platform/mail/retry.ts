// What came of a conversation with the mail server, and when it is worth another.

/** `problem` is a code that the outbox says in words: a server's own words may repeat an address. */
export type Outcome =
  /** The server confirmed it. */
  | { readonly kind: 'accepted' }
  /** The server will not take this letter, ever. */
  | { readonly kind: 'refused'; readonly problem: RefusalProblem }
  /** It did not take it now, or could not be reached: nothing was delivered. */
  | { readonly kind: 'delayed'; readonly problem: DelayProblem }
  /** The line died between the end of the letter and the answer: it may have been delivered. */
  | { readonly kind: 'unknown'; readonly problem: 'no_answer' }

export const refusalProblems = ['no_such_address', 'letter_refused'] as const
export const delayProblems = [
  ...(['unreachable', 'busy', 'sign_in', 'sender_refused', 'unwritable', 'interrupted'] as const),
] as const
export type RefusalProblem = (typeof refusalProblems)[number]
export type DelayProblem = (typeof delayProblems)[number]

const minute = 60_000

/**
 * Pauses after each try that did not succeed, in minutes. A server that greylists takes the second or third; one that is
 * down over a night or a weekend's maintenance takes the last: 5 min, 30 min, 2 h, 6 h, 12 h and 24 h are 44 h 35 min in all.
 */
const pauses = [5, 30, 120, 360, 720, 1440] as const

/** Tries in all, the first included. */
export const mailTries = pauses.length + 1

/** When a mail that was tried so often (1 after the first) is tried again; null when a person must be told. */
export function nextTry(attempts: number, now: Date): Date | null {
  const pause = pauses[attempts - 1]
  return pause === undefined ? null : new Date(now.getTime() + pause * minute)
}

/** No conversation lasts so long: a claim of this age was left by a process that died. */
export const claimMinutes = 30
export const conversationMinutes = 5
