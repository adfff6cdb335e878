// Capacity by prices: a place in a full arm costs what it takes for trees to stay within the arms' shares.
//
// Whatever the prices, the best tree at those prices, the price of all places paid back, gives at least as much as any tree
// within the capacities: a bound from above (Lagrange; Everett 1963, Operations Research 11(3), 399–417). The prices of the
// lowest bound are looked for by subgradient steps (Fisher 1981, Management Science 27(1), 1–18), and of all trees met on the
// way the best one that fits is the answer; where it reaches the bound it is the best there is.

import type { RatedTree } from './search.ts'

export interface PricedTrees {
  /** The best tree met that fits; where none fits, the one that is least over. */
  readonly best: RatedTree
  /** Its sum of rewards without prices, and how many rows it has over the arms' places. */
  readonly total: number
  readonly excess: number
  /** The most that a tree within the capacities can have. */
  readonly bound: number
  /** For each arm, of the lowest bound: what one place more would be worth. */
  readonly prices: Float64Array
}

const mostSteps = 80

/**
 * capacity: for each arm the largest share of `rows`, Infinity where there is no limit. margin: what counts as
 * nothing in a sum. lottery: the sum of rewards if chance dealt out the arms. treesAt: trees rated at these prices, the best of them first. One call where the
 * best tree without prices fits; up to 80 otherwise. Deterministic.
 */
export function priceCapacity(
  capacity: Float64Array,
  rows: number,
  { margin, lottery }: { margin: number; lottery: number },
  treesAt: (prices: Float64Array) => readonly RatedTree[],
): PricedTrees {
  const places = placesOf(capacity, rows)
  let prices = new Float64Array(capacity.length)
  let best: MetTree | null = null
  let bound = Infinity
  let boundPrices = prices
  let length = 1
  for (let step = 0, stale = 0; step < mostSteps; step++) {
    const trees = treesAt(prices)
    for (const tree of trees) best = betterOf(best, tree, { prices, places, margin })
    const dual = trees[0].value + placesPaid(prices, places)
    if (dual < bound - margin) {
      bound = dual
      boundPrices = prices
      stale = 0
    } else if (++stale % 6 === 0) length /= 2
    if (best === null || (best.excess === 0 && best.total >= bound - margin)) break
    // Where nothing fits yet, what a lottery among the arms would give stands in for the best that fits.
    const reached = best.excess === 0 ? Math.max(best.total, lottery) : lottery
    prices = stepped(prices, trees[0].given, places, length * Math.max(dual - reached, margin))
  }
  if (best === null) throw new RangeError('there is no tree to price')
  return { best: best.tree, total: best.total, excess: best.excess, bound, prices: boundPrices }
}

/** For each arm, how many of the rows may get it; rounding alone is never over. Infinity where there is no limit. */
export function placesOf(capacity: Float64Array, rows: number): Float64Array {
  return capacity.map((share) => (share >= 1 ? Infinity : (share + 1e-9) * rows))
}

export interface MetTree {
  readonly tree: RatedTree
  readonly total: number
  readonly excess: number
}

/** The least excess first, then more value without prices, by more than the margin; of equals the one met first. prices: at
 *  which `tree` was rated. */
export function betterOf(
  best: MetTree | null,
  tree: RatedTree,
  { prices, places, margin }: { prices: Float64Array; places: Float64Array; margin: number },
): MetTree {
  let total = tree.value
  let excess = 0
  for (let a = 0; a < places.length; a++) {
    total += prices[a] * tree.given[a]
    if (tree.given[a] > places[a]) excess += tree.given[a] - places[a]
  }
  if (best !== null && (excess > best.excess || (excess === best.excess && total <= best.total + margin))) return best
  return { tree, total, excess }
}

function placesPaid(prices: Float64Array, places: Float64Array): number {
  return prices.reduce((sum, price, a) => (price > 0 ? sum + price * places[a] : sum), 0)
}

/** Overfull arms grow dearer and slack ones cheaper, by Polyak's step: the gap over the squared length of the direction. */
function stepped(
  prices: Float64Array,
  given: Float64Array,
  places: Float64Array,
  gap: number,
): Float64Array<ArrayBuffer> {
  const direction = places.map((most, a) => {
    const over = given[a] - most
    return most === Infinity || (over < 0 && prices[a] === 0) ? 0 : over
  })
  const squared = direction.reduce((sum, over) => sum + over * over, 0)
  if (squared === 0) return Float64Array.from(prices)
  return Float64Array.from(prices, (price, a) => Math.max(0, price + (gap * direction[a]) / squared))
}
