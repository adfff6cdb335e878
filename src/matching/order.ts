// The order among services that cannot be told apart: by the estimate as it is, and among those of one kind one that nobody chose, so
// that no provider is always first. Pure.

import { markOf, mixed, type Catalogue } from './catalogue.ts'

/**
 * `stable`: from the client's and the services' ids alone; the same client always sees the same order. `lottery`: drawn, once
 * for a client, from a seed that nobody could know before; the network has switched it on.
 */
export interface Order {
  readonly by: 'stable' | 'lottery'
  readonly seed: number
}

/** The seed of a client's stable order. */
export function stableOrder(clientId: string): Order {
  return { by: 'stable', seed: markOf(clientId) }
}

export interface Standings {
  readonly part: Uint8Array
  readonly tiers: Uint32Array
  readonly suits: Uint8Array
  readonly gains: Float64Array
}

export interface Ordered {
  /** Places in the catalogue. */
  readonly places: Uint32Array
  /** For each of `places`, how likely it was to stand first of its part; null where nothing was drawn. */
  readonly chances: Float64Array | null
}

/**
 * By part, and within each by tier. Within a tier stand first those that answer what the client asked for, and last those that have
 * no places now; then types by what they are estimated to add, or by lot where a lottery is held; and services of a type in an
 * order drawn for each alone. The page says so. A service that comes, goes, opens or closes changes the order of no other two, and
 * no provider is first for everybody. Chances: in the first stage of a tier that has anyone each type is as likely to lead as
 * another, and each service as another of its type; those of later stages cannot lead. part: one a service of the catalogue, 0 the
 * first. tiers: one a kind. suits: one a type, 1 where it answers what was asked for. gains: one a type, 0 where nothing is known.
 * O(n log n).
 */
export function orderAmongEquals(
  catalogue: Catalogue,
  { part, tiers, suits, gains, order }: Standings & { readonly order: Order },
): Ordered {
  const { types, typeOf, isFull, kindOf, marks } = catalogue
  const turns = turnsOf(types, order.by === 'lottery' ? null : gains, order.seed)
  const count = marks.length
  const mostTiers = tiers.reduce((most, tier) => Math.max(most, tier), 0) + 1
  // A bucket: one part, tier, stage and type. Counted first, then filled.
  const bucketOf = new Uint32Array(count)
  const ends = new Uint32Array(
    (part.reduce((most, one) => Math.max(most, one), 0) + 1) * mostTiers * stages * turns.length,
  )
  for (let at = 0; at < count; at++) {
    const stage = 2 * isFull[at]! + 1 - suits[typeOf[at]!]!
    const level = (part[at]! * mostTiers + tiers[kindOf[at]!]!) * stages + stage
    const bucket = level * turns.length + turns[typeOf[at]!]!
    bucketOf[at] = bucket
    ends[bucket]!++
  }
  const sizes = ends.slice()
  for (let bucket = 1; bucket < ends.length; bucket++) ends[bucket]! += ends[bucket - 1]!
  const keys = new Float64Array(count)
  const next = Uint32Array.from(ends, (end, bucket) => end - sizes[bucket]!)
  for (let at = 0; at < count; at++) keys[next[bucketOf[at]!]!++] = drawn(order.seed, marks[at]!) * mostPlaces + at
  // Numbers are sorted natively, ten times faster than objects.
  sizes.forEach((size, bucket) => {
    if (size > 1) keys.subarray(ends[bucket]! - size, ends[bucket]).sort()
  })
  const chances = order.by === 'lottery' ? chancesOf({ sizes, ends, types: turns.length }, count) : null
  return { places: Uint32Array.from(keys, (key) => key % mostPlaces), chances }
}

/** With and without places, each with what was asked for first. */
const stages = 4

/** In which turn each type stands: by gain, the highest first; without gains, or where they are equal, drawn for it alone. */
function turnsOf(types: readonly (string | null)[], gains: Float64Array | null, seed: number): Uint8Array {
  const inTurn = types
    .map((type, place) => ({ type, place, gain: gains?.[place] ?? 0, key: drawn(seed, markOf(`type ${type ?? ''}`)) }))
    .sort((a, b) => b.gain - a.gain || a.key - b.key || ((a.type ?? '') < (b.type ?? '') ? -1 : 1))
  const turns = new Uint8Array(types.length)
  inTurn.forEach(({ place }, turn) => (turns[place] = turn))
  return turns
}

interface Buckets {
  readonly sizes: Uint32Array
  readonly ends: Uint32Array
  readonly types: number
}

/** Of each place, how likely it was to stand first of its tier. */
function chancesOf({ sizes, ends, types }: Buckets, count: number): Float64Array {
  const typesAt = new Uint32Array(sizes.length / types)
  sizes.forEach((size, bucket) => (typesAt[Math.floor(bucket / types)]! += Number(size > 0)))
  const chances = new Float64Array(count)
  sizes.forEach((size, bucket) => {
    const level = Math.floor(bucket / types)
    const tier = level - (level % stages)
    const leads = typesAt.subarray(tier, level).every((types) => types === 0)
    if (size > 0 && leads) chances.fill(1 / (typesAt[level]! * size), ends[bucket]! - size, ends[bucket])
  })
  return chances
}

/** Room for a place beside 32 drawn bits in a whole number that a double holds. */
const mostPlaces = 2 ** 21

/** 32 bits from the seed and the id alone. Over all seeds each of two ids is as often before the other. */
function drawn(seed: number, mark: number): number {
  return mixed((seed ^ mark) >>> 0)
}
