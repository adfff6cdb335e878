import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { registerClient, type Client } from '#clients/index.ts'
import { addOrganizations, addServices } from '#directory/index.ts'
import { insertSite } from '#networks/index.ts'
import { importLabourMarket, installShippedOccupations } from '#occupations/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import { newId, type StaffId } from '#platform/ids.ts'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { standing, type SkillEntry } from './skill-entry.ts'
import { skillEntriesOf } from './skills.store.ts'

const now = new Date('2026-03-02T09:00:00Z')
let app: TestApp
let adviser: TestBrowser & { readonly staffId: StaffId }
let client: Client

const asJob = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)

async function aPerson(name: string): Promise<Client> {
  const person = {
    ...{ name, familyName: 'Haddad', birthDate: null, phones: [], email: null, reachedBy: ['in_person' as const] },
    ...{ language: 'ar', script: null, needsInterpreter: false, accessNeeds: [], accessWords: null, address: null },
    ...{ residenceArea: 'North', position: null },
  }
  const hand = { networkId: app.networkId, staffId: null, now }
  return asJob((db) => registerClient(db, hand, { person, siteId: app.siteId, adviserId: null }))
}

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  adviser = await app.signIn({ name: 'Mara Lind' })
  await asJob(async (db) => {
    await installShippedOccupations(db, app.networkId, now)
    const [school] = await addOrganizations(
      db,
      app.networkId,
      [{ name: 'Trade School', description: 'Teaches trades' }],
      now,
    )
    const offer = { organizationId: school!, organizationName: 'Trade School', locationIds: [] }
    const services = [
      {
        ...offer,
        name: 'Welding for beginners',
        description: 'Weld safely',
        serviceType: 'vocational_training' as const,
      },
      { ...offer, name: 'First steps online', description: 'Tablets', serviceType: 'digital_skills' as const },
      { ...offer, name: 'Welding club', description: 'Weld', serviceType: 'childcare' as const },
    ]
    await addServices(db, app.networkId, services, now)
  })
  const file = path.join(os.tmpdir(), `waypost-market-${newId()}.csv`)
  fs.writeFileSync(
    file,
    'code,area,growth_percent,growth_years,earnings,earnings_per,currency\n51-4041,North,3.5,10,2900,month,EUR\n51-4121,,-1,5,,,\n',
  )
  await importLabourMarket({
    ...{ transact: asJob, networkId: app.networkId, path: file, now },
    defaults: { source: 'Labour Office', asOf: '2025-06-30' as CalendarDay, isInDemand: false },
  })
  fs.rmSync(file)
})
afterAll(() => app.close())
beforeEach(async () => {
  client = await aPerson('Noor')
})

const home = () => `/clients/${client.id}/skills`
const all = () => asJob((db) => skillEntriesOf(db, [client.id]))
const now_ = async () => standing(await all())
const one = async (kind: SkillEntry['kind']) => (await now_()).find((entry) => entry.kind === kind)!
const add = (fields: Record<string, string>) => adviser.post(home(), { entry: newId(), ...fields })

async function chosen(kind: 'job_held' | 'job_aim', words: string): Promise<SkillEntry> {
  const { headers } = await add({ kind, words })
  const choose = await adviser.get(String(headers.location))
  const value = /name="occupation" type="radio" value="([0-9a-f-]{36})"/.exec(choose.body)?.[1] ?? ''
  await adviser.post(String(headers.location), { occupation: value })
  return one(kind)
}

/** As a checker of accessibility would: each id once, each label for a field that is there. */
function expectSound(body: string): void {
  const ids = [...body.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
  for (const [, target] of body.matchAll(/<label[^>]*\sfor="([^"]+)"/g)) expect(ids).toContain(target)
  for (const [, list] of body.matchAll(/aria-describedby="([^"]+)"/g))
    for (const id of list!.split(' ')) expect(ids).toContain(id)
}

describe('a job held', () => {
  test('in their own words leads to occupations, of which the adviser picks one, and on to its skills', async () => {
    const added = await add({ kind: 'job_held', words: 'weldor in a shipyard', years: '4', place: 'Aleppo' })
    const entry = await one('job_held')
    expect(added.headers.location).toBe(`${home()}/${entry.id}/occupation`)
    const choose = await adviser.get(`${home()}/${entry.id}/occupation`)
    expect(choose.body).toContain('These come near')
    expect(choose.body).toMatch(/data-content lang="en">welder</)
    expectSound(choose.body)
    const value = /type="radio" value="([0-9a-f-]{36})"/.exec(choose.body)![1]!
    const picked = await adviser.post(`${home()}/${entry.id}/occupation`, { occupation: value })
    const after = await one('job_held')
    expect(after).toMatchObject({ words: 'weldor in a shipyard', years: 4, place: 'Aleppo', replaces: entry.id })
    expect(picked.headers.location).toBe(`${home()}/${after.id}/tick`)
    // The address from before leads to what took its place.
    expect((await adviser.get(`${home()}/${entry.id}/tick`)).body).toContain('weld metal')
  })

  test('without words, or with years that are none, is said beside the field, and what was typed stays', async () => {
    const tried = await add({ kind: 'job_held', words: ' ', years: 'long', place: 'Aleppo' })
    expect(tried.statusCode).toBe(400)
    expect(tried.body).toContain('href="#job_held-words"')
    expect(tried.body).toContain('href="#job_held-years"')
    expect(tried.body).toContain('value="Aleppo"')
    expectSound(tried.body)
    expect(await all()).toEqual([])
  })

  test('may be looked for in other words, chosen as none, and must be one that there is', async () => {
    await add({ kind: 'job_held', words: 'I did this and that' })
    const entry = await one('job_held')
    const base = `${home()}/${entry.id}/occupation`
    expect((await adviser.get(`${base}?q=hairdreser`)).body).toContain('hairdresser')
    const tried = await adviser.post(base, { occupation: newId(), q: 'baker' })
    expect([tried.statusCode, tried.body.includes('href="#occupation"')]).toEqual([400, true])
    expect((await adviser.post(base, { occupation: 'none' })).headers.location).toBe(home())
    expect((await one('job_held')).id).toBe(entry.id)
    expect((await adviser.get(`${home()}/${entry.id}/tick`)).headers.location).toBe(base)
  })

  test('sent twice is one', async () => {
    const fields = { kind: 'job_held', words: 'cook', entry: newId() }
    await Promise.all([adviser.post(home(), fields), adviser.post(home(), fields)])
    expect(await all()).toHaveLength(1)
  })
})

describe('skills of a job', () => {
  test('are ticked, essential first; what is unticked is taken back; both stay in the history', async () => {
    const job = await chosen('job_held', 'welder')
    const url = `${home()}/${job.id}/tick`
    const page = await adviser.get(url)
    expectSound(page.body)
    const ids = [...page.body.matchAll(/name="skill" type="checkbox" value="([^"]+)"/g)].map((match) => match[1]!)
    expect(ids.length).toBeGreaterThanOrEqual(5)
    expect(page.body.indexOf('weld metal')).toBeLessThan(page.body.indexOf('use hand and power tools'))
    await adviser.post(`${url}?from=0`, { skill: ids.slice(0, 3), next: 'done' })
    expect((await now_()).filter(({ kind }) => kind === 'skill')).toHaveLength(3)
    await adviser.post(`${url}?from=0`, { skill: ids.slice(1, 3), next: 'done' })
    expect((await now_()).filter(({ kind }) => kind === 'skill')).toHaveLength(2)
    expect((await all()).filter(({ kind }) => kind === 'skill')).toHaveLength(3)
    const list = await adviser.get(home())
    expect(list.body).toContain('Taken back under')
    expectSound(list.body)
  })

  test('are ten at a time, and the next ten come with one press', async () => {
    const job = await chosen('job_aim', 'cook')
    expect((await adviser.get(`${home()}/${job.id}/tick?from=990`)).body).toContain('1 to ')
    expect((await adviser.get(`${home()}/${job.id}/tick?from=x`)).statusCode).toBe(200)
  })
})

describe('a job aimed at', () => {
  test('lists what is missing with the services that may teach it, and by which words', async () => {
    const aim = await chosen('job_aim', 'welder')
    const page = await adviser.get(`${home()}/${aim.id}`)
    expect(page.body).toContain('0 of')
    expect(page.body).toMatch(/May teach it:[\s\S]*?Welding for beginners/)
    expect(page.body).toMatch(/it names: (?:<bdi>)?(?:weld|welding)/)
    // Childcare teaches nobody, whatever it is called.
    expect(page.body).not.toContain('Welding club')
    expectSound(page.body)
  })

  test('a digital skill that no service names leads to the services for it, and says by what', async () => {
    const aim = await chosen('job_aim', 'data entry clerk')
    const page = await adviser.get(`${home()}/${aim.id}`)
    expect(page.body).toMatch(/May teach it:[\s\S]*?First steps online[\s\S]*?by its kind, not by its words/)
  })

  test('shows occupations near by, with growth and earnings, who says so and when', async () => {
    const aim = await chosen('job_aim', 'welder')
    const page = await adviser.get(`${home()}/${aim.id}`)
    expect(page.body).toContain('metalworker')
    expect(page.body).toMatch(/\+3\.5/)
    expect(page.body).toMatch(/€2,900/)
    expect(page.body).toContain('Labour Office')
    expect(page.body).toContain('30 June 2025')
  })

  test('with everything on the list says so', async () => {
    const aim = await chosen('job_aim', 'welder')
    const ticks = await adviser.get(`${home()}/${aim.id}/tick`)
    const ids = [...ticks.body.matchAll(/name="skill" type="checkbox" value="([^"]+)"/g)].map((match) => match[1]!)
    const done = await adviser.post(`${home()}/${aim.id}/tick?from=0`, { skill: ids, next: 'done' })
    expect(done.headers.location).toBe(`${home()}/${aim.id}`)
    expect((await adviser.get(`${home()}/${aim.id}`)).body).toContain('Everything that this job needs')
  })
})

test('tasks, skills in words, certificates and languages are noted, shown and taken back', async () => {
  await add({ kind: 'task', words: 'ran the <canteen>' })
  await add({ kind: 'skill', words: 'calm under pressure' })
  await add({ kind: 'credential', words: 'Bachelor of Nursing', place: 'Syria', recognised: 'asked_for' })
  await add({ kind: 'language', words: 'ar', level: 'C2' })
  await add({ kind: 'language', words: 'ar', level: 'B1' })
  expect((await now_()).map(({ kind }) => kind)).toEqual(['task', 'skill', 'credential', 'language'])
  const page = await adviser.get(home())
  for (const words of ['ran the &lt;canteen&gt;', 'recognition asked for', 'Arabic', 'like a first language'])
    expect(page.body).toContain(words)
  const panel = await adviser.get(`/clients/${client.id}`)
  expect(panel.body).toContain('2 skills, one certificate, one language')
  const { id } = await one('credential')
  await adviser.post(`${home()}/${id}/remove`)
  await adviser.post(`${home()}/${id}/remove`)
  expect(await one('credential')).toBeUndefined()
  expect((await all()).find((entry) => entry.id === id)).toMatchObject({ removedBy: adviser.staffId })
})

test('names are offered while somebody types, to those who may open files alone', async () => {
  const names = await adviser.get('/occupations/names.json?q=electri')
  expect(JSON.parse(names.body)).toContain('electrician')
  expect(JSON.parse((await adviser.get('/occupations/names.json?q=el')).body)).toEqual([])
  const administrator = await app.signIn({ roles: ['administrator'] })
  expect((await administrator.get('/occupations/names.json?q=electri')).statusCode).toBe(403)
})

describe('who may see it', () => {
  test('every opening is recorded, and so is every change', async () => {
    await add({ kind: 'skill', words: 'juggles' })
    const actions = await asJob((db) =>
      db.selectFrom('audit_events').select('action').where('client_id', '=', client.id).execute(),
    )
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['client.opened', 'assessment.skill_added']),
    )
  })

  test('it follows a file that is restricted, and nobody else sees it', async () => {
    await add({ kind: 'job_held', words: 'cook' })
    const manager = await app.signIn({ roles: ['manager', 'adviser'] })
    await manager.post(`/clients/${client.id}/restrict`, { who: 'named', staff: [adviser.staffId, manager.staffId] })
    const seenBy = (actorId: StaffId) =>
      app.database.as({ networkId: app.networkId, actorId }, (db) => skillEntriesOf(db, [client.id]))
    expect(await seenBy(newId<'staff'>())).toEqual([])
    expect(await seenBy(adviser.staffId)).toHaveLength(1)
  })

  test('another site must say why first; administrators and the roles outside have no way to it', async () => {
    await add({ kind: 'job_held', words: 'cook' })
    const site = { name: 'Far', kind: 'centre' as const, address: null, position: null, timeZone: null, isActive: true }
    const elsewhere = await asJob((db) => insertSite(db, app.networkId, site))
    const stranger = await app.signIn({ siteIds: [elsewhere] })
    expect((await stranger.get(home())).headers.location).toBe(`/clients/${client.id}/reason`)
    const administrator = { networkId: app.networkId, roles: ['administrator'] } as const
    expect(await app.database.as(administrator, (db) => skillEntriesOf(db, [client.id]))).toEqual([])
    for (const role of ['partner', 'link', 'client', 'figures', 'door'] as const)
      await expect(
        app.database.as({ networkId: app.networkId, role }, (db) => skillEntriesOf(db, [client.id])),
      ).rejects.toThrow(/permission denied/)
  })

  test('an entry of another client is not found under this one', async () => {
    await add({ kind: 'job_held', words: 'cook' })
    const { id } = await one('job_held')
    const other = await aPerson('Sara')
    expect((await adviser.get(`/clients/${other.id}/skills/${id}`)).statusCode).toBe(404)
    expect((await adviser.post(`/clients/${other.id}/skills/${id}/remove`)).statusCode).toBe(404)
  })

  test('a merged file brings its entries along', async () => {
    await add({ kind: 'job_held', words: 'cook' })
    const twin = await aPerson('Noor')
    await adviser.post(`/clients/${twin.id}/skills`, { kind: 'skill', words: 'sings', entry: newId() })
    await adviser.post(`/clients/${client.id}/merge/${twin.id}`, {})
    const merged = await adviser.get(home())
    expect(merged.body).toContain('sings')
  })
})
