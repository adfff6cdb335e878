import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { addOrganizations, addServices } from '#directory/index.ts'
import { insertSite } from '#networks/index.ts'
import type { SiteId } from '#platform/ids.ts'

let app: TestApp
let adviser: TestBrowser
let elsewhere: SiteId

beforeAll(async () => {
  app = await testApp()
  adviser = await app.signIn({ name: 'Ada Adviser' })
  const site = {
    name: 'Far site',
    kind: 'satellite',
    address: null,
    position: null,
    timeZone: null,
    isActive: true,
  } as const
  elsewhere = await app.database.as({ networkId: app.networkId, roles: ['administrator'] }, (db) =>
    insertSite(db, app.networkId, site),
  )
})

afterAll(() => app.close())

async function register(name: string, siteId: SiteId = app.siteId): Promise<string> {
  const answer = await adviser.post('/clients', { name, reachedBy: 'in_person', siteId })
  return String(answer.headers.location)
}

describe('a client’s page', () => {
  it('joins what every room knows, with one next step: a new client is assessed first', async () => {
    const file = await register('Joinda')
    const { body } = await adviser.get(file)
    for (const heading of ['Referrals', 'What may help', 'Assessments', 'Notes', 'What happened'])
      expect(body).toContain(`${heading}</h2>`)
    expect(body).toMatch(new RegExp(`class="govuk-button" href="${file}/assessments/new"`))
    expect(body.match(/class="govuk-button"/g)).toHaveLength(1)
  })

  it('offers to reopen a closed file, and nothing else', async () => {
    const file = await register('Closinda')
    await adviser.post(`${file}/close`, { reason: 'moved_away' })
    const { body } = await adviser.get(file)
    expect(body).toContain('Reopen the file')
    expect(body).not.toContain(`class="govuk-button" href="${file}/assessments/new"`)
  })
})

describe('the search', () => {
  it('finds people for advisers alone', async () => {
    const file = await register('Findelia')
    expect((await adviser.get('/search?q=findel')).body).toContain(file)
    const { statusCode, body } = await (await app.signIn({ roles: ['administrator'] })).get('/search?q=findel')
    expect([statusCode, body.includes('Findelia'), body.includes('/clients/new')]).toEqual([200, false, false])
    // Services and partners are no page of theirs: their search would end at a closed door.
    const evaluator = await app.signIn({ roles: ['evaluator'] })
    expect((await evaluator.get('/search?q=findel')).statusCode).toBe(403)
    expect((await evaluator.get('/insights')).body).not.toContain('action="/search"')
  })

  it('finds services and partners for everyone of the network', async () => {
    const { networkId, database } = app
    await database.as({ networkId, roles: ['administrator'] }, async (db) => {
      const [organizationId] = await addOrganizations(
        db,
        networkId,
        [{ name: 'Harbour School', description: '' }],
        new Date(),
      )
      const service = {
        name: 'Welding course',
        description: '',
        serviceType: null,
        locationIds: [],
        organizationName: 'Harbour School',
      }
      await addServices(db, networkId, [{ ...service, organizationId: organizationId! }], new Date())
    })
    const { body } = await (await app.signIn({ roles: ['administrator'] })).get('/search?q=harbour')
    expect(body).toMatch(/href="\/services\/[0-9a-f-]{36}" data-content>Welding course/)
    expect(body).toMatch(/href="\/partners\/[0-9a-f-]{36}" data-content>Harbour School/)
  })

  it('takes signs, nothing and too much as no question', async () => {
    for (const q of ['', '%25%25', '---', 'x'.repeat(400)]) {
      expect((await adviser.get(`/search?q=${q}`)).statusCode, q).toBe(200)
    }
    expect((await adviser.get('/search?q=---')).body).toContain('Nothing found')
  })
})

describe('the page of a service and of a partner', () => {
  it('tells what the directory knows, and shows referrals only to who may open files', async () => {
    const found = (await adviser.get('/search?q=welding')).body
    const [service = '', partner = ''] = ['services', 'partners'].map(
      (room) => new RegExp(`/${room}/[0-9a-f-]{36}`).exec(found)?.[0],
    )
    expect((await adviser.get(service)).body).toContain('Welding course')
    expect((await adviser.get('/partners')).body).toContain('Harbour School')
    expect((await adviser.get('/partners?q=harbor')).body).toContain('Harbour School')
    const school = partner || /\/partners\/[0-9a-f-]{36}/.exec((await adviser.get(service)).body)?.[0]
    expect((await adviser.get(String(school))).body).toContain('Harbour School')
    const administrator = await app.signIn({ roles: ['administrator'] })
    expect((await administrator.get(service)).statusCode).toBe(200)
    expect((await administrator.get(service)).body).not.toContain('Referrals')
    expect((await adviser.get('/services/0190a000-0000-7000-8000-000000000000')).statusCode).toBe(404)
    expect((await adviser.get('/partners/0190a000-0000-7000-8000-000000000000')).statusCode).toBe(404)
  })
})

describe('today', () => {
  it('says what waits and keeps the last files at hand', async () => {
    const file = await register('Todaya')
    await adviser.get(file)
    const { body } = await adviser.get('/today')
    expect(body).toContain(`href="${file}"`)
    expect(body).toContain('href="/clients/new"')
    expect((await (await app.signIn({ roles: ['evaluator'] })).get('/today')).statusCode).toBe(403)
  })
})

describe('insights', () => {
  it('count a manager’s own sites, and show people’s figures to nobody else', async () => {
    await register('Counted far', elsewhere)
    const manager = await app.signIn({ roles: ['manager'], siteIds: [elsewhere] })
    const { body } = await manager.get('/insights')
    expect(body).toContain('1 file is open at the site you manage; each has an adviser.')
    expect(body).not.toContain('Main centre')
    for (const role of ['administrator', 'evaluator'] as const) {
      const shown = await (await app.signIn({ roles: [role] })).get('/insights')
      expect(shown.body).toContain('shown to the managers of sites')
      expect(shown.body).not.toContain('file is open')
    }
    expect((await adviser.get('/insights')).statusCode).toBe(403)
  })
})
