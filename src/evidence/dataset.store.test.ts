import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordConsent, registerClient, withdrawConsent, type Circumstances, type Client } from '#clients/index.ts'
import { insertSite } from '#networks/index.ts'
import type { Db } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { dayIn } from '#platform/dates.ts'
import { newId, type NetworkId, type SiteId, type StaffId } from '#platform/ids.ts'
import { readDataset } from './dataset.store.ts'

let database: TestDatabase
let networkId: NetworkId
let siteId: SiteId
const staffId: StaffId = newId<'staff'>()
const at = (day: string) => new Date(`${day}T09:00:00Z`)

beforeAll(async () => {
  database = await testDatabase()
  networkId = await database.addNetwork()
  siteId = await asJob((db) =>
    insertSite(db, networkId, {
      ...{ name: 'North', kind: 'centre', address: null, position: null, timeZone: null, isActive: true },
    }),
  )
})
afterAll(() => database.drop())

function asJob<T>(work: (db: Db) => Promise<T>): Promise<T> {
  return database.as({ networkId, role: 'job' }, work)
}

const hand = (day: string) => ({ networkId, staffId, now: at(day) })

async function clientWithEpisode(): Promise<Client> {
  return asJob(async (db) => {
    const person: Circumstances = {
      ...{ name: 'Noor', familyName: 'Haddad', birthDate: null, phones: [], email: null, reachedBy: ['in_person'] },
      ...{ language: null, script: null, needsInterpreter: false, accessNeeds: [], accessWords: null },
      ...{ address: null, residenceArea: null, position: null },
    }
    const client = await registerClient(db, hand('2024-01-01'), { person, siteId, adviserId: null })
    await db
      .insertInto('episodes')
      .values({
        ...{ network_id: networkId, id: newId(), client_id: client.id, site_id: siteId, started_on: '2024-01-08' },
        ...{ facts: '{}', state: 'completed', closed_on: '2025-01-07', taken: 'none', working_at_365: true },
        ...{ created_at: at('2024-01-08'), settled_at: at('2025-01-08') },
      })
      .execute()
    return client
  })
}

const episodesLearnedFrom = () => asJob(async (db) => (await readDataset(db)).working.length)
const agree = (client: Client, day: string) =>
  asJob((db) =>
    recordConsent(db, hand(day), client, {
      ...{ purpose: 'learning', what: [], organizationId: null, recipient: null, until: null },
      ...{ how: 'spoken', toldBy: 'client' },
    }),
  )

test('nothing is learned from an episode once the client has said no, until they agree again', async () => {
  const client = await clientWithEpisode()
  await clientWithEpisode()
  expect(await episodesLearnedFrom()).toBe(2)
  const id = await agree(client, '2024-02-01')
  expect(await episodesLearnedFrom()).toBe(2)
  await asJob((db) => {
    const when = { ...hand('2024-03-01'), today: dayIn('Europe/Zurich', at('2024-03-01')) }
    return withdrawConsent(db, when, client, { id, how: 'spoken', toldBy: 'client' })
  })
  expect(await episodesLearnedFrom()).toBe(1)
  await agree(client, '2024-04-01')
  expect(await episodesLearnedFrom()).toBe(2)
})
