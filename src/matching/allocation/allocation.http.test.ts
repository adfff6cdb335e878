import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { registerClient, type Client } from '#clients/index.ts'
import { addOrganizations, addServices } from '#directory/index.ts'
import { insertSite } from '#networks/index.ts'
import { newId, type ServiceId, type SiteId, type StaffId } from '#platform/ids.ts'
import { allocateJob } from './allocation.jobs.ts'

type Signed = TestBrowser & { readonly staffId: StaffId }

let app: TestApp
let manager: Signed
let adviser: Signed
let otherSite: SiteId
let weld: ServiceId
let paint: ServiceId
const base = '/insights/allocation'
const now = new Date()

beforeAll(async () => {
  app = await testApp()
  const { networkId, siteId } = app
  otherSite = await app.database.as({ networkId, roles: ['administrator'] }, (db) =>
    insertSite(db, networkId, {
      ...{ name: 'Elsewhere', kind: 'centre', address: null, position: null, timeZone: null, isActive: true },
    }),
  )
  manager = await app.signIn({ roles: ['manager'], siteIds: [siteId], name: 'Mo Manager' })
  adviser = await app.signIn()
  ;[weld, paint] = await app.database.as({ networkId, role: 'job' }, async (db) => {
    const [organizationId] = await addOrganizations(db, networkId, [{ name: 'Quay Works', description: '' }], now)
    const service = (name: string) => ({
      ...{ organizationId: organizationId!, organizationName: 'Quay Works', name, description: '' },
      ...{ serviceType: 'vocational_training' as const, locationIds: [] },
    })
    return (await addServices(db, networkId, [service('Weld'), service('Paint')], now)) as [ServiceId, ServiceId]
  })
  // The longer somebody waits, the smaller is the gain: the rules differ.
  for (let n = 0; n < 6; n++) await addClient(`Client ${n}`, { days: 10 * n + 1, gain: 0.3 - 0.05 * n, siteId })
  await addClient('Faraway', { days: 200, gain: 0.9, siteId: otherSite })
  await addClient('Tootoofar', { days: 200, gain: 0.9, siteId, key: 'farther_than_willing' })
})

afterAll(() => app.close())

async function addClient(
  name: string,
  { days, gain, siteId, key = 'near' }: { days: number; gain: number; siteId: SiteId; key?: string },
): Promise<Client> {
  const { networkId } = app
  return app.database.as({ networkId, role: 'job' }, async (db) => {
    const client = await registerClient(
      db,
      { networkId, staffId: adviser.staffId, now },
      {
        ...{ siteId, adviserId: adviser.staffId },
        person: {
          ...{ name, familyName: null, birthDate: null, phones: [], email: null, reachedBy: ['in_person'] },
          ...{ language: null, script: null, needsInterpreter: false, accessNeeds: [], accessWords: null },
          ...{ address: null, residenceArea: null, position: null },
        },
      },
    )
    const open = [weld, paint].map((id, at) => ({
      ...{ id, type: 'vocational_training', standing: 'eligible' },
      points: [{ key, side: 'for', values: { minutes: 10 + 10 * at, from: 'home' } }],
    }))
    await db
      .insertInto('recommendations')
      .values({
        ...{ network_id: networkId, id: newId(), client_id: client.id, site_id: siteId, made_by: adviser.staffId },
        made_at: new Date(now.getTime() - days * 86_400_000),
        ...{ facts: '{}', wishes: '{}', ranking: JSON.stringify(open), ranked_by: 'model', averages: '[]' },
        estimates: JSON.stringify([
          { type: 'vocational_training', gain, chanceWithout: 0.4, chanceWith: 0.4 + gain, low: 0, high: 1 },
        ]),
      })
      .execute()
    return client
  })
}

async function compare(places: Readonly<Record<string, string>>): Promise<string> {
  const asked = await manager.post(base, { type: 'vocational_training', aversion: '1', ...places })
  expect(asked.statusCode).toBe(303)
  const at = String(asked.headers.location)
  await app.application.runJob(allocateJob, { networkId: app.networkId, allocationId: at.split('/').at(-1)! })
  return at
}

async function propose(at: string, rule: string): Promise<string> {
  const saved = await manager.post(`${at}/proposals`, { rule, name: `Places, ${rule}` })
  expect(saved.statusCode).toBe(303)
  return String(saved.headers.location)
}

const namesOn = (body: string) =>
  ['Client 0', 'Client 1', 'Client 2', 'Client 3', 'Client 4', 'Client 5'].filter((name) => body.includes(name))

describe('a comparison', () => {
  test('is for managers alone', async () => {
    expect((await adviser.get(base)).statusCode).toBe(403)
    expect((await manager.get(base)).body).toContain('Few places, many clients')
  })

  test('asks again where no places are said, beside the field', async () => {
    const answer = await manager.post(base, { type: 'vocational_training', [`places-${weld}`]: 'many' })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('Enter a whole number from 0 to 999')
    expect((await manager.post(base, { type: 'vocational_training' })).body).toContain('for at least one service')
  })

  test('names nobody, and says who is in question and who is not', async () => {
    const { body } = await manager.get(await compare({ [`places-${weld}`]: '2' }))
    expect(body).toContain('6 clients are in question for 2 places')
    expect(body).toContain('1 client for whom it is farther than they would go')
    expect(body).not.toContain('Client 0')
    expect(body).not.toMatch(/ style=/)
  })

  test('waits until it is worked out, and says so', async () => {
    const asked = await manager.post(base, { type: 'vocational_training', [`places-${weld}`]: '1' })
    expect((await manager.get(String(asked.headers.location))).body).toContain('being worked out')
  })

  test('is not for a manager of another site', async () => {
    const at = await compare({ [`places-${weld}`]: '1' })
    const elsewhere = await app.signIn({ roles: ['manager'], siteIds: [otherSite] })
    expect((await elsewhere.get(at)).statusCode).toBe(404)
  })
})

describe('a proposal', () => {
  test('by gain has those with the largest gains, first come those who waited longest', async () => {
    const at = await compare({ [`places-${weld}`]: '1', [`places-${paint}`]: '1' })
    expect(namesOn((await manager.get(await propose(at, 'gain'))).body)).toEqual(['Client 0', 'Client 1'])
    expect(namesOn((await manager.get(await propose(at, 'first_come'))).body)).toEqual(['Client 4', 'Client 5'])
    const drawn = (await manager.get(await propose(at, 'lottery'))).body
    expect(drawn).toContain('chance of a place in the draw')
  })

  test('needs a name and a rule', async () => {
    const at = await compare({ [`places-${weld}`]: '1' })
    const answer = await manager.post(`${at}/proposals`, { name: '' })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('Give the proposal a name')
    expect(answer.body).toContain('Choose a rule')
  })

  test('sends nothing: the adviser finds the way to the usual referral, on Today too', async () => {
    const at = await propose(await compare({ [`places-${weld}`]: '1' }), 'gain')
    const { body } = await adviser.get(at)
    expect(body).toMatch(new RegExp(`/clients/[0-9a-f-]+/referrals/new\\?service=${weld}`))
    expect((await manager.get(at)).body).not.toContain('/referrals/new')
    expect((await adviser.get('/today')).body).toContain('1 of your clients is proposed for a place')
    const sent = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      db.selectFrom('referrals').select('id').execute(),
    )
    expect(sent).toEqual([])
  })

  test('is closed to other sites in the database itself, and to all but those named on a restricted file', async () => {
    const at = await compare({ [`places-${weld}`]: '1' })
    const allocationId = at.split('/').at(-1)!
    const seenBy = (roles: readonly ('manager' | 'adviser')[], siteIds: readonly SiteId[]) =>
      app.database.as({ networkId: app.networkId, actorId: manager.staffId, siteIds, roles }, async (db) => {
        const rows = await db
          .selectFrom('matching_allocation_clients')
          .select('client_id')
          .where('allocation_id', '=', allocationId)
          .execute()
        return rows.length
      })
    expect(await seenBy(['manager'], [app.siteId])).toBe(6)
    expect(await seenBy(['manager'], [otherSite])).toBe(0)
    await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      db
        .updateTable('matching_allocation_clients')
        .set({ restricted_to: [adviser.staffId] })
        .execute(),
    )
    expect(await seenBy(['manager'], [app.siteId])).toBe(0)
  })

  test('shows no client of a colleague', async () => {
    const at = await propose(await compare({ [`places-${weld}`]: '1' }), 'gain')
    const colleague = await app.signIn({ name: 'Cy Colleague' })
    expect((await colleague.get(at)).body).toContain('None of your clients is on this proposal')
  })
})
