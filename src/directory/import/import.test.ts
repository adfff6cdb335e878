import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { NetworkId } from '#platform/ids.ts'
import { importDirectory } from './import.run.ts'
import { aLocation, anOrganization, aService, twoOrganizations, writePackage } from './package.factory.ts'
import type { FileProblem, ImportReport } from './row.ts'

let database: TestDatabase
let networkId: NetworkId
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  networkId = await database.addNetwork()
})
afterAll(() => database.drop())

function importFrom(where: string, source?: string) {
  return importDirectory({
    transact: (work) => database.as({ networkId, role: 'job' }, work),
    network: { id: networkId, timeZone: 'Europe/Zurich' },
    path: where,
    source,
    now: new Date('2026-03-04T09:00:00Z'),
  })
}

async function reportOf(where: string, source?: string): Promise<ImportReport> {
  const result = await importFrom(where, source)
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

async function problemOf(where: string): Promise<FileProblem> {
  const result = await importFrom(where)
  if (result.ok) throw new Error('It went in.')
  return result.problem
}

function services() {
  return database.as({ networkId }, (db) =>
    db
      .selectFrom('services')
      .select(['source_id', 'name', 'status', 'gone_since', 'service_type', 'places_free'])
      .orderBy('source_id')
      .execute(),
  )
}

describe('importing the same directory again', () => {
  test('changes nothing, whatever the folder is called', async () => {
    expect(await reportOf(writePackage(twoOrganizations()))).toMatchObject({
      added: 2,
      services: { added: 2 },
      source: 'county',
    })
    expect(await reportOf(writePackage(twoOrganizations(), 'county-march'))).toMatchObject({
      ...{ source: 'county', added: 0, changed: 0, unchanged: 2, gone: 0, refused: 0 },
      services: { added: 0, changed: 0, unchanged: 2, gone: 0 },
    })
    expect(await services()).toHaveLength(2)
  })

  test('changes what has changed, and only that', async () => {
    await reportOf(writePackage(twoOrganizations()))
    const sheets = twoOrganizations()
    sheets.services = [aService('a1', 'a', { name: 'Welding course' }), aService('a2', 'a'), aService('b1', 'b')]
    expect(await reportOf(writePackage(sheets))).toMatchObject({
      ...{ added: 0, changed: 1, unchanged: 1 },
      services: { added: 1, changed: 1, unchanged: 1, gone: 0 },
    })
    expect((await services()).map((service) => service.name)).toEqual(['Welding course', 'Service a2', 'Service b1'])
  })

  test('marks what has gone inactive, keeps it, and takes it back when it returns', async () => {
    await reportOf(writePackage(twoOrganizations()))
    const { organizations, services: all, locations, service_at_location } = twoOrganizations()
    const onlyA = {
      organizations: organizations.slice(0, 1),
      services: all.slice(0, 1),
      locations: locations.slice(0, 1),
      service_at_location: service_at_location.slice(0, 1),
    }
    expect(await reportOf(writePackage(onlyA))).toMatchObject({
      gone: 1,
      unchanged: 1,
      services: { gone: 1 },
      locations: { gone: 1 },
    })
    expect(await services()).toMatchObject([{ status: 'active' }, { status: 'inactive', gone_since: '2026-03-04' }])
    expect(await reportOf(writePackage(onlyA))).toMatchObject({ gone: 0 })
    expect(await reportOf(writePackage(twoOrganizations()))).toMatchObject({
      changed: 1,
      unchanged: 1,
      services: { changed: 1 },
    })
    expect(await services()).toMatchObject([{ status: 'active' }, { status: 'active', gone_since: null }])
  })

  test('a service that its organisation no longer gives is gone, the organisation is not', async () => {
    await reportOf(
      writePackage({
        ...twoOrganizations(),
        services: [aService('a1', 'a'), aService('a2', 'a'), aService('b1', 'b')],
      }),
    )
    expect(await reportOf(writePackage(twoOrganizations()))).toMatchObject({
      changed: 1,
      gone: 0,
      services: { gone: 1 },
    })
  })

  test('leaves alone what the network itself has said of a service', async () => {
    await reportOf(writePackage(twoOrganizations()))
    await database.as({ networkId }, (db) =>
      db
        .updateTable('services')
        .set({ service_type: 'vocational_training', places_free: 4, places_as_of: new Date() })
        .execute(),
    )
    await reportOf(
      writePackage({
        ...twoOrganizations(),
        services: [aService('a1', 'a', { name: 'New name' }), aService('b1', 'b')],
      }),
    )
    expect((await services())[0]).toMatchObject({
      name: 'New name',
      service_type: 'vocational_training',
      places_free: 4,
    })
  })

  test('an extract under another name is not taken for the whole', async () => {
    const many = Array.from({ length: 9 }, (_, index) => anOrganization(`o${index}`))
    await reportOf(writePackage({ organizations: many }))
    const extract = writePackage({ organizations: many.slice(0, 1) }, 'extract')
    expect(await problemOf(extract)).toMatchObject({ reason: 'source_unclear', value: 'county' })
    expect(await reportOf(extract, 'extract')).toMatchObject({ added: 1, gone: 0 })
  })

  test('an organisation that another directory keeps under the same UUID stays there, once', async () => {
    const id = '00000000-0000-4000-8000-000000000001'
    await reportOf(writePackage({ organizations: [anOrganization(id)] }), 'county')
    expect(await reportOf(writePackage({ organizations: [anOrganization(id)] }), 'state')).toMatchObject({
      ...{ added: 0, unchanged: 1, notices: [] },
    })
    const renamed = writePackage({ organizations: [anOrganization(id, { name: 'Another name' })] })
    expect(await reportOf(renamed, 'state')).toMatchObject({
      ...{ added: 0, changed: 0, notices: [{ organization: id, line: 2, reason: 'kept_elsewhere', value: 'county' }] },
    })
  })

  test('another directory under the same name is another source', async () => {
    await reportOf(writePackage(twoOrganizations()))
    expect(await reportOf(writePackage({ organizations: [anOrganization('z')] }))).toMatchObject({
      source: 'county-2',
      added: 1,
      gone: 0,
    })
  })
})

/** An organisation with a service whose organisation has a service … */
function nested(levels: number): string {
  const inner = '{"id":"a","name":"A","description":"A","services":[{"id":"s","organization":'
  return `[${inner.repeat(levels)}{"id":"z"}${'}]}'.repeat(levels)}]`
}

describe('a file that cannot be read is refused whole, before anything is written', () => {
  const head = 'id,organization_id,name,status\n'
  const cases: [string, string | Buffer, Partial<FileProblem>][] = [
    [
      'broken UTF-8',
      Buffer.concat([Buffer.from(`${head}a1,a,One,active\nb1,b,Caf`), Buffer.from([0xe9, 0x0a])]),
      { reason: 'broken_utf8', line: 3 },
    ],
    ['a missing column', 'id,organization_id,name\na1,a,One\n', { reason: 'column_missing', value: 'status', line: 1 }],
    ['an empty file', '', { reason: 'column_missing' }],
    ['a quote that is never closed', `${head}a1,a,"One,active\nb1,b,Two,active\n`, { reason: 'broken_csv' }],
    ['a record without an end', `${head}a1,a,${'0'.repeat(2_000_000)},active\n`, { reason: 'broken_csv' }],
  ]
  test.each(cases)('%s', async (_, content, problem) => {
    expect(await problemOf(writePackage({ ...twoOrganizations(), services: content }))).toMatchObject({
      file: 'services.csv',
      ...problem,
    })
    expect(await database.as({ networkId }, (db) => db.selectFrom('organizations').select('id').execute())).toEqual([])
  })

  test.each([
    ['a folder without tables', { 'notes.txt': 'hello' }, 'not_a_directory_of_services'],
    ['services without organisations', { services: [aService('a1', 'a')] }, 'file_missing'],
    ['JSON that breaks off', { 'organization.json': '{"id": "a", "name": "A",\n "services": [' }, 'broken_json'],
    ['JSON nested without an end', { 'organization.json': nested(20_000) }, 'broken_json'],
    ['JSON about something else', { 'weather.json': '{"temperature": 12}' }, 'not_a_directory_of_services'],
  ])('%s', async (_, files, reason) => {
    expect(await problemOf(writePackage(files))).toMatchObject({ reason })
  })

  test('a path where nothing is', async () => {
    expect(await problemOf('/nowhere/at/all')).toMatchObject({ reason: 'not_found', file: 'all' })
  })
})

describe('one bad row refuses its whole organisation; the others go in', () => {
  const bad: [string, () => ReturnType<typeof twoOrganizations> & Record<string, unknown>, object][] = [
    [
      'a value that is required',
      () => ({ ...twoOrganizations(), services: [aService('a1', 'a'), aService('b1', 'b', { name: '' })] }),
      { file: 'services.csv', line: 3, field: 'name', reason: 'required' },
    ],
    [
      'a status that HSDS does not know',
      () => ({ ...twoOrganizations(), services: [aService('a1', 'a'), aService('b1', 'b', { status: 'perhaps' })] }),
      { field: 'status', reason: 'not_allowed', value: 'perhaps' },
    ],
    [
      'a number that is none',
      () => ({ ...twoOrganizations(), locations: [aLocation('la', 'a'), aLocation('lb', 'b', { latitude: 'north' })] }),
      { file: 'locations.csv', reason: 'not_a_number' },
    ],
    [
      'a day that does not exist',
      () => ({
        ...twoOrganizations(),
        services: [aService('a1', 'a'), aService('b1', 'b', { assured_date: '2026-02-30' })],
      }),
      { reason: 'not_a_day' },
    ],
    [
      'an id that is used twice',
      () => ({ ...twoOrganizations(), services: [aService('a1', 'a'), aService('b1', 'b'), aService('b1', 'b')] }),
      { line: 4, field: 'id', reason: 'duplicate_id', value: 'b1' },
    ],
    [
      'a reference to nothing',
      () => ({ ...twoOrganizations(), phones: [{ id: 'p', number: '1', service_id: 'b1', location_id: 'nowhere' }] }),
      { file: 'phones.csv', line: 2, field: 'location_id', reason: 'no_such_row' },
    ],
    [
      'a location that is not there',
      () => ({
        ...twoOrganizations(),
        service_at_location: [
          { id: 'sa', service_id: 'a1', location_id: 'la' },
          { id: 'sb', service_id: 'b1', location_id: 'lx' },
        ],
      }),
      { file: 'service_at_location.csv', line: 3, field: 'location_id', reason: 'no_such_row', value: 'lx' },
    ],
    [
      'a character that cannot be stored',
      () => ({ ...twoOrganizations(), services: [aService('a1', 'a'), aService('b1', 'b', { description: 'a\0b' })] }),
      { reason: 'unreadable_character', field: 'description' },
    ],
  ]
  test.each(bad)('%s', async (_, sheets, finding) => {
    const report = await reportOf(writePackage(sheets() as Parameters<typeof writePackage>[0]))
    expect(report).toMatchObject({ added: 1, refused: 1, services: { added: 1 } })
    expect(report.refusals).toHaveLength(1)
    expect(report.refusals[0]).toMatchObject({ organization: 'b', ...finding })
    expect((await services()).map((service) => service.source_id)).toEqual(['a1'])
  })

  test('too many fields in a row', async () => {
    const services = 'id,organization_id,name,status\na1,a,One,active\nb1,b,Two,active,and more\n'
    expect((await reportOf(writePackage({ ...twoOrganizations(), services }))).refusals).toMatchObject([
      { organization: 'b', line: 3, reason: 'wrong_number_of_columns', value: '5' },
    ])
  })

  test('an id that two organisations use refuses both', async () => {
    const report = await reportOf(
      writePackage({
        ...twoOrganizations(),
        services: [aService('x', 'a'), aService('x', 'b')],
        service_at_location: 'id,service_id,location_id\n',
      }),
    )
    expect(report).toMatchObject({ added: 0, refused: 2 })
  })

  test('an organisation that is refused this time stays as it was, and is not gone', async () => {
    await reportOf(writePackage(twoOrganizations()))
    const report = await reportOf(
      writePackage({
        ...twoOrganizations(),
        services: [aService('a1', 'a'), aService('b1', 'b', { status: 'perhaps' })],
      }),
    )
    expect(report).toMatchObject({ unchanged: 1, refused: 1, gone: 0 })
    expect(await services()).toMatchObject([{ status: 'active' }, { status: 'active', gone_since: null }])
  })

  test('a position that is not on the earth is told, and the place goes in without it', async () => {
    const report = await reportOf(
      writePackage({
        ...twoOrganizations(),
        locations: [aLocation('la', 'a', { latitude: '100', longitude: '7' }), aLocation('lb', 'b')],
      }),
    )
    expect(report).toMatchObject({
      added: 2,
      refused: 0,
      notices: [{ file: 'locations.csv', line: 2, field: 'latitude', reason: 'not_on_earth' }],
    })
  })
})

describe('a place that several organisations use', () => {
  test('goes in before those that use it, in whatever order they come', async () => {
    const sheets = {
      ...twoOrganizations(),
      service_at_location: [
        { id: 'sa', service_id: 'a1', location_id: 'lb' },
        { id: 'sb', service_id: 'b1', location_id: 'lb' },
      ],
    }
    expect(await reportOf(writePackage(sheets))).toMatchObject({ added: 2, refused: 0 })
  })

  test('two that use each other’s go in together', async () => {
    const sheets = {
      ...twoOrganizations(),
      service_at_location: [
        { id: 'sa', service_id: 'a1', location_id: 'lb' },
        { id: 'sb', service_id: 'b1', location_id: 'la' },
      ],
    }
    expect(await reportOf(writePackage(sheets))).toMatchObject({ added: 2, refused: 0, services: { added: 2 } })
    expect(await reportOf(writePackage(sheets))).toMatchObject({ unchanged: 2 })
  })

  test('whoever needs a place of a refused organisation is refused with it', async () => {
    const sheets = {
      ...twoOrganizations(),
      organizations: [anOrganization('a'), anOrganization('b', { name: '' })],
      service_at_location: [{ id: 'sa', service_id: 'a1', location_id: 'lb' }],
    }
    const report = await reportOf(writePackage(sheets))
    expect(report).toMatchObject({ added: 0, refused: 2 })
    expect(report.refusals[1]).toMatchObject({
      organization: 'a',
      file: 'service_at_location.csv',
      line: 2,
      reason: 'not_imported',
    })
  })

  test('one without an organisation belongs to whoever gives a service there', async () => {
    const sheets = { ...twoOrganizations(), locations: [aLocation('la', ''), aLocation('lb', '')] }
    expect(await reportOf(writePackage(sheets))).toMatchObject({ added: 2, refused: 0, locations: { added: 2 } })
  })
})

test('a zip is read like its folder', async () => {
  const folder = writePackage(twoOrganizations())
  const zip = path.join(path.dirname(folder), 'county.zip')
  execFileSync('python3', ['-m', 'zipfile', '-c', zip, folder])
  expect(await reportOf(zip)).toMatchObject({ added: 2, source: 'county' })
  fs.writeFileSync(zip, fs.readFileSync(zip).subarray(0, 300))
  expect(await problemOf(zip)).toMatchObject({ reason: 'not_a_zip' })
})
