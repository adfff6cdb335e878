// The order among services that help alike: one that nobody chose, so that no provider is always first. Pure.

import { makeRandom } from '#numerics/index.ts'
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

export interface Ordered {
  readonly places: readonly number[]
  /** For each of `places`, how likely it was to stand first in its tier; null where nothing was drawn. */
  readonly chances: readonly number[] | null
}

/**
 * Tiers in their order. Within a tier those that have no places now stand after the others, and the page says so. Of each of these
 * two parts each type's first stands before any type's second, so that a type of many services crowds nobody out; services
 * within a type, and types within a part, each by a number drawn for it alone: a service that comes or goes moves no other two.
 * Each type of a part is as likely to be first as another, and each service as another of its type; one behind others with places
 * cannot be first, and its chance is 0. O(n log n).
 */
export function orderAmongEquals(
  places: readonly number[],
  { catalogue, tiers, order }: { catalogue: Catalogue; tiers: Uint32Array; order: Order },
): Ordered {
  const { services, kindOf, marks } = catalogue
  const drawn = order.by === 'lottery' ? fromLottery(order.seed) : fromIds(order.seed)
  // Two parts a tier: with places, or nobody knows; and without.
  const parts: Map<string | null, number[]>[] = []
  for (const at of places) {
    const part = 2 * tiers[kindOf[at]!]! + Number(services[at]!.placesFree === 0)
    const types = (parts[part] ??= new Map())
    const own = types.get(services[at]!.serviceType)
    if (own) own.push(at)
    else types.set(services[at]!.serviceType, [at])
  }
  const ordered: number[] = []
  const chances: number[] = []
  parts.forEach((types, part) => {
    const turns = [...types]
      .map(([type, own]) => ({ key: drawn(markOf(`type ${type ?? ''}`)), type, own: inDrawnOrder(own, marks, drawn) }))
      .sort((a, b) => a.key - b.key || ((a.type ?? '') < (b.type ?? '') ? -1 : 1))
    const isBehind = part % 2 === 1 && parts[part - 1] !== undefined
    const longest = turns.reduce((most, { own }) => Math.max(most, own.length), 0)
    for (let turn = 0; turn < longest; turn++) {
      for (const { own } of turns) {
        if (turn >= own.length) continue
        ordered.push(own[turn]!)
        chances.push(isBehind ? 0 : 1 / (turns.length * own.length))
      }
    }
  })
  return { places: ordered, chances: order.by === 'lottery' ? chances : null }
}

/** Room for a place beside 32 drawn bits in a whole number that a double holds. */
const mostPlaces = 2 ** 21

/** By the number drawn; by id where two drew alike. Numbers are sorted natively, ten times faster than objects. */
function inDrawnOrder(places: readonly number[], marks: Uint32Array, drawn: (mark: number) => number): number[] {
  const keys = Float64Array.from(places, (at) => drawn(marks[at]!) * mostPlaces + at).sort()
  return Array.from(keys, (key) => key % mostPlaces)
}

/** 32 bits each. */
function fromIds(seed: number): (mark: number) => number {
  return (mark) => mixed(seed ^ mark)
}

function fromLottery(seed: number): (mark: number) => number {
  return (mark) => makeRandom(seed, mark).uniform() * 2 ** 32
}
