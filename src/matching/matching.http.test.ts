import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { registerClient, type Client } from '#clients/index.ts'
import {
  addLocations,
  addOrganizations,
  addRequirement,
  addServices,
  renewDirectoryVersion,
  setPlaces,
  type ServiceType,
} from '#directory/index.ts'
import { learn } from '#evidence/index.ts'
import { newId, type ServiceId } from '#platform/ids.ts'
import { compileCatalogue } from './catalogue.ts'
import { anEstimate, aPerson, aService, measures } from './matching.factory.ts'
import { stableOrder } from './order.ts'
import { rankOffer } from './rank-offer.run.ts'
import { insertRecommendation } from './recommendations.store.ts'

let app: TestApp
let browser: TestBrowser & { readonly staffId: Client['adviserId'] & string }
let client: Client
let services: ServiceId[]

beforeAll(async () => {
  app = await testApp()
  browser = await app.signIn()
  const { networkId, siteId } = app
  const now = new Date()
  services = await app.database.as({ networkId, role: 'job' }, async (db) => {
    const [organizationId] = await addOrganizations(db, networkId, [{ name: 'Quay Works', description: '' }], now)
    const [locationId] = await addLocations(
      db,
      networkId,
      [{ organizationId: organizationId!, name: 'Quay 1', position: { latitude: 46.96, longitude: 7.46 } }],
      now,
    )
    const service = (name: string, serviceType: ServiceType) => ({
      ...{ organizationId: organizationId!, organizationName: 'Quay Works', name, description: '', serviceType },
      locationIds: [locationId!],
    })
    const ids = await addServices(
      db,
      networkId,
      [
        service('Apply & find', 'job_search_support'),
        service('Weld', 'vocational_training'),
        service('Speak', 'language_training'),
      ],
      now,
    )
    const by = { note: null, by: null, now }
    await addRequirement(db, networkId, ids[1]!, { rule: { kind: 'age', from: 50 }, ...by })
    await addRequirement(db, networkId, ids[2]!, { rule: { kind: 'language', atLeast: 'A2' }, ...by })
    return ids
  })
  client = await app.database.as({ networkId, actorId: browser.staffId, siteIds: [siteId] }, (db) =>
    registerClient(
      db,
      { networkId, staffId: browser.staffId, now },
      {
        siteId,
        adviserId: browser.staffId,
        person: {
          ...{ name: 'Noor', familyName: null, birthDate: null, phones: [], email: null, reachedBy: ['in_person'] },
          ...{ language: null, script: null, needsInterpreter: false, accessNeeds: ['step_free'], accessWords: null },
          ...{ address: null, residenceArea: null, position: null },
        },
      },
    ),
  )
})

afterAll(() => app.close())

const listOf = () => `/clients/${client.id}/recommendations`

async function rank(): Promise<string> {
  const answer = await browser.post(listOf())
  expect(answer.statusCode).toBe(303)
  return String(answer.headers.location)
}

describe('a recommendation', () => {
  test('is not made by looking: the page says what to do', async () => {
    const page = await browser.get(listOf())
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Nothing has been ranked for this client yet')
  })

  test('shows what is open, what asks a question, and says that there are too few past episodes', async () => {
    const page = await browser.get(await rank())
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('There are too few past episodes to estimate what helps')
    expect(page.body).toContain('Open to this client: 1 service')
    expect(page.body).toContain('Not known yet: 2 services')
    expect(page.body).toContain('To settle it, ask about: age.')
    expect(page.body).toContain('minutes from their centre')
    expect(page.body).not.toMatch(/ style=/)
  })

  test('stays as it was shown when the directory changes afterwards', async () => {
    const at = await rank()
    await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      db
        .updateTable('services')
        .set({ name: 'Renamed' })
        .where('id', '=', services[0]!)
        .execute()
        .then(() => renewDirectoryVersion(db)),
    )
    expect((await browser.get(at)).body).toContain('Apply &amp; find')
    expect((await browser.get(await rank())).body).toContain('Renamed')
  })

  test('is the same page to the last letter, whatever the directory says by then', async () => {
    const at = await rank()
    const shown = async () => (await browser.get(at)).body.replace(/name="_csrf" value="[^"]*"/g, '')
    const before = await shown()
    await app.database.as({ networkId: app.networkId, role: 'job' }, async (db) => {
      await setPlaces(db, services[1]!, { free: 0, asOf: new Date(), by: 'staff' })
      const rule = { kind: 'age', from: 99 } as const
      await addRequirement(db, app.networkId, services[2]!, { rule, note: null, by: null, now: new Date() })
    })
    expect(await shown()).toBe(before)
    expect((await browser.get(await rank())).body).toContain('No places free at the moment')
    expect(before).not.toContain('No places free at the moment')
  })

  test('of another client does not answer under this one', async () => {
    const at = await rank()
    const other = at.replace(client.id, '018f0000-0000-7000-8000-000000000000')
    expect((await browser.get(other)).statusCode).toBe(404)
  })

  test('is audited with its model, not with names', async () => {
    await rank()
    const events = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      db.selectFrom('audit_events').select(['action', 'facts']).where('action', '=', 'matching.recommended').execute(),
    )
    expect(events.at(-1)?.facts).toEqual({
      model: null,
      rankedBy: 'model',
      orderedBy: 'stable',
      services: 3,
      estimates: 0,
    })
  })
})

describe('choosing', () => {
  test('the first leads on to the referral, with the recommendation', async () => {
    const at = await rank()
    const answer = await browser.post(`${at}/choices`, { service: services[0]! })
    const to = new URL(String(answer.headers.location), 'http://localhost')
    expect(to.pathname).toBe(`/clients/${client.id}/referrals/new`)
    expect(to.searchParams.get('service')).toBe(services[0])
    expect(at).toContain(to.searchParams.get('recommendation'))
  })

  test('the same pressed twice at once is one choice', async () => {
    const at = await rank()
    const answers = await Promise.all([1, 2, 3].map(() => browser.post(`${at}/choices`, { service: services[0]! })))
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1)
    const kept = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      db.selectFrom('matching_choices').select('id').where('recommendation_id', '=', at.split('/').pop()!).execute(),
    )
    expect(kept).toHaveLength(1)
  })

  test('another without a reason comes back with the problem beside its field', async () => {
    const at = await rank()
    const answer = await browser.post(`${at}/choices`, { service: services[1]!, words: 'Agreed by phone' })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain(`href="#reason-${services[1]!}"`)
    expect(answer.body).toContain('Say why this one rather than what is expected to add most')
    expect(answer.body).toContain('Agreed by phone')
  })

  test('another with one coded reason is kept with its standing, and led on', async () => {
    const at = await rank()
    const fields = { service: services[1]!, reason: 'exception_agreed', words: 'Agreed by phone' }
    const answer = await browser.post(`${at}/choices`, fields)
    expect(String(answer.headers.location)).toContain('reason=exception_agreed')
    const kept = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      db
        .selectFrom('matching_choices')
        .select(['rank', 'standing', 'reason', 'words', 'chosen_by'])
        .orderBy('id', 'desc')
        .execute(),
    )
    expect(kept[0]).toEqual({
      ...{ rank: null, standing: 'not_known', reason: 'exception_agreed', words: 'Agreed by phone' },
      chosen_by: browser.staffId,
    })
    expect((await browser.get(at)).body).toContain('Chosen ')
  })

  test('a service that is not in the ranking is not found', async () => {
    const answer = await browser.post(`${await rank()}/choices`, { service: client.id, reason: 'other' })
    expect(answer.statusCode).toBe(404)
  })
})

describe('where nobody like this client took a kind of service', () => {
  const keep = async (unsupported: readonly string[]) => {
    const { networkId, siteId } = app
    const offered = (at: number, serviceType: 'language_training' | 'vocational_training') =>
      aService({ id: services[at]!, name: `Service ${at}`, serviceType })
    const offer = {
      ...{ today: measures.today, timeZone: 'Europe/Zurich', providers: [], findings: [] },
      catalogue: compileCatalogue([offered(2, 'language_training'), offered(1, 'vocational_training')]),
    }
    const inputs = {
      ...{ rankedBy: 'model' as const, unsupported, person: aPerson(), differences: [], nearest: [] },
      ...{ order: stableOrder(client.id) },
      estimates: [{ ...anEstimate('language_training', 0.1), similar: null, similarWithout: null }],
    }
    const made = { ...inputs, ...rankOffer(offer, inputs), offer, modelId: null, averages: [] }
    const id = await app.database.as({ networkId, actorId: browser.staffId, siteIds: [siteId] }, (db) =>
      insertRecommendation(
        db,
        { networkId, clientId: client.id, siteId, restrictedTo: null },
        { ...made, madeBy: browser.staffId, madeAt: new Date() },
      ),
    )
    return (await browser.get(`${listOf()}/${id}`)).body
  }

  test('the page says so and gives no number, and services keep their place', async () => {
    const page = await keep(['vocational_training'])
    expect(page.match(/Nobody like this person took it: not enough evidence/g)).toHaveLength(2)
    expect(page).not.toContain('No estimate: too few past clients')
    // What there is nothing to count in is not said to rest on nobody.
    expect(page).toContain('For people with answers like these we estimate')
    expect(page).not.toContain('Based on')
  })

  test('it is another thing than a kind that too few of anybody took', async () => {
    const page = await keep([])
    expect(page).toContain('No estimate: too few past clients took this kind of service')
    expect(page).not.toContain('Nobody like this person took it')
  })
})

test('an administrator sees no recommendations', async () => {
  const administrator = await app.signIn({ roles: ['administrator'] })
  expect((await administrator.get(listOf())).statusCode).toBe(403)
})

describe('while ranking by model is switched off', () => {
  const turn = async (to: 'on' | 'off') => {
    const manager = await app.signIn({ roles: ['manager'] })
    expect((await manager.post('/insights/evidence/switch', { to, reason: 'We look into it.' })).statusCode).toBe(303)
  }
  // A third took nothing, a third language training, a third vocational training; every other one works.
  const learnFromPast = () =>
    app.database.as({ networkId: app.networkId, role: 'job' }, async (db) => {
      const taken = ['none', 'language_training', 'vocational_training']
      const past = Array.from({ length: 900 }, (_, at) => ({
        ...{ network_id: app.networkId, id: newId(), source: 'test', source_key: String(at), content_hash: 'x' },
        ...{ facts: JSON.stringify({ months_unemployed: at % 25, children: at % 4 }), taken: taken[at % 3]! },
        ...{ working_at_365: at % 2 === 0, imported_at: new Date() },
      }))
      await db.insertInto('evidence_episodes').values(past).execute()
      await learn(db, { networkId: app.networkId, now: new Date(), draws: 20 })
    })

  test('services stand by fit and name, the page says so and shows averages, and an earlier ranking is told to be void', async () => {
    await learnFromPast()
    const byModel = await rank()
    expect((await browser.get(byModel)).body).toContain('For people with answers like these we estimate')
    await turn('off')
    const earlier = await browser.get(byModel)
    expect(earlier.body).toContain('the order below no longer stands')
    expect((await browser.get(`/clients/${client.id}`)).body).toContain('orders nothing any more')
    const page = await browser.get(await rank())
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Ranking by model is switched off in this network')
    expect(page.body).toContain('Averages over everyone')
    expect(page.body).not.toContain('For people with answers like these we estimate')
    expect(page.body).not.toContain('too few past clients')
    const kept = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      db
        .selectFrom('recommendations')
        .select(['ranked_by', 'estimates', 'averages'])
        .orderBy('made_at', 'desc')
        .executeTakeFirstOrThrow(),
    )
    expect(kept).toMatchObject({ ranked_by: 'switched_off', estimates: [] })
    expect(kept.averages).toHaveLength(2)
    await turn('on')
    expect((await browser.get(await rank())).body).toContain('For people with answers like these we estimate')
  })
})
