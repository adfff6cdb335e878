import ICAL from 'ical.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { consentsOf, recordConsent, registerClient, type Circumstances, type Client } from '#clients/index.ts'
import { addOrganizations, addServices } from '#directory/index.ts'
import { parseDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type OrganizationId, type ReferralId } from '#platform/ids.ts'
import { referralsOfClient } from '#referrals/index.ts'

let app: TestApp
let adviser: TestBrowser
let client: Client
let organizationId: OrganizationId
const now = new Date('2026-03-02T09:00:00Z')
const asJob = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  const signedIn = await app.signIn({ name: 'Mara Lind' })
  adviser = signedIn
  const hand = { networkId: app.networkId, staffId: signedIn.staffId, now }
  const person: Circumstances = {
    ...{ name: 'Noor', familyName: 'Haddad', birthDate: null, phones: ['+41791234567'], email: 'noor@example.org' },
    ...{
      reachedBy: ['phone'],
      language: 'ar',
      script: null,
      needsInterpreter: true,
      accessNeeds: [],
      accessWords: null,
    },
    ...{ address: null, residenceArea: null, position: null },
  }
  await asJob(async (db) => {
    client = await registerClient(db, hand, { person, siteId: app.siteId, adviserId: signedIn.staffId })
    const school = { name: 'Bakery School', description: 'Baking and more' }
    organizationId = (await addOrganizations(db, app.networkId, [school], now))[0]!
    await recordConsent(db, hand, client, {
      ...{ purpose: 'contact', what: [], organizationId: null, recipient: null, until: null },
      ...{ how: 'spoken', toldBy: 'client' },
    })
  })
})
afterAll(() => app.close())

/** A referral with an appointment, and the address of the client's own page of it. */
async function booked(): Promise<{ id: ReferralId; link: string }> {
  const id = newId<'referral'>()
  // One of its own each time: two open referrals to one service would be asked about.
  const offer = {
    ...{ organizationId, organizationName: 'Bakery School', name: 'Baking', description: 'Bread', locationIds: [] },
    ...{ serviceType: null, email: 'desk@partner.example' },
  }
  const [serviceId] = await asJob((db) => addServices(db, app.networkId, [offer], now))
  await adviser.post(`/clients/${client.id}/referrals`, {
    ...{
      agreed: ['name', 'phone'],
      words: '',
      how: 'spoken',
      toldBy: 'client',
      referral: id,
      service: serviceId!,
      sure: 'yes',
    },
  })
  await adviser.post(`/referrals/${id}/handover`, {
    ...{ means: 'in_person', handover: 'yes', 'day-day': '30', 'day-month': '3', 'day-year': '2026', time: '9:30' },
    ...{ where: 'other', place: '4 Mill Lane', meeting: 'Ada', directions: 'The green door', interpreter: 'booked' },
    ...{ language: 'ar', phone: '+41 31 123 45 67', event: newId() },
  })
  const shown = await adviser.get(`/referrals/${id}/handover/link`)
  const [, link = ''] = /(\/c\/[\w.-]+)/.exec(shown.body) ?? []
  expect(link).not.toBe('')
  return { id, link }
}

async function opened(link: string): Promise<TestBrowser> {
  const phone = app.stranger()
  expect((await phone.post(link)).headers.location).toBe(`${link}/appointment`)
  return phone
}

const kept = async (id: ReferralId) =>
  (await asJob((db) => referralsOfClient(db, [client.id]))).find(({ file }) => file.id === id)!.referral

describe('the client\u2019s link', () => {
  test('shows nothing personal until its button is pressed, and a GET changes nothing', async () => {
    const { id, link } = await booked()
    const before = (await kept(id)).events.length
    for (const path of ['', '/appointment', '/shared', '/messages', '/consent', '/letter.txt', '/appointment.ics']) {
      const seen = await app.stranger().get(`${link}${path}`)
      expect([200, 303]).toContain(seen.statusCode)
      expect(seen.headers['referrer-policy']).toBe('no-referrer')
      expect(seen.headers['cache-control']).toBe('no-store')
      for (const personal of ['Noor', 'Baking', 'Bakery', 'Mill Lane', 'R-']) expect(seen.body).not.toContain(personal)
    }
    expect((await kept(id)).events.length).toBe(before)
  })

  test('shows where, when and whom, and nothing of the file', async () => {
    const { link } = await booked()
    const phone = await opened(link)
    const { body } = await phone.get(`${link}/appointment`)
    for (const words of ['Monday, 30 March 2026', '09:30', '4 Mill Lane', 'Ada', 'The green door', 'I cannot come'])
      expect(body).toContain(words)
    expect(body).not.toContain('noor@example.org')
    expect((await phone.get(`${link}/shared`)).body).toContain('+41791234567')
    const calendar = ICAL.Component.fromString((await phone.get(`${link}/appointment.ics`)).body)
    const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent')!)
    expect(event.startDate.toJSDate().toISOString()).toBe('2026-03-30T07:30:00.000Z')
    expect(event.summary).toBe('Appointment')
    expect(String(calendar)).not.toMatch(/Bak|Mill Lane|Noor/)
    expect((await phone.get(`${link}/letter.txt`)).body).toContain('The green door')
  })

  test('opens no other referral and no partner\u2019s page, and neither does a partner\u2019s link open it', async () => {
    const [one, other] = [await booked(), await booked()]
    const phone = await opened(one.link)
    expect((await phone.get(`${other.link}/appointment`)).headers.location).toBe(other.link)
    const token = one.link.slice('/c/'.length)
    expect((await app.stranger().get(`/r/${token}`)).statusCode).toBe(404)
    expect((await app.stranger().get(`/f/${token}`)).statusCode).toBe(404)
    expect((await app.stranger().get(`/c/${newId()}.${'a'.repeat(43)}`)).statusCode).toBe(404)
  })

  test('that was renewed, stopped or is too old ends on a calm page', async () => {
    const { id, link } = await booked()
    const phone = await opened(link)
    await adviser.post(`/referrals/${id}/handover/link`)
    const old = await phone.get(`${link}/appointment`)
    expect(old.statusCode).toBe(410)
    expect(old.body).toContain('There is nothing you need to do')
    const [, renewed = ''] = /(\/c\/[\w.-]+)/.exec((await adviser.get(`/referrals/${id}/handover/link`)).body) ?? []
    expect(renewed).not.toBe(link)
    app.setNow(new Date(now.getTime() + 121 * 86_400_000))
    expect((await app.stranger().get(renewed)).statusCode).toBe(410)
    app.setNow(now)
    await adviser.post(`/referrals/${id}/handover/link/revoke`)
    expect((await app.stranger().post(renewed)).statusCode).toBe(410)
  })
})

describe('the client', () => {
  test('who cannot come says so in two taps; the adviser is to agree another time, and nothing is held against them', async () => {
    const { id, link } = await booked()
    const phone = await opened(link)
    expect((await phone.get(`${link}/cannot-come`)).body).toContain('You need not say why')
    const event = newId()
    const said = { event, words: 'My son is ill. Thursday?' }
    await Promise.all([phone.post(`${link}/cannot-come`, said), phone.post(`${link}/cannot-come`, said)])
    const referral = await kept(id)
    expect(referral.events.filter(({ kind }) => kind === 'message')).toHaveLength(1)
    expect(referral).toMatchObject({ state: 'accepted', missedAppointment: true })
    const { body } = await phone.get(`${link}/appointment`)
    expect(body).toContain('agrees another one with you')
    // The old time is theirs no more: nobody is sent there, and no calendar is given it.
    for (const gone of ['Monday, 30 March 2026', 'appointment.ics', 'letter.txt', 'was-not-there'])
      expect(body).not.toContain(gone)
    const seen = await adviser.get(`/referrals/${id}`)
    expect(seen.body).toContain('They have told us that they cannot come')
    expect(seen.body).toContain('My son is ill')
  })

  test('who was not there says so once the time has passed, unless it is known that they came', async () => {
    const { id, link } = await booked()
    const early = await opened(link)
    expect((await early.get(`${link}/appointment`)).body).not.toContain('I was not there')
    expect((await early.get(`${link}/was-not-there`)).headers.location).toBe(`${link}/appointment`)
    app.setNow(new Date('2026-03-31T09:00:00Z'))
    const phone = await opened(link)
    expect((await phone.get(`${link}/appointment`)).body).toContain('I was not there')
    expect((await phone.get(`${link}/was-not-there`)).body).toContain('You need not say why')
    await phone.post(`${link}/was-not-there`, { event: newId(), words: 'The bus did not come' })
    expect(await kept(id)).toMatchObject({ state: 'accepted', missedAppointment: true })
    expect((await phone.get(`${link}/appointment`)).body).not.toContain('I was not there')
    app.setNow(now)
    const seen = await adviser.get(`/referrals/${id}`)
    expect(seen.body).toContain('They have told us that they were not there')
    expect(seen.body).toContain('The bus did not come')

    const other = await booked()
    app.setNow(new Date('2026-03-31T09:00:00Z'))
    const desk = await app.signIn({ name: 'Mara Lind' })
    const attended = {
      when: 'planned',
      told: 'phone',
      event: newId(),
      seen: String((await kept(other.id)).events.length),
    }
    await desk.post(`/referrals/${other.id}/attended`, attended)
    expect((await kept(other.id)).state).toBe('under_way')
    const came = await opened(other.link)
    expect((await came.get(`${other.link}/appointment`)).body).not.toContain('I was not there')
    app.setNow(now)
  })

  test('who writes more than fits is told so, and keeps every word', async () => {
    const { id, link } = await booked()
    const phone = await opened(link)
    const before = (await kept(id)).events.length
    const words = `${'x'.repeat(2500)} the end`
    for (const path of ['messages', 'cannot-come', 'stop']) {
      const answer = await phone.post(`${link}/${path}`, { words, event: newId(), reason: 'too_far' })
      expect(answer.statusCode).toBe(400)
      expect(answer.body).toContain('Use 2,000 characters or fewer')
      expect(answer.body).toContain('xx the end')
    }
    expect((await kept(id)).events.length).toBe(before)
  })

  test('writes to the adviser, and reads what was written to them alone', async () => {
    const { id, link } = await booked()
    const phone = await opened(link)
    expect((await phone.post(`${link}/messages`, {})).statusCode).toBe(400)
    await phone.post(`${link}/messages`, { words: 'May I bring my sister?', event: newId() })
    expect((await phone.get(`${link}/messages`)).body).toContain('May I bring my sister?')
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('May I bring my sister?')
    await adviser.post(`/referrals/${id}/next-step`, { step: 'with_adviser', words: 'Staff only' })
    expect((await phone.get(`${link}/messages`)).body).not.toContain('Staff only')
  })

  test('who does not want it any more ends it, and the partner hears of it', async () => {
    const { id, link } = await booked()
    const phone = await opened(link)
    await phone.post(`${link}/stop`, { reason: 'too_far', event: newId() })
    expect(await kept(id)).toMatchObject({
      state: 'ended_early',
      ledHere: { actor: { kind: 'client' }, channel: 'link' },
    })
    await app.application.runJob('referrals.client_stopped', { networkId: app.networkId, referralId: id })
    const mails = await asJob((db) =>
      db.selectFrom('mail_messages').select('kind').where('recipient', '=', 'desk@partner.example').execute(),
    )
    expect(mails.map(({ kind }) => kind)).toContain('referrals.news')
    expect((await phone.get(`${link}/appointment`)).body).toContain('This has ended')
  })

  test('who takes back their consent is seen by nobody at the partner from that moment', async () => {
    const { id, link } = await booked()
    const phone = await opened(link)
    expect((await phone.get(`${link}/consent`)).body).toContain('Nothing bad follows')
    await phone.post(`${link}/consent`)
    expect(await kept(id)).toMatchObject({ state: 'withdrawn', ledHere: { actor: { kind: 'client' } } })
    const [share] = await asJob((db) =>
      db.selectFrom('referral_shares').select(['fields', 'withdrawn_at']).where('referral_id', '=', id).execute(),
    )
    expect(share).toEqual({ fields: null, withdrawn_at: now })
    const today = parseDay('2026-03-02')!
    const consents = await asJob((db) => consentsOf(db, client.id, today))
    expect(consents.find(({ referralId }) => referralId === id)?.state).toBe('withdrawn')
    expect((await phone.get(`${link}/shared`)).body).toContain('does not see anything about you')
    expect((await phone.get(`${link}/appointment`)).body).not.toContain('4 Mill Lane')
  })
})

describe('row-level security', () => {
  test('a client sees one referral of their own, whatever is asked of the database', async () => {
    const [one, other] = [await booked(), await booked()]
    const scope = { networkId: app.networkId, role: 'client', clientId: client.id, referralId: one.id } as const
    const seen = await app.database.as(scope, async (db) => ({
      referrals: await db.selectFrom('referrals').select('id').execute(),
      events: await db.selectFrom('referral_events').select('referral_id').execute(),
      shares: await db.selectFrom('referral_shares').select('referral_id').execute(),
      appointments: await db.selectFrom('referral_appointments').select('referral_id').execute(),
    }))
    for (const rows of Object.values(seen)) expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(seen)).not.toContain(other.id)
    const stranger = { ...scope, clientId: newId() }
    const none = await app.database.as(stranger, (db) => db.selectFrom('referrals').select('id').execute())
    expect(none).toEqual([])
    for (const table of ['clients', 'client_consents', 'client_notes', 'referral_links'] as const)
      await expect(app.database.as(scope, (db) => db.selectFrom(table).select('id').execute())).rejects.toThrow(
        /permission denied/,
      )
  })

  test('a client can speak for nobody else', async () => {
    const { id } = await booked()
    const scope = { networkId: app.networkId, role: 'client', clientId: client.id, referralId: id } as const
    const forged = app.database.as(scope, (db) =>
      db
        .insertInto('referral_events')
        .values({
          ...{ network_id: app.networkId, id: newId(), referral_id: id, client_id: client.id, site_id: app.siteId },
          ...{ organization_id: organizationId, seq: 99, kind: 'attended', at: now, payload: '{}' },
          ...{ actor_kind: 'partner', actor_name: '', channel: 'link' },
        })
        .execute(),
    )
    await expect(forged).rejects.toThrow(/row-level security/)
  })
})
