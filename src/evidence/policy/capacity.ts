// How many people each service type may be given: as many as took it in the past, which is what there were places for.

export interface Capacity {
  /** For each arm, the largest share of the people; Infinity where there is no limit. What policy trees ask. */
  readonly shares: Float64Array
  /** The same in people of these rows. What the welfare dial asks. */
  readonly places: Float64Array
}

/** The arms' own numbers of people; the control, at place 0, has no limit: nobody must be given a service because places are
 *  empty. arm: each row's arm, below `arms`. Throws where there are no rows. */
export function capacityAsItWas(arm: Uint8Array, arms: number): Capacity {
  if (arm.length === 0) throw new RangeError('without people there is no past to go by')
  const places = new Float64Array(arms)
  for (const taken of arm) places[taken] = (places[taken] ?? 0) + 1
  places[0] = Infinity
  return { places, shares: places.map((count) => count / arm.length) }
}

/** Places of each arm in people of these rows: as it was, but where another share of the people was said. capacity: by arm, Infinity
 *  where nothing was; null: of none. A share of these rows is rounded down, so that nobody is given what is not there. */
export function placesWithin(arm: Uint8Array, arms: number, capacity: Float64Array | null): Float64Array {
  const { places } = capacityAsItWas(arm, arms)
  return places.map((count, k) => {
    const share = capacity?.[k] ?? Infinity
    return share === Infinity ? count : Math.floor(share * arm.length + 1e-9)
  })
}
