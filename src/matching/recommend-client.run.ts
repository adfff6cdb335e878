// One client's recommendation from what the other features know: file, profile, directory, evidence.

import { profileOf } from '#assessment/index.ts'
import { clientFacts, type Client } from '#clients/index.ts'
import { arePlacesOld, checkRequirement, kilometresBetween, servicesForMatching, type Facts } from '#directory/index.ts'
import { estimatesForClient, type ClientEstimates } from '#evidence/index.ts'
import { sitesOf } from '#networks/index.ts'
import { dayIn } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { Work } from '#platform/http/index.ts'
import type { ServiceId } from '#platform/ids.ts'
import { fitOf, type Measures, type Point } from './fit.ts'
import type { Person, Wishes } from './person.ts'
import { recommend, type Recommendation } from './recommend.ts'

/** Where it is not ranked by a model, there are no estimates, and the order is by fit and name. */
export interface MadeRecommendation extends Recommendation, Omit<ClientEstimates, 'estimates'> {
  readonly person: Person
}

/** Reads and ranks; stores nothing. The same answers, directory and model give the same ranking. */
export async function recommendForClient(db: Db, client: Client, at: Moment): Promise<MadeRecommendation> {
  const person = await personOf(db, client, at)
  const services = await servicesForMatching(db, at.today)
  const evidence = await estimatesForClient(db, person.facts)
  const { estimates } = evidence
  const made = recommend({ person, services, estimates, checkRequirement, ...measuresOf(at) })
  return { ...evidence, ...made, person }
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
  return { facts: person.facts, points: fitOf(service, person, measuresOf(at)).points }
}

/** When and where it is asked. */
type Moment = Pick<Work, 'now' | 'today'> & { readonly network: Pick<Work['network'], 'timeZone'> }

function measuresOf({ today, network }: Moment): Measures {
  const isOld = (asOf: Date) => arePlacesOld(dayIn(network.timeZone, asOf), today)
  return { today, kilometresBetween, arePlacesOld: isOld }
}

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
