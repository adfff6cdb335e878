// How far a long piece of work is, and how long the rest will take.

/** secondsLeft: null until something is done to judge it by. */
export interface Progress {
  readonly done: number
  readonly of: number
  readonly seconds: number
  readonly secondsLeft: number | null
}

export interface ProgressCount {
  /** Counts work done; never beyond the whole. */
  advance(by?: number): Progress
  now(): Progress
}

/** Below this the first measurements are warming up rather than a pace. */
const soonest = 0.2

/** Where work stands after so many seconds. The time left supposes that the rest goes as the done went on average. */
export function progressAfter(seconds: number, done: number, of: number): Progress {
  const isKnown = done >= of || (done > 0 && seconds >= soonest)
  return { done, of, seconds, secondsLeft: isKnown ? (done === 0 ? 0 : (seconds / done) * (of - done)) : null }
}

/**
 * Counts `of` equal pieces of work from now on; pieces that take unequal time are counted by weight (`advance(weight)`). clock:
 * milliseconds, rising.
 */
export function countProgress(of: number, clock: () => number = () => performance.now()): ProgressCount {
  if (!(of >= 0) || !Number.isFinite(of)) throw new RangeError('the work to count is a number of pieces, 0 or more')
  const start = clock()
  let done = 0
  const now = () => progressAfter((clock() - start) / 1000, done, of)
  return {
    advance(by = 1) {
      done = Math.min(of, done + by)
      return now()
    },
    now,
  }
}
