import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { addOrganizations, addServices } from '#directory/index.ts'
import { newId } from '#platform/ids.ts'

let app: TestApp
let adviser: TestBrowser
let client: string
let referral: string

beforeAll(async () => {
  app = await testApp()
  adviser = await app.signIn()
  client = await register('Quickla')
  await adviser.post(`${client}/notes`, { about: '2026-03-02', text: 'Called back.' })
  referral = await refer(client)
  await adviser.post(`${client}/told`, { told: newId<'informal_referral'>(), name: 'The library', words: '' })
})

afterAll(() => app.close())

async function register(name: string): Promise<string> {
  const answer = await adviser.post('/clients', { name, reachedBy: 'in_person', siteId: app.siteId })
  return String(answer.headers.location)
}

/** Sends a referral with the client's agreement; gives its page. */
async function refer(file: string): Promise<string> {
  const { networkId, database } = app
  const at = new Date()
  const serviceId = await database.as({ networkId, roles: ['administrator'] }, async (db) => {
    const partner = { name: 'Harbour School', description: '', email: 'office@partner.example' }
    const [organizationId] = await addOrganizations(db, networkId, [partner], at)
    const course = { name: 'Welding course', description: '', serviceType: null, locationIds: [] }
    const service = { ...course, organizationName: partner.name, organizationId: organizationId! }
    return (await addServices(db, networkId, [service], at))[0]!
  })
  const agreed = { agreed: ['name'], words: '', how: 'spoken', toldBy: 'client' }
  const id = newId<'referral'>()
  await adviser.post(`${file}/referrals`, { ...agreed, referral: id, service: serviceId })
  return `/referrals/${id}`
}

/** How many statements a page asks of the database, those of the door and of the transaction among them. */
async function statementsOf(url: string): Promise<number> {
  // Once before: what is read once in a process does not count.
  await adviser.get(url)
  const queries = vi.spyOn(pg.Client.prototype, 'query')
  try {
    const answer = await adviser.get(url)
    expect(answer.statusCode).toBe(200)
    return queries.mock.calls.length
  } finally {
    queries.mockRestore()
  }
}

/** What the database is asked by a page grows with what the page tells, never with how many things it tells it of. */
test.each([
  ['a client’s page', () => client, 27],
  ['Today', () => '/today', 21],
  ['a referral’s page', () => referral, 33],
])('%s asks the database in few statements', async (_, url, most) => {
  expect(await statementsOf(url())).toBeLessThanOrEqual(most)
})

test('a client’s page asks no more for more referrals, notes and things told', async () => {
  const before = await statementsOf(client)
  await refer(client)
  await adviser.post(`${client}/notes`, { about: '2026-03-03', text: 'Came by.' })
  await adviser.post(`${client}/told`, { told: newId<'informal_referral'>(), name: 'The language café', words: '' })
  expect(await statementsOf(client)).toBe(before)
})
