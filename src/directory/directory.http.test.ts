import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import type { CalendarDay } from '#platform/dates.ts'
import { newId, type LocationId, type ServiceId } from '#platform/ids.ts'
import { addLocations, addOrganizations, addServices } from './additions.store.ts'
import { aService, twoOrganizations, writePackage } from './import/package.factory.ts'
import { requirementsOf } from './requirements.store.ts'
import { findService } from './services.store.ts'

let app: TestApp
let adviser: TestBrowser
let administrator: TestBrowser
let serviceId: ServiceId

beforeAll(async () => {
  app = await testApp()
  app.setNow(new Date('2026-03-04T09:00:00Z'))
  adviser = await app.signIn()
  administrator = await app.signIn({ roles: ['administrator'] })
  const now = new Date('2026-03-01T09:00:00Z')
  serviceId = await app.database.as({ networkId: app.networkId }, async (db) => {
    const [organizationId] = await addOrganizations(
      db,
      app.networkId,
      [{ name: 'Trade School', description: '<b>Bold</b>' }],
      now,
    )
    const position = { latitude: 46.951, longitude: 7.451 }
    const locationIds: LocationId[] = await addLocations(
      db,
      app.networkId,
      [{ organizationId: organizationId!, name: 'Workshop', position, accessibility: ['lift'] }],
      now,
    )
    const [id] = await addServices(
      db,
      app.networkId,
      [
        {
          ...{
            organizationId: organizationId!,
            organizationName: 'Trade School',
            name: 'Welding course',
            description: 'Practice',
            locationIds,
          },
          ...{
            serviceType: 'vocational_training',
            languages: ['ar'],
            places: { free: 2, nextStart: '2026-04-01' as CalendarDay },
          },
        },
      ],
      now,
    )
    return id!
  })
})
afterAll(() => app.close())

const inNetwork = <T>(work: Parameters<typeof app.database.as<T>>[1]) =>
  app.database.as<T>({ networkId: app.networkId }, work)

describe('the room of services', () => {
  test('finds by words with typing errors, and tells places, start and language', async () => {
    const { body, statusCode } = await adviser.get('/services?q=weldign+corse')
    expect(statusCode).toBe(200)
    for (const words of [
      'Welding course',
      '2 places free',
      'Starts 1 April 2026',
      'Speaks Arabic',
      'Vocational training',
      '1 comes close',
    ]) {
      expect(body).toContain(words)
    }
  })

  test('measures the distance from a site', async () => {
    const near = await adviser.get(`/services?near=${app.siteId}&km=2`)
    expect(near.body).toContain('0.1 km')
  })

  test('says what to do when nothing fits, and keeps what was chosen', async () => {
    const { body } = await adviser.get('/services?q=welding&language=de&access=lift&day=3&time=09:30')
    expect(body).toContain('Nothing fits all of these choices')
    expect(body).toMatch(/value="de" selected/)
    expect(body).toMatch(/value="lift"[^>]*checked/)
  })

  test('reads nonsense in the address as nothing chosen', async () => {
    const { statusCode, body } = await adviser.get('/services?type=nonsense&km=9999&day=9&page=-3&access=x&near=there')
    expect([statusCode, body.includes('Welding course')]).toEqual([200, true])
  })

  test('is not for evaluators, who see figures only', async () => {
    const evaluator = await app.signIn({ roles: ['evaluator'] })
    expect((await evaluator.get('/services')).statusCode).toBe(403)
  })
})

describe('keeping an entry up to date', () => {
  test('notes places, start, type and that it was checked, and who did', async () => {
    const answer = await adviser.post(`/services/${serviceId}/update`, {
      ...{
        type: 'bridging',
        placesFree: '5',
        'nextStart-day': '27',
        'nextStart-month': '4',
        'nextStart-year': '2026',
        isChecked: 'yes',
      },
    })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/services/${serviceId}`])
    expect(await inNetwork((db) => findService(db, serviceId))).toMatchObject({
      ...{
        serviceType: 'bridging',
        placesFree: 5,
        nextStart: '2026-04-27',
        placesBy: 'staff',
        assuredOn: '2026-03-04',
      },
    })
    const audit = await inNetwork((db) =>
      db.selectFrom('audit_events').select('facts').where('action', '=', 'directory.service_updated').execute(),
    )
    expect(audit).toMatchObject([{ facts: { places_free: 5 } }])
  })

  test('tells a wrong number and a day that does not exist beside their fields, and keeps what was typed', async () => {
    const answer = await adviser.post(`/services/${serviceId}/update`, {
      type: '',
      placesFree: 'many',
      'nextStart-day': '31',
      'nextStart-month': '2',
      'nextStart-year': '2026',
    })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('href="#placesFree"')
    expect(answer.body).toContain('href="#nextStart"')
    expect(answer.body).toContain('value="many"')
  })

  test('is not for administrators, and not for services that do not exist', async () => {
    expect((await administrator.get(`/services/${serviceId}/update`)).statusCode).toBe(403)
    expect((await adviser.get(`/services/${app.networkId}/update`)).statusCode).toBe(404)
  })
})

describe('requirements', () => {
  const base = () => `/services/${serviceId}/requirements`

  test('are added, changed, given an alternative and removed, each with its trace', async () => {
    expect((await adviser.get(base())).body).toContain('No requirements are entered')
    expect((await adviser.get(`${base()}/new?kind=language`)).body).toContain('Lowest level of English')
    expect(
      (await adviser.post(`${base()}/new`, { kind: 'language', level: 'clb5', note: 'Flyer of March' })).statusCode,
    ).toBe(303)
    const [added] = await inNetwork((db) => requirementsOf(db, serviceId))
    expect(added).toMatchObject({ rule: { kind: 'language', atLeast: 'B1' }, note: 'Flyer of March' })
    const shown = (await adviser.get(base())).body
    expect(shown).toContain('English at B1 or above')

    await adviser.post(`${base()}/${added!.id}`, { level: 'A2', note: '' })
    await adviser.post(`${base()}/${added!.id}/alternative`, { kind: 'age', least: '50', most: '' })
    expect(await inNetwork((db) => requirementsOf(db, serviceId))).toMatchObject([
      {
        rule: {
          kind: 'any_of',
          rules: [
            { kind: 'language', atLeast: 'A2' },
            { kind: 'age', from: 50 },
          ],
        },
        note: null,
      },
    ])
    expect((await adviser.get(base())).body).toContain('One of these: English at A2 or above or Age 50 or over')

    await adviser.post(`${base()}/${added!.id}/remove`)
    expect(await inNetwork((db) => requirementsOf(db, serviceId))).toEqual([])
    const audit = await inNetwork((db) =>
      db
        .selectFrom('audit_events')
        .select('action')
        .where('action', 'like', 'directory.requirement%')
        .orderBy('at')
        .orderBy('id')
        .execute(),
    )
    expect(audit.map((event) => event.action).sort()).toEqual([
      'directory.requirement_added',
      'directory.requirement_changed',
      'directory.requirement_changed',
      'directory.requirement_removed',
    ])
  })

  test.each([
    [{ kind: 'age', least: '', most: '' }, '#least', 'Enter the lowest, the highest or both'],
    [{ kind: 'age', least: '40', most: '30' }, '#most', 'The highest must not be below the lowest'],
    [{ kind: 'age', least: 'old', most: '' }, '#least', 'Enter a whole number up to 130'],
    [{ kind: 'documents' }, '#codes', 'Choose at least one'],
    [{ kind: 'yes_no', fact: 'driving_licence' }, '#is', 'Choose or enter something'],
    [{ kind: 'residence', areas: ' , ' }, '#areas', 'Choose or enter something'],
    [{ kind: 'schooling', least: 'degree', most: 'primary' }, '#least', 'The highest must not be below the lowest'],
  ])('%j is sent back with what is wrong beside its field', async (form, field, words) => {
    const answer = await adviser.post(`${base()}/new`, form)
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain(`href="${field}"`)
    expect(answer.body).toContain(`id="${field.slice(1)}`)
    expect(answer.body).toContain(words)
  })

  test('every kind has a form', async () => {
    for (const kind of [
      'age',
      'residence',
      'work_permission',
      'language',
      'schooling',
      'months_unemployed',
      'documents',
      'need',
      'yes_no',
    ]) {
      expect((await adviser.get(`${base()}/new?kind=${kind}`)).statusCode).toBe(200)
    }
    expect((await adviser.get(`${base()}/new?kind=any_of`)).statusCode).toBe(404)
  })
})

describe('importing by upload', () => {
  function zipOf(folder: string): Buffer {
    const zip = path.join(path.dirname(folder), 'county.zip')
    execFileSync('python3', ['-m', 'zipfile', '-c', zip, folder])
    return fs.readFileSync(zip)
  }

  async function importFile(file: { name: string; content: Buffer | string }): Promise<string> {
    const answer = await administrator.upload('/directory/import', file)
    expect(answer.statusCode).toBe(303)
    const address = String(answer.headers.location)
    expect((await administrator.get(address)).body).toContain('http-equiv="refresh"')
    await app.application.runJob('directory.import', {
      networkId: app.networkId,
      importId: address.split('/').at(-1) ?? '',
    })
    return address
  }

  test('goes in as a job, ends in a report, and lets the file go', async () => {
    const sheets = {
      ...twoOrganizations(),
      services: [aService('a1', 'a'), aService('b1', 'b', { status: 'perhaps' })],
    }
    const { body } = await administrator.get(
      await importFile({ name: 'county.zip', content: zipOf(writePackage(sheets)) }),
    )
    for (const words of [
      '<bdi>services.csv</bdi>, line 3',
      '“<bdi>perhaps</bdi>” is not one of the values that the layout allows',
      'an HSDS data package',
    ]) {
      expect(body).toContain(words)
    }
    expect(body).not.toContain('http-equiv="refresh"')
    const parts = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      db.selectFrom('directory_import_parts').select('part').execute(),
    )
    expect(parts).toEqual([])
    expect((await administrator.get('/directory/import')).body).toContain('county.zip')
  })

  test('a file that nothing came of is let go after a day', async () => {
    const scope = { networkId: app.networkId, role: 'job' } as const
    const begun = (hours: number) =>
      app.database.as(scope, async (db) => {
        const id = newId<'directory_import'>()
        const created = new Date(Date.parse('2026-03-04T09:00:00Z') - hours * 3_600_000)
        await db
          .insertInto('directory_imports')
          .values({ network_id: app.networkId, id, state: 'failed', file_name: 'left.csv', created_at: created })
          .execute()
        await db
          .insertInto('directory_import_parts')
          .values({ network_id: app.networkId, import_id: id, part: 0, bytes: Buffer.from('x') })
          .execute()
        return id
      })
    await begun(25)
    const lately = await begun(1)
    await app.application.runJob('directory.forget_uploads')
    const left = await app.database.as(scope, (db) =>
      db.selectFrom('directory_import_parts').select('import_id').execute(),
    )
    expect(left).toEqual([{ import_id: lately }])
  })

  test('says why nothing went in', async () => {
    const { body } = await administrator.get(
      await importFile({ name: 'broken.json', content: '{"id": "a",\n "name": ' }),
    )
    expect(body).toContain('Nothing was imported')
    expect(body).toContain('<bdi>broken.json</bdi>, line 2')
  })

  test.each(['\\u0000', '\\ud800'])('reports a name with %s, which the database keeps nowhere', async (character) => {
    const content = `[{"id": "n1", "name": "Odd${character}name", "description": "d", "services": []}]`
    const { body } = await administrator.get(await importFile({ name: 'odd.json', content }))
    expect(body).toContain('Odd\uFFFDname')
    expect(body).toContain('An organisation with anything wrong in it is refused whole')
  })

  test('asks for a file of the right kind', async () => {
    const none = await administrator.post('/directory/import', {})
    expect(none.statusCode).toBeGreaterThanOrEqual(400)
    const wrong = await administrator.upload('/directory/import', { name: 'list.pdf', content: 'x' })
    expect([wrong.statusCode, wrong.body.includes('The file must be a .zip or a .json file')]).toEqual([400, true])
  })

  test('is for administrators', async () => {
    expect((await adviser.get('/directory/import')).statusCode).toBe(403)
  })
})

test('every page of the directory speaks the pseudo-locale', async () => {
  const reader = await app.signIn({ roles: ['adviser', 'administrator'], locale: 'ar-XB' })
  for (const url of [
    '/services?day=1',
    `/services/${serviceId}/update`,
    `/services/${serviceId}/requirements`,
    '/directory/import',
  ]) {
    const { body, statusCode } = await reader.get(url)
    expect([url, statusCode]).toEqual([url, 200])
    expect(body).toContain('dir="rtl"')
  }
})
