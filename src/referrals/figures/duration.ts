// How long something takes when not all of it is over: the Kaplan and Meier estimate (1958). Leaving out what still waits would
// call every step quicker than it is.

/** How many took so many whole days, and how many have lasted so long and go on. */
export interface Durations {
  readonly days: number
  readonly over: number
  readonly waiting: number
}

/** The shortest time by which at least this share (0 to 1) is over; null when so much never was, as far as anyone knows yet.
 *  What is not over counts among those waiting up to the day that it has reached, that day included. */
export function timeUntil(share: number, durations: readonly Durations[]): number | null {
  let waiting = durations.reduce((sum, each) => sum + each.over + each.waiting, 0)
  let left = 1
  const byDays = Map.groupBy(durations, ({ days }) => days)
  for (const days of [...byDays.keys()].sort((a, b) => a - b)) {
    const here = byDays.get(days) ?? []
    const over = here.reduce((sum, each) => sum + each.over, 0)
    left *= 1 - over / waiting
    waiting -= here.reduce((sum, each) => sum + each.over + each.waiting, 0)
    // Products of fractions miss a round share by a hair.
    if (over > 0 && left <= 1 - share + 1e-12) return days
  }
  return null
}
