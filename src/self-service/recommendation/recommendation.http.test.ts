import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { registerClient, type Circumstances, type Client } from '#clients/index.ts'
import { addOrganizations, addServices } from '#directory/index.ts'
import { parseDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { StaffId } from '#platform/ids.ts'

let app: TestApp
let adviser: TestBrowser & { readonly staffId: StaffId }
let client: Client
let at: string
const now = new Date('2026-03-02T09:00:00Z')
const asJob = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  adviser = await app.signIn({ name: 'Mara Lind' })
  const person: Circumstances = {
    ...{ name: 'Noor', familyName: 'Haddad', birthDate: parseDay('1961-05-04'), phones: [], reachedBy: ['email'] },
    ...{ email: 'noor@example.org', language: 'en', script: null, needsInterpreter: false, accessNeeds: ['step_free'] },
    ...{ accessWords: 'Uses a wheelchair', address: null, residenceArea: 'Harbour', position: null },
  }
  await asJob(async (db) => {
    const hand = { networkId: app.networkId, staffId: adviser.staffId, now }
    client = await registerClient(db, hand, { person, siteId: app.siteId, adviserId: adviser.staffId })
    const [organizationId] = await addOrganizations(db, app.networkId, [{ name: 'Quay Works', description: '' }], now)
    const offer = { organizationId: organizationId!, organizationName: 'Quay Works', name: 'Apply', description: '' }
    await addServices(db, app.networkId, [{ ...offer, locationIds: [], serviceType: 'job_search_support' }], now)
  })
  at = String((await adviser.post(`/clients/${client.id}/recommendations`)).headers.location)
})
afterAll(() => app.close())

async function given(): Promise<string> {
  await adviser.post(`${at}/letter`, { by: 'mail' })
  const [, link = ''] = /(\/c\/options\/[\w.-]+)/.exec((await adviser.get(`${at}/letter`)).body) ?? []
  expect(link).not.toBe('')
  return link
}

async function opened(link: string): Promise<TestBrowser> {
  const phone = app.stranger()
  expect((await phone.post(link)).headers.location).toBe(`${link}/why`)
  return phone
}

const questionHref = async () =>
  /(\/clients\/[\w-]+\/questions\/[\w-]+)/.exec((await adviser.get('/today')).body)?.[1] ?? ''

test('the letter explains in short sentences, and names no protected fact of the person', async () => {
  const { body } = await adviser.get(`${at}/letter`)
  const letter = /<article.*<\/article>/s.exec(body)![0]
  for (const said of [
    'What we used',
    'Harbour',
    'We never use your sex',
    'Apply',
    'Nobody can know this for one person',
  ])
    expect(letter).toContain(said)
  for (const hidden of ['wheelchair', '1961', 'Age', 'score', 'risk']) expect(letter).not.toContain(hidden)
  const paragraphs = [...letter.matchAll(/<p>(.*?)<\/p>/gs)].map(([, text = '']) => text.replace(/<[^>]*>/g, ' '))
  const sentences = paragraphs.flatMap((text) => text.split(/[.?] /))
  expect(sentences.length).toBeGreaterThan(15)
  expect(sentences.filter((sentence) => sentence.trim().split(/\s+/).length > 25)).toEqual([])
})

test('nothing personal shows until the button is pressed, nor in another browser, and a look changes nothing', async () => {
  const link = await given()
  for (const path of ['', '/why', '/wrong', '/again']) {
    const seen = await app.stranger().get(`${link}${path}`)
    expect([200, 303]).toContain(seen.statusCode)
    expect(seen.headers['cache-control']).toBe('no-store')
    for (const personal of ['Noor', 'Apply', 'Harbour', 'Mara']) expect(seen.body).not.toContain(personal)
  }
  const traces = () =>
    asJob((db) => db.selectFrom('audit_events').select('id').where('action', '=', 'matching.client_opened').execute())
  expect(await traces()).toEqual([])
  expect((await (await opened(link)).get(`${link}/why`)).body).toContain('Harbour')
  expect(await traces()).toHaveLength(1)
})

test('what is not right reaches the adviser\u2019s day and the file, ends with an answer, and the answer goes back', async () => {
  const link = await given()
  const phone = await opened(link)
  expect((await phone.post(`${link}/wrong`, { fact: 'sex', words: '' })).statusCode).toBe(400)
  await phone.post(`${link}/wrong`, { fact: 'residence_area', words: 'I live in Northside' })
  const href = await questionHref()
  expect(href).not.toBe('')
  expect((await adviser.get(`/clients/${client.id}`)).body).toContain(href)
  expect((await adviser.get(href)).body).toContain('I live in Northside')
  expect((await adviser.post(href, { end: 'looked_again', answer: 'x' })).statusCode).toBe(400)
  await adviser.post(href, { end: 'corrected', answer: 'It is Northside now.' })
  expect(await questionHref()).toBe('')
  const { body } = await phone.get(`${link}/why`)
  expect(body).toContain('We have corrected it.')
  expect(body).toContain('It is Northside now.')
  await adviser.post(href, { end: 'kept', answer: 'Another end' })
  expect((await adviser.get(href)).body).toContain('It is Northside now.')
})

test('a person is asked to look again: the adviser first, whoever manages the site after five working days', async () => {
  const link = await given()
  const manager = await app.signIn({ roles: ['manager'], name: 'Pia Manager' })
  await (await opened(link)).post(`${link}/again`, { words: '' })
  expect((await manager.get('/today')).body).not.toContain('/questions/')
  app.setNow(new Date('2026-03-10T09:00:00Z'))
  expect((await manager.get('/today')).body).toContain('/questions/')
  await adviser.post(await questionHref(), { end: 'looked_again', answer: 'I looked at it myself.' })
  app.setNow(now)
})

test('a dead link shows nothing, a new one ends the one before, and no mail leaves without consent', async () => {
  const first = await given()
  const second = await given()
  expect((await app.stranger().get(first)).statusCode).toBe(410)
  await adviser.post(`${at}/letter/revoke`)
  expect((await app.stranger().get(second)).statusCode).toBe(410)
  expect((await app.stranger().get(`${second}x`)).statusCode).toBe(404)
  const mails = await asJob((db) =>
    db.selectFrom('mail_messages').select('kind').where('kind', 'like', 'matching.%').execute(),
  )
  expect(mails).toEqual([])
})

test('through their link a client reads what hangs on them alone, and nothing of their file', async () => {
  await given()
  const asOther = { networkId: app.networkId, role: 'client', clientId: app.siteId } as const
  const seen = await app.database.as(asOther, (db) =>
    db.selectFrom('matching_client_links').select(['id', 'view']).execute(),
  )
  expect(seen).toEqual([])
  const asThem = { networkId: app.networkId, role: 'client', clientId: client.id } as const
  const read = app.database.as(asThem, (db) => db.selectFrom('recommendations').select('facts').execute())
  await expect(read).rejects.toThrow('permission denied')
})
