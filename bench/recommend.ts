// One client's recommendation over many services, against indexed primary-key reads in the same run: its middle, its tail, and how
// many statements it takes.

import { findClient, registerClient } from '#clients/index.ts'
import { drawFacts } from '#demo/people.ts'
import { chances, demoArms, drawArm } from '#demo/truth.ts'
import {
  addLocations,
  addOrganizations,
  addRequirement,
  addServices,
  serviceTypes,
  type Rule,
} from '#directory/index.ts'
import { saveModel } from '#evidence/models.store.ts'
import { recommendForClient } from '#matching/index.ts'
import { rankOffer } from '#matching/rank-offer.run.ts'
import { insertSite } from '#networks/index.ts'
import { makeRandom } from '#numerics/index.ts'
import { dayIn } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { testDatabase } from '#platform/db/testing.ts'
import { insertStaff } from '#staff/index.ts'
import { newId, type NetworkId } from '#platform/ids.ts'
import { fitOn } from './classic.ts'

export interface RecommendationFigures {
  readonly services: number
  /** Of the whole recommendation (file, profile, model, ranking), the directory unchanged. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** One service by its primary key, in the same transaction; the median. */
  readonly readMs: number
  /** The same as multiples of one such read. */
  readonly p50Reads: number
  readonly p99Reads: number
  /** Constant in the number of services: `statementsOfFew` is of a hundredth of them. */
  readonly statements: number
  readonly statementsOfFew: number
  /** The first after a change of the directory: everything is read again. */
  readonly afterChangeMs: number
  readonly statementsAfterChange: number
  /** Checking and ordering alone. */
  readonly rankingMs: number
}

const servicesOfOrganization = 3
const runs = 300

export async function measureRecommendation(services = 10_000): Promise<RecommendationFigures> {
  const few = await measure(Math.ceil(services / 100), 20)
  const many = await measure(services, runs)
  return { ...many, statementsOfFew: few.statements }
}

async function measure(services: number, times: number): Promise<Omit<RecommendationFigures, 'statementsOfFew'>> {
  const database = await testDatabase()
  try {
    const networkId = await database.addNetwork()
    const now = new Date()
    const clientId = await database.as({ networkId, role: 'job' }, (db) => prepare(db, networkId, { services, now }))
    return await database.as({ networkId }, async (db) => {
      const client = await findClient(db, clientId)
      if (!client) throw new Error('The preparation failed.')
      const today = dayIn('Europe/Zurich', now)
      const at = { now, today, network: { id: networkId, timeZone: 'Europe/Zurich' } }
      const counted = countingStatements(db)
      const first = await timed(() => recommendForClient(counted.db, client, at))
      const statementsAfterChange = counted.taken()
      const made = await recommendForClient(counted.db, client, at)
      const statements = counted.taken()
      const [some] = made.services
      if (!some) throw new Error('There are no services.')
      const reads = await timesOf(times, () =>
        db.selectFrom('services').select(['id', 'name', 'service_type']).where('id', '=', some.id).executeTakeFirst(),
      )
      const wholes = await timesOf(times, () => recommendForClient(db, client, at))
      const rankings = await timesOf(Math.min(times, 50), async () => rankOffer(made.offer, made))
      const readMs = quantile(reads, 0.5)
      const [p50Ms, p99Ms] = [quantile(wholes, 0.5), quantile(wholes, 0.99)]
      return {
        ...{ services: made.services.length, p50Ms, p99Ms, readMs, p50Reads: p50Ms / readMs, p99Reads: p99Ms / readMs },
        ...{ statements, afterChangeMs: first, statementsAfterChange, rankingMs: quantile(rankings, 0.5) },
      }
    })
  } finally {
    await database.drop()
  }
}

/** The same handle, counting what it sends. */
function countingStatements(db: Db): { readonly db: Db; taken(): number } {
  let count = 0
  const counting = db.withPlugin({
    transformQuery: ({ node }) => {
      count++
      return node
    },
    transformResult: async ({ result }) => result,
  })
  return {
    db: counting,
    taken() {
      const taken = count
      count = 0
      return taken
    },
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function timesOf(times: number, work: () => Promise<unknown>): Promise<number[]> {
  for (let warm = 0; warm < 10; warm++) await work()
  const taken: number[] = []
  for (let run = 0; run < times; run++) taken.push(await timed(work))
  return taken.sort((a, b) => a - b)
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!
}

async function prepare(db: Db, networkId: NetworkId, { services, now }: { services: number; now: Date }) {
  const random = makeRandom(1, 0)
  const past = Array.from({ length: 6000 }, () => {
    const facts = drawFacts(random)
    const taken = drawArm(facts, random)
    return { facts, taken, working: random.uniform() < (chances(facts)[demoArms.indexOf(taken)] ?? 0) }
  })
  await saveModel(db, networkId, fitOn(past, demoArms, { draws: 200 }), now)
  await fillDirectory(db, networkId, { services, now })
  const position = { latitude: 46.95, longitude: 7.45 }
  const site = { name: 'Centre', kind: 'centre', address: null, position, timeZone: null, isActive: true } as const
  const siteId = await insertSite(db, networkId, site)
  const account = { name: 'Ada', email: 'ada@example.org', roles: ['adviser'], locale: 'en', languages: [] } as const
  const staffId = await insertStaff(db, networkId, { ...account, siteIds: [siteId], managedSiteIds: [] }, now)
  const person = {
    ...{ name: 'Noor', familyName: null, birthDate: null, phones: [], email: null, reachedBy: ['in_person'] as const },
    ...{
      language: 'en',
      script: null,
      needsInterpreter: false,
      accessNeeds: ['step_free'] as const,
      accessWords: null,
    },
    ...{ address: null, residenceArea: 'north', position },
  }
  const client = await registerClient(db, { networkId, staffId, now }, { person, siteId, adviserId: staffId })
  return client.id
}

/** Services at places around a town, of all types, two in three with a rule. */
async function fillDirectory(db: Db, networkId: NetworkId, { services, now }: { services: number; now: Date }) {
  const random = makeRandom(1, 1)
  const rules: readonly Rule[] = [
    { kind: 'age', from: 18, to: 60 },
    { kind: 'language', atLeast: 'A2' },
  ]
  const organizations = Math.ceil(services / servicesOfOrganization)
  for (let done = 0; done < organizations; done += 500) {
    const batch = Array.from({ length: Math.min(500, organizations - done) }, (_, n) => ({
      id: newId<'organization'>(),
      name: `Organisation ${done + n}`,
      description: '',
    }))
    await addOrganizations(db, networkId, batch, now)
    const locations = batch.map(({ id, name }) => ({
      ...{ id: newId<'location'>(), organizationId: id, name },
      position: { latitude: 46.8 + 0.3 * random.uniform(), longitude: 7.3 + 0.3 * random.uniform() },
    }))
    await addLocations(db, networkId, locations, now)
    const offered = batch.flatMap((organization, n) =>
      Array.from({ length: servicesOfOrganization }, (_, k) => ({
        ...{ id: newId<'service'>(), organizationId: organization.id, organizationName: organization.name },
        ...{ name: `Service ${k} of ${organization.name}`, description: '', languages: ['en', 'de'] },
        serviceType: serviceTypes[random.below(serviceTypes.length)] ?? null,
        locationIds: [locations[n]!.id],
        places: { free: random.below(5), nextStart: null },
      })),
    )
    await addServices(db, networkId, offered, now)
    for (const [n, service] of offered.entries()) {
      const rule = rules[n % 3]
      if (rule) await addRequirement(db, networkId, service.id, { rule, note: null, by: null, now })
    }
  }
}
