import ICAL from 'ical.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { recordConsent } from '#clients/index.ts'
import { newId, parseId, type ReferralId } from '#platform/ids.ts'
import { partnerAddress } from '../referrals.mails.ts'
import { liveLinkOf } from '../link/referral-links.store.ts'
import { findReferral } from '../referrals.store.ts'
import { aWorld, sendOne, workFor, testKeys, type World } from '../world.testing.ts'

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

const asJob = <T>(work: (db: Parameters<typeof findReferral>[0]) => Promise<T>) =>
  app.database.as({ networkId: app.networkId, role: 'job' }, work)

async function sent(): Promise<ReferralId> {
  return asJob(async (db) => (await sendOne(world, workFor(world, db, now))).file.id)
}

const referralOf = async (id: ReferralId) => (await asJob((db) => findReferral(db, id)))!.referral

const meeting = {
  means: 'in_person',
  handover: 'yes',
  'day-day': '30',
  'day-month': '3',
  'day-year': '2026',
  time: '9.30',
  minutes: '45',
  where: 'other',
  place: '4 Mill Lane',
  meeting: 'Ada',
  directions: 'Bus 7 to the mill. The green door, no steps.',
  interpreter: 'asked_for',
  language: 'ar',
  bring: 'Your permit',
  phone: '+41 31 123 45 67',
}
const bookAt = (id: ReferralId, fields: Record<string, string> = {}) =>
  adviser.post(`/referrals/${id}/handover`, { ...meeting, event: newId(), ...fields })

async function mails(id: ReferralId): Promise<{ kind: string; recipient: string; locale: string }[]> {
  await app.application.runJob('referrals.calendars', { networkId: app.networkId, referralId: id })
  return asJob((db) =>
    db
      .selectFrom('mail_messages')
      .select(['kind', 'recipient', 'locale'])
      .where('kind', 'like', 'referrals.appointment%')
      .orderBy('id')
      .execute(),
  )
}

describe('booking', () => {
  test('before the partner answered records their yes, with everything that was said', async () => {
    const id = await sent()
    const asked = await adviser.get(`/referrals/${id}/handover`)
    expect(asked.body).toContain('Saving records that they said yes')
    expect(asked.body).toContain('Step-free way in')
    const done = await bookAt(id)
    expect(done.headers.location).toBe(`/referrals/${id}/handover/letter`)
    const { state, appointment, ledHere } = await referralOf(id)
    expect(state).toBe('accepted')
    expect(ledHere.channel).toBe('phone')
    expect(appointment).toMatchObject({
      day: '2026-03-30',
      time: '09:30',
      minutes: 45,
      isHandover: true,
      place: '4 Mill Lane',
    })
    expect(appointment?.interpreter).toEqual({ state: 'asked_for', language: 'ar' })
  })

  test('shows what the client gets before it is saved, and saves nothing by that', async () => {
    const id = await sent()
    const shown = await bookAt(id, { preview: 'yes' })
    expect(shown.statusCode).toBe(200)
    expect(shown.body).toContain('Monday')
    expect(shown.body).toContain('The green door, no steps.')
    expect(shown.body).toContain('Nothing bad happens.')
    expect((await referralOf(id)).state).toBe('sent')
  })

  test('a time that no clock will show is told beside its field, one that comes twice asks which', async () => {
    const id = await sent()
    const skipped = await bookAt(id, { 'day-day': '29', time: '2:30' })
    expect(skipped.statusCode).toBe(400)
    expect(skipped.body).toContain('href="#time"')
    expect(skipped.body).toContain('does not come on this day')
    expect(skipped.body).toContain('The green door, no steps.')
    const twice = await bookAt(id, { 'day-day': '25', 'day-month': '10', time: '2:30' })
    expect(twice.statusCode).toBe(400)
    expect(twice.body).toContain('href="#which"')
    const said = await bookAt(id, { 'day-day': '25', 'day-month': '10', time: '2:30', which: 'second' })
    expect(said.statusCode).toBe(303)
    expect((await referralOf(id)).appointment?.isSecondHour).toBe(true)
  })

  test('the same form sent twice is one appointment', async () => {
    const id = await sent()
    const event = newId()
    const answers = await Promise.all([bookAt(id, { event }), bookAt(id, { event })])
    expect(answers.map((each) => each.statusCode)).toEqual([303, 303])
    expect((await referralOf(id)).events.filter(({ kind }) => kind === 'accepted')).toHaveLength(1)
  })

  test('an interpreter that is asked for is the adviser\u2019s to book; nobody is told anew for that', async () => {
    const id = await sent()
    await bookAt(id)
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('It is booked')
    await adviser.post(`/referrals/${id}/handover/interpreter`, { state: 'booked', event: newId() })
    const seen = await adviser.get(`/referrals/${id}`)
    expect(seen.body).not.toContain('It is booked')
    expect((await adviser.get(`/referrals/${id}/handover/letter`)).body).toContain(
      'An interpreter for <bdi>'.slice(0, 18),
    )
    const { appointment } = await referralOf(id)
    expect(appointment?.interpreter.state).toBe('booked')
    expect((await adviser.get(`/referrals/${id}/handover/letter`)).body).toContain('Bus 7 to the mill')
  })

  test('the way to a place is remembered for the next person', async () => {
    const first = await sent()
    await bookAt(first, { where: world.siteId, directions: 'Ring the lower bell; the ramp is on the left.' })
    const next = await adviser.get(`/referrals/${await sent()}/handover`)
    expect(next.body).toContain('Ring the lower bell')
    expect(next.body).toContain('+41 31 123 45 67')
  })
})

describe('what is handed over', () => {
  test('the letter tells an adviser when there are no words in the client\u2019s language', async () => {
    const id = await sent()
    await bookAt(id)
    const letter = await adviser.get(`/referrals/${id}/handover/letter`)
    expect(letter.body).toContain('There are no texts in Arabic yet')
    expect(letter.body).toMatch(/<article class="wp-letter" lang="en" dir="ltr">/)
    adviser.cookies.set('waypost_locale', 'ar-XB')
    const pseudo = await adviser.get(`/referrals/${id}/handover/letter`)
    adviser.cookies.delete('waypost_locale')
    expect(pseudo.body).toMatch(/<article class="wp-letter" lang="ar-XB" dir="rtl">/)
  })

  test('as a text file, with every block and no markup', async () => {
    const id = await sent()
    await bookAt(id)
    const { headers, body } = await adviser.get(`/referrals/${id}/handover/letter.txt`)
    expect(headers['content-disposition']).toContain('appointment.txt')
    for (const words of ['Monday 30 March 2026', '09:30 to 10:15', 'Ada', 'Your permit', '+41 31 123 45 67', '/c/'])
      expect(body).toContain(words)
    expect(body).not.toMatch(/<[a-z]/)
  })

  test('as a calendar file at the right moment, with nothing about the client', async () => {
    const id = await sent()
    await bookAt(id)
    const { body } = await adviser.get(`/referrals/${id}/handover/appointment.ics`)
    const event = new ICAL.Event(new ICAL.Component(ICAL.parse(body)).getFirstSubcomponent('vevent')!)
    expect(event.startDate.toJSDate().toISOString()).toBe('2026-03-30T07:30:00.000Z')
    for (const personal of ['Noor', 'Haddad', 'permit', 'Arabic']) expect(body).not.toContain(personal)
  })
})

describe('telling', () => {
  test('the partner and the adviser who comes along get it; the client only when they agreed to be written to', async () => {
    const id = await sent()
    await bookAt(id)
    const before = await mails(id)
    expect(before.map(({ kind }) => kind)).not.toContain('referrals.appointment_client')
    expect(before.at(-2)).toMatchObject({ kind: 'referrals.appointment_partner', recipient: 'desk@partner.example' })
    expect(before.at(-1)).toMatchObject({ kind: 'referrals.appointment_adviser' })
    const hand = { networkId: app.networkId, staffId: world.adviser.id, now }
    await asJob((db) =>
      recordConsent(db, hand, world.client, {
        ...{ purpose: 'contact', what: [], organizationId: null, recipient: null, until: null },
        ...{ how: 'spoken', toldBy: 'client' },
      }),
    )
    await bookAt(id, { time: '14:00' })
    const after = (await mails(id)).slice(before.length)
    expect(after.map(({ kind }) => kind).toSorted()).toEqual([
      'referrals.appointment_adviser',
      'referrals.appointment_client',
      'referrals.appointment_partner',
    ])
    expect(after.find(({ kind }) => kind.endsWith('client'))).toMatchObject({
      recipient: 'noor@example.org',
      locale: 'ar',
    })
  })
})

test('a partner may say that the day is not known yet', async () => {
  const id = await sent()
  const link = await asJob((db) => liveLinkOf(db, id, now))
  const address = partnerAddress(testKeys, link!, '')
  // The world's links are made with the tests' own key; the application knows another.
  expect(parseId(link!.id)).not.toBeNull()
  expect((await app.stranger().get(address)).statusCode).toBe(404)
})
