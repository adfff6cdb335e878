// One client's recommendation from what the other features know: file, profile, directory, evidence.

import { profileOf } from '#assessment/index.ts'
import { clientFacts, type Client } from '#clients/index.ts'
import { servicesForMatching, type Facts } from '#directory/index.ts'
import { estimatesForClient, type ClientEstimates } from '#evidence/index.ts'
import { sitesOf } from '#networks/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { Work } from '#platform/http/index.ts'
import type { ServiceId } from '#platform/ids.ts'
import { offerNow } from './catalogues.store.ts'
import { fitOf, type Point } from './fit.ts'
import type { Offer } from './kept-catalogue.bytes.ts'
import { stableOrder, type Order } from './order.ts'
import type { Person, Wishes } from './person.ts'
import { measuresOf, rankOffer } from './rank-offer.run.ts'
import type { Recommendation } from './recommend.ts'
import { waitsOf } from './waits.store.ts'

/** Where it is not ranked by a model, there are no estimates, and services stand in an order that nobody chose. */
export interface MadeRecommendation extends Recommendation, ClientEstimates {
  readonly person: Person
  readonly offer: Offer
  readonly order: Order
}

/** Reads and ranks; stores nothing. The same answers, directory, model and order give the same ranking. Some twenty statements,
 *  whatever the number of services. */
export async function recommendForClient(
  db: Db,
  client: Client,
  at: Moment,
  order: Order = stableOrder(client.id),
): Promise<MadeRecommendation> {
  const person = await personOf(db, client, at)
  const evidence = await estimatesForClient(db, person.facts)
  const { rankedBy, modelId } = evidence
  const offer = await offerNow(db, {
    ...{ networkId: at.network.id, timeZone: at.network.timeZone, today: at.today },
    modelId: rankedBy === 'model' ? modelId : null,
  })
  return { ...evidence, ...rankOffer(offer, { ...evidence, person, order }), person, offer, order }
}

/** What the ranking would say of one service for this client: the facts that its rules are checked against, and what speaks
 *  for and against it in practice. Null when the service takes nobody. */
export async function fitForClient(
  db: Db,
  client: Client,
  { serviceId, at }: { readonly serviceId: ServiceId; readonly at: Moment },
): Promise<{ readonly facts: Facts; readonly points: readonly Point[] } | null> {
  const [service] = await servicesForMatching(db, at.today, serviceId)
  if (!service) return null
  const person = await personOf(db, client, at)
  const wait = (await waitsOf(db)).get(serviceId) ?? null
  // Childcare of other services at the same place is not looked up for one alone.
  const surroundings = { ...measuresOf({ today: at.today, timeZone: at.network.timeZone }), childcareAt: nowhere }
  return { facts: person.facts, points: fitOf({ ...service, wait }, person, surroundings).points }
}

const nowhere: ReadonlySet<string> = new Set()

/** When and where it is asked. */
type Moment = Pick<Work, 'now' | 'today'> & { readonly network: Pick<Work['network'], 'id' | 'timeZone'> }

/** What is known of the client now. What they disclosed for fairness alone is not asked for. */
export async function personOf(db: Db, client: Client, { now, today }: Pick<Moment, 'now' | 'today'>): Promise<Person> {
  const { facts } = await profileOf(db, client.id, { asOf: now, on: today, known: { ...clientFacts(client, today) } })
  const spoken = Array.isArray(facts.languages) ? facts.languages.map(String) : []
  const wishes: Wishes = {
    ...(await startOf(db, client)),
    languages: [...new Set([...(client.language === null ? [] : [client.language]), ...spoken])],
    needsInterpreter: client.needsInterpreter,
    accessNeeds: client.accessNeeds,
  }
  return { facts, wishes }
}

async function startOf(db: Db, client: Client): Promise<Pick<Wishes, 'position' | 'positionOf'>> {
  if (client.position) return { position: client.position, positionOf: 'home' }
  const site = (await sitesOf(db)).find(({ id }) => id === client.siteId)
  return site?.position ? { position: site.position, positionOf: 'site' } : { position: null, positionOf: null }
}
