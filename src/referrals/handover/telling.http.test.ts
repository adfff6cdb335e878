import ICAL from 'ical.js'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { recordConsent } from '#clients/index.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import { testSmtp, type TestSmtp } from '#platform/mail/smtp.testing.ts'
import type { findReferral } from '../referrals.store.ts'
import { aWorld, sendOne, workFor, type World } from '../world.testing.ts'

let smtp: TestSmtp
let app: TestApp
let world: World
let adviser: TestBrowser
const now = new Date('2026-03-02T09:00:00Z')

beforeAll(async () => {
  smtp = await testSmtp()
  app = await testApp({ env: { SMTP_URL: smtp.url, PUBLIC_URL: 'http://waypost.example' } })
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  adviser = await app.signIn({ siteIds: [world.siteId], name: 'Mara Lind' })
  await app.database.as({ networkId: app.networkId, role: 'door' }, (db) =>
    db.updateTable('staff').set({ state: 'active' }).where('id', '=', world.adviser.id).execute(),
  )
  const hand = { networkId: app.networkId, staffId: world.adviser.id, now }
  await asJob((db) =>
    recordConsent(db, hand, world.client, {
      ...{ purpose: 'contact', what: [], organizationId: null, recipient: null, until: null },
      ...{ how: 'spoken', toldBy: 'client' },
    }),
  )
})
afterAll(async () => {
  await app.close()
  await smtp.close()
})
beforeEach(() => void smtp.delivered.splice(0))

const asJob = <T>(work: (db: Parameters<typeof findReferral>[0]) => Promise<T>) =>
  app.database.as({ networkId: app.networkId, role: 'job' }, work)

async function sent(): Promise<ReferralId> {
  return asJob(async (db) => {
    const { file } = await sendOne(world, workFor(world, db, now), { keys: app.application.keys })
    return file.id
  })
}

const bookAt = (id: ReferralId, time: string) =>
  adviser.post(`/referrals/${id}/handover`, {
    ...{ means: 'in_person', handover: 'yes', 'day-day': '30', 'day-month': '3', 'day-year': '2026', time },
    ...{ where: 'other', place: 'Clinic for new starts, 4 Mill Lane', meeting: 'Ada', interpreter: 'booked' },
    ...{ language: 'ar', event: newId() },
  })

/** What waits in the queue about appointments of the referral. */
async function queued(id: ReferralId, kind = 'referrals.appointment'): Promise<string[]> {
  await app.application.runJob('referrals.calendars', { networkId: app.networkId, referralId: id })
  const rows = await asJob((db) =>
    db.selectFrom('mail_messages').select(['id', 'kind', 'ids']).where('state', '=', 'queued').orderBy('id').execute(),
  )
  const about = z.object({ referralId: z.literal(id) })
  const isMeant = (row: { readonly kind: string; readonly ids: unknown }) =>
    row.kind.startsWith(kind) && about.safeParse(row.ids).success
  return rows.filter(isMeant).map((row) => row.id)
}

/** Sends them through the server, and reads what arrived: by recipient, letter and calendar. */
async function arrived(mailIds: readonly string[]) {
  for (const mailId of mailIds) await app.application.runJob('platform.mail', { networkId: app.networkId, mailId })
  const all = await Promise.all(
    smtp.delivered.splice(0).map(async ({ recipients, text }) => {
      const letter = await simpleParser(text)
      const content =
        letter.attachments.find(({ filename }) => filename === 'appointment.ics')?.content.toString() ?? ''
      const calendar = ICAL.Component.fromString(content)
      const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent')!)
      const said = `${letter.subject}\n${letter.text}`
      return [recipients[0], { said, content, event, method: calendar.getFirstPropertyValue('method') }] as const
    }),
  )
  return new Map(all)
}

describe('an appointment by real mail', () => {
  test('reaches partner, adviser and client, each with their own words and one moment', async () => {
    const id = await sent()
    await bookAt(id, '9:30')
    const letters = await arrived(await queued(id))
    expect([...letters.keys()].toSorted()).toEqual(
      ['desk@partner.example', 'noor@example.org', world.adviser.email].toSorted(),
    )
    for (const { event, method } of letters.values()) {
      expect(method).toBe('REQUEST')
      expect(event.startDate.toJSDate().toISOString()).toBe('2026-03-30T07:30:00.000Z')
    }
    for (const address of ['desk@partner.example', world.adviser.email]) {
      const { said, content } = letters.get(address)!
      expect(said).toMatch(/referral R-[0-9A-Z]{4}-[0-9A-Z]{2}/)
      for (const personal of ['Noor', 'Haddad', 'noor@', 'Arabic']) expect(said + content).not.toContain(personal)
    }
    const own = letters.get('noor@example.org')!
    expect(own.said).toContain('Your appointment')
    expect(own.said).toMatch(/http:\/\/waypost\.example\/c\/\S+/)
    for (const kind of ['Bakery', 'course', 'Clinic', 'partner.example', 'R-']) {
      expect(own.said).not.toContain(kind)
      expect(own.content.replace(/\r\n /g, '')).not.toContain(kind)
    }
  })

  test('that changed before its letter left is told once, as it is now; the change keeps its place in calendars', async () => {
    const id = await sent()
    await bookAt(id, '9:30')
    const toPartner = await queued(id, 'referrals.appointment_partner')
    const before = (await arrived(toPartner)).get('desk@partner.example')!
    await bookAt(id, '14:00')
    const letters = await arrived(await queued(id))
    const after = letters.get('desk@partner.example')!
    expect(letters.size).toBe(3)
    for (const { said, event } of letters.values()) {
      expect(said).toContain('changed')
      expect(event.startDate.toJSDate().toISOString()).toBe('2026-03-30T12:00:00.000Z')
    }
    expect(after.event.uid).toBe(before.event.uid)
    expect(after.event.sequence).toBeGreaterThan(before.event.sequence)
  })

  test('is taken out of calendars when the referral is taken back', async () => {
    const id = await sent()
    await bookAt(id, '9:30')
    const before = await arrived(await queued(id))
    await adviser.post(`/referrals/${id}/withdraw`, { reason: 'sent_by_mistake', event: newId() })
    const letters = await arrived(await queued(id))
    expect(letters.size).toBe(3)
    for (const [address, { method, event, said }] of letters) {
      expect(method).toBe('CANCEL')
      expect(event.uid).toBe(before.get(address)?.event.uid)
      expect(event.sequence).toBeGreaterThan(before.get(address)!.event.sequence)
      expect(said).toMatch(/cancelled|does not take place/)
    }
  })
})
