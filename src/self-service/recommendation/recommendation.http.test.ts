import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { consentsOf, recordConsent, registerClient, type Circumstances, type Client } from '#clients/index.ts'
import { addOrganizations, addServices } from '#directory/index.ts'
import { dayIn, parseDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type StaffId } from '#platform/ids.ts'
import { testSmtp, type TestSmtp } from '#platform/mail/smtp.testing.ts'

let smtp: TestSmtp
let app: TestApp
let adviser: TestBrowser & { readonly staffId: StaffId }
let client: Client
let at: string
const now = new Date('2026-03-02T09:00:00Z')
const asJob = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)

beforeAll(async () => {
  smtp = await testSmtp()
  app = await testApp({ env: { SMTP_URL: smtp.url, PUBLIC_URL: 'http://waypost.example' } })
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
afterAll(async () => {
  await app.close()
  await smtp.close()
})

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
  expect(letter).toContain('We do not know which one helps more')
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

/** Sends what waits about rankings, and reads what arrived. */
async function arrived() {
  const waiting = await asJob((db) =>
    db
      .selectFrom('mail_messages')
      .select('id')
      .where('kind', 'like', 'matching.%')
      .where('state', '=', 'queued')
      .orderBy('id')
      .execute(),
  )
  for (const { id: mailId } of waiting)
    await app.application.runJob('platform.mail', { networkId: app.networkId, mailId })
  const all = smtp.delivered.splice(0).map(async ({ recipients, text }) => {
    const letter = await simpleParser(text)
    return { to: recipients[0], subject: letter.subject, text: letter.text ?? '' }
  })
  return Promise.all(all)
}

const agree = () =>
  asJob((db) =>
    recordConsent(db, { networkId: app.networkId, staffId: adviser.staffId, now }, client, {
      ...{ purpose: 'contact', what: [], organizationId: null, recipient: null, until: null },
      ...{ how: 'spoken', toldBy: 'client' },
    }),
  )
async function takeBack() {
  const consents = await asJob((db) => consentsOf(db, client.id, dayIn('UTC', now)))
  const id = consents.find(({ purpose, withdrawnAt }) => purpose === 'contact' && !withdrawnAt)!.id
  const done = await adviser.post(`/clients/${client.id}/consent/${id}/withdraw`, { how: 'spoken', toldBy: 'client' })
  expect(done.statusCode).toBe(303)
}

test('a client who agreed is really mailed the link and the answer, with nothing of what they are about', async () => {
  await agree()
  const link = await given()
  const [view] = await arrived()
  expect(view!.to).toBe('noor@example.org')
  expect(view!.subject).toBe('A message for you from Test')
  expect(view!.text).toContain(`http://waypost.example${link}`)
  await (await opened(link)).post(`${link}/again`, { words: 'My brother asks' })
  await adviser.post(await questionHref(), { end: 'looked_again', answer: 'Apply is near you.' })
  const [answer, ...more] = await arrived()
  expect(answer!.text).toContain(`http://waypost.example${link}`)
  expect(more).toEqual([])
  for (const { subject, text } of [view!, answer!])
    for (const personal of ['Noor', 'Haddad', 'Apply', 'Harbour', 'brother', 'near you'])
      expect(`${subject} ${text}`).not.toContain(personal)
})

test('who takes back that they may be written to is reached by no link any more, nor by a mail that still waited', async () => {
  const link = await given()
  const phone = await opened(link)
  await takeBack()
  expect(await arrived()).toEqual([])
  for (const path of ['', '/why', '/wrong']) {
    const { body, statusCode } = await phone.get(`${link}${path}`)
    expect(statusCode).toBe(410)
    expect(body).not.toContain('Harbour')
  }
  // On paper they may still have it.
  const paper = await given()
  expect((await (await opened(paper)).get(`${paper}/why`)).body).toContain('Harbour')
  expect(await arrived()).toEqual([])
})

test('a link that is over shows nothing, also where it was open', async () => {
  const link = await given()
  const phone = await opened(link)
  app.setNow(new Date(now.getTime() + 121 * 86_400_000))
  expect((await phone.get(`${link}/why`)).statusCode).toBe(410)
  expect((await phone.post(link)).statusCode).toBe(410)
  app.setNow(now)
})

test('the letter and every page of it are in the client\u2019s language, whatever the adviser reads', async () => {
  const speaks = (language: string) =>
    asJob((db) => db.updateTable('clients').set({ language }).where('id', '=', client.id).execute())
  await speaks('ar-XB')
  expect((await adviser.get(`${at}/letter`)).body).toContain('<article class="wp-letter" lang="ar-XB" dir="rtl">')
  const link = await given()
  const phone = app.stranger()
  const door = await phone.get(link)
  await phone.post(link)
  for (const { body } of [
    door,
    ...(await Promise.all(['/why', '/wrong', '/again'].map((to) => phone.get(link + to)))),
  ]) {
    expect(body).toContain('<html lang="ar-XB" dir="rtl"')
    for (const english of ['Show this page', 'What this is', 'What is not right', 'Please look again', 'Send'])
      expect(body).not.toContain(english)
  }
  const refused = await phone.post(`${link}/wrong`, { words: '' })
  expect(refused.body).not.toContain('Write what is right')
  await speaks('en')
})

test('half an hour after the button was pressed it is asked for again', async () => {
  const link = await given()
  const phone = await opened(link)
  app.setNow(new Date(now.getTime() + 31 * 60_000))
  expect((await phone.get(`${link}/why`)).headers.location).toBe(link)
  app.setNow(now)
})

test('what is said across the desk stands on the day and on the client\u2019s own page, and a form sent twice is one', async () => {
  const link = await given()
  expect((await adviser.get(at)).body).toContain(`${at}/ask`)
  expect((await adviser.post(`${at}/ask`, { kind: 'correction', fact: 'sex', words: '' })).statusCode).toBe(400)
  expect((await adviser.post(`${at}/ask`, { words: 'x' })).body).toContain('Say whether a fact is not right')
  const said = { kind: 'correction', fact: 'residence_area', words: 'She moved to Southside', question: newId() }
  const href = String((await adviser.post(`${at}/ask`, said)).headers.location)
  await adviser.post(`${at}/ask`, said)
  expect(await questionHref()).toBe(href)
  const rows = await asJob((db) =>
    db.selectFrom('matching_client_questions').select(['link_id', 'fact']).where('words', '=', said.words).execute(),
  )
  expect(rows).toEqual([{ link_id: null, fact: 'residence_area' }])
  const phone = await opened(link)
  expect((await phone.get(`${link}/why`)).body).toContain('She moved to Southside')
  await adviser.post(href, { end: 'corrected', answer: 'It is Southside now.' })
  // A new link shows what was asked and answered before it.
  const next = await given()
  expect((await (await opened(next)).get(`${next}/why`)).body).toContain('It is Southside now.')
})

test('a restricted file takes its links and questions with it: a colleague sees none of them', async () => {
  await given()
  await adviser.post(`${at}/ask`, { kind: 'look_again', words: '' })
  const seenBy = (staffId: StaffId) =>
    app.database.as({ networkId: app.networkId, actorId: staffId, roles: ['adviser'] }, async (db) => [
      (await db.selectFrom('matching_client_links').select('id').execute()).length,
      (await db.selectFrom('matching_client_questions').select('id').execute()).length,
    ])
  const before = await seenBy(adviser.staffId)
  expect(Math.min(...before)).toBeGreaterThan(0)
  const restricted = await adviser.post(`/clients/${client.id}/restrict`, {
    who: 'named',
    staff: [adviser.staffId],
  })
  expect(restricted.statusCode).toBe(303)
  const colleague = await app.signIn()
  expect(await seenBy(colleague.staffId)).toEqual([0, 0])
  expect(await seenBy(adviser.staffId)).toEqual(before)
  await adviser.post(await questionHref(), { end: 'looked_again', answer: 'Done' })
})
