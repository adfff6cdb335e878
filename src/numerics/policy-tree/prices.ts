// Capacity by prices: a place in a full arm costs what it takes for the best tree to stay within the arm's share.
//
// The best tree at given prices is the best of all trees that use no more of the priced arms than it does (Everett 1963,
// Operations Research 11(3), 399–417). Trees come in steps, so the share reached may stay below the capacity.

import type { GrownTree } from './grow.ts'

export interface PricedTree {
  readonly grown: GrownTree
  readonly prices: Float64Array
  readonly isWithinCapacity: boolean
}

/** Halvings of a price's range, and how often the over-full arms are gone through. */
const halvings = 14
const mostRounds = 8

/**
 * Prices by rounds: an over-full arm's price rises until its share fits while the other prices stand still; what it turns away
 * may overfill another, so rounds go on until all fit; last, each price falls again as far as everything still fits.
 * The answer is the most valuable tree met on the way that fits everywhere. grow: the best tree at these prices.
 * scale: the usual size of a reward, the first price tried. A few dozen trees in all; one where no capacity binds.
 */
export function priceCapacity(
  capacity: Float64Array | null,
  scale: number,
  arms: number,
  grow: (prices: Float64Array) => GrownTree,
): PricedTree {
  const prices = new Float64Array(arms)
  const free = grow(prices)
  if (capacity === null || excessOf(free, capacity) === 0) return { grown: free, prices, isWithinCapacity: true }
  const search = { capacity, scale, grow, best: { grown: free, prices: Float64Array.from(prices), excess: Infinity } }
  for (let round = 0; round < mostRounds; round++) {
    const now = look(search, prices)
    const overfull = now.shares.findIndex((share, arm) => share > capacity[arm] + slack)
    if (overfull < 0) break
    raise(search, prices, overfull)
  }
  if (search.best.excess === 0) for (let arm = 0; arm < arms; arm++) if (prices[arm] > 0) lower(search, prices, arm)
  const { grown, excess } = search.best
  return { grown, prices: search.best.prices, isWithinCapacity: excess === 0 }
}

/** A share counts as within the capacity when rounding alone is over. */
const slack = 1e-9

interface Search {
  readonly capacity: Float64Array
  readonly scale: number
  readonly grow: (prices: Float64Array) => GrownTree
  best: { grown: GrownTree; prices: Float64Array; excess: number }
}

/** Grows the tree at these prices and remembers it where it is the best so far: least excess first, then most value. */
function look(search: Search, prices: Float64Array): GrownTree {
  const grown = search.grow(prices)
  const excess = excessOf(grown, search.capacity)
  const { best } = search
  if (excess < best.excess || (excess === best.excess && grown.total > best.grown.total)) {
    search.best = { grown, prices: Float64Array.from(prices), excess }
  }
  return grown
}

/** The lowest price, to a part in 2^halvings of its range, at which the arm fits; the others stand still. */
function raise(search: Search, prices: Float64Array, arm: number): void {
  const limit = search.capacity[arm] + slack
  let low = prices[arm]
  let step = Math.max(search.scale, low)
  prices[arm] = low + step
  for (let doublings = 0; doublings < 60 && look(search, prices).shares[arm] > limit; doublings++) {
    low = prices[arm]
    step *= 2
    prices[arm] = low + step
  }
  narrow(search, prices, arm, low, (grown) => grown.shares[arm] <= limit)
}

/** The lowest price at which everything still fits. */
function lower(search: Search, prices: Float64Array, arm: number): void {
  const held = prices[arm]
  prices[arm] = 0
  if (excessOf(look(search, prices), search.capacity) === 0) return
  prices[arm] = held
  narrow(search, prices, arm, 0, (grown) => excessOf(grown, search.capacity) === 0)
}

/** Halves the range between `low`, which does not fit, and the price as it is, which does. */
function narrow(
  search: Search,
  prices: Float64Array,
  arm: number,
  low: number,
  fits: (grown: GrownTree) => boolean,
): void {
  let high = prices[arm]
  for (let halving = 0; halving < halvings; halving++) {
    const middle = (low + high) / 2
    prices[arm] = middle
    if (fits(look(search, prices))) high = middle
    else low = middle
  }
  prices[arm] = high
}

/** By how much the shares are over the capacities, all arms together. */
function excessOf(grown: GrownTree, capacity: Float64Array): number {
  return grown.shares.reduce((sum, share, arm) => sum + (share > capacity[arm] + slack ? share - capacity[arm] : 0), 0)
}
