// What long work in a command has in common: it says how far it is and how long the rest takes, and a person can stop it.

import { progressAfter, Stopped } from '#compute/index.ts'
import type { Invocation } from './command.ts'

/** Work shorter than this is done before its progress is read. */
const quiet = 2000
const betweenWords = 2000
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs the work until it ends or somebody stops it: Ctrl-C, a signal, or the end of the process that started us. Then the
 *  signal's reason is Stopped, which the work is to throw once it has tidied up. */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  // Ctrl-C reaches us from the terminal and again from the launcher: the second one must not cut the tidying short.
  const ask = () => stop.abort(new Stopped())
  for (const signal of stopSignals) process.on(signal, ask)
  process.on('disconnect', ask)
  try {
    return await work(stop.signal)
  } finally {
    // Once asked, we stay deaf to more of it: the process is about to end, with its own words and exit code.
    if (!stop.signal.aborted) for (const signal of stopSignals) process.off(signal, ask)
    process.off('disconnect', ask)
  }
}

/** Says how far work is once it lasts, a line at a time: `Learning: 40 %, about 12 seconds left`. `of` may grow. */
export function tellProgress(
  { progress }: Pick<Invocation, 'progress'>,
  stage: string,
  clock: () => number = () => performance.now(),
): (done: number, of: number) => void {
  const start = clock()
  let last = start + quiet - betweenWords
  return (done, of) => {
    const now = clock()
    if (now - last < betweenWords) return
    last = now
    const { secondsLeft } = progressAfter((now - start) / 1000, done, of)
    const share = of > 0 ? Math.floor((100 * Math.min(done, of)) / of) : 0
    progress(`${stage}: ${share} %${secondsLeft === null ? '' : `, ${timeLeft(secondsLeft)}`}`)
  }
}

function timeLeft(seconds: number): string {
  if (seconds < 1.5) return 'almost done'
  if (seconds < 90) return `about ${Math.round(seconds)} seconds left`
  if (seconds < 7200) return `about ${Math.round(seconds / 60)} minutes left`
  return `about ${Math.round(seconds / 3600)} hours left`
}
