// Somebody stopped the work: not a failure, and not an answer.

/** Nothing of the stopped work is kept. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  constructor() {
    super('Stopped. Nothing was saved.')
  }
}

/** Throws Stopped once the signal says so; for the places of long work where it can be left without harm. */
export function leaveIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Stopped()
}
