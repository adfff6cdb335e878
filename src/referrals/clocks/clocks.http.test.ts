import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import type { ReferralId } from '#platform/ids.ts'
import { keptColumns } from '../referrals.store.ts'
import { aWorld, sendOne, workFor, type World } from '../world.testing.ts'

const monday = new Date('2026-03-02T09:00:00Z')

let app: TestApp
let world: World
let manager: TestBrowser

beforeAll(async () => {
  app = await testApp()
  app.setNow(monday)
  world = await aWorld(app.database, { networkId: app.networkId })
  manager = await app.signIn({ roles: ['manager'], siteIds: [world.siteId] })
})
afterAll(() => app.close())

const asJob = <T>(work: Parameters<typeof app.database.as<T>>[1]) =>
  app.database.as({ networkId: app.networkId, role: 'job' }, work)
const sent = (partner = world.partner) =>
  asJob(async (db) => (await sendOne(world, workFor(world, db, monday), { partner })).file.id)
const dueOf = async (id: ReferralId) => (await asJob((db) => keptColumns(db, id)))?.nextDueAt?.toISOString()
const days = { 'days-0': '2', 'days-1': '3', 'days-2': '5', 'days-3': '7' }

describe('a clock set for one partner', () => {
  let before: ReferralId
  let elsewhere: ReferralId

  beforeEach(async () => {
    before = await sent()
    elsewhere = await sent(world.otherPartner)
  })

  test('holds for its open referrals and for new ones, and for nobody else’s', async () => {
    const saved = await manager.post('/settings/clocks/sent', { ...days, partner: 'bakery school' })
    expect(saved.headers.location).toBe('/settings/clocks')
    await app.application.runJob('referrals.reclock', { networkId: app.networkId })
    // Two working days after Monday 2 March, 17:00 in Zürich; the usual five for the other.
    expect(await dueOf(before)).toBe('2026-03-04T16:00:00.000Z')
    expect(await dueOf(elsewhere)).toBe('2026-03-09T16:00:00.000Z')
    expect(await dueOf(await sent())).toBe('2026-03-04T16:00:00.000Z')
    expect((await manager.get('/settings/clocks')).body).toMatch(
      /Bakery School[\s\S]*After 2 working days: remind the partner/,
    )
  })

  test('is removed with one button, and the usual days return', async () => {
    await manager.post('/settings/clocks/sent', { ...days, partner: 'Bakery School' })
    const list = await manager.get('/settings/clocks')
    const [, remove = ''] = /action="(\/settings\/clocks\/rules\/[^"]+\/remove)"/.exec(list.body) ?? []
    await manager.post(remove)
    await app.application.runJob('referrals.reclock', { networkId: app.networkId })
    expect(await dueOf(before)).toBe('2026-03-09T16:00:00.000Z')
  })
})

test('a holiday moves every due time that counts over it', async () => {
  const id = await sent()
  await manager.post('/settings/holidays', { days: '2026-03-06\n2026-03-09' })
  app.setNow(new Date(monday.getTime() + 60_000))
  await app.application.runJob('referrals.reclock', { networkId: app.networkId })
  expect(await dueOf(id)).toBe('2026-03-11T16:00:00.000Z')
})

test('days that are none, an unknown kind and an unknown partner are refused beside their field', async () => {
  const wrong = await manager.post('/settings/clocks/sent', { ...days, 'days-1': '0', serviceType: 'flying' })
  expect(wrong.statusCode).toBe(400)
  expect(wrong.body).toContain('href="#days-1"')
  expect(wrong.body).toContain('href="#serviceType"')
  const unknown = await manager.post('/settings/clocks/sent', { ...days, partner: 'Nobody at all' })
  expect(unknown.statusCode).toBe(400)
  expect(unknown.body).toContain('href="#partner"')
})

test('an adviser sets no clocks and no holidays', async () => {
  const adviser = await app.signIn({ siteIds: [world.siteId] })
  expect((await adviser.get('/settings/clocks')).statusCode).toBe(403)
  expect((await adviser.post('/settings/clocks/sent', days)).statusCode).toBe(403)
  expect((await adviser.post('/settings/holidays', { days: '' })).statusCode).toBe(403)
})
