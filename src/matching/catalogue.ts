// What a network offers at one moment, laid out for checking many services at once: each distinct rule, list of rules and
// kind of help stands once. Pure, and with nothing of any client in it.

import type { Rule, ServiceToMatch, ServiceType } from '#directory/index.ts'

/** How long people really waited, from being sent to their first attendance. */
export interface Wait {
  readonly days: number
  readonly people: number
}

/** A service as matching looks at it: the directory's entry, and what really happened. */
export interface OfferedService extends ServiceToMatch {
  /** Null: too few have come for a figure. */
  readonly wait: Wait | null
}

/** A type of help by one organisation: all that the evidence can tell apart. */
export interface HelpKind {
  readonly type: string | null
  readonly provider: string
}

export interface Catalogue {
  /** By id, whatever order they came in. */
  readonly services: readonly OfferedService[]
  readonly rules: readonly Rule[]
  /** Places in `rules`; a service's own is `lists[listOf[its place]]`. */
  readonly lists: readonly Uint32Array[]
  readonly listOf: Uint32Array
  readonly kinds: readonly HelpKind[]
  readonly kindOf: Uint32Array
  readonly types: readonly (ServiceType | null)[]
  readonly typeOf: Uint16Array
  /** 1 where it has said that no places are free. */
  readonly isFull: Uint8Array
  /** A number of each service's id, evenly spread, from which orders among equals are drawn. */
  readonly marks: Uint32Array
  /** Places where childcare is given as well. */
  readonly childcareAt: ReadonlySet<string>
}

/** O(services · rules). The same services in any order give the same catalogue. */
export function compileCatalogue(offered: readonly OfferedService[]): Catalogue {
  const services = offered.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const rules = startList<Rule>()
  const lists = startList<Uint32Array>()
  const kinds = startList<HelpKind>()
  const types = startList<ServiceType | null>()
  const typeOf = new Uint16Array(services.length)
  const isFull = new Uint8Array(services.length)
  const listOf = new Uint32Array(services.length)
  const kindOf = new Uint32Array(services.length)
  const marks = new Uint32Array(services.length)
  const childcareAt = new Set<string>()
  services.forEach((service, at) => {
    const own = service.rules.map((rule) => rules.placeOf(JSON.stringify(rule), rule))
    listOf[at] = lists.placeOf(own.join(), Uint32Array.from(own))
    const kind = { type: service.serviceType, provider: service.organizationName }
    kindOf[at] = kinds.placeOf(`${kind.type ?? ''}\n${kind.provider}`, kind)
    typeOf[at] = types.placeOf(service.serviceType ?? '', service.serviceType)
    isFull[at] = Number(service.placesFree === 0)
    marks[at] = markOf(service.id)
    if (service.serviceType === 'childcare') for (const place of service.places) childcareAt.add(place.locationId)
  })
  return {
    ...{ services, rules: rules.all, lists: lists.all, listOf, kinds: kinds.all, kindOf },
    ...{ types: types.all, typeOf, isFull, marks, childcareAt },
  }
}

/** FNV-1a of the text (Fowler, Noll and Vo; 32 bits), its bits mixed once more. */
export function markOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return mixed(hash)
}

/** The finaliser of MurmurHash3 (Appleby): every bit of what goes in moves about half of those that come out. */
export function mixed(bits: number): number {
  let h = bits
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

function startList<T>() {
  const all: T[] = []
  const places = new Map<string, number>()
  return {
    all,
    placeOf(key: string, one: T): number {
      const known = places.get(key)
      if (known !== undefined) return known
      places.set(key, all.length)
      return all.push(one) - 1
    },
  }
}
