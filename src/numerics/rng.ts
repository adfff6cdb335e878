// Seeded chance for everything that draws: one stream per (seed, index), so results do not depend on threads or order.

/** A stream of uniform numbers. Equal seed and index give the equal stream on every machine. */
export interface Random {
  /** Uniform in [0, 1) with 32 bits. */
  readonly uniform: () => number
  /** A whole number from 0 to below - 1, without bias. `below` is 1 to 2^32 - 1. */
  readonly below: (below: number) => number
  /** Standard normal (Box and Muller 1958, one of the pair). */
  readonly normal: () => number
}

/** xoshiro128** 1.1 (Blackman and Vigna, 2018–2021, public domain), its state filled by splitmix32 from (seed, index).
 *  seed, index: whole numbers; only their low 32 bits count. */
export function makeRandom(seed: number, index: number): Random {
  if (!Number.isInteger(seed) || !Number.isInteger(index)) throw new RangeError('seed and index are whole numbers')
  const state = seeded(seed, index)
  const bits = (): number => {
    const result = Math.imul(rotate(Math.imul(state[1], 5), 7), 9)
    const shifted = state[1] << 9
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotate(state[3], 11)
    return result >>> 0
  }
  const uniform = () => bits() / 4294967296
  return {
    uniform,
    below(below) {
      // Lemire's bound without the 64-bit product: throw away the incomplete last block, so that all are equally likely.
      const limit = 4294967296 - (4294967296 % below)
      let drawn = bits()
      while (drawn >= limit) drawn = bits()
      return drawn % below
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  }
}

/** How often each of n things is drawn in n draws with replacement (the ordinary bootstrap). Length n, sums to n. */
export function bootstrapCounts(n: number, random: Random): Float64Array {
  const counts = new Float64Array(n)
  for (let draw = 0; draw < n; draw++) counts[random.below(n)]++
  return counts
}

/** 0 to n - 1 in an order by chance (Fisher and Yates). */
export function shuffled(n: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const held = order[i]
    order[i] = order[j]!
    order[j] = held
  }
  return order
}

function seeded(seed: number, index: number): Uint32Array {
  // Two mixed words, so that neighbouring seeds and neighbouring indices share nothing.
  let mixed = (mix(seed >>> 0) ^ Math.imul(mix((index >>> 0) ^ 0x9e3779b9), 0x85ebca6b)) >>> 0
  const state = new Uint32Array(4)
  for (let word = 0; word < 4; word++) {
    mixed = (mixed + 0x9e3779b9) >>> 0
    state[word] = mix(mixed)
  }
  // The one state that xoshiro cannot leave.
  if (state.every((word) => word === 0)) state[0] = 1
  return state
}

function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}
