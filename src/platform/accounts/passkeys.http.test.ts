// What opens an account by passkey, and what does not.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import {
  addTo,
  challengeAt,
  site,
  softAuthenticator,
  type Asked,
  type SoftAuthenticator,
} from './authenticator.testing.ts'

let app: TestApp

beforeAll(async () => {
  app = await testApp({ env: { PUBLIC_URL: site.origin } })
})

afterAll(() => app.close())

async function withPasskey(): Promise<{ device: SoftAuthenticator; staffId: string; owner: TestBrowser }> {
  const owner = await app.signIn({ name: 'Pia Passkey' })
  const device = softAuthenticator()
  expect((await addTo(owner, device)).headers.location).toBe('/account')
  return { device, staffId: owner.staffId, owner }
}

describe('a passkey', () => {
  test('that was added signs in, without a password', async () => {
    const { device, staffId, owner } = await withPasskey()
    expect((await owner.get('/account')).body).toContain('My phone')
    const browser = app.stranger()
    const { id, asked } = await challengeAt(browser, '/n/test/sign-in/passkey')
    const answer = device.use(asked, { userHandle: staffId })
    const signedIn = await browser.post('/n/test/sign-in/passkey', { challenge: id, answer })
    expect([signedIn.statusCode, signedIn.headers.location]).toEqual([303, '/home'])
    expect((await browser.get('/account')).body).toContain('Pia Passkey')
  })

  test('is told of by letter when it is added', async () => {
    await withPasskey()
    const { networkId, database } = app
    const kinds = await database.as({ networkId, role: 'job' }, (db) =>
      db.selectFrom('mail_messages').select('kind').execute(),
    )
    expect(kinds.map(({ kind }) => kind)).toContain('staff.passkey_added')
  })

  test('that was removed opens nothing', async () => {
    const { device, owner } = await withPasskey()
    const row = /action="(\/account\/passkeys\/[0-9a-f-]{36})\/remove"/.exec((await owner.get('/account')).body)!
    expect((await (await app.signIn()).post(`${row[1]!}/remove`)).statusCode).toBe(404)
    expect((await owner.post(`${row[1]!}/remove`)).statusCode).toBe(303)
    const { id, asked } = await challengeAt(app.stranger(), '/sign-in/passkey')
    expect((await use({ challenge: id, answer: device.use(asked) })).statusCode).toBe(400)
  })

  test('of a closed account opens nothing, also after it was opened again', async () => {
    const { device, staffId } = await withPasskey()
    const administrator = await app.signIn({ roles: ['administrator'] })
    const tryIt = async () => {
      const { id, asked } = await challengeAt(app.stranger(), '/sign-in/passkey')
      return (await use({ challenge: id, answer: device.use(asked) })).statusCode
    }
    await administrator.post(`/settings/staff/${staffId}/leave`)
    expect(await tryIt()).toBe(400)
    expect((await administrator.post(`/settings/staff/${staffId}/reopen`)).statusCode).toBe(303)
    const { networkId, database } = app
    await database.as({ networkId, role: 'door' }, (db) =>
      db.updateTable('staff').set({ state: 'active' }).where('id', '=', staffId).execute(),
    )
    expect(await tryIt()).toBe(400)
  })
})

describe('an answer', () => {
  test('counts once', async () => {
    const { device } = await withPasskey()
    const { id, asked } = await challengeAt(app.stranger(), '/sign-in/passkey')
    const form = { challenge: id, answer: device.use(asked, { counter: 0 }) }
    // Given twice at the same moment, by a device that counts nothing.
    const fresh = softAuthenticator()
    const owner = await app.signIn()
    await addTo(owner, fresh)
    expect((await use(form)).statusCode).toBe(400)
    const next = await challengeAt(app.stranger(), '/sign-in/passkey')
    const once = { challenge: next.id, answer: fresh.use(next.asked) }
    const answers = await Promise.all([use(once), use(once)])
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 400])
  })

  test('made for another site, another challenge or by another device is refused', async () => {
    const { device } = await withPasskey()
    const refused = async (answerTo: (asked: Asked) => string) => {
      const { id, asked } = await challengeAt(app.stranger(), '/sign-in/passkey')
      const answer = await use({ challenge: id, answer: answerTo(asked) })
      expect(answer.statusCode).toBe(400)
      expect(answer.body).toContain('The passkey did not open an account here')
    }
    await refused((asked) => device.use({ ...asked, origin: 'https://waypost.example.org.evil.example' }))
    await refused((asked) => device.use({ ...asked, hostname: 'evil.example' }))
    await refused((asked) => device.use({ ...asked, challenge: Buffer.alloc(32, 7).toString('base64url') }))
    await refused((asked) => device.use(asked, { verified: false }))
    await refused((asked) => device.use(asked, { userHandle: 'somebody else' }))
    await refused((asked) => softAuthenticator().use(asked))
    await refused((asked) => forgedWith(softAuthenticator(), device, asked))
    await refused(() => '{"id":')
    await refused(() => '{}')
  })

  test('given late, or to a challenge that nobody was asked, is refused', async () => {
    const { device } = await withPasskey()
    const { id, asked } = await challengeAt(app.stranger(), '/sign-in/passkey')
    const made = '0190a000-0000-7000-8000-000000000000'
    expect((await use({ challenge: made, answer: device.use(asked) })).statusCode).toBe(400)
    app.setNow(new Date(Date.now() + 6 * 60_000))
    expect((await use({ challenge: id, answer: device.use(asked) })).statusCode).toBe(400)
    app.setNow(new Date())
  })

  test('of a device that counts its uses backwards is refused: it may be a copy', async () => {
    const { device } = await withPasskey()
    const sent = async (counter: number) => {
      const { id, asked } = await challengeAt(app.stranger(), '/sign-in/passkey')
      return (await use({ challenge: id, answer: device.use(asked, { counter }) })).statusCode
    }
    expect([await sent(9), await sent(9), await sent(8), await sent(10)]).toEqual([303, 400, 400, 303])
  })
})

describe('adding a passkey', () => {
  test('is refused when it was made elsewhere, for somebody else, or is there already', async () => {
    const owner = await app.signIn()
    const device = softAuthenticator()
    expect((await addTo(owner, device, { origin: 'https://evil.example' })).statusCode).toBe(400)
    expect((await addTo(owner, device, { hostname: 'evil.example' })).statusCode).toBe(400)
    const other = await app.signIn()
    const { id, asked } = await challengeAt(other, '/account/passkeys/new')
    const taken = { name: 'Theirs', challenge: id, answer: device.create(asked) }
    expect((await owner.post('/account/passkeys', taken)).statusCode).toBe(400)
    expect((await addTo(owner, device)).statusCode).toBe(303)
    expect((await addTo(other, device)).statusCode).toBe(400)
    const nameless = await owner.post('/account/passkeys', { name: ' ', challenge: id, answer: '{}' })
    expect(nameless.body).toContain('Give the passkey a name')
  })
})

test('after forty wrong answers from one address it waits', async () => {
  const own = await testApp({ env: { PUBLIC_URL: site.origin } })
  const stranger = own.stranger()
  const statuses = new Set<number>()
  for (let tries = 0; tries < 41; tries++) {
    statuses.clear()
    statuses.add((await stranger.post('/sign-in/passkey', { challenge: 'x', answer: '{}' })).statusCode)
  }
  expect([...statuses]).toEqual([429])
  await own.close()
})

test('where browsers offer none, nobody is offered any', async () => {
  const plain = await testApp({ env: { PUBLIC_URL: 'http://10.0.0.5:3000' } })
  expect((await plain.stranger().get('/sign-in')).body).not.toContain('Use a passkey')
  expect((await plain.stranger().get('/sign-in/passkey')).statusCode).toBe(404)
  expect((await (await plain.signIn()).get('/account')).body).not.toContain('Add a passkey')
  await plain.close()
})

function use(form: { challenge: string; answer: string }, url = '/sign-in/passkey') {
  return app.stranger().post(url, form)
}

/** Names the right device and is signed by another. */
function forgedWith(forger: SoftAuthenticator, device: SoftAuthenticator, asked: Asked): string {
  const { id, rawId } = JSON.parse(device.use(asked)) as { id: string; rawId: string }
  return JSON.stringify({ ...(JSON.parse(forger.use(asked)) as object), id, rawId })
}
