import ICAL from 'ical.js'
import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { recordConsent } from '#clients/index.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import { calendarEntryOf } from './appointment.ts'
import { partnerAddress } from '../referrals.mails.ts'
import { liveLinkOf } from '../link/referral-links.store.ts'
import { spreadMarks } from '../referral-marks.store.ts'
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
  await app.database.as({ networkId: app.networkId, role: 'door' }, (db) =>
    db.updateTable('staff').set({ state: 'active' }).where('id', '=', world.adviser.id).execute(),
  )
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

/** The mails about an appointment of the referral, by kind, for the latest version of it or an earlier one. */
async function mails(id: ReferralId): Promise<Map<string, { recipient: string; locale: string }>> {
  await app.application.runJob('referrals.calendars', { networkId: app.networkId, referralId: id })
  const rows = await asJob((db) =>
    db.selectFrom('mail_messages').select(['kind', 'recipient', 'locale', 'ids']).execute(),
  )
  const entry = calendarEntryOf(await referralOf(id))
  const about = z.object({ referralId: z.literal(id), sequence: z.literal(String(entry?.sequence)) })
  return new Map(rows.filter(({ ids }) => about.safeParse(ids).success).map((row) => [row.kind, row]))
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

  test('an interpreter still to be booked stands on Today until somebody has booked one', async () => {
    const id = await sent()
    await adviser.post(`/referrals/${id}/accept`, { event: newId(), later: 'yes' })
    await bookAt(id)
    await adviser.post(`/referrals/${id}/take-over`)
    const today = async () => (await adviser.get('/today')).body
    expect(await today()).toMatch(/Book the interpreter for[\s\S]*Arabic/)
    await adviser.post(`/referrals/${id}/handover/interpreter`, { state: 'booked', event: newId() })
    expect(await today()).not.toContain('Book the interpreter')
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
    for (const words of ['Monday, 30 March 2026', '09:30 to 10:15', 'Ada', 'Your permit', '+41 31 123 45 67', '/c/'])
      expect(body).toContain(words)
    expect(body).not.toMatch(/<[a-z]/)
  })

  test('as a calendar file at the right moment, with nothing about the client', async () => {
    const id = await sent()
    await bookAt(id)
    const { body } = await adviser.get(`/referrals/${id}/handover/appointment.ics`)
    const event = new ICAL.Event(ICAL.Component.fromString(body).getFirstSubcomponent('vevent')!)
    expect(event.startDate.toJSDate().toISOString()).toBe('2026-03-30T07:30:00.000Z')
    for (const personal of ['Noor', 'Haddad', 'permit', 'Arabic']) expect(body).not.toContain(personal)
  })
})

describe('telling', () => {
  test('the partner and the adviser who comes along get it; the client only when they agreed to be written to', async () => {
    const id = await sent()
    await bookAt(id)
    const before = await mails(id)
    expect([...before.keys()].toSorted()).toEqual(['referrals.appointment_adviser', 'referrals.appointment_partner'])
    expect(before.get('referrals.appointment_partner')?.recipient).toBe('desk@partner.example')
    expect(before.get('referrals.appointment_adviser')?.recipient).toBe(world.adviser.email)
    const hand = { networkId: app.networkId, staffId: world.adviser.id, now }
    await asJob((db) =>
      recordConsent(db, hand, world.client, {
        ...{ purpose: 'contact', what: [], organizationId: null, recipient: null, until: null },
        ...{ how: 'spoken', toldBy: 'client' },
      }),
    )
    await bookAt(id, { time: '14:00' })
    const after = await mails(id)
    expect(after.size).toBe(3)
    expect(after.get('referrals.appointment_client')).toMatchObject({ recipient: 'noor@example.org', locale: 'ar' })
  })
})

describe('the partner', () => {
  async function opened(id: ReferralId): Promise<{ phone: TestBrowser; link: string }> {
    const link = await asJob((db) => liveLinkOf(db, id, now))
    if (!link) throw new Error('no link')
    const [phone, address] = [app.stranger(), partnerAddress(testKeys, link, '')]
    await phone.post(address)
    return { phone, link: address }
  }

  test('may say yes before the day is known, whatever else was typed', async () => {
    const id = await sent()
    const { phone, link } = await opened(id)
    expect((await phone.get(`${link}/accept`)).body).toContain('I do not know yet')
    await phone.post(`${link}/accept`, { later: 'yes', place: 'Mill Lane' })
    expect(await referralOf(id)).toMatchObject({ state: 'accepted', appointment: null })
    expect((await phone.get(`${link}/appointment`)).body).toContain('I do not know yet')
  })

  test('says how they meet, and is asked which hour when it comes twice', async () => {
    const id = await sent()
    const { phone, link } = await opened(id)
    const day = { 'day-day': '25', 'day-month': '10', 'day-year': '2026', means: 'video', meeting: 'Jo' }
    const asked = await phone.post(`${link}/accept`, { ...day, time: '2:30' })
    expect(asked.statusCode).toBe(400)
    expect(asked.body).toContain('name="which"')
    await phone.post(`${link}/accept`, { ...day, time: '2:30', which: 'first' })
    expect((await referralOf(id)).appointment).toMatchObject({ means: 'video', meeting: 'Jo', isSecondHour: false })
  })

  test('keeps the calendar file from its own page, with nothing about the client', async () => {
    const id = await sent()
    await bookAt(id)
    const { phone, link } = await opened(id)
    expect((await phone.get(`${link}/referral`)).body).toContain(`${link}/appointment.ics`)
    const { body, headers } = await phone.get(`${link}/appointment.ics`)
    expect(headers['content-type']).toContain('text/calendar')
    const event = new ICAL.Event(ICAL.Component.fromString(body).getFirstSubcomponent('vevent')!)
    expect(event.summary).toMatch(/^Meeting about referral R-/)
    for (const personal of ['Noor', 'Haddad', 'permit', 'Arabic']) expect(body).not.toContain(personal)
    expect((await app.stranger().get(`${link}/appointment.ics`)).statusCode).toBe(303)
  })
})

test('after a missed meeting the way out beside its reason is offered, and no penalty', async () => {
  const id = await sent()
  await bookAt(id, { 'day-day': '2', 'day-month': '3' })
  await adviser.post(`/referrals/${id}/missed`, { when: 'today', reason: 'transport', event: newId() })
  const seen = await adviser.get(`/referrals/${id}`)
  expect(seen.body).toContain('Look at the way together')
  expect(seen.body).toContain('Book a meeting')
  const again = await adviser.get(`/referrals/${id}/handover`)
  expect(again.body).toContain('Look at the way together')
  expect(again.body).toContain('4 Mill Lane')
  expect(again.body).toMatch(/<input(?=[^>]*name="day-day")(?![^>]*value="\d)[^>]*>/)
})

test('withdrawn consent leaves no word beside the appointment', async () => {
  const id = await sent()
  await bookAt(id)
  await adviser.post(`/referrals/${id}/withdraw`, { reason: 'consent_withdrawn', event: newId() })
  const rows = await asJob((db) =>
    db
      .selectFrom('referral_appointments')
      .select(['directions', 'bring', 'phone', 'accompanying', 'joining', 'ask_for'])
      .where('referral_id', '=', id)
      .execute(),
  )
  expect(rows.map((row) => Object.values(row).filter((value) => value !== null))).toEqual([[]])
})

test('what hangs on a meeting follows the client\u2019s file when it is restricted', async () => {
  const id = await sent()
  await bookAt(id)
  const only = newId<'staff'>()
  const rows = await asJob(async (db) => {
    await spreadMarks(db, [world.client.id], { siteId: world.siteId, restrictedTo: [only] })
    const tables = ['referral_appointments', 'referral_client_links'] as const
    const found = tables.map((table) =>
      db.selectFrom(table).select('restricted_to').where('referral_id', '=', id).execute(),
    )
    const seen = (await Promise.all(found)).flat()
    await spreadMarks(db, [world.client.id], { siteId: world.siteId, restrictedTo: null })
    return seen
  })
  expect(rows).toEqual([{ restricted_to: [only] }, { restricted_to: [only] }])
})
