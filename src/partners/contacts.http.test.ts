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

const person = (changed: object = {}) => ({
  ...{ id: newId(), name: 'Tove Teacher', title: 'course leader', email: 'tove@bakery.example', phone: '' },
  ...{ reachedBy: 'email', locale: 'uk', ...changed },
})

describe('on a partner’s page', () => {
  test('staff keep whom to talk to, and how they like to be reached', async () => {
    const adviser = await app.signIn()
    expect((await adviser.get(`/partners/${bakery}`)).body).toContain('Nobody is known here yet')
    const form = person({ phone: '031 555 01 01', reachedBy: 'phone' })
    expect((await adviser.post(`/partners/${bakery}/contacts/new`, form)).headers.location).toBe(`/partners/${bakery}`)
    const { body } = await adviser.get(`/partners/${bakery}`)
    expect(body).toMatch(
      /Tove Teacher<\/a> <span[^>]*>course leader[^]*Phone <span data-content>031 555 01 01[^]*Ukrainian/,
    )
    const here = `/partners/${bakery}/contacts/${form.id}`
    await adviser.post(here, person({ name: 'Tove Tolk', reachedBy: 'visit' }))
    expect((await adviser.get(here)).body).toContain('Tove Tolk')
    expect((await adviser.post(`${here}/leave`)).statusCode).toBe(303)
    expect((await adviser.get(`/partners/${bakery}`)).body).toContain('one person has left')
    // A contact stands on the page of its own organisation alone.
    expect((await adviser.get(`/partners/${harbour}/contacts/${form.id}`)).statusCode).toBe(404)
    expect((await adviser.post(`/partners/${harbour}/contacts/${form.id}/invite`)).statusCode).toBe(404)
  })

  test('whoever is to be reached in a way is reached in it', async () => {
    const adviser = await app.signIn()
    const said = async (changed: object) =>
      (await adviser.post(`/partners/${bakery}/contacts/new`, person(changed))).body
    expect(await said({ email: '' })).toContain('Enter an e-mail address, or choose another way')
    expect(await said({ reachedBy: 'fax' })).toContain('Enter a number, or choose another way')
    expect(await said({ email: 'nobody' })).toContain('Enter an e-mail address, such as')
    expect(await said({ email: '', reachedBy: 'visit', invite: 'yes' })).toContain('that the invitation goes to')
    expect(await said({ locale: 'zzzz' })).toContain('Choose a language')
    expect(await said({ name: ' ' })).toContain('Enter a name')
    expect((await adviser.get(`/partners/${newId()}/contacts/new`)).statusCode).toBe(404)
  })

  test('an evaluator reads no contacts and adds none', async () => {
    const evaluator = await app.signIn({ roles: ['evaluator'] })
    expect((await evaluator.get(`/partners/${bakery}/contacts/new`)).statusCode).toBe(403)
    expect((await evaluator.post(`/partners/${bakery}/contacts/new`, person())).statusCode).toBe(403)
  })

  test('an invited contact signs in; its address stands while the account does', async () => {
    const adviser = await app.signIn()
    const form = person({ email: 'Nico@bakery.example', invite: 'yes', isLead: 'yes' })
    await adviser.post(`/partners/${bakery}/contacts/new`, form)
    await app.stranger().post(await linkMailedTo(app, 'nico@bakery.example'), { password })
    const browser = app.stranger()
    await browser.post('/n/test/partner/sign-in', { email: 'nico@bakery.example', password })
    expect((await browser.get('/team/new')).statusCode).toBe(200)
    await adviser.post(`/partners/${bakery}/contacts/${form.id}`, person({ email: 'evil@example.org' }))
    const again = await app.stranger().post('/n/test/partner/sign-in', { email: 'nico@bakery.example', password })
    expect(again.statusCode).toBe(303)
    const doubled = await adviser.post(
      `/partners/${harbour}/contacts/new`,
      person({ email: 'nico@bakery.example', invite: 'yes' }),
    )
    expect(doubled.body).toContain('There is an account with this address already')
    // Known there without an account: invited later, the address is still taken.
    const known = person({ email: 'nico@bakery.example' })
    await adviser.post(`/partners/${harbour}/contacts/new`, known)
    expect((await adviser.post(`/partners/${harbour}/contacts/${known.id}/invite`)).statusCode).toBe(400)
    expect((await adviser.post(`/partners/${bakery}/contacts/${form.id}/sign_out`)).statusCode).toBe(303)
    expect((await browser.get('/team')).statusCode).toBe(303)
  })
})

describe('in the database', () => {
  test('a team writes its own contacts alone, and nobody makes a lead of themselves', async () => {
    const { database, networkId } = app
    const own = await app.signInPartner({ organizationId: bakery })
    const foreign = await app.signInPartner({ organizationId: harbour })
    const write = (roles: readonly 'lead'[], set: object, id: string) =>
      database.as({ networkId, role: 'partner', organizationId: bakery, actorId: own.contactId, roles }, async (db) =>
        Number(
          (await db.updateTable('partner_contacts').set(set).where('id', '=', id).executeTakeFirst()).numUpdatedRows,
        ),
      )
    expect(await write([], { locale: 'ar' }, own.contactId)).toBe(1)
    await expect(write([], { is_lead: true }, own.contactId)).rejects.toThrow(/row-level/)
    await expect(write([], { state: 'left' }, own.contactId)).rejects.toThrow(/row-level/)
    expect(await write(['lead'], { is_lead: true }, own.contactId)).toBe(1)
    expect(await write(['lead'], { state: 'left', is_lead: false }, foreign.contactId)).toBe(0)
    await expect(write(['lead'], { organization_id: harbour }, own.contactId)).rejects.toThrow(/permission denied/)
    const contacts = await database.as({ networkId, role: 'partner', organizationId: bakery }, (db) =>
      db.selectFrom('partner_contacts').select('organization_id').execute(),
    )
    expect(new Set(contacts.map((row) => row.organization_id))).toEqual(new Set([bakery]))
    const evaluator = { networkId, roles: ['evaluator'] } as const
    const changed = await database.as(evaluator, (db) =>
      db.updateTable('partner_contacts').set({ name: 'x' }).executeTakeFirst(),
    )
    expect(Number(changed.numUpdatedRows)).toBe(0)
  })
})
