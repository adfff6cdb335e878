import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { NetworkId } from '#platform/ids.ts'
import { importDirectory } from './import.run.ts'

const shared = new URL('../../../../shared/data/', import.meta.url).pathname
const hsds = path.join(shared, 'hsds-3.0-example')
const ohana = path.join(shared, 'san-mateo-directory')
const areThere = fs.existsSync(hsds) && fs.existsSync(ohana)

let database: TestDatabase
let networkId: NetworkId
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  networkId = await database.addNetwork()
})
afterAll(() => database.drop())

function importFrom(where: string) {
  return importDirectory({
    transact: (work) => database.as({ networkId, role: 'job' }, work),
    network: { id: networkId, timeZone: 'America/Los_Angeles' },
    path: where,
    now: new Date('2026-03-04T09:00:00Z'),
  })
}

describe.skipIf(!areThere)('the sample directories (skipped where ../shared/data is not beside the project)', () => {
  test('the county directory in the Ohana layout goes in whole', async () => {
    expect(await importFrom(ohana)).toMatchObject({
      ok: true,
      value: {
        ...{
          layout: 'ohana_csv',
          source: 'san-mateo-directory',
          lines: 486,
          added: 8,
          refused: 0,
          refusals: [],
          notices: [],
        },
        services: { added: 23 },
        locations: { added: 22 },
      },
    })
    const { service, place, hours } = await database.as({ networkId }, async (db) => ({
      service: await db.selectFrom('services').selectAll().where('source_id', '=', '22').executeTakeFirstOrThrow(),
      place: await db.selectFrom('locations').selectAll().where('source_id', '=', '1').executeTakeFirstOrThrow(),
      hours: await db
        .selectFrom('schedules')
        .select(['weekdays', 'opens_at', 'closes_at'])
        .where('service_id', 'is not', null)
        .orderBy('opens_at')
        .execute(),
    }))
    expect(service).toMatchObject({
      status: 'active',
      languages: ['es'],
      documents: ['Government-issued picture identification'],
      areas: ['Alameda County', 'San Mateo County'],
    })
    expect(place).toMatchObject({
      accessibility: ['step_free', 'toilet', 'parking'],
      languages: ['es', 'fil'],
      city: 'Redwood City',
      latitude: 37.477227,
    })
    expect(hours).toEqual([
      { weekdays: [1], opens_at: '08:00:00', closes_at: '12:00:00' },
      { weekdays: [3], opens_at: '10:00:00', closes_at: '15:00:00' },
      { weekdays: [1], opens_at: '14:00:00', closes_at: '16:00:00' },
    ])
    expect(await importFrom(ohana)).toMatchObject({
      value: { added: 0, changed: 0, unchanged: 8, gone: 0, services: { unchanged: 23 } },
    })
  })

  test('the HSDS package, whose rows refer to rows that it does not hold, is refused line by line', async () => {
    const result = await importFrom(hsds)
    expect(result).toMatchObject({ ok: true, value: { layout: 'hsds_csv', lines: 21, added: 0, refused: 1 } })
    expect(result.ok && result.value.refusals.map(({ file, line, field }) => `${file}:${line} ${field}`)).toEqual([
      'taxonomy_terms.csv:2 taxonomy_id',
      'locations.csv:2 organization_id',
      'contacts.csv:2 organization_id',
      'contacts.csv:2 service_at_location_id',
      'attributes.csv:2 link_id',
      'attributes.csv:2 taxonomy_term_id',
    ])
  })

  test.each(['organization_full.json', 'service_full.json', 'service_at_location_full.json'])(
    'the HSDS document %s goes in',
    async (name) => {
      const result = await importFrom(path.join(hsds, name))
      expect(result).toMatchObject({
        ok: true,
        value: {
          layout: 'hsds_json',
          added: 1,
          refused: 0,
          services: { added: 1 },
          locations: { added: 1 },
          notices: [{ field: 'latitude', reason: 'not_on_earth', value: '100' }],
        },
      })
      const line = result.ok ? (result.value.notices[0]?.line ?? 0) : 0
      expect(fs.readFileSync(path.join(hsds, name), 'utf8').split('\n')[line - 1]).toContain('"latitude": 100')
      const service = await database.as({ networkId }, (db) =>
        db.selectFrom('services').selectAll().executeTakeFirstOrThrow(),
      )
      expect(service).toMatchObject({
        name: 'Community Counselling',
        languages: ['ur'],
        cost_cents: 3500,
        currency: 'GBP',
        minimum_age: 12,
        assured_on: '2005-01-01',
      })
    },
  )

  test('one organisation told by three documents is one', async () => {
    await importFrom(path.join(hsds, 'organization_full.json'))
    expect(await importFrom(path.join(hsds, 'service_full.json'))).toMatchObject({
      value: { added: 0, source: 'organization_full' },
    })
    expect(await importFrom(path.join(hsds, 'service_list.json'))).toMatchObject({ value: { added: 0, refused: 0 } })
  })
})
