import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hasColumn, laterTables, tableCalled, tableNames, tables } from './hsds.ts'

const published = new URL('../../../shared/data/hsds-3.0-example/datapackage.json', import.meta.url)

interface Field {
  name: string
  type: string
  format?: string
  enum?: string[]
  constraints: { required?: boolean; enum?: string[] }
}
interface Resource {
  name: string
  path: string
  schema: { fields: Field[]; foreignKeys?: { fields: string; reference: { resource: string } }[] }
}

describe('the tables of HSDS 3', () => {
  test.skipIf(!fs.existsSync(published))(
    'are those of the published data package (skipped where ../shared/data is not beside the project)',
    () => {
      const { resources } = JSON.parse(fs.readFileSync(published, 'utf8')) as { resources: Resource[] }
      const ours = tableNames.filter((name) => !laterTables.includes(name))
      expect(new Set(resources.map((resource) => resource.name))).toEqual(new Set(ours))
      for (const resource of resources) {
        const table = tables[tableCalled(resource.name)!]
        expect(`${table.file}.csv`).toBe(resource.path)
        const keys = new Map(resource.schema.foreignKeys?.map((key) => [key.fields, key.reference.resource]))
        const expected = resource.schema.fields.map((field) => ({
          name: field.name,
          type:
            field.format === 'email' || field.format === 'uri'
              ? field.format
              : field.type === 'string'
                ? 'text'
                : field.type,
          isRequired: field.constraints.required === true,
          ...(keys.has(field.name) && { refersTo: keys.get(field.name) }),
          ...((field.enum ?? field.constraints.enum) && { values: field.enum ?? field.constraints.enum }),
        }))
        expect({ [table.name]: table.columns }).toEqual({ [table.name]: expected })
      }
    },
  )

  test('each comes after those that its rows refer to, but for the locations of a service, which own none', () => {
    for (const [index, name] of tableNames.entries()) {
      for (const column of tables[name].columns) {
        if (column.refersTo === undefined || (name === 'service_at_location' && column.refersTo === 'location'))
          continue
        expect(tableNames.indexOf(column.refersTo)).toBeLessThan(index)
      }
    }
  })

  test('are known by file, by resource and by JSON member', () => {
    expect(
      ['services', 'service', 'taxonomies', 'taxonomy_detail', 'service_at_locations', 'rooms'].map(tableCalled),
    ).toEqual(['service', 'service', 'taxonomy', 'taxonomy', 'service_at_location', null])
    expect(hasColumn('phone', 'contact_id')).toBe(true)
  })
})
