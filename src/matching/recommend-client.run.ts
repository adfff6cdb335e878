// One client's recommendation from what the other features know: file, profile, directory, evidence.

import { profileOf } from '#assessment/index.ts'
import { clientFacts, type Client } from '#clients/index.ts'
import { checkRequirement, kilometresBetween, servicesForMatching } from '#directory/index.ts'
import { estimateChances, findModelInUse, type ModelId } from '#evidence/index.ts'
import { sitesOf } from '#networks/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { Person, Wishes } from './person.ts'
import { recommend, type Recommendation } from './recommend.ts'

export interface MadeRecommendation extends Recommendation {
  readonly person: Person
  /** Null before the first learning. */
  readonly modelId: ModelId | null
}

/** Reads and ranks; stores nothing. The same answers, directory and model give the same ranking. */
export async function recommendForClient(
  db: Db,
  client: Client,
  { now, today }: { readonly now: Date; readonly today: CalendarDay },
): Promise<MadeRecommendation> {
  const person = await personOf(db, client, { now, today })
  const services = await servicesForMatching(db, today)
  const learned = await findModelInUse(db)
  const estimates = learned ? estimateChances(learned.model, person.facts) : []
  const made = recommend({ person, services, estimates, today, checkRequirement, kilometresBetween })
  return { ...made, person, modelId: learned?.id ?? null }
}

/** What is known of the client now. What they disclosed for fairness alone is not asked for. */
export async function personOf(
  db: Db,
  client: Client,
  { now, today }: { readonly now: Date; readonly today: CalendarDay },
): Promise<Person> {
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
