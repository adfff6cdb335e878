import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { addSkillEntry, told } from '#assessment/index.ts'
import { registerClient, type Circumstances, type Client } from '#clients/index.ts'
import { addOrganizations, addRequirement, addServices } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { ServiceId, StaffId } from '#platform/ids.ts'
import { insertPlanVersion, latestPlan, planVersions } from './plan-versions.store.ts'

let app: TestApp
let adviser: TestBrowser & { readonly staffId: StaffId }
let client: Client
let services: readonly ServiceId[]
let at: string

const asJob = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)
const person: Circumstances = {
  ...{ name: 'Noor', familyName: 'Haddad', birthDate: null, phones: [], email: null, reachedBy: ['in_person'] },
  ...{ language: 'en', script: null, needsInterpreter: false, accessNeeds: [], accessWords: null },
  ...{ address: null, residenceArea: 'South', position: null },
}

beforeAll(async () => {
  app = await testApp()
  adviser = await app.signIn()
  const now = new Date()
  await asJob(async (db) => {
    client = await registerClient(
      db,
      { networkId: app.networkId, staffId: adviser.staffId, now },
      { person, siteId: app.siteId, adviserId: adviser.staffId },
    )
    const [organizationId] = await addOrganizations(db, app.networkId, [{ name: 'Quay Works', description: '' }], now)
    const offer = (name: string, serviceType: 'language_training' | 'vocational_training' | 'work_experience') => ({
      ...{ organizationId: organizationId!, organizationName: 'Quay Works', name, description: '' },
      ...{ locationIds: [], serviceType },
    })
    services = await addServices(
      db,
      app.networkId,
      [offer('Speak', 'language_training'), offer('Weld', 'vocational_training'), offer('Ward', 'work_experience')],
      now,
    )
    const rule = { kind: 'language' as const, atLeast: 'B1' as const }
    await addRequirement(db, app.networkId, services[1]!, { rule, note: null, by: null, now })
    const recognised = { kind: 'yes_no' as const, fact: 'credential_recognised' as const, is: true }
    await addRequirement(db, app.networkId, services[2]!, { rule: recognised, note: null, by: null, now })
    // A nurse whose credential does not count here yet.
    const hand = { networkId: app.networkId, staffId: adviser.staffId, now }
    await addSkillEntry(db, hand, client, told('credential', 'Nurse', { place: 'abroad', recognised: 'no' }))
  })
  at = `/clients/${client.id}/plan`
})
afterAll(() => app.close())

const plan = async () => (await asJob((db) => latestPlan(db, [client.id])))?.plan ?? []
const latest = async () => (await asJob((db) => latestPlan(db, [client.id])))?.id ?? ''
const post = async (path: string, body: Readonly<Record<string, string>>) =>
  adviser.post(`${at}${path}`, { latest: await latest(), ...body })
const stepOf = async (type: string) => (await plan()).find((step) => step.type === type)!

describe('a plan', () => {
  test('begins empty, and says what to do next', async () => {
    const { body, statusCode } = await adviser.get(at)
    expect(statusCode).toBe(200)
    expect(body).toContain('There is no plan yet')
    expect((await adviser.get(`/clients/${client.id}`)).body).toContain('No plan yet.')
  })

  test('asks for what a step is, and keeps what was typed', async () => {
    const nothing = await post('/steps', { client: 'Asks her sister' })
    expect(nothing.statusCode).toBe(400)
    expect(nothing.body).toContain('Choose a kind of service, name one')
    expect(nothing.body).toContain('Asks her sister')
    const unknown = await post('/steps', { service: 'Nowhere at all' })
    expect(unknown.body).toContain('No service that takes people has that name')
  })

  test('takes a certain service by a part of its name, a kind, or words alone', async () => {
    const added = await post('/steps', { service: 'wel', aim: 'Work in a yard', adviser: 'Calls the yard' })
    expect(added.headers.location).toBe(at)
    await post('/steps', { type: 'language_training', raises: 'language_level:B1' })
    await post('/steps', { aim: 'Moves to her sister' })
    const { body } = await adviser.get(at)
    for (const shown of [
      'Weld',
      'Quay Works',
      'Work in a yard',
      'Calls the yard',
      'Moves to her sister',
      'level of <bdi>',
    ])
      expect(body).toContain(shown.replace(' of <bdi>', ''))
    expect((await adviser.get(`/clients/${client.id}`)).body).toContain('Moves to her sister')
  })

  test('says what is not known of a step, with the question that settles it', async () => {
    expect((await adviser.get(at)).body).toContain('Whether it is open is not known yet')
  })

  test('moves by a button, and Undo brings back what was; everything done stands in the history with its person', async () => {
    const before = (await plan()).map(({ id }) => id)
    await post(`/steps/${before[2]!}/up`, {})
    expect((await plan()).map(({ id }) => id)).toEqual([before[0], before[2], before[1]])
    const versions = await asJob((db) => planVersions(db, [client.id]))
    await post('/back', { version: versions[1]!.id })
    expect((await plan()).map(({ id }) => id)).toEqual(before)
    const { body } = await adviser.get(at)
    expect(body).toContain('Step moved')
    expect(body).toContain('Gone back to an earlier plan')
    expect(body).toContain('Ada Adviser')
  })

  test('marks a step as done and not done, changes it, and takes it out', async () => {
    const own = (await plan()).find(({ aim }) => aim === 'Moves to her sister')!
    await post(`/steps/${own.id}/done`, {})
    expect((await plan()).find(({ id }) => id === own.id)?.isDone).toBe(true)
    await post(`/steps/${own.id}/not_done`, {})
    expect((await adviser.get(`${at}/steps/${own.id}`)).body).toContain('Moves to her sister')
    await post(`/steps/${own.id}`, { aim: 'Moves to her aunt' })
    expect((await plan()).find(({ id }) => id === own.id)?.aim).toBe('Moves to her aunt')
    await post(`/steps/${own.id}/remove`, {})
    expect((await plan()).some(({ id }) => id === own.id)).toBe(false)
    expect((await adviser.get(`${at}/steps/${own.id}`)).statusCode).toBe(404)
  })

  test('a change upon an older plan changes nothing, and shows how it stands now', async () => {
    const before = await plan()
    const { body, statusCode } = await adviser.post(`${at}/steps`, { latest: '', aim: 'Too late' })
    expect(statusCode).toBe(400)
    expect(body).toContain('changed by somebody else meanwhile')
    expect(await plan()).toEqual(before)
  })

  test('is added to and never changed in the database, and follows the file into restriction', async () => {
    const as = (actorId: StaffId) => ({ networkId: app.networkId, actorId, roles: ['adviser'] as const })
    const change = app.database.as(as(adviser.staffId), (db) =>
      db.updateTable('matching_plan_versions').set({ act: 'done' }).execute(),
    )
    await expect(change).rejects.toThrow('permission denied')
    await asJob((db) =>
      db
        .updateTable('matching_plan_versions')
        .set({ restricted_to: [adviser.staffId] })
        .execute(),
    )
    const colleague = await app.signIn()
    expect(await app.database.as(as(colleague.staffId), (db) => planVersions(db, [client.id]))).toEqual([])
    await asJob((db) => db.updateTable('matching_plan_versions').set({ restricted_to: null }).execute())
  })
})

describe('what a step needs first', () => {
  test('is refused behind it unless the adviser says so, and then it is marked', async () => {
    await post('/steps', { service: 'Ward' })
    expect((await adviser.get(at)).body).toContain('No step of this plan leads there yet')
    await post('/steps', { type: 'bridging', raises: 'credential_recognised:true' })
    const order = async () => (await plan()).map(({ type }) => type).filter((type) => type !== 'vocational_training')
    const before = await order()
    expect(before.indexOf('bridging')).toBeLessThan(before.indexOf('work_experience'))
    expect((await adviser.get(at)).body).toMatch(/Step \d leads there/)
    const ward = await stepOf('work_experience')
    const refused = await post(`/steps/${ward.id}/up`, {})
    expect(refused.statusCode).toBe(400)
    expect(refused.body).toContain('would stand before')
    expect(await order()).toEqual(before)
    await post(`/steps/${ward.id}/up`, { anyway: 'yes' })
    expect((await stepOf('work_experience')).isAnyway).toBe(true)
    expect((await adviser.get(at)).body).toContain('as was said when it was put here')
  })

  test('the plan of a file that another was put into goes on from what was worked on last', async () => {
    const now = new Date()
    await asJob(async (db) => {
      const hand = { networkId: app.networkId, staffId: adviser.staffId, now }
      const other = await registerClient(db, hand, { person, siteId: app.siteId, adviserId: adviser.staffId })
      const file = { networkId: app.networkId, clientId: other.id, siteId: app.siteId, restrictedTo: null }
      const made = { plan: [], act: 'removed' as const, stepId: null, madeBy: adviser.staffId, madeAt: now }
      expect(await insertPlanVersion(db, file, { ...made, ids: [other.id] })).toBe(true)
      const ids = [client.id, other.id]
      expect((await latestPlan(db, ids))?.plan).toEqual([])
      // The other file had few versions: the next goes beyond those of both.
      const survivor = { ...file, clientId: client.id }
      expect(await insertPlanVersion(db, survivor, { ...made, act: 'undone', ids })).toBe(true)
    })
  })
})

describe('a suggested sequence', () => {
  test('goes into the plan whole, the help first, by a person who presses the button', async () => {
    const versions = await asJob((db) => planVersions(db, [client.id]))
    await post('/back', { version: versions.at(-1)!.id })
    await adviser.post(`${at}/suggested`, {
      first: 'language_training',
      raises: 'language_level:B1',
      then: 'work_experience',
    })
    expect((await plan()).map(({ type }) => type)).toContain('language_training')
    expect((await stepOf('language_training')).raises).toEqual({ fact: 'language_level', to: 'B1' })
    const odd = await adviser.post(`${at}/suggested`, {
      first: 'language_training',
      raises: 'age:20',
      then: 'bridging',
    })
    expect(odd.statusCode).toBe(404)
  })
})
