import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { testDatabase } from '#platform/db/testing.ts'
import { newId } from '#platform/ids.ts'
import { addOrganizations, addServices } from './additions.store.ts'
import { addRequirement } from './requirements.store.ts'
import { setPlaces } from './services.store.ts'
import { directoryVersion } from './version.store.ts'

const root = path.join(import.meta.dirname, '..')
const written =
  /(insertInto|updateTable|deleteFrom)\('(services|requirements|locations|service_at_locations|schedules)'|(INSERT INTO|UPDATE|DELETE FROM) (services|requirements|locations|service_at_locations|schedules)\b/

test('whoever writes what matching reads of the directory renews its version', () => {
  const files = fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|factory|testing)\.ts$/.test(file))
  const writers = files.filter((file) => written.test(fs.readFileSync(path.join(root, file), 'utf8')))
  expect(writers.length).toBeGreaterThan(3)
  expect(
    writers.filter(
      (file) => !fs.readFileSync(path.join(root, file), 'utf8').includes('await renewDirectoryVersion(db)'),
    ),
  ).toEqual([])
})

test('a service, a rule and a free place each make a new version, and reading makes none', async () => {
  const database = await testDatabase()
  try {
    const networkId = await database.addNetwork()
    const now = new Date()
    await database.as({ networkId, role: 'job' }, async (db) => {
      const versions = [await directoryVersion(db)]
      const keep = async () => versions.push(await directoryVersion(db))
      const [organizationId = newId<'organization'>()] = await addOrganizations(
        db,
        networkId,
        [{ name: 'A school', description: '' }],
        now,
      )
      const [service = newId<'service'>()] = await addServices(
        db,
        networkId,
        [
          {
            organizationId,
            organizationName: 'A school',
            name: 'A course',
            description: '',
            serviceType: null,
            locationIds: [],
          },
        ],
        now,
      )
      await keep()
      await addRequirement(db, networkId, service, { rule: { kind: 'age', from: 18 }, note: null, by: null, now })
      await keep()
      await setPlaces(db, service, { free: 3, asOf: now, by: 'staff' })
      await keep()
      expect(await directoryVersion(db)).toBe(versions.at(-1))
      expect(new Set(versions).size).toBe(4)
    })
  } finally {
    await database.drop()
  }
})
