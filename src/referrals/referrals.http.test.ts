import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import { findReferral } from './referrals.store.ts'
import { aWorld, type World } from './world.testing.ts'

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

const agreed = { agreed: ['name', 'phone'], words: '', how: 'spoken', toldBy: 'client' }
let sent: ReferralId | undefined
const newPage = () => `/clients/${world.client.id}/referrals/new?service=${world.partner.serviceId}`
const referralOf = (id: ReferralId) =>
  app.database.as({ networkId: app.networkId, role: 'job' }, (db) => findReferral(db, id))

/** The one of before is taken back: a client has one open referral to a service at a time. */
async function sendReferral(): Promise<ReferralId> {
  if (sent) await adviser.post(`/referrals/${sent}/withdraw`, { reason: 'sent_by_mistake', event: newId() })
  const id = newId<'referral'>()
  sent = id
  await adviser.post(`/clients/${world.client.id}/referrals`, {
    ...agreed,
    referral: id,
    service: world.partner.serviceId,
  })
  return id
}

describe('sending', () => {
  test('offers what is known of the client, ticks what a partner needs, and shows what the partner will see', async () => {
    const page = await adviser.get(newPage())
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Bakery School: course')
    expect(page.body).toContain('Noor Haddad')
    expect(page.body).toMatch(/value="phone"[^>]* checked/)
    expect(page.body).not.toMatch(/value="email"[^>]* checked/)
    expect(page.body).toContain('with an interpreter')
  })

  test('nothing is sent without anything to share and without knowing how consent was given', async () => {
    const tried = await adviser.post(`/clients/${world.client.id}/referrals`, {
      service: world.partner.serviceId,
      words: 'Please help.',
    })
    expect(tried.statusCode).toBe(400)
    expect(tried.body).toContain('href="#agreed"')
    expect(tried.body).toContain('href="#how"')
    expect(tried.body).toContain('Please help.')
  })

  test('the preview shows exactly what is ticked and sends nothing', async () => {
    const body = { ...agreed, agreed: ['email'], service: world.partner.serviceId, preview: 'yes', referral: newId() }
    const page = await adviser.post(`/clients/${world.client.id}/referrals`, body)
    expect(page.statusCode).toBe(200)
    const preview = page.body.slice(page.body.indexOf('id="preview"'))
    expect(preview).toContain('noor@example.org')
    expect(preview).not.toContain('791234567')
  })

  test('a form sent twice makes one referral, one consent and one mail', async () => {
    const id = newId<'referral'>()
    sent = id
    const body = { ...agreed, referral: id, service: world.partner.serviceId }
    const answers = await Promise.all([
      adviser.post(`/clients/${world.client.id}/referrals`, body),
      adviser.post(`/clients/${world.client.id}/referrals`, body),
    ])
    expect(answers.map((answer) => answer.headers.location)).toEqual([`/referrals/${id}`, `/referrals/${id}`])
    expect((await referralOf(id))?.referral.events).toHaveLength(2)
    const count = await app.database.as({ networkId: app.networkId, role: 'job' }, async (db) => {
      const consents = await db
        .selectFrom('client_consents')
        .select('id')
        .where('organization_id', '=', world.partner.id)
        .execute()
      const referrals = await db.selectFrom('referrals').select('id').execute()
      return consents.length - referrals.length
    })
    expect(count).toBe(0)
  })

  test('a second one to the same service is pointed out', async () => {
    await sendReferral()
    expect((await adviser.get(newPage())).body).toContain('already has an open referral')
  })

  test('what was agreed is carried over when a referral is taken up again', async () => {
    const id = await sendReferral()
    const again = await adviser.get(`${newPage()}&follows=${id}`)
    expect(again.body).toMatch(/value="phone"[^>]* checked/)
    expect(again.body).not.toMatch(/value="access_needs"[^>]* checked/)
  })

  test('without a service one is chosen first', async () => {
    const page = await adviser.get(`/clients/${world.client.id}/referrals/new`)
    expect(page.headers.location).toBe(`/clients/${world.client.id}/recommendations`)
  })
})

describe('the page of a referral', () => {
  test('says what to do once the partner is late', async () => {
    const id = await sendReferral()
    app.setNow(new Date('2026-03-12T09:00:00Z'))
    const { body } = await adviser.get(`/referrals/${id}`)
    app.setNow(now)
    expect(body).toContain('The partner has not answered in time. Ring them')
    expect(body).not.toContain('Waiting for the partner to answer.')
  })

  test('lies in the clients’ room, and leaves messages to the conversation', async () => {
    const id = await sendReferral()
    expect((await adviser.get(`/referrals/${id}`)).body).toMatch(/href="\/clients" aria-current="page"/)
    expect((await adviser.get(`/referrals/${id}/message`)).headers.location).toBe(`/referrals/${id}`)
  })

  test('says what is wanted next, and records on the partner’s behalf what they said by phone', async () => {
    const id = await sendReferral()
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('Waiting for the partner to answer.')
    const form = await adviser.get(`/referrals/${id}/accept`)
    expect(form.body).toContain('You record this for the partner')
    await adviser.post(`/referrals/${id}/accept`, { event: newId(), seen: '2' })
    const kept = await referralOf(id)
    expect(kept?.referral.state).toBe('accepted')
    expect(kept?.referral.ledHere).toMatchObject({ channel: 'phone', actor: { kind: 'adviser', name: 'Mara Lind' } })
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('told to')
  })

  test('ends, asks for the next step, and closes with it', async () => {
    const id = await sendReferral()
    await adviser.post(`/referrals/${id}/decline`, { reason: 'too_far', event: newId() })
    const page = await adviser.get(`/referrals/${id}`)
    expect(page.body).toContain('Agree with the client what comes next')
    expect(page.body).toContain(`/referrals/${id}/next-step`)
    const closed = await adviser.post(`/referrals/${id}/next-step`, {
      step: 'with_adviser',
      words: 'Only for us',
      event: newId(),
    })
    expect(closed.statusCode).toBe(303)
    const seen = await adviser.get(`/referrals/${id}`)
    expect(seen.body).toContain('Closed. Nothing more is needed.')
    expect(seen.body).toContain('The partner does not see it')
  })

  test('a mistake is undone with one press', async () => {
    const id = await sendReferral()
    await adviser.post(`/referrals/${id}/decline`, { reason: 'no_places', event: newId() })
    const wrong = (await referralOf(id))?.referral.ledHere.id ?? ''
    await adviser.post(`/referrals/${id}/undo`, { corrects: wrong, event: newId() })
    expect((await referralOf(id))?.referral.state).toBe('sent')
  })

  test('of two advisers at once the second sees what the first did, and nothing is overwritten', async () => {
    const id = await sendReferral()
    const other = await app.signIn({ siteIds: [world.siteId], name: 'Ben Second' })
    await adviser.post(`/referrals/${id}/accept`, { event: newId(), seen: '2' })
    const late = await other.post(`/referrals/${id}/withdraw`, { reason: 'partner_silent', event: newId(), seen: '2' })
    expect(late.statusCode).toBe(409)
    expect(late.body).toContain('Mara Lind')
    expect((await referralOf(id))?.referral.state).toBe('accepted')
  })

  test('a colleague takes a referral over, and it is theirs on Today', async () => {
    const id = await sendReferral()
    const other = await app.signIn({ siteIds: [world.siteId], name: 'Ben Second' })
    expect((await other.get(`/referrals/${id}`)).body).toContain('Take this referral over')
    await other.post(`/referrals/${id}/take-over`)
    const seen = await other.get(`/referrals/${id}`)
    expect(seen.body).toContain('Given to another adviser')
    expect(seen.body).not.toContain('Take this referral over')
    expect((await referralOf(id))?.file.adviserId).toBe(other.staffId)
  })

  test('a new link takes the place of the old one, to a checked address', async () => {
    const id = await sendReferral()
    expect((await adviser.post(`/referrals/${id}/link`, { recipient: 'nobody' })).statusCode).toBe(400)
    await adviser.post(`/referrals/${id}/link`, { recipient: 'other@partner.example' })
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('other@partner.example')
    await adviser.post(`/referrals/${id}/link/revoke`)
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('no link that works')
  })

  test('somebody at another site says first why they open the file; an administrator sees none', async () => {
    const id = await sendReferral()
    const far = await app.signIn({ siteIds: [app.siteId] })
    expect((await far.get(`/referrals/${id}`)).headers.location).toBe(`/clients/${world.client.id}/reason`)
    // Who goes to which partner is told there no sooner.
    for (const page of [`/services/${world.partner.serviceId}`, `/partners/${world.partner.id}`]) {
      expect((await far.get(page)).body).toContain(`/referrals/${id}`)
      expect((await far.get(page)).body).not.toContain('Noor')
      expect((await adviser.get(page)).body).toContain('Noor')
    }
    await far.post(`/clients/${world.client.id}/reason`, { reason: 'client_called' })
    expect((await far.get(`/partners/${world.partner.id}`)).body).toContain('Noor')
    const administrator = await app.signIn({ roles: ['administrator'] })
    expect((await administrator.get(`/referrals/${id}`)).statusCode).toBe(403)
    expect((await app.stranger().get(`/referrals/${id}`)).statusCode).toBe(303)
  })
})

test('the adviser is told of an answer by mail, which carries no name', async () => {
  const id = await sendReferral()
  const other = await app.signIn({ siteIds: [world.siteId], name: 'Ben Second' })
  await other.post(`/referrals/${id}/accept`, { event: newId() })
  const eventId = (await referralOf(id))?.referral.ledHere.id ?? ''
  await app.application.runJob('referrals.tell', { networkId: app.networkId, referralId: id, eventId })
  const mails = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
    db.selectFrom('mail_messages').select(['kind', 'ids']).where('kind', '=', 'referrals.answer').execute(),
  )
  expect(mails).toEqual([{ kind: 'referrals.answer', ids: { referralId: id, eventId } }])
})

test('the clocks find what is due and nothing else', async () => {
  await sendReferral()
  app.setNow(new Date('2026-03-02T10:00:00Z'))
  await app.application.runJob('referrals.clocks')
  app.setNow(now)
})

test('a silent partner is reminded, then the adviser, and in the end the referral expires', async () => {
  const id = await sendReferral()
  const reminded: (string | undefined)[] = []
  for (const day of ['2026-03-09T17:01:00Z', '2026-03-12T17:01:00Z', '2026-03-19T17:01:00Z', '2026-03-30T17:01:00Z']) {
    app.setNow(new Date(day))
    await app.application.runJob('referrals.strike', { networkId: app.networkId, referralId: id })
    await app.application.runJob('referrals.strike', { networkId: app.networkId, referralId: id })
    const last = (await referralOf(id))?.referral.events.at(-1)
    reminded.push(last?.kind === 'reminded' ? last.whom : last?.kind)
  }
  expect(reminded).toEqual(['partner', 'adviser', 'manager', 'expired'])
  app.setNow(now)
})
