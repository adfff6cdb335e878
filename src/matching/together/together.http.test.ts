import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { registerClient, type Circumstances, type Client } from '#clients/index.ts'
import { addOrganizations, addRequirement, addServices } from '#directory/index.ts'
import { learn } from '#evidence/index.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, parseId, type ServiceId, type StaffId } from '#platform/ids.ts'
import { findRecommendation } from '../recommendations.store.ts'
import { hundredths } from '../sentence.ts'
import { ownEvidence } from './own-evidence.ts'

let app: TestApp
let adviser: TestBrowser & { readonly staffId: StaffId }
let client: Client
let services: readonly ServiceId[]
let at: string

const asJob = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)
const person: Circumstances = {
  ...{ name: 'Noor', familyName: 'Haddad', birthDate: null, phones: [], email: null, reachedBy: ['in_person'] },
  ...{
    language: 'tr',
    script: null,
    needsInterpreter: true,
    accessNeeds: ['step_free'],
    accessWords: 'Uses a wheelchair',
  },
  ...{ address: null, residenceArea: null, position: null },
}

beforeAll(async () => {
  app = await testApp()
  adviser = await app.signIn()
  const now = new Date()
  await asJob(async (db) => {
    client = await registerClient(
      db,
      { networkId: app.networkId, staffId: adviser.staffId, now },
      { person, siteId: app.siteId, adviserId: adviser.staffId },
    )
    const [organizationId] = await addOrganizations(db, app.networkId, [{ name: 'Quay Works', description: '' }], now)
    const offer = (name: string, serviceType: 'job_search_support' | 'language_training' | 'vocational_training') => ({
      ...{ organizationId: organizationId!, organizationName: 'Quay Works', name, description: `All of ${name}` },
      ...{ locationIds: [], serviceType },
    })
    services = await addServices(
      db,
      app.networkId,
      [
        offer('Apply', 'job_search_support'),
        offer('Speak', 'language_training'),
        offer('Weld', 'vocational_training'),
        offer('Closed school', 'vocational_training'),
      ],
      now,
    )
    const by = { note: null, by: null, now }
    await addRequirement(db, app.networkId, services[2]!, { rule: { kind: 'documents', all: ['cv'] }, ...by })
    await addRequirement(db, app.networkId, services[3]!, { rule: { kind: 'residence', areas: ['North'] }, ...by })
    const taken = ['none', 'language_training', 'vocational_training']
    const past = Array.from({ length: 900 }, (_, index) => ({
      ...{ network_id: app.networkId, id: newId(), source: 'test', source_key: String(index), content_hash: 'x' },
      ...{ facts: JSON.stringify({ children: index % 4 }), taken: taken[index % 3]! },
      ...{ working_at_365: index % 2 === 0, imported_at: now },
    }))
    await db.insertInto('evidence_episodes').values(past).execute()
    await learn(db, { networkId: app.networkId, now, draws: 20 })
    await db.updateTable('clients').set({ residence_area: 'South' }).where('id', '=', client.id).execute()
  })
  at = String((await adviser.post(`/clients/${client.id}/recommendations`)).headers.location)
})
afterAll(() => app.close())

const screen = (...shown: readonly ServiceId[]) =>
  adviser.get(`${at}/together/screen?${shown.map((id) => `service=${id}`).join('&')}`)
const kept = async () =>
  (await asJob((db) => findRecommendation(db, parseId<'recommendation'>(at.split('/').at(-1))!)))!

describe('the screen that is turned', () => {
  test('speaks of the services, not of the file: no name, no need of access, no note, no way into other pages', async () => {
    const { body, statusCode } = await screen(services[0]!, services[1]!)
    expect(statusCode).toBe(200)
    for (const shown of ['Apply', 'Speak', 'All of Speak', 'Quay Works', 'What you have to bring'])
      expect(body).toContain(shown)
    for (const hidden of [
      'Noor',
      'Haddad',
      'wheelchair',
      'tep-free',
      'nterpreter',
      '/today',
      '/clients"',
      'Ada Adviser',
    ])
      expect(body).not.toContain(hidden)
    expect(body).not.toMatch(/\b(risk|score|rank|probab|priority)/i)
    expect(body).not.toMatch(/ style=/)
  })

  test('pictures the kept estimate, rounded to people, and nothing where nobody knows', async () => {
    const { body } = await screen(services[0]!, services[1]!)
    const estimate = (await kept()).estimates.find(({ type }) => type === 'language_training')!
    expect(body).toContain(`With it: ${hundredths(estimate.chanceWith)} of 100 have work`)
    expect(body).toContain(`Without it: ${hundredths(estimate.chanceWithout)} of 100 have work`)
    const pictures = [...body.matchAll(/<svg[^>]*viewBox="0 0 200 200".*?<\/svg>/gs)].map(([svg]) => svg)
    const filled = pictures.map((svg) => (/.*<path d="([^"]*)"/s.exec(svg)![1]!.match(/M/g) ?? []).length / 2)
    expect(filled).toEqual([hundredths(estimate.chanceWith), hundredths(estimate.chanceWithout)])
    expect(body).toContain('We do not know. Too few people took it.')
  })

  test('says the same in the letter, which gives each service its own numbers and claims no order among ties', async () => {
    const { body } = await adviser.get(`${at}/letter`)
    const recommendation = await kept()
    const spoken = recommendation.services.find(({ id }) => id === services[1])!
    const { estimate } = ownEvidence(recommendation, spoken)
    const [withIt, without] = [estimate!.chanceWith, estimate!.chanceWithout].map(hundredths)
    expect(body).toContain(
      `Of 100 people with answers like yours, about ${withIt} had work a year later with it. Without it: about ${without}.`,
    )
    expect(body).toContain('The numbers come from 900 people in the past.')
    expect(body).toContain('We do not know. Too few people took it.')
  })

  test('refuses a service that is not open to the client, with the reason why', async () => {
    for (const query of [`service=${services[3]!}`, 'other=closed']) {
      const { body, statusCode } = await adviser.get(`${at}/together/screen?${query}`)
      expect(statusCode).toBe(400)
      expect(body).toContain('Closed school')
      expect(body).toContain('is not open to this client')
      expect(body).toContain('North')
    }
    expect((await adviser.get(`${at}/together/screen`)).body).toContain('Pick at least one service')
    expect((await adviser.get(`${at}/together/screen?other=nowhere`)).body).toContain('has that name')
  })

  test('is in the client\u2019s language, or in English where there are no words in it, and the adviser is told before', async () => {
    const before = await adviser.get(`${at}/together`)
    expect(before.body).toContain('There are no words in <bdi>Turkish</bdi> yet'.replace(/<\/?bdi>/g, ''))
    expect((await screen(services[0]!)).body).toContain('<html lang="en" dir="ltr"')
    await asJob((db) => db.updateTable('clients').set({ language: 'ar-XB' }).where('id', '=', client.id).execute())
    expect((await adviser.get(`${at}/together`)).body).not.toContain('There are no words')
    const { body } = await screen(services[0]!)
    expect(body).toContain('<html lang="ar-XB" dir="rtl"')
    expect(body).not.toContain('What could help you')
    await asJob((db) => db.updateTable('clients').set({ language: 'en' }).where('id', '=', client.id).execute())
  })

  test('leaves a trace of what was shown, by ids', async () => {
    await screen(services[1]!)
    const [event] = await asJob((db) =>
      db
        .selectFrom('audit_events')
        .select(['facts', 'actor_id'])
        .where('action', '=', 'matching.shown_together')
        .orderBy('id', 'desc')
        .execute(),
    )
    expect(event).toMatchObject({ actor_id: adviser.staffId, facts: { services: [services[1]!], locale: 'en' } })
  })
})

describe('what the client wants', () => {
  const say = (places: readonly string[], words = '') =>
    adviser.post(`${at}/together`, {
      service: [services[0]!, services[1]!],
      ...Object.fromEntries(places.map((place, index) => [`place-${services[index]!}`, place])),
      words,
    })

  test('is asked again where nothing or one place was said twice, and nothing is lost', async () => {
    const { body, statusCode } = await say(['1', '1'], 'I like both')
    expect(statusCode).toBe(400)
    expect(body).toContain('Two of them have the same place')
    expect(body).toContain('I like both')
    const nothing = await say([])
    expect(nothing.body).toMatch(/id="place-error" class="govuk-error-message">Choose for at least one/)
  })

  test('stands beside the choice, with words, by whom, and goes into it as its reason', async () => {
    expect((await say(['2', '1'], 'My sister was there')).headers.location).toBe(at)
    const { body } = await adviser.get(at)
    expect(body).toMatch(/First choice<\/strong> <span data-content>Speak/)
    expect(body).toMatch(/Second choice<\/strong> <span data-content>Apply/)
    expect(body).toContain('My sister was there')
    expect(body).toContain('recorded by')
    expect(body).toContain('name="reason" value="client_prefers"')
    const chosen = await adviser.post(`${at}/choices`, {
      ...{ service: services[1]!, reason: 'client_prefers', words: 'My sister was there' },
    })
    expect(chosen.statusCode).toBe(303)
  })

  test('is added to and never changed; the same twice is one', async () => {
    const rows = () => asJob((db) => db.selectFrom('matching_client_orders').select(['wanted', 'words']).execute())
    await say(['none', 'none'], 'Neither')
    const before = await rows()
    await say(['none', 'none'], 'Neither')
    expect(await rows()).toEqual(before)
    expect(before.map(({ words }) => words)).toContain('My sister was there')
    const change = app.database.as({ networkId: app.networkId, actorId: adviser.staffId, roles: ['adviser'] }, (db) =>
      db.updateTable('matching_client_orders').set({ words: 'changed' }).execute(),
    )
    await expect(change).rejects.toThrow('permission denied')
  })

  test('follows the file into restriction: a colleague no longer reads it', async () => {
    await asJob((db) =>
      db
        .updateTable('matching_client_orders')
        .set({ restricted_to: [adviser.staffId] })
        .execute(),
    )
    const colleague = await app.signIn()
    const read = await app.database.as(
      { networkId: app.networkId, actorId: colleague.staffId, roles: ['adviser'] },
      (db) => db.selectFrom('matching_client_orders').select('id').execute(),
    )
    expect(read).toEqual([])
    await asJob((db) => db.updateTable('matching_client_orders').set({ restricted_to: null }).execute())
  })
})
