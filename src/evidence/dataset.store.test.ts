import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordConsent, registerClient, withdrawConsent, type Circumstances, type Client } from '#clients/index.ts'
import { addOrganizations, addServices } from '#directory/index.ts'
import { insertSite } from '#networks/index.ts'
import type { Db } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { dayIn } from '#platform/dates.ts'
import { newId, type NetworkId, type SiteId, type StaffId } from '#platform/ids.ts'
import { insertStaff } from '#staff/index.ts'
import { readDataset, readEpisodesTable } from './dataset.store.ts'

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

interface Past {
  readonly facts?: Readonly<Record<string, unknown>>
  readonly taken?: string
  readonly takenOn?: string
  readonly working?: boolean | null
}

async function clientWithEpisode({ facts = {}, taken = 'none', takenOn, working = true }: Past = {}): Promise<Client> {
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
        ...{ facts: JSON.stringify(facts), state: working === null ? 'missing' : 'completed', closed_on: '2025-01-07' },
        ...{ taken, taken_on: takenOn ?? null, working_at_365: working },
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

test('own and imported episodes become one table, with sites as clusters and who gave the service', async () => {
  const other = await database.addNetwork()
  const episodes = Array.from({ length: 40 }, (_, i) => ({
    ...{ id: newId(), source: 'old', source_key: `${100 + i}`, content_hash: `${i}`, started_on: '2022-05-01' },
    ...{ facts: JSON.stringify({ age: 20 + i, needs: i % 2 ? ['health', 'debt'] : ['debt'], languages: ['ar'] }) },
    ...{ taken: i % 4 ? 'vocational_training' : 'none', provider: i % 4 ? 'Old School' : null },
    ...{ working_at_365: i === 7 ? null : i % 3 === 0, imported_at: at('2024-01-01') },
  }))
  await asJob((db) =>
    db
      .insertInto('evidence_episodes')
      .values(episodes.map((row) => ({ ...row, network_id: networkId })))
      .execute(),
  )
  await database.as({ networkId: other, role: 'job' }, (db) =>
    db
      .insertInto('evidence_episodes')
      .values(episodes.map((row) => ({ ...row, id: newId(), network_id: other })))
      .execute(),
  )
  const before = await asJob(async (db) => (await readEpisodesTable(db)).table.rows)
  const client = await clientWithEpisode({
    ...{ facts: { age: 31 }, taken: 'job_search_support', takenOn: '2024-02-02', working: null },
  })
  await attendedAt(client, '2024-02-02', 'job_search_support')

  const { table, report } = await asJob((db) => readEpisodesTable(db))
  expect(table.rows).toBe(before + 1)
  expect(table.arms).toEqual(['none', 'job_search_support', 'vocational_training'])
  expect(table.features.map(({ name, isProtected }) => [name, isProtected])).toEqual([
    ['age', true],
    ['needs: debt', false],
    ['needs: health', true],
  ])
  const last = table.rows - 1
  expect(table.features.map(({ values }) => values[last])).toEqual([31, NaN, NaN])
  expect(table.outcome.values[7]).toBeNaN()
  expect(table.outcome.values[last]).toBeNaN()
  expect(table.arms[table.arm[last]!]).toBe('job_search_support')
  expect(table.span).toEqual({ from: '2022-05-01', to: '2024-01-08' })
  // Imported ones each alone; the site's own clients together.
  expect(table.cluster?.count).toBe(41)
  expect(new Set(table.cluster?.places.subarray(40)).size).toBe(1)
  const nameOf = (row: number) => table.provider!.names[table.provider!.places[row]!] ?? null
  expect([nameOf(0), nameOf(1), nameOf(last - 1), nameOf(last)]).toEqual([null, 'Old School', null, 'Bakery School'])
  expect(report.arms.map(({ arm, rows }) => [arm, rows])).toEqual([
    ['none', 10 + before - 40],
    ['job_search_support', 1],
    ['vocational_training', 30],
  ])

  const classic = await asJob((db) => readDataset(db))
  expect([...classic.working]).toEqual([...table.outcome.values])
})

test('a network without episodes has an empty table', async () => {
  const empty = await database.addNetwork()
  const { table, report } = await database.as({ networkId: empty, role: 'job' }, (db) => readEpisodesTable(db))
  expect(table).toMatchObject({ rows: 0, features: [], arms: ['none'], cluster: null, provider: null, span: null })
  expect(report.arms).toEqual([{ arm: 'none', rows: 0, outcomeKnown: 0, meanOutcome: null }])
})

async function attendedAt(client: Client, day: string, serviceType: string): Promise<void> {
  await asJob(async (db) => {
    const name = 'Bakery School'
    const [organizationId] = await addOrganizations(
      db,
      networkId,
      [{ name, description: name, email: 'office@partner.example' }],
      at('2024-01-01'),
    )
    const service = {
      ...{ organizationId: organizationId!, organizationName: name, name: 'Course', description: 'Course' },
      ...{ locationIds: [], serviceType: 'job_search_support' as const, email: 'desk@partner.example' },
    }
    const [serviceId] = await addServices(db, networkId, [service], at('2024-01-01'))
    const adviser = {
      name: 'Mara Lind',
      email: 'mara@example.org',
      roles: ['adviser'],
      locale: 'en',
      languages: ['en'],
      siteIds: [siteId],
      managedSiteIds: [],
    } as const
    const adviserId = await insertStaff(db, networkId, adviser, at('2024-01-01'))
    await db
      .insertInto('referrals')
      .values({
        ...{ network_id: networkId, id: newId(), reference: 'R-7K3F-2Q', client_id: client.id, site_id: siteId },
        ...{
          organization_id: organizationId!,
          organization_name: name,
          service_id: serviceId!,
          service_name: 'Course',
        },
        ...{ service_type: serviceType, adviser_id: adviserId, created_at: at('2024-01-09'), state: 'completed' },
        ...{ first_attended_on: day, version: 1 },
      })
      .execute()
  })
}
