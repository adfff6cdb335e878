import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'csv-parse/sync'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { NetworkId } from '#platform/ids.ts'
import { importDirectory } from '../import/import.run.ts'
import { anOrganization, aService, newFolder, twoOrganizations, writePackage } from '../import/package.factory.ts'
import { exportDirectory } from './export.run.ts'

const shared = new URL('../../../../shared/data/', import.meta.url).pathname
const samples = [
  path.join(shared, 'san-mateo-directory'),
  path.join(shared, 'hsds-3.0-example', 'organization_full.json'),
]
const areThere = samples.every((sample) => fs.existsSync(sample))

let database: TestDatabase
let networkId: NetworkId
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  networkId = await database.addNetwork()
})
afterAll(() => database.drop())

async function importFrom(where: string) {
  const result = await importDirectory({
    transact: (work) => database.as({ networkId, role: 'job' }, work),
    network: { id: networkId, timeZone: 'UTC' },
    path: where,
    now: new Date('2026-03-04T09:00:00Z'),
  })
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

async function exported(): Promise<string> {
  const folder = path.join(newFolder(), 'out')
  const result = await database.as({ networkId, role: 'job' }, (db) => exportDirectory(db, folder))
  expect(result).toMatchObject({ ok: true })
  return folder
}

type Row = Record<string, string>

function sheet(folder: string, name: string): Row[] {
  return parse<Row>(fs.readFileSync(path.join(folder, `${name}.csv`)), { columns: true })
}

/** Rows without blanks, in the order of their ids. */
function plain(rows: Row[]): Row[] {
  return rows
    .map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')))
    .sort((a, b) => (a['id']! < b['id']! ? -1 : 1))
}

interface Property {
  type: string
  format?: string
  enum?: string[]
  datapackage_type?: string
}
interface TabularSchema {
  properties: Record<
    string,
    { items: { path: string; required: string[]; tabular_required?: string[]; properties: Record<string, Property> } }
  >
}

/** What the published tabular schema finds wrong with a folder of CSV files. */
function faultsIn(folder: string): string[] {
  const schema = JSON.parse(fs.readFileSync(path.join(shared, 'hsds-3.0-schema/tabular.json'), 'utf8')) as TabularSchema
  return Object.values(schema.properties).flatMap(({ items }) => {
    if (!fs.existsSync(path.join(folder, items.path))) return []
    const required = [...new Set([...items.required, ...(items.tabular_required ?? [])])]
    return sheet(folder, items.path.replace('.csv', '')).flatMap((row, index) => [
      ...required.filter((name) => !row[name]).map((name) => `${items.path}:${index + 2} ${name} is missing`),
      ...Object.entries(row).flatMap(([name, value]) =>
        value === '' || fits(items.properties[name], value) ? [] : [`${items.path}:${index + 2} ${name}: ${value}`],
      ),
    ])
  })
}

function fits(property: Property | undefined, value: string): boolean {
  if (!property) return true
  if (property.enum && !property.enum.includes(value)) return false
  if (property.type === 'number' && !Number.isFinite(Number(value))) return false
  if (property.format === 'uuid' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) return false
  if (property.format === 'email' && !value.includes('@')) return false
  if (property.datapackage_type === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  return property.datapackage_type !== 'time' || /^\d{2}:\d{2}(:\d{2})?$/.test(value)
}

describe('an export', () => {
  test('gives back what was imported, columns that HSDS does not know among it', async () => {
    const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
    const sheets = {
      organizations: [anOrganization(uuid(1), { description: 'Says "hello",\nand more', favourite_colour: 'green' })],
      services: [aService(uuid(2), uuid(1), { minimum_age: '18', last_modified: '2026-01-02T10:00:00Z' })],
      locations: [{ id: uuid(3), location_type: 'physical', name: 'Somewhere' }],
      service_at_location: [{ id: uuid(4), service_id: uuid(2), location_id: uuid(3), description: 'Upstairs' }],
      contacts: [{ id: uuid(5), service_at_location_id: uuid(4), name: 'Ann' }],
      phones: [{ id: uuid(6), contact_id: uuid(5), number: '1', type: 'voice' }],
      languages: [{ id: uuid(7), phone_id: uuid(6), name: 'Urdu' }],
      taxonomies: [{ id: uuid(8), name: 'Kinds', description: 'of help' }],
      taxonomy_terms: [{ id: uuid(9), name: 'Courses', description: 'to learn', taxonomy_id: uuid(8) }],
      attributes: [{ id: uuid(10), link_id: uuid(2), taxonomy_term_id: uuid(9), link_entity: 'service' }],
    }
    const source = writePackage(sheets)
    expect(await importFrom(source)).toMatchObject({ added: 1, refused: 0 })
    const folder = await exported()
    for (const name of Object.keys(sheets))
      expect([name, plain(sheet(folder, name))]).toEqual([name, plain(sheet(source, name))])
    expect(fs.readdirSync(folder)).toHaveLength(Object.keys(sheets).length + 1)
  })

  test('leaves out what has gone, and carries the type that someone gave a service', async () => {
    await importFrom(writePackage(twoOrganizations()))
    await importFrom(
      writePackage({ organizations: twoOrganizations().organizations.slice(0, 1), services: [aService('a1', 'a')] }),
    )
    await database.as({ networkId }, (db) => db.updateTable('services').set({ service_type: 'bridging' }).execute())
    const folder = await exported()
    expect(sheet(folder, 'services')).toMatchObject([{ name: 'Service a1', waypost_service_type: 'bridging' }])
    expect(await importFrom(folder)).toMatchObject({ added: 0, changed: 0, unchanged: 1, gone: 0 })
    const other = await database.addNetwork()
    networkId = other
    await importFrom(folder)
    const services = await database.as({ networkId }, (db) =>
      db.selectFrom('services').select('service_type').execute(),
    )
    expect(services).toEqual([{ service_type: 'bridging' }])
  })

  test.skipIf(!areThere)(
    'of several directories at once goes in again without doubling anything (skipped where ../shared/data is not there)',
    async () => {
      for (const sample of samples) await importFrom(sample)
      expect(await importFrom(await exported())).toMatchObject({
        added: 0,
        changed: 0,
        unchanged: 9,
        gone: 0,
        refused: 0,
      })
      const organizations = await database.as({ networkId }, (db) =>
        db.selectFrom('organizations').select('id').execute(),
      )
      expect(organizations).toHaveLength(9)
    },
  )

  test('never writes over what is there', async () => {
    const folder = writePackage(twoOrganizations())
    const result = await database.as({ networkId, role: 'job' }, (db) => exportDirectory(db, folder))
    expect(result).toEqual({ ok: false, problem: 'not_empty' })
  })

  test.skipIf(!areThere).each(samples)(
    'of %s follows the published schema, and goes in again unchanged (skipped where ../shared/data is not there)',
    async (sample) => {
      const first = await importFrom(sample)
      const folder = await exported()
      expect(faultsIn(folder)).toEqual([])
      expect(await importFrom(folder)).toMatchObject({
        ...{
          layout: 'hsds_csv',
          source: first.source,
          added: 0,
          changed: 0,
          unchanged: first.added,
          gone: 0,
          refused: 0,
          refusals: [],
        },
        services: { added: 0, changed: 0, unchanged: first.services.added, gone: 0 },
        locations: { added: 0, changed: 0, unchanged: first.locations.added, gone: 0 },
      })
    },
  )
})
