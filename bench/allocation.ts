// 2,000 clients for 200 services with places, by HiGHS: the time to the best answer, and that it is the best.

import { makeRandom } from '#numerics/index.ts'
import { pairsFor, placeInOrder, orderByWaiting, type Suitor } from '#matching/allocation/allocation.ts'
import { solveTransport } from '#matching/allocation/transport.tasks.ts'
import { newId } from '#platform/ids.ts'

export interface AllocationFigures {
  readonly clients: number
  readonly services: number
  readonly places: number
  /** Client and service that may come together. */
  readonly pairs: number
  readonly seconds: number
  readonly placed: number
  /** More people working than without help, by the best answer and by waiting time. */
  readonly added: number
  readonly firstCome: number
  /** The bound that the best prices set on every answer, less the answer's own sum: 0 says that no other is better. */
  readonly gap: number
}

const kinds = 8

/** Each client: a gain for each of eight kinds of service; about three in ten services open to them and near enough. */
export async function measureAllocation(clients = 2000, services = 200): Promise<AllocationFigures> {
  const random = makeRandom(17, clients)
  const places = Array.from({ length: services }, () => random.below(14))
  const suitors = Array.from({ length: clients }, (): Suitor => {
    const gains = Array.from({ length: kinds }, () => 0.06 + 0.06 * random.normal())
    const options = places.flatMap((_, service) =>
      random.uniform() < 0.3 ? [{ service, gain: gains[service % kinds]!, minutes: 5 + 5 * random.below(17) }] : [],
    )
    return {
      ...{ clientId: newId<'client'>(), siteId: newId<'site'>(), restrictedTo: null },
      recommendationId: newId<'recommendation'>(),
      ...{ waitingDays: random.below(300), chanceWithout: 0.1 + 0.6 * random.uniform(), options },
    }
  })
  const pairs = pairsFor(suitors, 0)
  const { person, service, objectives } = pairs
  const shared = { people: clients, person, service, places: Float64Array.from(places) }
  const begun = performance.now()
  const { chosen, sums, prices } = await solveTransport(shared, { objectives, seed: 1 })
  const seconds = (performance.now() - begun) / 1000
  const waited = placeInOrder(suitors, places, orderByWaiting(suitors, 1))
  return {
    ...{ clients, services, pairs: person.length, seconds },
    places: places.reduce((sum, count) => sum + count, 0),
    placed: chosen.filter((at) => at >= 0).length,
    added: (sums[0] ?? 0) / 1000,
    firstCome: waited.reduce((sum, option) => sum + (option?.gain ?? 0), 0),
    gap: boundOf(shared, objectives[0]!, prices) - (sums[0] ?? 0),
  }
}

/** Weak duality: no answer is worth more than the services' prices times their places and what each person has left at best. */
function boundOf(
  { people, person, service, places }: Parameters<typeof solveTransport>[0],
  worth: Float64Array,
  prices: Float64Array,
): number {
  const left = new Float64Array(people)
  for (let e = 0; e < person.length; e++) {
    left[person[e]!] = Math.max(left[person[e]!]!, worth[e]! - prices[service[e]!]!)
  }
  return places.reduce((sum, count, s) => sum + count * prices[s]!, 0) + left.reduce((sum, each) => sum + each, 0)
}
