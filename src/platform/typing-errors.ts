// How far apart two words are, as people mistype them.

/** How many typing errors apart: letters wrong, missing, added, or swapped with their neighbour (optimal string alignment).
 *  Symmetric; zero only for equal words. O(length × length). */
export function typingErrors(a: string, b: string): number {
  const width = b.length + 1
  const cost = new Uint8Array((a.length + 1) * width)
  for (let i = 0; i <= a.length; i++) cost[i * width] = i
  for (let j = 0; j <= b.length; j++) cost[j] = j
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(
        cost[(i - 1) * width + j]! + 1,
        cost[i * width + j - 1]! + 1,
        cost[(i - 1) * width + j - 1]! + same,
      )
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwapped) best = Math.min(best, cost[(i - 2) * width + j - 2]! + 1)
      cost[i * width + j] = best
    }
  }
  return cost[a.length * width + b.length]!
}
