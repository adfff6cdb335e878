import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import { linksOf, type Links } from '../link/link.testing.ts'
import { aWorld, type World } from '../world.testing.ts'
import { conversationOf, unseenMessages } from './referral-messages.store.ts'

const now = new Date('2026-03-02T09:00:00Z')
let app: TestApp
let world: World
let links: Links
let adviser: TestBrowser & { readonly staffId: string }

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  links = linksOf(app, world, now)
  adviser = await app.signIn({ siteIds: [world.siteId], name: 'Mara Lind' })
})
afterAll(() => app.close())

const write = (id: ReferralId, words: string, audience = 'partner', event: string = newId()) =>
  adviser.post(`/referrals/${id}/conversation`, { words, audience, event })
const said = (id: ReferralId) => links.asJob((db) => conversationOf(db, id, 'adviser'))
const mailsTo = async (recipient: string) =>
  (
    await links.asJob((db) =>
      db.selectFrom('mail_messages').select('kind').where('recipient', '=', recipient).execute(),
    )
  ).map(({ kind }) => kind)
const newsToPartner = async () =>
  (await mailsTo('desk@partner.example')).filter((kind) => kind === 'referrals.news').length

describe('an adviser writes', () => {
  test('to the partner, who is told by mail and reads it behind the link; it says when it was read', async () => {
    const { id, link } = await links.send()
    const before = await newsToPartner()
    expect((await write(id, 'Is there still a place?')).headers.location).toBe(`/referrals/${id}#conversation`)
    expect(await newsToPartner()).toBe(before + 1)
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('Not read by the partner yet')
    const scanner = app.stranger()
    await scanner.get(link)
    expect((await said(id))[0]?.seenBy.partner).toBeNull()
    const phone = await links.open(link)
    expect((await phone.get(`${link}/referral`)).body).toContain('Is there still a place?')
    expect((await said(id))[0]?.seenBy.partner).toEqual(now)
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('Read by the partner')
  })

  test('a note for colleagues, which reaches no partner: no page, no mail, no row', async () => {
    const { id, link } = await links.send()
    const before = await newsToPartner()
    await write(id, 'She is afraid of this employer.', 'colleagues')
    expect(await newsToPartner()).toBe(before)
    const phone = await links.open(link)
    expect((await phone.get(`${link}/referral`)).body).not.toContain('afraid')
    const scope = { networkId: app.networkId, organizationId: world.partner.id, referralId: id }
    for (const role of ['link', 'partner'] as const) {
      const rows = await app.database.as({ ...scope, role }, (db) =>
        db.selectFrom('referral_messages').select('words').where('referral_id', '=', id).execute(),
      )
      expect(rows).toEqual([])
    }
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('Note for colleagues')
  })

  test('to the client alone: neither the partner nor a client of another referral reads it', async () => {
    const { id, link } = await links.send()
    const other = await links.send()
    await write(id, 'Bring your certificate.', 'client')
    const phone = await links.open(link)
    expect((await phone.get(`${link}/referral`)).body).not.toContain('certificate')
    const read = (referralId: ReferralId) =>
      app.database.as({ networkId: app.networkId, role: 'client', clientId: world.client.id, referralId }, (db) =>
        conversationOf(db, id, 'client'),
      )
    expect(await read(id)).toMatchObject([{ words: 'Bring your certificate.' }])
    expect(await read(other.id)).toEqual([])
  })

  test('nothing, too much, or to nobody: the words stay in the field', async () => {
    const { id } = await links.send()
    expect((await write(id, ' ')).body).toContain('Write what you want to say')
    const refused = await adviser.post(`/referrals/${id}/conversation`, { words: 'Half a thought' })
    expect(refused.statusCode).toBe(400)
    expect(refused.body).toContain('Choose who reads it')
    expect(refused.body).toContain('Half a thought</textarea>')
    expect((await write(id, 'x'.repeat(2001))).body).toContain('href="#words"')
    expect(await said(id)).toEqual([])
  })

  test('twice with one form: it is one message', async () => {
    const { id } = await links.send()
    const event = newId()
    await Promise.all([write(id, 'Once', 'partner', event), write(id, 'Once', 'partner', event)])
    expect(await said(id)).toHaveLength(1)
  })

  test('with a usual question, which stands in the field to be changed and keeps the draft', async () => {
    const { id } = await links.send()
    const drawn = await adviser.post(`/referrals/${id}/conversation`, {
      words: 'Dear Jo,',
      ask: 'came',
      audience: 'partner',
    })
    expect(drawn.statusCode).toBe(200)
    expect(drawn.body).toContain('Dear Jo,\nDid our client come to the appointment?')
    expect(await said(id)).toEqual([])
  })
})

describe('the partner writes', () => {
  test('by one field on the page; the adviser is told, and the message counts as unread until they open it', async () => {
    const { id, link } = await links.send()
    const own = await app.signIn({ siteIds: [world.siteId], name: 'In Charge' })
    await own.post(`/referrals/${id}/take-over`)
    const unread = () => links.asJob((db) => unseenMessages(db, [id], 'adviser'))
    const phone = await links.open(link)
    await phone.post(`${link}/message`, { words: 'Which shifts can she do?', event: newId() })
    expect(await unread()).toEqual(new Map([[id, 1]]))
    expect((await own.get('/today')).body).toContain('1 new message')
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('Which shifts can she do?')
    expect(await unread()).toEqual(new Map([[id, 1]]))
    expect((await own.get(`/referrals/${id}`)).body).toContain('>New<')
    expect(await unread()).toEqual(new Map())
    expect((await own.get('/today')).body).not.toContain('1 new message')
    expect((await phone.get(`${link}/referral`)).body).toContain('Read, 2 March 2026')
  })

  test('and cannot make a message that the client reads', async () => {
    const { id } = await links.send()
    const scope = { networkId: app.networkId, organizationId: world.partner.id, referralId: id, role: 'link' } as const
    const forged = app.database.as(scope, async (db) => {
      const event = await db
        .selectFrom('referral_events')
        .select(['id', 'client_id', 'site_id'])
        .where('referral_id', '=', id)
        .executeTakeFirstOrThrow()
      await db
        .insertInto('referral_messages')
        .values({
          ...{ network_id: app.networkId, id: newId(), referral_id: id, organization_id: world.partner.id },
          ...{ client_id: event.client_id, site_id: event.site_id, event_id: event.id, from_kind: 'partner' },
          ...{ words: 'Call me at home', shown_to_partner: true, shown_to_client: true, written_at: now },
        })
        .execute()
    })
    await expect(forged).rejects.toThrow(/row-level security/)
  })
})

test('once consent is withdrawn the partner is written nothing more; colleagues and the client still can be', async () => {
  const { id, link } = await links.send()
  await write(id, 'About Noor')
  const phone = await links.open(link)
  await adviser.post(`/referrals/${id}/sharing/withdraw`, { how: 'spoken', toldBy: 'client' })
  expect((await phone.get(`${link}/referral`)).body).not.toContain('About Noor')
  const page = await adviser.get(`/referrals/${id}`)
  expect(page.body).toContain('No longer shown to the partner')
  expect(page.body).not.toContain('Note for colleagues')
  expect((await write(id, 'One more thing')).body).toContain('The partner sees nothing of this client any more')
  expect((await write(id, 'For the file', 'colleagues')).statusCode).toBe(303)
})

test('after the end nothing is written to a partner who could not read it', async () => {
  const { id, link } = await links.send()
  const phone = await links.open(link)
  await phone.post(`${link}/decline`, { reason: 'no_places', event: newId() })
  expect((await write(id, 'Thank you all the same')).statusCode).toBe(400)
  expect(await said(id)).toEqual([])
})
