// What the application refuses from whoever asks: rules that hold on every page.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp } from '#app.testing.ts'
import { staffEntrance } from '#platform/http/index.ts'
import { newId } from '#platform/ids.ts'

let app: TestApp

beforeAll(async () => {
  app = await testApp()
})

afterAll(() => app.close())

describe('an address', () => {
  test('that cannot be read is answered as a page, with the headers of every page', async () => {
    for (const url of ['/%', `/n/${'x'.repeat(400)}/sign-in`, '/services?language=%00']) {
      const answer = await (await app.signIn()).get(url)
      expect([url, answer.statusCode]).toEqual([url, 404])
      expect(answer.body).toContain('</html>')
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    }
  })

  test('too long for a cookie still leads to signing in', async () => {
    const answer = await app.stranger().get(`/clients?q=${'a'.repeat(9000)}`)
    expect(answer.statusCode).toBe(303)
    expect(JSON.stringify(answer.headers).length).toBeLessThan(2000)
  })
})

test('a body that is no form is not read', async () => {
  const send = (type: string, payload: string) =>
    app.application.server.inject({ method: 'POST', url: '/sign-in', payload, headers: { 'content-type': type } })
  expect((await send('application/json', '{"email":{"0":5}}')).statusCode).toBe(415)
  expect((await send('text/plain', 'email=a')).statusCode).toBe(415)
})

test('a file from someone who is not signed in, or may not add it, is not taken in', async () => {
  const stranger = app.stranger()
  stranger.cookies.set(staffEntrance.sessionCookie, `${app.networkId}.${'x'.repeat(43)}`)
  const file = { name: 'directory.zip', content: 'PK' }
  const refused = await stranger.upload('/directory/import', file)
  expect([refused.statusCode, refused.headers.location]).toEqual([303, '/n/test/sign-in'])
  expect((await (await app.signIn()).upload('/directory/import', file)).statusCode).toBe(403)
})

describe('a file’s name', () => {
  test('of any shape is shown and never breaks the import', async () => {
    const administrator = await app.signIn({ roles: ['administrator'] })
    for (const name of ['../../x\u0000\u0007.json', `${'a'.repeat(400)}.json`, '\ud800.json']) {
      const answer = await administrator.upload('/directory/import', { name, content: '[]' })
      expect([name, answer.statusCode]).toEqual([name, 303])
    }
  })

  test('that a title makes fits into a header', async () => {
    const administrator = await app.signIn({ roles: ['administrator'] })
    const item = [{ linkId: 'g', type: 'group', item: [{ linkId: 'q', text: 'How?', type: 'string' }] }]
    const title = 'ж'.repeat(20_000)
    const content = JSON.stringify({ resourceType: 'Questionnaire', url: 'urn:long', title, status: 'active', item })
    const added = await administrator.upload('/instruments', { name: 'long.json', content })
    expect(added.statusCode).toBe(303)
    expect(String(added.headers['set-cookie']).length).toBeLessThan(4096)
    const listed = (await administrator.get('/instruments')).body
    const ids = [...listed.matchAll(/\/instruments\/([0-9a-f-]{36})\/questionnaire\.json/g)].map(([, id]) => id)
    for (const id of ids) {
      const file = await administrator.get(`/instruments/${id}/questionnaire.json`)
      expect(String(file.headers['content-disposition']).length).toBeLessThan(1000)
      expect(file.headers['content-disposition']).toMatch(/\.json$/)
    }
  })
})

test('the outbox tells an administrator no client’s address', async () => {
  const { database, networkId } = app
  const mail = { locale: 'en', ids: '{}', state: 'held', created_at: new Date() }
  await database.as({ networkId, role: 'job' }, (db) =>
    db
      .insertInto('mail_messages')
      .values([
        { ...mail, network_id: networkId, id: newId(), kind: 'outcomes.ask', recipient: 'noor.haddad@example.org' },
        { ...mail, network_id: networkId, id: newId(), kind: 'referrals.sent', recipient: 'desk@partner.example' },
      ])
      .execute(),
  )
  const { body } = await (await app.signIn({ roles: ['administrator'] })).get('/settings/outbox')
  expect(body).toContain('n…@example.org')
  expect(body).not.toContain('noor.haddad')
  expect(body).toContain('desk@partner.example')
})

test('whoever is signed in keeps the way to the other rooms when a page is not there or not theirs', async () => {
  const adviser = await app.signIn()
  const gone = await adviser.get(`/clients/${newId()}`)
  const closed = await adviser.get('/settings/staff')
  expect([gone.statusCode, closed.statusCode]).toEqual([404, 403])
  for (const { body } of [gone, closed]) expect(body).toContain('href="/today"')
})
