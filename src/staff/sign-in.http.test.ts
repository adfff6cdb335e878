import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp } from '#app.testing.ts'
import type { StaffRole } from '#platform/db/index.ts'
import { findPasswordLinkById, hashPassword, passwordAddress, setPassword } from '#platform/accounts/index.ts'
import { newId } from '#platform/ids.ts'
import { insertStaff, staffAccounts } from './index.ts'

const password = 'correct horse battery staple'
let app: TestApp

beforeAll(async () => {
  app = await testApp()
  const { database, networkId, siteId } = app
  const who = {
    name: 'Iris Ito',
    email: 'iris@example.org',
    roles: ['adviser'] as const,
    locale: 'en',
    languages: [],
    siteIds: [siteId],
    managedSiteIds: [],
  }
  const staffId = await database.as({ networkId, role: 'job' }, (db) => insertStaff(db, networkId, who, new Date()))
  const hash = await hashPassword(password)
  const setting = { networkId, accountId: staffId, hash, now: new Date() }
  await database.as({ networkId, role: 'door' }, (db) => setPassword(db, staffAccounts, setting))
})

afterAll(() => app.close())

describe('signing in', () => {
  test('the right password opens a session and leads to the first page', async () => {
    const browser = app.stranger()
    const answer = await browser.post('/sign-in', { email: ' Iris@Example.org ', password })
    expect(answer.statusCode).toBe(303)
    expect(answer.headers.location).toBe('/home')
    expect((await browser.get('/account')).statusCode).toBe(200)
  })

  test('a page that needs a session asks to sign in, and leads back to it', async () => {
    const browser = app.stranger()
    const refused = await browser.get('/places?x=1')
    expect(refused.headers.location).toBe('/sign-in')
    const answer = await browser.post('/sign-in', { email: 'iris@example.org', password })
    expect(answer.headers.location).toBe('/places?x=1')
  })

  test('nobody is led to another site, whatever a cookie says', async () => {
    for (const elsewhere of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      const browser = app.stranger()
      browser.cookies.set('waypost_return', elsewhere)
      const answer = await browser.post('/sign-in', { email: 'iris@example.org', password })
      expect(answer.headers.location).toBe('/home')
    }
  })

  test('a wrong password and an unknown address are told apart by nobody', async () => {
    const wrong = await app.stranger().post('/sign-in', { email: 'iris@example.org', password: 'wrong' })
    const unknown = await app.stranger().post('/sign-in', { email: 'nobody@example.org', password: 'wrong' })
    for (const answer of [wrong, unknown]) {
      expect(answer.statusCode).toBe(400)
      expect(answer.body).toContain('The e-mail address or the password is not right')
    }
  })

  test('after six wrong tries the account waits, even with the right password', async () => {
    for (let tries = 0; tries < 6; tries++)
      await app.stranger().post('/sign-in', { email: 'waits@example.org', password: 'wrong' })
    const answer = await app.stranger().post('/sign-in', { email: 'waits@example.org', password })
    expect(answer.statusCode).toBe(429)
    expect(answer.body).toContain('Wait 15 minutes')
  })

  test('a form without its token changes nothing', async () => {
    const answer = await app.application.server.inject({
      method: 'POST',
      url: '/sign-in',
      payload: 'email=a&password=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('Please do that again')
  })

  test('signing out ends the session in the database', async () => {
    const browser = app.stranger()
    await browser.post('/sign-in', { email: 'iris@example.org', password })
    const kept = new Map(browser.cookies)
    await browser.post('/sign-out')
    for (const [name, value] of kept) browser.cookies.set(name, value)
    expect((await browser.get('/account')).statusCode).toBe(303)
  })

  test('an administrator ends the sessions of someone else', async () => {
    const browser = await app.signIn({ name: 'Otto Other' })
    const administrator = await app.signIn({ roles: ['administrator'] })
    expect((await browser.get('/account')).statusCode).toBe(200)
    await administrator.post(`/settings/staff/${browser.staffId}/sign-out`)
    expect((await browser.get('/account')).statusCode).toBe(303)
  })

  test('a closed account is opened again by a link to set a new password', async () => {
    const browser = await app.signIn({ name: 'Rita Returns' })
    const administrator = await app.signIn({ roles: ['administrator'] })
    const account = `/settings/staff/${browser.staffId}`
    await administrator.post(`${account}/leave`)
    expect((await browser.get('/account')).statusCode).toBe(303)
    expect((await administrator.get(account)).body).toContain('Reopen this account')
    expect((await administrator.post(`${account}/reopen`)).statusCode).toBe(303)
    expect((await browser.get('/account')).statusCode).toBe(303)
    const set = await app.stranger().post(await linkInOutbox(app), { password: 'a long enough password' })
    expect(set.statusCode).toBe(303)
    expect((await administrator.get(account)).body).toContain('active')
  })

  test('an adviser sees no settings', async () => {
    const browser = await app.signIn()
    expect((await browser.get('/settings/staff')).statusCode).toBe(403)
  })
})

describe('in the database', () => {
  const change = (roles: readonly StaffRole[], staffId: string, set: object) =>
    app.database.as({ networkId: app.networkId, actorId: staffId, roles }, (db) =>
      db.updateTable('staff').set(set).where('id', '=', staffId).execute(),
    )

  test('nobody gives themselves a role or comes back after leaving, whatever a page lets through', async () => {
    const { staffId } = await app.signIn({ roles: ['evaluator'] })
    await expect(change(['evaluator'], staffId, { roles: ['evaluator', 'adviser'] })).rejects.toThrow(/row-level/)
    await expect(change(['evaluator'], staffId, { state: 'left' })).rejects.toThrow(/row-level/)
    await change(['evaluator'], staffId, { locale: 'en' })
    await change(['administrator'], staffId, { roles: ['evaluator', 'adviser'] })
  })

  test('what was done with a client’s file is read by those alone who may open files', async () => {
    const { networkId, database } = app
    const event = { network_id: networkId, at: new Date(), actor_kind: 'staff', action: 'client.opened' }
    await database.as({ networkId }, (db) =>
      db
        .insertInto('audit_events')
        .values({ ...event, id: newId(), client_id: newId() })
        .execute(),
    )
    const read = (roles: readonly StaffRole[]) =>
      database.as({ networkId, roles }, (db) =>
        db.selectFrom('audit_events').select('id').where('client_id', 'is not', null).execute(),
      )
    expect(await read(['administrator', 'evaluator'])).toEqual([])
    expect(await read(['adviser'])).not.toEqual([])
  })

  test('the bearer of a link reads no name of those who work here', async () => {
    const read = app.database.as({ networkId: app.networkId, role: 'link' }, (db) =>
      db.selectFrom('staff').select('name').execute(),
    )
    await expect(read).rejects.toThrow(/permission denied/)
  })
})

test('an administrator cannot give up the role alone', async () => {
  const administrator = await app.signIn({ roles: ['administrator'] })
  const answer = await administrator.post(`/settings/staff/${administrator.staffId}`, { name: 'Ada', roles: 'adviser' })
  expect(answer.statusCode).toBe(400)
  expect(answer.body).toContain('Another administrator has to take this role from you')
})

describe('setting a password', () => {
  test('an invitation leads to a password once', async () => {
    const administrator = await app.signIn({ roles: ['administrator'] })
    const invited = await administrator.post('/settings/staff/new', {
      name: 'Nina New',
      email: 'nina@example.org',
      roles: 'adviser',
      languages: ['en', 'ar'],
    })
    expect(invited.statusCode).toBe(303)
    const address = await linkInOutbox(app)
    const browser = app.stranger()
    const short = await browser.post(address, { password: 'short' })
    expect(short.body).toContain('Use at least 12 characters')
    expect((await browser.post(address, { password: 'a long enough password' })).statusCode).toBe(303)
    expect((await browser.get(address)).statusCode).toBe(404)
    expect(
      (await browser.post('/sign-in', { email: 'nina@example.org', password: 'a long enough password' })).headers
        .location,
    ).toBe('/home')
  })

  test('a new password ends the sessions that were opened with the old one', async () => {
    const browser = await app.signIn({ name: 'Lou Lost' })
    const administrator = await app.signIn({ roles: ['administrator'] })
    await administrator.post(`/settings/staff/${browser.staffId}/reset`)
    expect((await browser.get('/account')).statusCode).toBe(200)
    await app.stranger().post(await linkInOutbox(app), { password: 'a long enough password' })
    expect((await browser.get('/account')).statusCode).toBe(303)
  })

  test('a forgotten password is answered alike for everyone', async () => {
    const known = await app.stranger().post('/forgotten-password', { email: 'iris@example.org' })
    const unknown = await app.stranger().post('/forgotten-password', { email: 'nobody@example.org' })
    expect(known.statusCode).toBe(200)
    const textOf = (html: string) => html.replace(/value="[^"]*"/g, '')
    expect(textOf(known.body)).toBe(textOf(unknown.body))
  })
})

/** The path of the newest mailed link, built as the mail's job would build it. */
async function linkInOutbox({ database, networkId, application }: TestApp): Promise<string> {
  const ids = await database.as({ networkId, role: 'job' }, (db) =>
    db.selectFrom('mail_messages').select('ids').orderBy('created_at', 'desc').executeTakeFirstOrThrow(),
  )
  const { linkId } = ids.ids as { linkId: string }
  const link = await database.as({ networkId, role: 'job' }, (db) => findPasswordLinkById(db, staffAccounts, linkId))
  return passwordAddress(staffAccounts, application.keys, link!, { networkId, publicUrl: '' })
}
