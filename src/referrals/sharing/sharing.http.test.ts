import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { consentsOf } from '#clients/index.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import { linksOf, type Links } from '../link/link.testing.ts'
import { dayOfText } from '../referral.factory.ts'
import { findReferral } from '../referrals.store.ts'
import { aWorld, type World } from '../world.testing.ts'
import { findShare } from './referral-shares.store.ts'

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

const given = { how: 'spoken', toldBy: 'client' }
const change = (id: ReferralId, fields: Readonly<Record<string, string | readonly string[]>>) =>
  adviser.post(`/referrals/${id}/sharing`, { event: newId(), words: '', ...fields })
const entriesOf = async (id: ReferralId) => (await links.asJob((db) => findShare(db, id)))?.entries
const fieldsOf = async (id: ReferralId) => (await entriesOf(id))?.map(({ field }) => field)
const boundTo = async (id: ReferralId) =>
  (await links.asJob((db) => consentsOf(db, world.client.id, dayOfText('2026-03-02')))).filter(
    ({ referralId }) => referralId === id,
  )
const keptOf = (id: ReferralId) => links.asJob((db) => findReferral(db, id))
const mails = async () =>
  (await links.asJob((db) => db.selectFrom('mail_messages').select('kind').execute())).map(({ kind }) => kind)

describe('what is shared is changed', () => {
  test('by a preview that the partner then sees alike, with a consent of its own for what is added', async () => {
    const { id, link } = await links.send()
    const drawn = await change(id, { agreed: ['name', 'phone'], preview: 'yes', ...given })
    expect(drawn.body).toContain('This is what')
    expect(await fieldsOf(id)).toEqual(['name'])
    const saved = await change(id, { agreed: ['name', 'phone'], ...given })
    expect(saved.headers.location).toBe(`/referrals/${id}`)
    const phone = await links.open(link)
    const seen = (await phone.get(`${link}/referral`)).body
    const listOf = (html: string) => /<dl class="govuk-summary-list">[\s\S]*?<\/dl>/.exec(html)?.[0]
    expect(listOf(seen)).toBe(listOf(drawn.body))
    expect(seen).toContain('+41791234567')
    expect(await boundTo(id)).toMatchObject([{ what: ['phone'], organizationId: world.partner.id, state: 'holds' }])
    const event = (await keptOf(id))?.referral.events.findLast(({ kind }) => kind === 'shared_changed')
    expect(event).toMatchObject({ added: ['phone'], removed: [], refreshed: [] })
    expect(await mails()).toContain('referrals.shared')
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('Now shared:')
  })

  test('and needs how and by whom consent was given only for what is added', async () => {
    const { id } = await links.send()
    const refused = await change(id, { agreed: ['name', 'phone'] })
    expect(refused.statusCode).toBe(400)
    expect(refused.body).toContain('Choose how it was said')
    expect(await fieldsOf(id)).toEqual(['name'])
    await change(id, { agreed: ['name', 'phone'], ...given })
    expect((await change(id, { agreed: ['name'] })).statusCode).toBe(303)
    expect(await fieldsOf(id)).toEqual(['name'])
  })

  test('never down to nothing: that is a withdrawal', async () => {
    const { id } = await links.send()
    const refused = await change(id, { agreed: [], ...given })
    expect(refused.statusCode).toBe(400)
    expect(refused.body).toContain('or withdraw the consent')
  })

  test('twice by one form once, and not over what a colleague has just changed', async () => {
    const { id } = await links.send()
    const event = newId()
    const seen = String((await keptOf(id))?.referral.events.length)
    const form = { agreed: ['name', 'phone'], event, seen, ...given }
    await Promise.all([change(id, form), change(id, form)])
    expect(await boundTo(id)).toHaveLength(1)
    const late = await change(id, { agreed: ['name', 'email'], seen, ...given })
    expect(late.statusCode).toBe(400)
    expect(await fieldsOf(id)).toEqual(['name', 'phone'])
    expect(await boundTo(id)).toHaveLength(1)
  })

  test('to what the file says today, which the page of the referral offers', async () => {
    const { id } = await links.send()
    await change(id, { agreed: ['name', 'email'], ...given })
    await links.asJob((db) =>
      db.updateTable('clients').set({ email: 'new@example.org' }).where('id', '=', world.client.id).execute(),
    )
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('The file says something else today')
    expect((await adviser.get(`/referrals/${id}/sharing`)).body).toContain('new@example.org')
    expect(JSON.stringify(await entriesOf(id))).toContain('noor@example.org')
    await change(id, { agreed: ['name', 'email'], refreshed: 'email' })
    expect(JSON.stringify(await entriesOf(id))).toContain('new@example.org')
    expect((await adviser.get(`/referrals/${id}`)).body).not.toContain('The file says something else today')
  })
})

describe('consent is withdrawn', () => {
  test('from the referral by any adviser in two presses: nothing is left for the partner, and that referral alone ends', async () => {
    const { id, link } = await links.send()
    const other = await links.send()
    await change(id, { agreed: ['name', 'phone'], ...given })
    const phone = await links.open(link)
    const asked = await adviser.get(`/referrals/${id}/sharing/withdraw`)
    expect(asked.body).toContain('The referral is withdrawn')
    const done = await adviser.post(`/referrals/${id}/sharing/withdraw`, given)
    expect(done.headers.location).toBe(`/referrals/${id}`)
    const seen = await phone.get(`${link}/referral`)
    for (const personal of ['Noor', '791234567']) expect(seen.body).not.toContain(personal)
    expect(await links.stateOf(id)).toBe('withdrawn')
    expect(await links.stateOf(other.id)).toBe('sent')
    expect(await boundTo(id)).toMatchObject([{ state: 'withdrawn' }])
    expect((await adviser.get(`/referrals/${id}/sharing`)).headers.location).toBe(`/referrals/${id}`)
  })

  test('of one of two that a referral has: what the other covers stays shared, and the referral goes on', async () => {
    const { id } = await links.send()
    await change(id, { agreed: ['name', 'phone'], ...given })
    await change(id, { agreed: ['name', 'phone', 'email'], ...given })
    const [email] = (await boundTo(id)).filter(({ what }) => what.includes('email'))
    await adviser.post(`/clients/${world.client.id}/consent/${email!.id}/withdraw`, given)
    expect(await fieldsOf(id)).toEqual(['phone'])
    expect(await links.stateOf(id)).toBe('sent')
    const [rest] = (await boundTo(id)).filter(({ state }) => state === 'holds')
    await adviser.post(`/clients/${world.client.id}/consent/${rest!.id}/withdraw`, given)
    expect(await entriesOf(id)).toBeNull()
    expect(await links.stateOf(id)).toBe('withdrawn')
  })

  test('after the end too: the copy is gone, and the partner hears that something changed', async () => {
    const { id, link } = await links.send()
    const phone = await links.open(link)
    await phone.post(`${link}/decline`, { reason: 'no_places', event: newId() })
    await adviser.post(`/referrals/${id}/sharing/withdraw`, given)
    expect(await links.stateOf(id)).toBe('declined')
    expect(await entriesOf(id)).toBeNull()
    expect((await links.kindsOf(id)).at(-1)).toBe('shared_changed')
  })
})
