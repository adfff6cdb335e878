import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { insertSite } from '#networks/index.ts'
import { newId, type StaffId } from '#platform/ids.ts'
import { aWorld, sendOne, workFor, type World } from '../world.testing.ts'
import { informalOfClient } from './informal.store.ts'
import type { InformalReferral } from './informal.ts'

let app: TestApp
let world: World
let adviser: TestBrowser & { readonly staffId: StaffId }
const now = new Date('2026-03-02T09:00:00Z')

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  adviser = await app.signIn({ siteIds: [world.siteId], name: 'Mara Lind' })
})
afterAll(() => app.close())
beforeEach(() => app.setNow(now))

const asJob = <T>(work: Parameters<typeof app.database.as<T>>[1]) =>
  app.database.as({ networkId: app.networkId, role: 'job' }, work)
const kept = () => asJob((db) => informalOfClient(db, [world.client.id]))
const clientPage = () => `/clients/${world.client.id}`

async function tell(fields: Record<string, string> = {}): Promise<InformalReferral> {
  const told = newId<'informal_referral'>()
  await adviser.post(`${clientPage()}/told`, { told, name: 'A neighbour’s workshop', ask: 'yes', ...fields })
  return (await kept()).find(({ id }) => id === told)!
}

describe('from the client’s page', () => {
  test('one line and one button note it, sent to nobody, with the day on which Today asks', async () => {
    const page = await adviser.get(clientPage())
    expect(page.body).toContain('no consent is needed')
    expect(page.body).toMatch(/<input[^>]*id="ask"[^>]* checked/)
    expect(page.body).toMatch(/Ask me in two weeks \(.*16 March 2026.*\)/)
    const told = newId<'informal_referral'>()
    const name = 'Bakery School: course – Bakery School'
    const done = await adviser.post(`${clientPage()}/told`, { told, name, words: 'Asks for Jo', ask: 'yes' })
    expect(done.headers.location).toBe(clientPage())
    const one = (await kept()).find(({ id }) => id === told)
    expect(one).toMatchObject({
      serviceId: world.partner.serviceId,
      organizationId: world.partner.id,
      words: 'Asks for Jo',
      followUpOn: '2026-03-16',
      toldBy: adviser.staffId,
    })
    const mails = await asJob((db) => db.selectFrom('mail_messages').select('id').execute())
    expect(mails).toEqual([])
    const after = await adviser.get(clientPage())
    expect(after.body).toContain('Told about')
    expect(after.body).toContain('Asks for Jo')
  })

  test('the same form sent twice notes it once', async () => {
    const told = newId<'informal_referral'>()
    const before = (await kept()).length
    const body = { told, name: 'The library', ask: 'yes' }
    await Promise.all([adviser.post(`${clientPage()}/told`, body), adviser.post(`${clientPage()}/told`, body)])
    expect(await kept()).toHaveLength(before + 1)
  })

  test('words that several entries may mean are asked about, and may be kept as they are', async () => {
    const body = { told: newId(), name: 'Bakery', ask: 'yes', words: '' }
    const asked = await adviser.post(`${clientPage()}/told`, body)
    expect(asked.statusCode).toBe(200)
    expect(asked.body).toContain('Which one do you mean?')
    expect(asked.body).toMatch(new RegExp(`value="service:${world.partner.serviceId}"[^>]* checked`))
    await adviser.post(`${clientPage()}/told`, { ...body, choice: `partner:${world.partner.id}` })
    expect((await kept())[0]).toMatchObject({
      name: 'Bakery School',
      organizationId: world.partner.id,
      serviceId: null,
    })
    await adviser.post(`${clientPage()}/told`, { ...body, told: newId(), choice: 'as_typed' })
    expect((await kept()).find(({ name }) => name === 'Bakery')).toMatchObject({ organizationId: null })
  })

  test('without a name it says so beside the field and keeps what was typed', async () => {
    const tried = await adviser.post(`${clientPage()}/told`, { told: newId(), name: ' ', words: 'on Tuesdays' })
    expect(tried.statusCode).toBe(400)
    expect(tried.body).toContain('href="#name"')
    expect(tried.body).toContain('value="on Tuesdays"')
    expect(tried.body).not.toMatch(/<input[^>]*id="ask"[^>]* checked/)
  })

  test('nobody asks when that was not wanted', async () => {
    expect(await tell({ ask: '' })).toMatchObject({ followUpOn: null })
  })
})

describe('undo', () => {
  test('takes it back for half an hour, and it is shown no more', async () => {
    const { id } = await tell({ name: 'A slip of the hand' })
    expect((await adviser.get(clientPage())).body).toContain(`/told/${id}/undo`)
    await adviser.post(`${clientPage()}/told/${id}/undo`)
    expect((await kept()).some((one) => one.id === id)).toBe(false)
    const row = await asJob((db) =>
      db.selectFrom('informal_referrals').select('undone_at').where('id', '=', id).executeTakeFirst(),
    )
    expect(row?.undone_at).toEqual(now)
  })

  test('is refused to others and after half an hour', async () => {
    const { id } = await tell({ name: 'The night school' })
    const colleague = await app.signIn({ siteIds: [world.siteId] })
    await colleague.post(`${clientPage()}/told/${id}/undo`)
    app.setNow(new Date(now.getTime() + 31 * 60_000))
    await adviser.post(`${clientPage()}/told/${id}/undo`)
    expect((await kept()).some((one) => one.id === id)).toBe(true)
  })
})

describe('from the page of a service or partner', () => {
  test('a client opened lately is chosen, and who told is shown', async () => {
    await adviser.get(clientPage())
    const page = await adviser.get(`/services/${world.otherPartner.serviceId}`)
    expect(page.body).toContain(`value="${world.client.id}"`)
    const told = newId<'informal_referral'>()
    const done = await adviser.post(`/services/${world.otherPartner.serviceId}/told`, {
      told,
      client: world.client.id,
      ask: 'yes',
    })
    expect(done.headers.location).toBe(`/services/${world.otherPartner.serviceId}`)
    expect((await kept()).find(({ id }) => id === told)).toMatchObject({
      serviceId: world.otherPartner.serviceId,
      serviceType: 'vocational_training',
    })
    expect((await adviser.get(`/services/${world.otherPartner.serviceId}`)).body).toContain(`/told/${told}/undo`)
  })

  test('another is found by name, and nobody chosen is said beside the field', async () => {
    const base = `/partners/${world.otherPartner.id}/told`
    const found = await adviser.post(base, { told: newId(), client: '', q: 'Haddad', words: 'on Friday', ask: 'yes' })
    expect(found.body).toMatch(new RegExp(`value="${world.client.id}"[^>]* checked`))
    expect(found.body).toContain('value="on Friday"')
    const none = await adviser.post(base, { told: newId(), client: '', q: '', ask: 'yes' })
    expect(none.statusCode).toBe(400)
    expect(none.body).toContain('href="#client"')
    expect((await adviser.get(`/partners/${newId()}/told`)).statusCode).toBe(404)
  })
})

describe('what comes of it', () => {
  test('Today asks on its day, and one click answers', async () => {
    const { id } = await tell({ name: 'The job club' })
    expect((await adviser.get('/today')).body).not.toContain('The job club')
    app.setNow(new Date('2026-03-16T09:00:00Z'))
    const today = await adviser.get('/today')
    expect(today.body).toContain('The job club')
    expect(today.body).toContain('Did they go?')
    const answered = await adviser.post(`${clientPage()}/told/${id}/outcome`, { outcome: 'went', back: '/today' })
    expect(answered.headers.location).toBe('/today')
    expect((await adviser.get('/today')).body).not.toContain('The job club')
    await adviser.post(`${clientPage()}/told/${id}/outcome`, { outcome: 'did_not_go' })
    expect((await kept()).find((one) => one.id === id)?.outcome).toBe('went')
    expect((await adviser.get(clientPage())).body).toContain('The job club')
  })

  test('a formal referral to the same service takes its place', async () => {
    const told = newId<'informal_referral'>()
    await adviser.post(`/services/${world.otherPartner.serviceId}/told`, { told, client: world.client.id, ask: 'yes' })
    const sent = await asJob((db) => sendOne(world, workFor(world, db, now), { partner: world.otherPartner }))
    const one = (await kept()).find(({ id }) => id === told)
    expect(one?.referralId).toBe(sent.file.id)
    app.setNow(new Date('2026-03-16T09:00:00Z'))
    expect((await adviser.get('/today')).body).not.toContain(`/told/${told}/outcome`)
  })
})

describe('who may see it', () => {
  test('it follows the file when that is restricted, and nobody else sees it', async () => {
    const { id } = await tell({ name: 'The shelter' })
    await adviser.post(`${clientPage()}/restrict`, { who: 'named', staff: [world.adviser.id, adviser.staffId] })
    const seenBy = (actorId: StaffId) =>
      app.database.as({ networkId: app.networkId, actorId }, (db) => informalOfClient(db, [world.client.id]))
    expect(await seenBy(newId<'staff'>())).toEqual([])
    expect((await seenBy(adviser.staffId)).some((one) => one.id === id)).toBe(true)
    await adviser.post(`${clientPage()}/restrict`, { who: 'all' })
    expect((await seenBy(newId<'staff'>())).length).toBeGreaterThan(0)
  })

  test('partners, links, clients and figures have no way to it', async () => {
    for (const role of ['partner', 'link', 'client', 'figures', 'door'] as const)
      await expect(
        app.database.as({ networkId: app.networkId, role }, (db) => informalOfClient(db, [world.client.id])),
      ).rejects.toThrow(/permission denied/)
  })

  test('a file of another site asks for a reason first', async () => {
    const elsewhere = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      insertSite(db, app.networkId, {
        name: 'Far',
        kind: 'centre',
        address: null,
        position: null,
        timeZone: null,
        isActive: true,
      }),
    )
    const stranger = await app.signIn({ siteIds: [elsewhere] })
    const tried = await stranger.post(`${clientPage()}/told`, { told: newId(), name: 'X', ask: 'yes' })
    expect(tried.headers.location).toBe(`${clientPage()}/reason`)
    expect((await kept()).some(({ name }) => name === 'X')).toBe(false)
  })
})
