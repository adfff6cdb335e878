import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { registerClient } from '#clients/index.ts'
import { addOrganizations, addServices } from '#directory/index.ts'
import { newId, type OrganizationId, type ServiceId, type StaffId } from '#platform/ids.ts'
import { choicesJob, noteJob } from './choices.jobs.ts'

type Signed = TestBrowser & { readonly staffId: StaffId }

let app: TestApp
let advisers: Signed[]
let weld: ServiceId
let speak: ServiceId
let organizationId: OrganizationId
const now = new Date('2026-11-24T10:00:00Z')
const october = new Date('2026-10-12T10:00:00Z')

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  const { networkId } = app
  advisers = [
    await app.signIn({ name: 'Ada Alpha' }),
    await app.signIn({ name: 'Bo Beta' }),
    await app.signIn({ name: 'Cy Gamma' }),
  ]
  ;[weld, speak] = await app.database.as({ networkId, role: 'job' }, async (db) => {
    organizationId = (await addOrganizations(db, networkId, [{ name: 'Quay Works', description: '' }], now))[0]!
    const service = (name: string) => ({
      ...{ organizationId, organizationName: 'Quay Works', name, description: '' },
      ...{ serviceType: 'vocational_training' as const, locationIds: [] },
    })
    return (await addServices(db, networkId, [service('Weld'), service('Speak')], now)) as [ServiceId, ServiceId]
  })
  for (const [n, adviser] of advisers.entries()) {
    for (let k = 0; k < 4; k++) await addChoice(adviser, { name: `Client ${n}${k}`, tookFirst: k < 2 })
  }
})

afterAll(() => app.close())

async function addChoice(adviser: Signed, { name, tookFirst }: { name: string; tookFirst: boolean }): Promise<void> {
  const { networkId, siteId } = app
  await app.database.as({ networkId, role: 'job' }, async (db) => {
    const client = await registerClient(
      db,
      { networkId, staffId: adviser.staffId, now: october },
      {
        ...{ siteId, adviserId: adviser.staffId },
        person: {
          ...{ name, familyName: null, birthDate: null, phones: [], email: null, reachedBy: ['in_person'] },
          ...{ language: null, script: null, needsInterpreter: false, accessNeeds: [], accessWords: null },
          ...{ address: null, residenceArea: null, position: null },
        },
      },
    )
    const marks = { network_id: networkId, client_id: client.id, site_id: siteId }
    const recommendation = newId()
    const ranking = [
      { id: weld, name: 'Weld', type: 'vocational_training', standing: 'eligible', rank: 1, points: [] },
      { id: speak, name: 'Speak', type: 'vocational_training', standing: 'eligible', rank: 2, points: [] },
    ]
    await db
      .insertInto('recommendations')
      .values({
        ...{ ...marks, id: recommendation, made_by: adviser.staffId, made_at: october, ranked_by: 'model' },
        ...{ facts: '{}', wishes: '{}', estimates: '[]', averages: '[]', ranking: JSON.stringify(ranking) },
      })
      .execute()
    await db
      .insertInto('matching_choices')
      .values({
        ...{ ...marks, id: newId(), recommendation_id: recommendation, standing: 'eligible' },
        ...{ service_id: tookFirst ? weld : speak, rank: tookFirst ? 1 : 2, reason: tookFirst ? null : 'too_far' },
        ...{ words: null, chosen_by: adviser.staffId, chosen_at: october },
      })
      .execute()
  })
}

describe('own choices', () => {
  test('stand beside the suggestion, with the reason and what came of them', async () => {
    const { body } = await advisers[0]!.get('/choices')
    expect(body).toContain('you chose 4 times; the first suggestion was taken 2 times')
    expect(body).toContain('October 2026')
    expect(body).toContain('Client 03')
    expect(body).toContain('The first is too far')
    expect(body).toContain('Not referred')
    expect(body).toContain('no verdict')
    expect(body).not.toMatch(/ style=/)
  })

  test('are nobody else’s: a colleague reads their own', async () => {
    const { body } = await advisers[1]!.get('/choices')
    expect(body).toContain('Client 13')
    expect(body).not.toContain('Client 03')
    const manager = await app.signIn({ roles: ['manager'] })
    expect((await manager.get('/choices')).statusCode).toBe(403)
  })

  test('say what to do where there are none', async () => {
    const newcomer = await app.signIn({ name: 'Ny Newcomer' })
    expect((await newcomer.get('/choices')).body).toContain('You have chosen nothing from a recommendation')
  })
})

describe('the monthly note', () => {
  test('goes once to each who chose something last month, and to nobody else', async () => {
    await app.application.runJob(noteJob, { networkId: app.networkId })
    await app.application.runJob(noteJob, { networkId: app.networkId })
    const mails = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      db.selectFrom('mail_messages').select(['kind']).where('kind', '=', 'matching.choices').execute(),
    )
    expect(mails).toHaveLength(3)
  })

  test('stands on Today, for the adviser alone whom it is for', async () => {
    expect((await advisers[0]!.get('/today')).body).toContain('Your choices of')
    const newcomer = await app.signIn({ name: 'Nova Newcomer' })
    expect((await newcomer.get('/today')).body).not.toContain('Your choices of')
  })
})

describe('how often suggestions are taken', () => {
  test('says first that nothing was counted, then the share, and never who', async () => {
    const manager = await app.signIn({ roles: ['manager'] })
    expect((await manager.get('/insights/choices')).body).toContain('Nothing has been counted yet')
    await app.application.runJob(choicesJob, { networkId: app.networkId })
    const { body } = await manager.get('/insights/choices')
    expect(body).toContain('the first suggestion was taken 6 of 12 times')
    expect(body).toContain('Vocational training')
    expect(body).toContain('The first is too far')
    for (const name of ['Ada Alpha', 'Bo Beta', 'Cy Gamma', 'Client 0']) expect(body).not.toContain(name)
  })

  test('shows a site to its managers alone', async () => {
    const evaluator = await app.signIn({ roles: ['evaluator'] })
    expect((await evaluator.get('/insights/choices')).body).toContain('Main centre')
    const elsewhere = await app.signIn({ roles: ['manager'], siteIds: [] })
    expect((await elsewhere.get('/insights/choices')).body).not.toContain('Main centre')
    expect((await advisers[0]!.get('/insights/choices')).statusCode).toBe(403)
  })
})
