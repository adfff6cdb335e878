// One client's recommendation over many services, against one plain SELECT of the same services.

import { profileOf } from '#assessment/index.ts'
import { findClient, registerClient } from '#clients/index.ts'
import { drawFacts } from '#demo/people.ts'
import { chances, demoArms, drawArm } from '#demo/truth.ts'
import {
  addLocations,
  addOrganizations,
  addRequirement,
  addServices,
  arePlacesOld,
  checkRequirement,
  kilometresBetween,
  servicesForMatching,
  serviceTypes,
  type Rule,
} from '#directory/index.ts'
import { saveModel } from '#evidence/models.store.ts'
import { estimateChances, findModelInUse } from '#evidence/index.ts'
import { recommend, recommendForClient } from '#matching/index.ts'
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
  /** Of the whole recommendation: profile, directory, model, ranking; medians of several runs. */
  readonly wholeMs: number
  /** Checking, fit and order alone, from what was read. */
  readonly rankingMs: number
  /** Estimates for one client, 200 draws. */
  readonly estimatesMs: number
  readonly selectMs: number
  /** The whole over one plain SELECT of the same services: 1 would be as fast. */
  readonly ratio: number
  readonly rankingRatio: number
}

const servicesOfOrganization = 3

export async function measureRecommendation(services = 10_000): Promise<RecommendationFigures> {
  const database = await testDatabase()
  try {
    const networkId = await database.addNetwork()
    const now = new Date()
    const clientId = await database.as({ networkId, role: 'job' }, (db) => prepare(db, networkId, { services, now }))
    return await database.as({ networkId }, async (db) => {
      const today = dayIn('Europe/Zurich', now)
      const client = await findClient(db, clientId)
      const learned = await findModelInUse(db)
      if (!client || !learned) throw new Error('The preparation failed.')
      const { facts } = await profileOf(db, client.id, { asOf: now, on: today })
      const at = { now, today, network: { timeZone: 'Europe/Zurich' } }
      const made = await recommendForClient(db, client, at)
      const read = await servicesForMatching(db, today)
      const areOld = (asOf: Date) => arePlacesOld(dayIn('Europe/Zurich', asOf), today)
      const measures = { today, kilometresBetween, arePlacesOld: areOld }
      const ask = { person: made.person, services: read, checkRequirement, ...measures }
      const selectMs = await median(() => plainSelect(db))
      const wholeMs = await median(() => recommendForClient(db, client, at))
      const estimatesMs = await median(async () => estimateChances(learned.model, facts))
      const rankingMs = await median(async () => recommend({ ...ask, estimates: made.estimates }))
      const ratios = { ratio: wholeMs / selectMs, rankingRatio: rankingMs / selectMs }
      return { services: made.services.length, wholeMs, rankingMs, estimatesMs, selectMs, ...ratios }
    })
  } finally {
    await database.drop()
  }
}

async function plainSelect(db: Db): Promise<unknown> {
  return db
    .selectFrom('services')
    .select(['id', 'organization_id', 'organization_name', 'name', 'service_type', 'languages', 'interpretation'])
    .select(['places_free', 'places_as_of', 'next_start', 'cost_cents', 'currency', 'assured_on'])
    .execute()
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

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < 9; run++) {
    const started = performance.now()
    await work()
    times.push(performance.now() - started)
  }
  return times.sort((a, b) => a - b)[4]!
}
