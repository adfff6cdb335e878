import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { readCatalogues } from '#platform/i18n/index.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import path from 'node:path'
import { addOrganizations } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { Letter } from '#platform/mail/mail.ts'
import { liveLinkOf } from '../link/referral-links.store.ts'
import { actOn } from '../referrals.acts.ts'
import { referralMails } from '../referrals.mails.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { aWorld, sendOne, workFor, type Partner, type World } from '../world.testing.ts'

type Colleague = TestBrowser & { readonly contactId: string; readonly email: string }

let app: TestApp
let world: World
let adviser: TestBrowser & { readonly staffId: string }
let petra: Colleague
let oskar: Colleague
let stranger: Colleague
const now = new Date('2026-03-02T09:00:00Z')

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  adviser = await app.signIn({ siteIds: [world.siteId], name: 'Mara Lind' })
  const organizationId = world.partner.id
  petra = await app.signInPartner({ organizationId, name: 'Petra Baker', isLead: true })
  oskar = await app.signInPartner({ organizationId, name: 'Oskar Oven' })
  stranger = await app.signInPartner({ organizationId: world.otherPartner.id, name: 'Lena Speaker' })
})
beforeEach(() => app.setNow(now))
afterAll(() => app.close())

const asJob = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)
const asAdviser = <T>(work: (db: Db) => Promise<T>) =>
  app.database.as({ networkId: app.networkId, actorId: world.adviser.id, roles: ['adviser'] }, work)
const send = (partner: Partner = world.partner): Promise<KeptReferral> =>
  asAdviser((db) => sendOne(world, workFor(world, db, now), { partner, keys: app.application.keys }))
const referralOf = async (id: ReferralId) => (await asJob((db) => findReferral(db, id)))?.referral
const kindsOf = async (id: ReferralId) => (await referralOf(id))?.events.map(({ kind }) => kind)
const withdraw = ({ file }: KeptReferral) =>
  asAdviser((db) => {
    const actor = { kind: 'adviser', id: world.adviser.id, name: 'Mara Lind' } as const
    const event = { kind: 'withdrawn', reason: 'consent_withdrawn', id: newId<'referral_event'>() } as const
    return actOn(workFor(world, db, now), file.id, { ...event, actor, channel: 'page' })
  })
async function letterOf(kind: string, ids: Readonly<Record<string, string>>): Promise<Letter | null> {
  const words = readCatalogues(path.join(import.meta.dirname, '..', '..')).in('en')
  const network = (await app.application.networks.byId(app.networkId))!
  const source = { words, network, keys: app.application.keys, publicUrl: 'https://example.org', ids }
  return asJob((db) => referralMails[kind]!({ ...source, db }))
}

/** A partner where nobody signs in. */
async function insertPartner(db: Db): Promise<Partner> {
  const name = 'Quiet Workshop'
  const [id] = await addOrganizations(
    db,
    app.networkId,
    [{ name, description: name, email: 'quiet@partner.example' }],
    now,
  )
  return { ...world.partner, id: id!, name }
}

const addressOf = ({ file }: KeptReferral) => `/inbox/${file.id}`

/** The fields of the last form of a page that posts to this address, as it was drawn. */
function fieldsOf(body: string, action: string): Record<string, string | string[]> {
  const form = body.slice(body.indexOf(`action="${action}"`))
  const fields: Record<string, string | string[]> = {}
  for (const [, name, value] of form.slice(0, form.indexOf('</form>')).matchAll(/name="([^"]+)" value="([^"]*)"/g)) {
    if (name === '_csrf') continue
    const known = fields[name!]
    fields[name!] = known === undefined ? value! : [...(typeof known === 'string' ? [known] : known), value!]
  }
  return fields
}

describe('who may look', () => {
  test('another organisation’s referral does not exist here, by any address', async () => {
    const kept = await send()
    const address = addressOf(kept)
    for (const tail of ['', '/accept', '/decline', '/places']) {
      expect((await stranger.get(`${address}${tail}`)).statusCode).toBe(404)
    }
    for (const tail of ['/open', '/accept', '/give', '/undo', '/places']) {
      expect((await stranger.post(`${address}${tail}`, { to: stranger.contactId })).statusCode).toBe(404)
    }
    const list = await stranger.get('/inbox?view=all')
    expect(list.body).not.toContain(kept.file.reference)
    expect((await stranger.get(`/inbox/chosen?do=accept&chosen=${kept.file.id}`)).statusCode).toBe(400)
    await stranger.post('/inbox/accept', { chosen: kept.file.id })
    expect(await kindsOf(kept.file.id)).toEqual(['drafted', 'sent'])
  })

  test('strangers and staff come to the partners’ sign-in; an account that has ended is out at once', async () => {
    expect((await app.stranger().get('/inbox')).headers.location).toContain('/partner/sign-in')
    expect((await adviser.get('/inbox')).headers.location).toContain('/partner/sign-in')
    const gone = await app.signInPartner({ organizationId: world.partner.id, name: 'Gustav Gone' })
    expect((await gone.get('/inbox')).statusCode).toBe(200)
    await asJob((db) =>
      db
        .updateTable('partner_contacts')
        .set({ state: 'left', left_at: now })
        .where('id', '=', gone.contactId)
        .execute(),
    )
    expect((await gone.get('/inbox')).statusCode).toBe(303)
  })
})

describe('one referral', () => {
  test('a GET changes nothing but leaves a trace in the client’s file; its adviser sees who looked', async () => {
    const kept = await send()
    const list = await petra.get('/inbox')
    expect(list.body).toContain('Noor Haddad')
    const page = await petra.get(addressOf(kept))
    expect(page.body).toContain('Noor Haddad')
    expect(page.body).toContain('The adviser does not know yet that you have seen this.')
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.body).not.toMatch(/<title>[^<]*Noor/)
    expect(await kindsOf(kept.file.id)).toEqual(['drafted', 'sent'])
    const traces = await asJob((db) =>
      db
        .selectFrom('audit_events')
        .select(['actor_kind', 'actor_id', 'client_id'])
        .where('action', '=', 'referrals.shown_to_partner')
        .where('subject_id', '=', kept.file.id)
        .execute(),
    )
    expect(traces).toEqual([{ actor_kind: 'partner', actor_id: petra.contactId, client_id: world.client.id }])
    const listed = await asJob((db) =>
      db
        .selectFrom('audit_events')
        .select('facts')
        .where('action', '=', 'referrals.names_shown_to_partner')
        .where('actor_id', '=', petra.contactId)
        .execute(),
    )
    expect(JSON.stringify(listed)).toContain(kept.file.id)
    const manager = await app.signIn({ roles: ['manager'], siteIds: [world.siteId] })
    const openings = await manager.get(`/clients/${world.client.id}/openings`)
    expect(openings.body).toContain('Petra Baker, Bakery School')
    expect(openings.body).toContain('Saw what a referral shares')
  })

  test('is opened by the row’s button, once however often it is pressed', async () => {
    const kept = await send()
    const opened = await petra.post(`${addressOf(kept)}/open`)
    expect(opened.headers.location).toBe(addressOf(kept))
    await oskar.post(`${addressOf(kept)}/open`)
    expect(await kindsOf(kept.file.id)).toEqual(['drafted', 'sent', 'opened'])
    expect((await petra.get(addressOf(kept))).body).not.toContain('does not know yet')
  })

  test('takes every act of the link, under the name of who did it, and asks for the appointment after a yes', async () => {
    const kept = await send()
    const address = addressOf(kept)
    const bad = await petra.post(`${address}/decline`, {})
    expect(bad.statusCode).toBe(400)
    expect(bad.body).toContain('href="#reason"')
    expect((await petra.post(`${address}/accept`, { event: newId() })).headers.location).toBe(`${address}/appointment`)
    const made = {
      'day-day': '2',
      'day-month': '3',
      'day-year': '2026',
      time: '9.30',
      place: '4 Mill Lane',
      meeting: 'Ada',
    }
    await petra.post(`${address}/appointment`, { ...made, event: newId() })
    await oskar.post(`${address}/message`, { words: 'Bring an apron.', event: newId() })
    await oskar.post(`${address}/attended`, { when: 'today', event: newId() })
    const done = await oskar.post(`${address}/completed`, { result: 'achieved', when: 'today', event: newId() })
    expect(done.headers.location).toBe(address)
    const referral = await referralOf(kept.file.id)
    expect(referral?.state).toBe('completed')
    expect(referral?.events.slice(2).map(({ kind, actor, channel }) => [kind, actor.name, channel])).toEqual([
      ['opened', 'Petra Baker', 'inbox'],
      ['accepted', 'Petra Baker', 'inbox'],
      ['appointment_made', 'Petra Baker', 'inbox'],
      ['message', 'Oskar Oven', 'inbox'],
      ['attended', 'Oskar Oven', 'inbox'],
      ['completed', 'Oskar Oven', 'inbox'],
    ])
    // After the end nobody needs to know who the person was.
    expect((await petra.get(address)).body).not.toContain('Noor')
    expect((await adviser.get(`/referrals/${kept.file.id}`)).body).toContain('Oskar Oven')
  })

  test('of two colleagues at once one counts, and the other sees who', async () => {
    const kept = await send()
    const answers = await Promise.all(
      [petra, oskar].map((one) => one.post(`${addressOf(kept)}/accept`, { event: newId() })),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 409])
    const first = (await referralOf(kept.file.id))?.ledHere.actor.name ?? ''
    const late = answers.find(({ statusCode }) => statusCode === 409)
    expect(late?.body).toContain('This was already answered')
    expect(late?.body).toContain(first)
    expect((await kindsOf(kept.file.id))?.filter((kind) => kind === 'accepted')).toHaveLength(1)
  })

  test('a form sent twice is one answer', async () => {
    const kept = await send()
    const form = { reason: 'no_places', event: newId() }
    await petra.post(`${addressOf(kept)}/decline`, form)
    expect((await petra.post(`${addressOf(kept)}/decline`, form)).statusCode).toBe(303)
    expect((await kindsOf(kept.file.id))?.filter((kind) => kind === 'declined')).toHaveLength(1)
  })

  test('the last answer is taken back with one press', async () => {
    const kept = await send()
    await petra.post(`${addressOf(kept)}/decline`, { reason: 'no_places', event: newId() })
    const form = fieldsOf((await oskar.get(addressOf(kept))).body, `${addressOf(kept)}/undo`)
    await oskar.post(`${addressOf(kept)}/undo`, form)
    expect((await referralOf(kept.file.id))?.state).toBe('sent')
  })

  test('withdrawn consent leaves nothing personal in the inbox: page, list, search and file', async () => {
    const kept = await send()
    await petra.post(`${addressOf(kept)}/message`, { words: 'About Noor', event: newId() })
    await withdraw(kept)
    const seen = [
      await petra.get(addressOf(kept)),
      await petra.get(`/inbox?view=ended&q=${kept.file.reference}`),
      await petra.post(`/inbox/export.csv?view=ended&q=${kept.file.reference}`, { names: 'yes' }),
    ]
    for (const { body } of seen) {
      expect(body).toContain(kept.file.reference)
      for (const personal of ['Noor', 'Haddad']) expect(body).not.toContain(personal)
    }
    expect((await petra.get('/inbox?view=ended&q=Haddad')).body).not.toContain(kept.file.reference)
  })
})

describe('who looks after it', () => {
  test('a colleague is given it and hears of it by a mail that says nothing of the client', async () => {
    const kept = await send()
    await petra.post(`${addressOf(kept)}/give`, { to: oskar.contactId, seen: '', event: newId() })
    expect((await oskar.get('/inbox?assigned=me')).body).toContain(kept.file.reference)
    expect((await petra.get('/inbox?assigned=me')).body).not.toContain(kept.file.reference)
    expect((await adviser.get(`/referrals/${kept.file.id}`)).body).toContain('Given to somebody at the partner')
    const mails = await asJob((db) =>
      db
        .selectFrom('mail_messages')
        .select(['recipient', 'ids'])
        .where('kind', '=', 'referrals.inbox_assigned')
        .execute(),
    )
    const mail = mails.find(({ recipient }) => recipient === oskar.email)
    const letter = await letterOf('referrals.inbox_assigned', mail?.ids as Record<string, string>)
    expect(letter?.text).toContain(`https://example.org/inbox/${kept.file.id}`)
    expect(letter?.text).toContain('Petra Baker')
    expect(`${letter?.subject}${letter?.text}`).not.toContain('Noor')
  })

  test('mail of a new referral leads to the inbox as well where somebody signs in, and only there', async () => {
    const quiet = await asJob((db) => insertPartner(db))
    for (const [partner, has] of [
      [world.partner, true],
      [quiet, false],
    ] as const) {
      const kept = await send(partner)
      const link = await asJob((db) => liveLinkOf(db, kept.file.id, now))
      const letter = await letterOf('referrals.sent', { linkId: link!.id })
      expect(letter?.text.includes(`https://example.org/inbox/${kept.file.id}`)).toBe(has)
    }
  })

  test('taking it oneself sends no mail; giving it to nobody is kept too', async () => {
    const kept = await send()
    const taking = fieldsOf((await petra.get(addressOf(kept))).body, `${addressOf(kept)}/give`)
    await petra.post(`${addressOf(kept)}/give`, taking)
    expect((await petra.get(addressOf(kept))).body).toContain('Petra Baker')
    await petra.post(`${addressOf(kept)}/give`, { to: 'nobody', seen: petra.contactId, event: newId() })
    const said = (await referralOf(kept.file.id))?.events.filter(({ kind }) => kind === 'reassigned')
    expect(said?.map((event) => 'to' in event && event.to)).toEqual(['Petra Baker', ''])
    const mails = await asJob((db) =>
      db.selectFrom('mail_messages').select('id').where('recipient', '=', petra.email).execute(),
    )
    expect(mails).toEqual([])
  })

  test('nobody takes what a colleague has taken meanwhile, and a stranger is given nothing', async () => {
    const kept = await send()
    await oskar.post(`${addressOf(kept)}/give`, { to: oskar.contactId, seen: '', event: newId() })
    const late = await petra.post(`${addressOf(kept)}/give`, { to: petra.contactId, seen: '', event: newId() })
    expect(late.statusCode).toBe(409)
    expect(late.body).toContain('Oskar Oven')
    await petra.post(`${addressOf(kept)}/give`, { to: stranger.contactId, seen: oskar.contactId, event: newId() })
    expect((await oskar.get('/inbox?assigned=me')).body).toContain(kept.file.reference)
  })
})

describe('several at once', () => {
  test('are accepted together; one that was taken back meanwhile is told by its reference', async () => {
    const [one, two, three] = [await send(), await send(), await send()]
    const chosen = [one, two, three].map(({ file }) => `chosen=${file.id}`).join('&')
    const asked = await petra.get(`/inbox/chosen?do=accept&${chosen}`)
    expect(asked.body).toContain('Accept these 3 referrals?')
    const form = fieldsOf(asked.body, '/inbox/accept')
    await withdraw(two)
    const told = await petra.post('/inbox/accept', form)
    expect(told.body).toContain('Accepted 2 referrals.')
    expect(told.body).toContain('One was not accepted')
    const others = told.body.slice(told.body.indexOf('One was not accepted'))
    expect(others).toContain(two.file.reference)
    expect(others).toContain('Taken back')
    expect(others).not.toContain(one.file.reference)
    expect((await referralOf(one.file.id))?.state).toBe('accepted')
    expect((await referralOf(three.file.id))?.state).toBe('accepted')
    expect((await referralOf(two.file.id))?.state).toBe('withdrawn')
    // Sent again, by a reload: nothing happens twice.
    await petra.post('/inbox/accept', form)
    expect((await kindsOf(one.file.id))?.filter((kind) => kind === 'accepted')).toHaveLength(1)
  })

  test('those that cannot be accepted are left out before, and none chosen is said so', async () => {
    const [one, done] = [await send(), await send()]
    await petra.post(`${addressOf(done)}/decline`, { reason: 'no_places', event: newId() })
    const asked = await petra.get(`/inbox/chosen?do=accept&chosen=${one.file.id}&chosen=${done.file.id}`)
    expect(asked.body).toContain('Accept this referral?')
    expect(asked.body.slice(asked.body.indexOf('cannot be accepted now'))).toContain(done.file.reference)
    const none = await petra.get('/inbox/chosen?do=accept&view=all')
    expect(none.statusCode).toBe(400)
    expect(none.body).toContain('href="#chosen"')
    expect(none.body).toContain('Choose at least one referral first.')
    const accepted = await petra.post('/inbox/accept', fieldsOf(asked.body, '/inbox/accept'))
    expect(accepted.statusCode).toBe(303)
  })

  test('two colleagues with the same list, in any order, wait for each other and lose nothing', async () => {
    const all = await Promise.all([send(), send(), send(), send()])
    const ids = all.map(({ file }) => file.id)
    await Promise.all([
      petra.post('/inbox/accept', { chosen: ids }),
      oskar.post('/inbox/accept', { chosen: ids.toReversed() }),
    ])
    for (const id of ids) expect((await kindsOf(id))?.filter((kind) => kind === 'accepted')).toHaveLength(1)
  })

  test('are given to a colleague together, who gets one mail', async () => {
    const ida = await app.signInPartner({ organizationId: world.partner.id, name: 'Ida Inbox' })
    const [one, two] = [await send(), await send()]
    const address = `/inbox/chosen?do=give&chosen=${one.file.id}&chosen=${two.file.id}`
    const form = fieldsOf((await petra.get(address)).body, '/inbox/give')
    const missing = await petra.post('/inbox/give', { ...form, to: '' })
    expect(missing.statusCode).toBe(400)
    expect(missing.body).toContain('href="#to"')
    await petra.post('/inbox/give', { ...form, to: ida.contactId })
    const list = await ida.get('/inbox?assigned=me')
    for (const { file } of [one, two]) expect(list.body).toContain(file.reference)
    const mails = await asJob((db) =>
      db.selectFrom('mail_messages').select('ids').where('recipient', '=', ida.email).execute(),
    )
    expect(mails).toMatchObject([{ ids: { count: '2' } }])
  })
})

describe('the file for a spreadsheet', () => {
  test('holds the rows that the filter shows, without names unless they were asked for', async () => {
    const kept = await send()
    const url = `/inbox/export.csv?q=${kept.file.reference}`
    const plain = await petra.get(url)
    expect(plain.headers['content-type']).toContain('text/csv')
    expect(plain.body.trim().split('\n')).toHaveLength(2)
    expect(plain.body).toContain(`${kept.file.reference},Bakery School: course,To answer,2026-03-02,2026-03-09,,`)
    expect(plain.body).not.toContain('Noor')
    expect((await petra.post(url)).body).not.toContain('Noor')
    expect((await petra.post(url, { names: 'yes' })).body).toContain('Noor Haddad')
    const traces = await asJob((db) =>
      db
        .selectFrom('audit_events')
        .select(['actor_id', 'client_id'])
        .where('action', '=', 'referrals.exported_to_partner')
        .where('subject_id', '=', kept.file.id)
        .execute(),
    )
    expect(traces).toEqual([{ actor_id: petra.contactId, client_id: world.client.id }])
  })

  test('a colleague’s name that a spreadsheet would take for a formula is no formula', async () => {
    const evil = await app.signInPartner({ organizationId: world.partner.id, name: '=HYPERLINK("http://x")' })
    const kept = await send()
    await evil.post(`${addressOf(kept)}/give`, { to: evil.contactId, seen: '', event: newId() })
    const file = await evil.get('/inbox/export.csv?assigned=me')
    expect(file.body).toContain(`"'=HYPERLINK(""http://x"")"`)
  })
})

test('its own figures count what it received, and nobody else’s', async () => {
  const kept = await send(world.otherPartner)
  const empty = await stranger.get('/inbox/figures?period=year')
  expect(empty.body).toContain('One referral was received.')
  await stranger.post(`${addressOf(kept)}/decline`, { reason: 'no_places', event: newId() })
  const page = await stranger.get('/inbox/figures')
  expect(page.body).toContain('One has been answered.')
  expect(page.body).toContain('Language House: course')
  expect(page.body).not.toContain('Bakery')
  app.setNow(new Date('2026-07-02T09:00:00Z'))
  expect((await stranger.get('/inbox/figures?period=quarter')).body).toContain('No referral was received in this time.')
})

test('places of its services are set from the inbox, with the problem beside the field', async () => {
  const { serviceId } = world.partner
  expect((await petra.get('/inbox/places')).body).toContain('Bakery School: course')
  expect((await petra.post(`/inbox/places/${serviceId}`, { places: '-1' })).statusCode).toBe(400)
  expect((await petra.post(`/inbox/places/${serviceId}`, { places: '7' })).headers.location).toBe('/inbox/places')
  expect((await petra.post(`/inbox/places/${world.otherPartner.serviceId}`, { places: '7' })).statusCode).toBe(404)
  const kept = await send()
  for (const tail of ['/places', '/decline'])
    expect((await petra.get(`${addressOf(kept)}${tail}`)).body).toContain('Questions? Write to')
  await petra.post(`${addressOf(kept)}/places`, { places: '3' })
  const places = await asJob((db) =>
    db.selectFrom('services').select(['places_free', 'places_by']).where('id', '=', serviceId).execute(),
  )
  expect(places).toEqual([{ places_free: 3, places_by: 'partner' }])
})
