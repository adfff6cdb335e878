// What a rate may be, given how few people it was counted from.

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Of a standard normal distribution, for 95 %. */
const z = 1.959964

/** The score interval of Wilson (1927, Journal of the American Statistical Association 22, 209–212) with 95 %; recommended
 *  also for few people by Brown, Cai and DasGupta (2001, Statistical Science 16, 101–133). `of` at least 1. */
export function wilson(count: number, of: number): Interval {
  if (!(of >= 1) || count < 0 || count > of) throw new RangeError('A rate is of at least one, and at most all.')
  const share = count / of
  const scale = 1 + z ** 2 / of
  const middle = (share + z ** 2 / (2 * of)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
