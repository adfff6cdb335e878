import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { registerClient } from '#clients/index.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import { readCatalogues } from '#platform/i18n/index.ts'
import { partnerAddress, referralMails } from '../referrals.mails.ts'
import { liveLinkOf, revokeLinks } from './referral-links.store.ts'
import { findReferral } from '../referrals.store.ts'
import { aWorld, type World } from '../world.testing.ts'

let app: TestApp
let world: World
let adviser: TestBrowser & { readonly staffId: string }
const now = new Date('2026-03-02T09:00:00Z')

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  adviser = await app.signIn({ siteIds: [world.siteId], name: 'Mara Lind' })
})
afterAll(() => app.close())

const agreed = {
  agreed: ['name', 'phone', 'access_needs'],
  words: 'Noor hopes to bake.',
  how: 'spoken',
  toldBy: 'client',
}
const asJob = <T>(work: (db: Parameters<typeof findReferral>[0]) => Promise<T>) =>
  app.database.as({ networkId: app.networkId, role: 'job' }, work)

async function sendReferral(): Promise<ReferralId> {
  const id = newId<'referral'>()
  // Of a client of its own each: a client has one open referral to a service at a time.
  const { id: clientId } = await asJob((db) =>
    registerClient(
      db,
      { networkId: app.networkId, staffId: world.adviser.id, now },
      { person: world.client, siteId: world.siteId, adviserId: world.adviser.id },
    ),
  )
  const sent = await adviser.post(`/clients/${clientId}/referrals`, {
    ...agreed,
    referral: id,
    service: world.partner.serviceId,
  })
  expect(sent.headers.location).toBe(`/referrals/${id}`)
  return id
}

async function linkTo(id: ReferralId): Promise<string> {
  const link = await asJob((db) => liveLinkOf(db, id, now))
  if (!link) throw new Error('no link')
  return partnerAddress(app.application.keys, link, '')
}

const stateOf = async (id: ReferralId) => (await asJob((db) => findReferral(db, id)))?.referral.state
const kindsOf = async (id: ReferralId) =>
  (await asJob((db) => findReferral(db, id)))?.referral.events.map((event) => event.kind)

/** Opens the link as a person does: the button, then the page it leads to. */
async function openLink(link: string): Promise<TestBrowser> {
  const phone = app.stranger()
  const opened = await phone.post(link)
  expect(opened.headers.location).toBe(`${link}/referral`)
  return phone
}

describe('the link', () => {
  test('is opened for itself alone: two referrals stay open in two tabs', async () => {
    const [one, other] = [await linkTo(await sendReferral()), await linkTo(await sendReferral())]
    const opened = await app.stranger().post(one)
    expect(opened.cookies).toMatchObject([{ name: 'waypost_opening', path: one, httpOnly: true, sameSite: 'Lax' }])
    const elsewhere = app.stranger()
    elsewhere.cookies.set('waypost_opening', opened.cookies[0]!.value)
    expect((await elsewhere.get(`${one}/referral`)).statusCode).toBe(200)
    expect((await elsewhere.get(`${other}/referral`)).headers.location).toBe(other)
  })

  test('shows nothing personal on GET and changes nothing, however often a mail scanner opens it', async () => {
    const id = await sendReferral()
    const link = await linkTo(id)
    const before = await kindsOf(id)
    for (const path of ['', '/referral', '/decline', '/accept', '/places', '/attended']) {
      const seen = await app.stranger().get(`${link}${path}`)
      expect([200, 303]).toContain(seen.statusCode)
      expect(seen.headers['referrer-policy']).toBe('no-referrer')
      expect(seen.headers['cache-control']).toBe('no-store')
      for (const personal of ['Noor', 'Haddad', '791234567', 'bake']) expect(seen.body).not.toContain(personal)
      if (seen.statusCode === 303) expect(seen.headers.location).toBe(link)
    }
    const door = await app.stranger().get(link)
    expect(door.body).toContain('Show this referral')
    expect(door.body).toMatch(/R-[0-9A-Z]{4}-[0-9A-Z]{2}/)
    expect(await kindsOf(id)).toEqual(before)
  })

  test('opened by its button shows what was agreed and nothing else, and survives a reload', async () => {
    const id = await sendReferral()
    const link = await linkTo(id)
    const phone = await openLink(link)
    for (let time = 0; time < 2; time++) {
      const shown = await phone.get(`${link}/referral`)
      expect(shown.body).toContain('Noor Haddad')
      expect(shown.body).toContain('Noor hopes to bake.')
      expect(shown.body).not.toContain('noor@example.org')
    }
    expect(await kindsOf(id)).toEqual(['drafted', 'sent', 'opened'])
  })

  test('does not open another referral in the same browser', async () => {
    const [mine, other] = [await sendReferral(), await sendReferral()]
    const phone = await openLink(await linkTo(mine))
    const tried = await phone.get(`${await linkTo(other)}/referral`)
    expect(tried.statusCode).toBe(303)
    expect(tried.body).not.toContain('Noor')
  })

  test('asks again for its button after half an hour', async () => {
    const link = await linkTo(await sendReferral())
    const phone = await openLink(link)
    app.setNow(new Date(now.getTime() + 31 * 60_000))
    expect((await phone.get(`${link}/referral`)).headers.location).toBe(link)
    app.setNow(now)
  })

  test('that is wrong, forged, revoked or expired ends on a calm page', async () => {
    const id = await sendReferral()
    const link = await linkTo(id)
    for (const wrong of [`${link.slice(0, -3)}abc`, '/r/x', `/r/${newId()}.${'a'.repeat(43)}`]) {
      const seen = await app.stranger().get(wrong)
      expect(seen.statusCode).toBe(404)
      expect(seen.body).toContain('This link no longer works')
      expect(seen.body).toContain('Check that the whole address was copied')
    }
    const phone = await openLink(link)
    app.setNow(new Date(now.getTime() + 121 * 86_400_000))
    const expired = await app.stranger().get(link)
    expect(expired.statusCode).toBe(410)
    expect(expired.body).toContain('Send me a code')
    expect(expired.body).toContain('Mara Lind')
    app.setNow(now)
    await asJob((db) => revokeLinks(db, id, now))
    const revoked = await phone.post(`${link}/accept`)
    expect(revoked.statusCode).toBe(410)
    expect(revoked.body).not.toContain('Noor')
    expect(await stateOf(id)).toBe('sent')
  })
})

describe('the partner answers', () => {
  test('yes in two taps, then names the first appointment', async () => {
    const id = await sendReferral()
    const link = await linkTo(id)
    const phone = await openLink(link)
    const yes = await phone.post(`${link}/accept`, { event: newId() })
    expect(await stateOf(id)).toBe('accepted')
    expect(yes.headers.location).toBe(`${link}/appointment`)
    const bad = await phone.post(`${link}/appointment`, {
      'day-day': '31',
      'day-month': '2',
      'day-year': '2026',
      place: 'Mill Lane',
    })
    expect(bad.statusCode).toBe(400)
    expect(bad.body).toContain('Mill Lane')
    expect(bad.body).toContain('href="#day"')
    const made = {
      'day-day': '12',
      'day-month': '3',
      'day-year': '2026',
      time: '9.30',
      place: '4 Mill Lane',
      meeting: 'Ada',
    }
    expect((await phone.post(`${link}/appointment`, made)).statusCode).toBe(303)
    const seen = await adviser.get(`/referrals/${id}`)
    expect(seen.body).toContain('4 Mill Lane')
  })

  test('no, with a reason that says who declined; the adviser sees what to do next', async () => {
    const id = await sendReferral()
    const link = await linkTo(id)
    const phone = await openLink(link)
    expect((await phone.post(`${link}/decline`, {})).statusCode).toBe(400)
    await phone.post(`${link}/decline`, { reason: 'no_places', words: 'Full until May.' })
    const seen = await adviser.get(`/referrals/${id}`)
    expect(seen.body).toContain('Declined for the partner')
    expect(seen.body).toContain('Full until May.')
    expect(seen.body).toContain('Ask them about places')
    const after = await phone.get(`${link}/referral`)
    expect(after.body).not.toContain('Noor')
  })

  test('a form sent twice is one answer, and a second answer hears who was first', async () => {
    const id = await sendReferral()
    const link = await linkTo(id)
    const phone = await openLink(link)
    const event = newId()
    const twice = await Promise.all([phone.post(`${link}/accept`, { event }), phone.post(`${link}/accept`, { event })])
    expect(twice.map((answer) => answer.statusCode)).toEqual([303, 303])
    expect((await kindsOf(id))?.filter((kind) => kind === 'accepted')).toHaveLength(1)
    const late = await phone.post(`${link}/decline`, { reason: 'no_places', event: newId() })
    expect(late.statusCode).toBe(409)
    expect(late.body).toContain('already answered')
    expect(late.body).toContain('Bakery School')
  })

  test('attendance and the end come by the same link, and the person is no longer shown after it', async () => {
    const id = await sendReferral()
    const link = await linkTo(id)
    const phone = await openLink(link)
    await phone.post(`${link}/accept`, {})
    await phone.post(`${link}/attended`, { when: 'today' })
    expect(await stateOf(id)).toBe('under_way')
    await phone.post(`${link}/completed`, { result: 'achieved', when: 'today' })
    expect(await stateOf(id)).toBe('completed')
    const over = await phone.get(`${link}/referral`)
    expect(over.body).toContain('no longer shown')
    expect(over.body).not.toContain('Noor')
  })

  test('every question keeps the line with whom to ask', async () => {
    const link = await linkTo(await sendReferral())
    const phone = await openLink(link)
    for (const path of ['/decline', '/accept', '/places']) {
      const { body } = await phone.get(`${link}${path}`)
      expect(body).toContain('Questions? Write to')
      expect(body).toContain('href="mailto:')
    }
    expect((await phone.post(`${link}/decline`, {})).body).toContain('Questions? Write to')
  })

  test('sets places free and the next start of its own service', async () => {
    const link = await linkTo(await sendReferral())
    const phone = await openLink(link)
    expect((await phone.post(`${link}/places`, {})).statusCode).toBe(400)
    const set = await phone.post(`${link}/places`, {
      places: '4',
      'start-day': '1',
      'start-month': '4',
      'start-year': '2026',
    })
    expect(set.statusCode).toBe(303)
    const service = await asJob((db) =>
      db
        .selectFrom('services')
        .select(['places_free', 'next_start', 'places_by'])
        .where('id', '=', world.partner.serviceId)
        .executeTakeFirst(),
    )
    expect(service).toEqual({ places_free: 4, next_start: '2026-04-01', places_by: 'partner' })
  })
})

test('the mails carry reference, sender and link, and nothing about the client; none is written for a dead link', async () => {
  const id = await sendReferral()
  const link = await asJob((db) => liveLinkOf(db, id, now))
  const network = await app.application.networks.byId(app.networkId)
  if (!link || !network) throw new Error('no link')
  const words = readCatalogues(path.join(import.meta.dirname, '..', '..')).in('en')
  const write = (kind: string) =>
    asJob((db) => {
      const source = {
        db,
        network,
        words,
        ids: { linkId: link.id, referralId: id },
        keys: app.application.keys,
        publicUrl: 'https://x.example',
      }
      return referralMails[kind]?.(source) ?? Promise.resolve(null)
    })
  const kinds = ['sent', 'news', 'reminder', 'shared', 'answer', 'due', 'file_infected'].map(
    (kind) => `referrals.${kind}`,
  )
  for (const kind of kinds) {
    const letter = await write(kind)
    const all = `${letter?.subject}\n${letter?.text}`
    expect(all).toMatch(/R-[0-9A-Z]{4}-[0-9A-Z]{2}/)
    for (const personal of ['Noor', 'Haddad', '791234567', 'bake']) expect(all).not.toContain(personal)
  }
  const sent = await write('referrals.sent')
  expect(sent?.text).toContain('Mara Lind')
  expect(sent?.text).toContain(partnerAddress(app.application.keys, link, 'https://x.example'))
  await asJob((db) => revokeLinks(db, id, now))
  expect(await write('referrals.reminder')).toBeNull()
})
