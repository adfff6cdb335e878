// Ranks an offer for a person: the same inputs give the same ranking, today and when it is looked at again years later.

import { createHash } from 'node:crypto'
import { arePlacesOld, checkRequirement, kilometresBetween } from '#directory/index.ts'
import type { ClientEstimates, Difference } from '#evidence/index.ts'
import { dayIn } from '#platform/dates.ts'
import type { Measures } from './fit.ts'
import type { Offer } from './kept-catalogue.bytes.ts'
import type { Order } from './order.ts'
import type { Person } from './person.ts'
import { recommend, type Asked, type Recommendation } from './recommend.ts'

/** All that a ranking hangs on besides the offer. */
export interface RankingInputs extends Pick<ClientEstimates, 'rankedBy' | 'estimates' | 'unsupported'> {
  readonly person: Person
  readonly differences: readonly Difference[]
  readonly order: Order
}

/** Deterministic; reads nothing but its arguments. O(services · log services). */
export function rankOffer(offer: Offer, inputs: RankingInputs): Recommendation {
  return recommend(asking(offer, inputs))
}

export function asking(offer: Offer, { rankedBy, ...inputs }: RankingInputs): Asked {
  const { catalogue, providers, findings } = offer
  const isByModel = rankedBy === 'model'
  return { ...inputs, catalogue, providers, findings, isByModel, checkRequirement, ...measuresOf(offer) }
}

export function measuresOf({ today, timeZone }: Pick<Offer, 'today' | 'timeZone'>): Measures {
  return { today, kilometresBetween, arePlacesOld: (asOf) => arePlacesOld(dayIn(timeZone, asOf), today) }
}

/** A name of the order, standings, tiers and chances: two rankings with the same are the same. */
export function digestOf({ services }: Recommendation): string {
  const hash = createHash('sha256')
  for (const { id, standing, tier, chance } of services) {
    hash.update(`${id} ${standing} ${tier ?? ''} ${chance === null ? '' : chance.toPrecision(12)}\n`)
  }
  return hash.digest('hex')
}
