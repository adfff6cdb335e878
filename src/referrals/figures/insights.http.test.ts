import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { insertSite } from '#networks/index.ts'
import { newId, type ReferralId, type StaffId } from '#platform/ids.ts'
import { insertStaff } from '#staff/index.ts'
import { findReferral } from '../referrals.store.ts'
import { aWorld, sendOne, workFor, type World } from '../world.testing.ts'
import { countReferralFigures } from './figures.jobs.ts'

let app: TestApp
let world: World
let manager: TestBrowser & { readonly staffId: StaffId }
const now = new Date('2026-03-31T09:00:00Z')
const sentOn = new Date('2026-03-02T09:00:00Z')
const sent: ReferralId[] = []

const asJob = <T>(work: Parameters<typeof app.database.as<T>>[1]) =>
  app.database.as({ networkId: app.networkId, role: 'job' }, work)

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  manager = await app.signIn({ roles: ['manager'], siteIds: [world.siteId], name: 'Mo Manager' })
  await asJob(async (db) => {
    await db.updateTable('staff').set({ state: 'active' }).where('id', '=', world.adviser.id).execute()
    for (let n = 0; n < 12; n++) sent.push((await sendOne(world, workFor(world, db, sentOn))).file.id)
  })
})
afterAll(() => app.close())

const keptOf = async (id: ReferralId) => (await asJob((db) => findReferral(db, id)))!
async function aColleague(siteId = world.siteId): Promise<{ id: StaffId; name: string }> {
  const name = 'Cy Colleague'
  const staff = {
    name,
    email: `${newId().slice(-8)}@example.org`,
    roles: ['adviser'],
    locale: 'en',
    languages: [],
    siteIds: [siteId],
    managedSiteIds: [],
  } as const
  return asJob(async (db) => {
    const id = await insertStaff(db, app.networkId, staff, now)
    await db.updateTable('staff').set({ state: 'active' }).where('id', '=', id).execute()
    return { id, name }
  })
}

describe('insights', () => {
  test('say that nothing was counted yet, and count when asked', async () => {
    expect((await manager.get('/insights/referrals')).body).toContain('Nothing has been counted yet')
    const asked = await manager.post('/insights/referrals/count')
    expect(asked.headers.location).toBe('/insights/referrals')
    await asJob((db) => countReferralFigures(workFor(world, db, now)))
    expect((await manager.get('/insights')).body).toContain('/insights/referrals')
  })

  test('one sentence, a picture in words and numbers for each row, and what is not known yet', async () => {
    const { body } = await manager.get('/insights/referrals')
    expect(body).toContain('12 referrals were sent')
    expect(body).toContain('Of 12 referrals, 0 had an answer within five working days')
    expect(body).toMatch(/<svg role="img" aria-label="Likely between 0 and \d+ of a hundred"/)
    expect(body).toContain('12 are still open and not counted.')
    expect(body).toContain('Few people')
  })

  test('compared by one thing at a time, and one value alone', async () => {
    const compared = await manager.get('/insights/referrals?by=partner')
    expect(compared.body).toContain('Bakery School')
    const one = await manager.get(`/insights/referrals?of=partner:${world.partner.id}`)
    expect(one.body).toContain('12 referrals were sent')
    expect((await manager.get(`/insights/referrals?of=partner:${newId()}`)).body).toContain('There are no figures here')
    expect((await manager.get('/insights/referrals?of=partner:nonsense&by=adviser&month=x')).statusCode).toBe(200)
  })

  test('as a table to keep, hidden cells said to be hidden', async () => {
    const { body, headers } = await manager.get('/insights/referrals.csv?by=language')
    expect(headers['content-disposition']).toContain('referral-figures.csv')
    expect(body.split('\n')[0]).toContain('Measure')
    expect(body).toContain('Arabic,answer,open,no,12,12,,')
  })

  test('a manager of other sites reads none of this site, an evaluator does, an adviser none at all', async () => {
    const elsewhere = await asJob((db) =>
      insertSite(db, app.networkId, {
        name: 'Far',
        kind: 'centre',
        address: null,
        position: null,
        timeZone: null,
        isActive: true,
      }),
    )
    const other = await app.signIn({ roles: ['manager'], siteIds: [elsewhere] })
    expect((await other.get('/insights/referrals?by=site')).body).not.toContain('North centre')
    const evaluator = await app.signIn({ roles: ['evaluator'], siteIds: [] })
    expect((await evaluator.get('/insights/referrals?by=site')).body).toContain('North centre')
    expect((await (await app.signIn()).get('/insights/referrals')).statusCode).toBe(403)
  })
})

describe('stuck referrals', () => {
  test('by partner and step, each group opening its list with names of open files', async () => {
    const { body } = await manager.get('/referrals/stuck')
    expect(body).toContain('12 referrals stand still')
    const href = /href="(\/referrals\/stuck\?[^"]+)"/.exec(body)![1]!.replaceAll('&amp;', '&')
    const list = await manager.get(href)
    expect(list.body).toContain('Noor Haddad')
    expect(list.body).toContain('Ring the partner')
  })

  test('are given to another adviser together, and only those of managed sites', async () => {
    const to = await aColleague()
    const group = { partner: world.partner.id, step: 'sent' }
    const tried = await manager.post('/referrals/stuck/give', { ...group, to: '', referral: sent[0]! })
    expect(tried.statusCode).toBe(400)
    expect(tried.body).toContain('href="#to"')
    // What was ticked stays ticked, and only that.
    expect(tried.body).toContain(`value="${sent[0]!}" checked`)
    expect(tried.body).not.toContain(`value="${sent[1]!}" checked`)
    const untouched = await manager.post('/referrals/stuck/give', { ...group, to: to.id })
    expect(untouched.body).toContain(`value="${to.id}" selected`)
    await manager.post('/referrals/stuck/give', { ...group, to: to.id, referral: [sent[0]!, sent[1]!] })
    expect((await keptOf(sent[0]!)).file.adviserId).toBe(to.id)
    expect((await keptOf(sent[1]!)).referral.events.at(-1)).toMatchObject({
      kind: 'reassigned',
      to: to.name,
      actor: { name: 'Mo Manager' },
    })
    const stranger = await app.signIn({ roles: ['manager'], siteIds: [app.siteId] })
    await stranger.post('/referrals/stuck/give', { ...group, to: to.id, referral: sent[2]! })
    expect((await keptOf(sent[2]!)).file.adviserId).toBe(world.adviser.id)
  })
})

describe('a client with another adviser', () => {
  test('takes the referrals along that were the former adviser’s and are not closed', async () => {
    const before = await keptOf(sent[0]!)
    const to = await aColleague()
    const done = await manager.post(`/clients/${world.client.id}/reassign`, { adviserId: to.id, siteId: world.siteId })
    expect(done.statusCode).toBe(303)
    const kept = await keptOf(sent[3]!)
    expect(kept.file.adviserId).toBe(to.id)
    expect(kept.referral.events.at(-1)).toMatchObject({
      kind: 'reassigned',
      actor: { kind: 'adviser', name: 'Mo Manager' },
    })
    // Somebody else's stay theirs.
    expect((await keptOf(sent[0]!)).file.adviserId).toBe(before.file.adviserId)
  })

  test('a caseload handed over by a manager takes the files of managed sites, and their referrals', async () => {
    const from = (await keptOf(sent[3]!)).file.adviserId
    const to = await aColleague()
    const page = await manager.get(`/settings/staff/${from}/caseload`)
    expect(page.body).toContain('at the sites you manage')
    const data = { networkId: app.networkId, from, to: to.id, by: manager.staffId }
    await app.application.runJob('clients.hand_over', { ...data, sites: app.siteId })
    expect((await keptOf(sent[3]!)).file.adviserId).toBe(from)
    await app.application.runJob('clients.hand_over', { ...data, sites: world.siteId })
    expect((await keptOf(sent[3]!)).file.adviserId).toBe(to.id)
    expect((await keptOf(sent[3]!)).referral.events.at(-1)).toMatchObject({
      kind: 'reassigned',
      actor: { kind: 'system' },
    })
  })
})

describe('search', () => {
  test('finds a referral by its reference, however it is typed', async () => {
    const { reference } = (await keptOf(sent[0]!)).file
    for (const typed of [reference, reference.toLowerCase(), reference.replaceAll('-', '')]) {
      const { body } = await manager.get(`/search?q=${encodeURIComponent(typed)}`)
      expect(body).toContain(`/referrals/${sent[0]}`)
      expect(body).toContain('Noor Haddad')
    }
  })

  test('names nobody to who must first say why, and finds nothing of a restricted file', async () => {
    const { reference } = (await keptOf(sent[0]!)).file
    const stranger = await app.signIn({ siteIds: [app.siteId] })
    const { body } = await stranger.get(`/search?q=${reference}`)
    expect(body).toContain(`/referrals/${sent[0]}`)
    expect(body).not.toContain('Bakery School')
    await manager.post(`/clients/${world.client.id}/restrict`, {
      who: 'named',
      staff: [manager.staffId, (await keptOf(sent[3]!)).file.adviserId],
    })
    expect((await stranger.get(`/search?q=${reference}`)).body).not.toContain(`/referrals/${sent[0]}`)
  })
})
