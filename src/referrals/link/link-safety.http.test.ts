import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp } from '#app.testing.ts'
import { newId } from '#platform/ids.ts'
import { deriveSecret, hashSecret, readKeys } from '#platform/secrets.ts'
import { linkKind, revokeLink } from '../referrals.acts.ts'
import { partnerAddress } from '../referrals.mails.ts'
import { aWorld, workFor, type World } from '../world.testing.ts'
import { linksOf, type Links } from './link.testing.ts'
import { findLink, insertLink, type ReferralLinkId } from './referral-links.store.ts'
import { findReferral } from '../referrals.store.ts'

let app: TestApp
let world: World
let links: Links
const now = new Date('2026-03-02T09:00:00Z')

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  links = linksOf(app, world, now)
})
afterAll(() => app.close())

const personal = ['Noor', 'Haddad']
const open = (link: string) => links.open(link)
const nobody = () => app.stranger()

describe('forgery', () => {
  test('a link with one character changed, anywhere, opens nothing', async () => {
    const { id, link } = await links.send()
    const secretAt = link.indexOf('.') + 1
    for (const at of [secretAt, secretAt + 20, link.length - 2]) {
      const other = link[at] === 'A' ? 'B' : 'A'
      const forged = link.slice(0, at) + other + link.slice(at + 1)
      for (const answer of [await nobody().get(forged), await nobody().post(forged)]) {
        expect(answer.statusCode).toBe(404)
        expect(answer.body).not.toContain('R-')
      }
    }
    expect(await links.kindsOf(id)).toEqual(['drafted', 'sent'])
  })

  test('a link cut short, or with more behind it, opens nothing', async () => {
    const { link } = await links.send()
    for (const forged of [link.slice(0, -1), link.slice(0, -10), `${link}A`, link.split('.')[0]!]) {
      expect((await nobody().get(forged)).statusCode).toBe(404)
    }
  })

  test('a cookie of another link, or one made by hand, opens no referral', async () => {
    const [mine, other] = [await links.send(), await links.send()]
    const phone = await open(mine.link)
    for (const value of [phone.cookies.get('waypost_opening') ?? '', 'x.y.z', '']) {
      const elsewhere = nobody()
      elsewhere.cookies.set('waypost_opening', value)
      const tried = await elsewhere.get(`${other.link}/referral`)
      expect(tried.headers.location).toBe(other.link)
    }
  })
})

describe('replay', () => {
  test('a form posted again is one event, also from another browser', async () => {
    const { id, link } = await links.send()
    const event = newId()
    for (const phone of [await open(link), await open(link)]) {
      expect((await phone.post(`${link}/accept`, { event })).statusCode).toBe(303)
    }
    expect((await links.kindsOf(id)).filter((kind) => kind === 'accepted')).toHaveLength(1)
  })

  test('a form of another referral, sent there before, is refused calmly and changes nothing', async () => {
    const [first, second] = [await links.send(), await links.send({ partner: world.otherPartner })]
    const event = newId()
    const done = await (await open(first.link)).post(`${first.link}/accept`, { event })
    expect(done.statusCode).toBe(303)
    const tried = await (await open(second.link)).post(`${second.link}/decline`, { event, reason: 'no_places' })
    expect(tried.statusCode).toBe(409)
    expect(tried.body).toContain('This form belongs to another referral.')
    expect(await links.kindsOf(second.id)).toEqual(['drafted', 'sent', 'opened'])
    expect(await links.stateOf(first.id)).toBe('accepted')
  })
})

describe('another partner', () => {
  test('does not answer for this one: a link acts on its own referral alone', async () => {
    const [mine, theirs] = [await links.send(), await links.send({ partner: world.otherPartner })]
    const phone = await open(mine.link)
    for (const answer of [
      await phone.get(`${theirs.link}/referral`),
      await phone.post(`${theirs.link}/accept`, { event: newId() }),
    ]) {
      expect(answer.headers.location).toBe(theirs.link)
      for (const word of personal) expect(answer.body).not.toContain(word)
    }
    expect(await links.stateOf(theirs.id)).toBe('sent')
  })
})

describe('a link of another kind', () => {
  test('opens nothing here, though its secret is good', async () => {
    const { id } = await links.send()
    const linkId = newId<'referral_link'>()
    const secret = deriveSecret(app.application.keys, app.application.keys.currentId, { kind: linkKind, id: linkId })
    const file = (await links.asJob((db) => findReferral(db, id)))?.file
    if (!file) throw new Error('no referral')
    await links.asJob((db) =>
      db
        .insertInto('referral_links')
        .values({
          ...{ network_id: app.networkId, id: linkId, referral_id: id, client_id: file.clientId, site_id: file.siteId },
          ...{ organization_id: file.organizationId, kind: 'client', key_id: 'x', recipient: 'noor@example.org' },
          ...{ secret_hash: hashSecret(secret), created_at: now, expires_at: new Date(now.getTime() + 86_400_000) },
        })
        .execute(),
    )
    const link = `/r/${app.networkId}.${secret}`
    for (const path of ['', '/referral', '/places', '/accept', '/code']) {
      expect((await nobody().get(link + path)).statusCode, path).toBe(404)
      expect((await nobody().post(link + path)).statusCode, path).toBe(404)
    }
  })
})

describe('keys', () => {
  test('a link made with an older key still opens after the key was changed, and is mailed as the same link', async () => {
    const old = readKeys('/nowhere', 'first')
    const changed = readKeys('/nowhere', 'second first')
    expect(changed.currentId).not.toBe(old.currentId)
    const { id } = await links.send()
    const linkId: ReferralLinkId = newId<'referral_link'>()
    const secret = deriveSecret(old, old.currentId, { kind: linkKind, id: linkId })
    const made = await links.asJob(async (db) => {
      const file = (await findReferral(db, id))!.file
      const expiresAt = new Date(now.getTime() + 86_400_000)
      const row = {
        id: linkId,
        keyId: old.currentId,
        secretHash: hashSecret(secret),
        recipient: 'a@b.example',
        expiresAt,
      }
      await insertLink(db, file, row, now)
      return findLink(db, linkId)
    })
    const address = partnerAddress(changed, made!, '')
    expect(address).toBe(`/r/${app.networkId}.${secret}`)
    expect((await (await open(address)).get(`${address}/referral`)).statusCode).toBe(200)
  })
})

describe('a dead link', () => {
  test('that was switched off answers nothing, shows nothing and cannot be renewed', async () => {
    const { id, link } = await links.send()
    const phone = await open(link)
    const actor = { kind: 'adviser', id: world.adviser.id, name: world.adviser.name } as const
    await links.asJob((db) => revokeLink(workFor(world, db, now), id, actor))
    for (const path of ['', '/referral', '/accept', '/places']) {
      const seen = await phone.get(link + path)
      expect(seen.statusCode).toBe(410)
      for (const word of [...personal, 'Send me a code', 'd…@']) expect(seen.body).not.toContain(word)
    }
    for (const path of ['/accept', '/renew', '/code']) {
      expect((await phone.post(link + path, { event: newId(), code: '123456' })).statusCode).toBe(410)
    }
    expect(await links.stateOf(id)).toBe('sent')
  })

  test('that has expired takes no answer, not even from a browser where it was open', async () => {
    const { id, link } = await links.send()
    app.setNow(new Date(now.getTime() + 120 * 86_400_000 - 60_000))
    const phone = await open(link)
    app.setNow(new Date(now.getTime() + 120 * 86_400_000 + 60_000))
    expect((await phone.post(`${link}/accept`, { event: newId() })).statusCode).toBe(410)
    expect((await phone.get(`${link}/referral`)).body).not.toContain('Noor')
    expect(await links.stateOf(id)).toBe('sent')
    app.setNow(now)
  })
})

describe('mail scanners and search engines', () => {
  test('HEAD and GET change nothing, show nothing personal and leave no trace', async () => {
    const { id, link } = await links.send()
    for (const path of ['', '/referral', '/accept', '/decline', '/places', '/code']) {
      for (const method of ['HEAD', 'GET'] as const) {
        const seen = await app.application.server.inject({ method, url: link + path })
        expect([200, 303]).toContain(seen.statusCode)
        expect(seen.headers['x-robots-tag']).toContain('noindex')
        expect(seen.headers['cache-control']).toBe('no-store')
        expect(seen.headers['referrer-policy']).toBe('no-referrer')
        for (const word of personal) expect(seen.body).not.toContain(word)
      }
    }
    expect(await links.kindsOf(id)).toEqual(['drafted', 'sent'])
  })

  test('an answer takes two taps: show, and yes', async () => {
    const { id, link } = await links.send()
    const phone = await open(link)
    const shown = await phone.get(`${link}/referral`)
    expect(shown.headers['x-robots-tag']).toContain('noindex')
    const event = /name="event" value="([^"]+)"/.exec(shown.body)?.[1] ?? ''
    expect((await phone.post(`${link}/accept`, { event })).statusCode).toBe(303)
    expect(await links.stateOf(id)).toBe('accepted')
  })
})

test('"no places" leads to the question when there will be some, which can be left', async () => {
  const { id, link } = await links.send()
  const phone = await open(link)
  const said = await phone.post(`${link}/decline`, { event: newId(), reason: 'no_places' })
  expect(said.headers.location).toBe(`${link}/places`)
  const asked = await phone.get(`${link}/places`)
  expect(asked.body).toContain('When does the next course or group start?')
  expect((await phone.post(`${link}/places`, { places: '0' })).statusCode).toBe(303)
  expect(await links.stateOf(id)).toBe('declined')
})

describe('guessing', () => {
  test('wrong links from one address are limited, and a partner there with a good link is not locked out', async () => {
    const { link } = await links.send()
    const codes = []
    for (let guess = 0; guess < 32; guess++)
      codes.push((await nobody().get(`${link.slice(0, -5)}${guess + 10000}`)).statusCode)
    expect(codes[0]).toBe(404)
    expect(codes.at(-1)).toBe(429)
    const phone = await open(link)
    expect((await phone.get(`${link}/referral`)).body).toContain('Noor Haddad')
    app.setNow(new Date(now.getTime() + 61 * 60_000))
    expect((await nobody().get(`${link.slice(0, -5)}xxxxx`)).statusCode).toBe(404)
    app.setNow(now)
  })
})

// The last, because a second network changes where everybody signs in.
test('forgery: a secret does not open anything under the name of another network', async () => {
  const { link } = await links.send()
  const other = await app.database.addNetwork('elsewhere')
  app.setNow(new Date(now.getTime() + 3 * 3_600_000))
  const moved = link.replace(app.networkId, other)
  expect((await nobody().get(moved)).statusCode).toBe(404)
})
