import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp } from '#app.testing.ts'
import { newId, type OrganizationId } from '#platform/ids.ts'
import { addPartners, linkMailedTo } from './partners.testing.ts'

const password = 'correct horse battery staple'
let app: TestApp
let bakery: OrganizationId
let harbour: OrganizationId

beforeAll(async () => {
  app = await testApp()
  const added = await addPartners(app, ['Bakery School', 'Harbour Works'])
  bakery = added[0]!
  harbour = added[1]!
})

afterAll(() => app.close())

const colleague = (email: string) => ({
  ...{ id: newId(), name: 'Cora Colleague', title: 'intake', email, phone: '', reachedBy: 'email', locale: 'en' },
  invite: 'yes',
})

describe('a partner who is signed in', () => {
  test('sees the own team and nobody of another organisation', async () => {
    await app.signInPartner({ organizationId: harbour, name: 'Hanno Harbour' })
    const browser = await app.signInPartner({ organizationId: bakery, name: 'Berta Bakery' })
    const { body } = await browser.get('/team')
    expect(body).toContain('Berta Bakery')
    expect(body).not.toContain('Hanno Harbour')
  })

  test('opens no page of staff, and staff none of theirs', async () => {
    const partner = await app.signInPartner({ organizationId: bakery })
    const refused = await partner.get('/account')
    expect([refused.statusCode, refused.headers.location]).toEqual([303, '/sign-in'])
    const staff = await app.signIn()
    const turned = await staff.get('/team')
    expect([turned.statusCode, turned.headers.location]).toEqual([303, '/partner/sign-in'])
  })

  test('who does not look after accounts invites nobody and changes nobody', async () => {
    const other = await app.signInPartner({ organizationId: bakery })
    const browser = await app.signInPartner({ organizationId: bakery })
    expect((await browser.get('/team/new')).statusCode).toBe(403)
    expect((await browser.post('/team/new', colleague('x@bakery.example'))).statusCode).toBe(403)
    expect((await browser.post(`/team/${other.contactId}/leave`)).statusCode).toBe(403)
    expect((await other.get('/team')).statusCode).toBe(200)
  })

  test('changes the own language', async () => {
    const browser = await app.signInPartner({ organizationId: bakery })
    expect((await browser.post('/partner/account', { locale: 'uk' })).headers.location).toBe('/partner/account')
    expect((await browser.get('/partner/account')).body).toContain('<option value="uk" selected>')
    expect((await browser.post('/partner/account', { locale: 'not a tag' })).statusCode).toBe(400)
  })
})

describe('the lead of a team', () => {
  test('invites a colleague, who sets a password once and signs in', async () => {
    const lead = await app.signInPartner({ organizationId: bakery, isLead: true })
    const form = colleague('cora@bakery.example')
    const sent = await lead.post('/team/new', form)
    expect([sent.statusCode, sent.headers.location]).toEqual([303, '/team'])
    // The same form again adds nobody.
    expect((await lead.post('/team/new', form)).statusCode).toBe(303)
    expect((await lead.get('/team')).body.match(/>cora@bakery.example</g)).toHaveLength(1)

    const address = await linkMailedTo(app, 'cora@bakery.example')
    const browser = app.stranger()
    expect((await browser.post(address, { password })).headers.location).toBe('/n/test/partner/sign-in')
    expect((await browser.post(address, { password })).statusCode).toBe(404)
    const signedIn = await browser.post('/n/test/partner/sign-in', { email: 'Cora@bakery.example', password })
    expect([signedIn.statusCode, signedIn.headers.location]).toEqual([303, '/partner'])
    expect((await browser.get('/')).headers.location).toBe('/partner')
    expect((await browser.get('/partner')).headers.location).toMatch(/^\/(inbox|team)$/)
    expect((await browser.get('/team')).body).toContain('Cora Colleague')
    // The password of one entrance opens nothing at the other.
    expect((await app.stranger().post('/sign-in', { email: 'cora@bakery.example', password })).statusCode).toBe(400)
  })

  test('finds nobody of another organisation, and invites no address that has an account there', async () => {
    const foreign = await app.signInPartner({ organizationId: harbour, isLead: true })
    const lead = await app.signInPartner({ organizationId: bakery, isLead: true })
    expect((await lead.get(`/team/${foreign.contactId}`)).statusCode).toBe(404)
    expect((await lead.post(`/team/${foreign.contactId}/leave`)).statusCode).toBe(404)
    expect((await foreign.get('/team')).statusCode).toBe(200)
    const refused = await lead.post('/team/new', colleague(foreign.email))
    expect(refused.statusCode).toBe(400)
    expect(refused.body).toContain('There is an account with this address already')
  })

  test('ends an account, and its session ends at once', async () => {
    const lead = await app.signInPartner({ organizationId: bakery, isLead: true })
    for (const act of ['end', 'leave']) {
      const browser = await app.signInPartner({ organizationId: bakery, name: 'Gone Gustav' })
      expect((await browser.get('/team')).statusCode).toBe(200)
      expect((await lead.post(`/team/${browser.contactId}/${act}`)).statusCode).toBe(303)
      expect((await browser.get('/team')).headers.location).toBe('/n/test/partner/sign-in')
    }
  })

  test('opens a closed account again: nothing from before lets its owner in', async () => {
    const lead = await app.signInPartner({ organizationId: bakery, isLead: true })
    await lead.post('/team/new', colleague('back@bakery.example'))
    const first = await linkMailedTo(app, 'back@bakery.example')
    await app.stranger().post(first, { password })
    const row = /href="(\/team\/[0-9a-f-]{36})" data-content>Cora Colleague<\/a>[^]*?back@bakery/
    const page = row.exec((await lead.get('/team')).body.split('<tr').find((part) => part.includes('back@'))!)![1]!
    await lead.post(`${page}/leave`)
    expect((await lead.post(`${page}/invite`)).statusCode).toBe(303)
    const signIn = (with_: string) =>
      app.stranger().post('/partner/sign-in', { email: 'back@bakery.example', password: with_ })
    expect((await signIn(password)).statusCode).toBe(400)
    await app.stranger().post(await linkMailedTo(app, 'back@bakery.example'), { password: 'another long password' })
    expect((await signIn('another long password')).statusCode).toBe(303)
  })
})

describe('the last lead of a team', () => {
  test('stays until a colleague looks after the accounts', async () => {
    const [school] = await addPartners(app, ['Night School'])
    const lead = await app.signInPartner({ organizationId: school!, isLead: true })
    const other = await app.signInPartner({ organizationId: school! })
    for (const act of ['not_lead', 'end', 'leave']) {
      const refused = await lead.post(`/team/${lead.contactId}/${act}`)
      expect([act, refused.statusCode]).toEqual([act, 400])
      expect(refused.body).toContain('Let a colleague do it first')
    }
    await lead.post(`/team/${other.contactId}/lead`)
    expect((await lead.post(`/team/${lead.contactId}/not_lead`)).statusCode).toBe(303)
    expect((await lead.get('/team/new')).statusCode).toBe(403)
    expect((await other.get('/team/new')).statusCode).toBe(200)
  })

  test('two who give it up at once leave one of them', async () => {
    const [school] = await addPartners(app, ['Day School'])
    const leads = [
      await app.signInPartner({ organizationId: school!, isLead: true }),
      await app.signInPartner({ organizationId: school!, isLead: true }),
    ]
    const answers = await Promise.all(leads.map((each) => each.post(`/team/${each.contactId}/not_lead`)))
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 400])
  })
})
