import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import { mailTries } from '#platform/mail/retry.ts'
import { testSmtp, type Behaviour, type TestSmtp } from '#platform/mail/smtp.testing.ts'
import { wantedStep } from '../clock.ts'
import { findReferral } from '../referrals.store.ts'
import { aWorld, sendOne, workFor, type World } from '../world.testing.ts'

let smtp: TestSmtp
let app: TestApp
let world: World
let now = new Date('2026-03-02T09:00:00Z')

beforeAll(async () => {
  smtp = await testSmtp()
  app = await testApp({ env: { SMTP_URL: smtp.url, PUBLIC_URL: 'http://waypost.example' } })
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
})
afterAll(async () => {
  await app.close()
  await smtp.close()
})
beforeEach(() => {
  smtp.delivered.splice(0)
})

const asJob = <T>(work: (db: Parameters<typeof findReferral>[0]) => Promise<T>) =>
  app.database.as({ networkId: app.networkId, role: 'job' }, work)
const load = async (id: ReferralId) => (await asJob((db) => findReferral(db, id)))!.referral

/** A referral sent, and the mail that tells the partner. */
async function send(): Promise<{ id: ReferralId; mailId: string }> {
  return asJob(async (db) => {
    const mails: string[] = []
    const work = workFor(world, db, now)
    const mail: typeof work.mail = async ({ kind, to, locale, ids }) => {
      const id = newId<'mail'>()
      mails.push(id)
      const row = { network_id: app.networkId, id, kind, recipient: to, locale, ids: JSON.stringify(ids) }
      await db
        .insertInto('mail_messages')
        .values({ ...row, state: 'queued', created_at: now })
        .execute()
      return id
    }
    const { file } = await sendOne(world, { ...work, mail }, { keys: app.application.keys })
    return { id: file.id, mailId: mails[0] ?? '' }
  })
}

/** Runs the mail's job as often as its pauses ask for, until it is settled. */
async function tellPartner(mailId: string, ...behaviours: Behaviour[]): Promise<string> {
  smtp.will(...behaviours)
  for (;;) {
    await app.application.runJob('platform.mail', { networkId: app.networkId, mailId })
    const mail = await asJob((db) =>
      db
        .selectFrom('mail_messages')
        .select(['state', 'next_try_at'])
        .where('id', '=', mailId)
        .executeTakeFirstOrThrow(),
    )
    if (mail.state !== 'queued') return mail.state
    now = mail.next_try_at ?? now
    app.setNow(now)
  }
}

async function linksDelivered(): Promise<string[]> {
  const letters = await Promise.all(smtp.delivered.map(({ text }) => simpleParser(text)))
  return letters.map(({ text }) => /\/r\/\S+/.exec(text ?? '')?.[0] ?? '')
}

async function opened(link: string): Promise<TestBrowser> {
  const phone = app.stranger()
  expect((await phone.post(link)).statusCode).toBe(303)
  return phone
}

describe('each partner is told at least once', () => {
  test.each([
    ['accepts', ['accepts']],
    ['is slow', ['is slow']],
    ['rejects for now, at the recipient and at the letter', ['is busy at the recipient', 'is busy at the letter']],
    ['drops the line in the middle', ['hangs up in the middle', 'hangs up in the middle']],
    ['drops the line before its answer', ['hangs up before the answer', 'hangs up before the answer']],
    ['delivers twice', ['delivers twice']],
  ] as [string, Behaviour[]][])('by a server that %s', async (_, behaviours) => {
    const { id, mailId } = await send()
    expect(await tellPartner(mailId, ...behaviours)).toBe('sent')
    const links = await linksDelivered()
    expect(links.length).toBeGreaterThan(0)
    await opened(links[0]!)
    expect((await load(id)).openedAt).not.toBeNull()
  })

  test.each([
    ['refuses the address', ['refuses the recipient']],
    ['is busy until the last try', Array.from({ length: mailTries }, () => 'is busy at the letter')],
  ] as [string, Behaviour[]][])('or the adviser is told to ring them: a server that %s', async (_, behaviours) => {
    const { id, mailId } = await send()
    expect(await tellPartner(mailId, ...behaviours)).toBe('failed')
    const referral = await load(id)
    expect(referral.events.at(-1)).toMatchObject({ kind: 'delivery_failed', cause: 'refused' })
    expect(wantedStep(referral, '2026-03-04' as Parameters<typeof wantedStep>[1])).toMatchObject({
      of: 'adviser',
      step: 'reach_partner',
    })
  })
})

test('a retry carries the same Message-ID and the same link, so that however many copies arrive there is one referral and one answer counts', async () => {
  const { id, mailId } = await send()
  const behaviours: Behaviour[] = ['hangs up before the answer', 'hangs up before the answer', 'delivers twice']
  expect(await tellPartner(mailId, ...behaviours)).toBe('sent')
  const links = await linksDelivered()
  expect(links).toHaveLength(4)
  expect(new Set(links).size).toBe(1)
  expect(new Set(smtp.delivered.map(({ messageId }) => messageId)).size).toBe(1)
  const [first, second] = [await opened(links[0]!), await opened(links[3]!)]
  const yes = await first.post(`${links[0]!}/accept`, { event: newId() })
  expect(yes.statusCode).toBe(303)
  const no = await second.post(`${links[3]!}/decline`, { event: newId(), reason: 'no_places' })
  expect(no.statusCode).toBe(409)
  expect(no.body).toContain('already answered')
  const referral = await load(id)
  expect(referral.state).toBe('accepted')
  expect(referral.events.filter(({ kind }) => kind === 'accepted' || kind === 'declined')).toHaveLength(1)
})

test('mail that came back later is noted by staff, once, and asks for another way to the partner', async () => {
  const { id, mailId } = await send()
  expect(await tellPartner(mailId)).toBe('sent')
  const adviser = await app.signIn({ siteIds: [world.siteId] })
  expect((await adviser.get(`/referrals/${id}`)).body).toContain('The mail came back')
  const event = newId()
  for (let press = 0; press < 2; press++) {
    expect((await adviser.post(`/referrals/${id}/link/bounced`, { event })).headers.location).toBe(`/referrals/${id}`)
  }
  const referral = await load(id)
  expect(referral.events.filter(({ kind }) => kind === 'delivery_failed')).toMatchObject([{ cause: 'bounced' }])
  expect(referral.deliveryFailed).toBe(true)
  expect((await adviser.get(`/referrals/${id}`)).body).toContain('The message came back')
})
