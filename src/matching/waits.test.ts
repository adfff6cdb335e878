import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '#app.testing.ts'
import { registerClient } from '#clients/index.ts'
import { addOrganizations, addServices, directoryVersion } from '#directory/index.ts'
import { addDays, dayIn, momentIn, type CalendarDay } from '#platform/dates.ts'
import { newId, type ClientId, type OrganizationId, type ServiceId, type StaffId } from '#platform/ids.ts'
import { waitsJob } from './waits.jobs.ts'
import { waitsOf } from './waits.store.ts'

let app: TestApp
let adviserId: StaffId
let organizationId: OrganizationId
const clients: ClientId[] = []
const services: ServiceId[] = []
const now = new Date('2026-11-24T02:50:00Z')
const today = dayIn('Europe/Zurich', now)

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  adviserId = (await app.signIn()).staffId
  const { networkId, siteId } = app
  await app.database.as({ networkId, role: 'job' }, async (db) => {
    organizationId = (await addOrganizations(db, networkId, [{ name: 'Quay Works', description: '' }], now))[0]!
    const service = (name: string) => ({
      ...{ organizationId, organizationName: 'Quay Works', name, description: '' },
      ...{ serviceType: 'vocational_training' as const, locationIds: [] },
    })
    services.push(...(await addServices(db, networkId, ['Weld', 'Few', 'Late', 'Old'].map(service), now)))
    for (let n = 0; n < 7; n++) {
      const person = {
        ...{
          name: `P${n}`,
          familyName: null,
          birthDate: null,
          phones: [],
          email: null,
          reachedBy: ['in_person' as const],
        },
        ...{ language: null, script: null, needsInterpreter: false, accessNeeds: [], accessWords: null },
        ...{ address: null, residenceArea: null, position: null },
      }
      const client = await registerClient(db, { networkId, staffId: adviserId, now }, { siteId, adviserId, person })
      clients.push(client.id)
    }
  })
})

afterAll(() => app.close())

interface Sent {
  readonly service: ServiceId
  readonly client?: number
  readonly at: Date
  readonly came: CalendarDay | null
}

async function addReferrals(sent: readonly Sent[]): Promise<void> {
  const { networkId, siteId } = app
  await app.database.as({ networkId, role: 'job' }, async (db) => {
    for (const { service, client = 0, at, came } of sent) {
      const count = Number(
        (await db
          .selectFrom('referrals')
          .select((eb) => eb.fn.countAll().as('n'))
          .executeTakeFirst())!.n,
      )
      await db
        .insertInto('referrals')
        .values({
          ...{ network_id: networkId, id: newId(), reference: `R-${String(1000 + count)}-00`, site_id: siteId },
          ...{ client_id: clients[client]!, organization_id: organizationId, organization_name: 'Quay Works' },
          ...{ service_id: service, service_name: 'x', service_type: 'vocational_training', adviser_id: adviserId },
          ...{ created_at: at, sent_at: at, state: came ? 'under_way' : 'accepted', next_due_at: at },
          ...{ first_attended_on: came, version: 1 },
        })
        .execute()
    }
  })
}

async function counted() {
  await app.application.runJob(waitsJob, { networkId: app.networkId })
  return app.database.as({ networkId: app.networkId }, waitsOf)
}

const daysAgo = (days: number) => addDays(today, -days)
/** At noon of a day in the network's zone. */
const noon = (day: CalendarDay) => momentIn('Europe/Zurich', day, '12:00')

/** Sent so many days before they first came, `came` days ago. */
const waited = (service: ServiceId, days: readonly number[], came = 20): Sent[] =>
  days.map((wait, client) => ({ service, client, at: noon(daysAgo(came + wait)), came: daysAgo(came) }))

test('the median of those who came is kept; who still waits is not in it', async () => {
  const [weld] = services
  await addReferrals(waited(weld!, [3, 40, 12, 9, 14]))
  await addReferrals([{ service: weld!, client: 5, at: noon(daysAgo(300)), came: null }])
  expect((await counted()).get(weld!)).toEqual({ days: 12, people: 5 })
})

test('fewer than five people are nobody’s figure, however often they were sent', async () => {
  const few = services[1]!
  await addReferrals([...waited(few, [3, 4, 5, 6]), ...waited(few, [7, 8, 9, 10])])
  expect((await counted()).has(few)).toBe(false)
  await addReferrals([{ service: few, client: 4, at: noon(daysAgo(40)), came: daysAgo(30) }])
  expect((await counted()).get(few)?.people).toBe(5)
})

test('days are the network’s: sent half past midnight and come the same day is no wait', async () => {
  const late = services[2]!
  const day = daysAgo(30)
  const sent = momentIn('Europe/Zurich', day, '00:30')
  // In UTC that was still the day before.
  expect(dayIn('UTC', sent)).toBe(addDays(day, -1))
  await addReferrals([0, 1, 2, 3, 4].map((client) => ({ service: late, client, at: sent, came: day })))
  expect((await counted()).get(late)).toEqual({ days: 0, people: 5 })
})

test('a year counts, by the day they came: a long wait that ended lately is in, what ended long ago is not', async () => {
  const old = services[3]!
  await addReferrals(waited(old, [5, 5, 5, 5, 5], 380))
  expect((await counted()).has(old)).toBe(false)
  await addReferrals(waited(old, [400, 400, 400, 400, 400], 10))
  expect((await counted()).get(old)).toEqual({ days: 400, people: 5 })
})

test('another network sees and loses nothing, and whoever has read what is offered learns that it is new', async () => {
  const other = await app.database.addNetwork()
  const version = () => app.database.as({ networkId: app.networkId }, directoryVersion)
  const before = await version()
  const mine = await counted()
  expect(await version()).not.toBe(before)
  await app.application.runJob(waitsJob, { networkId: other })
  expect(await app.database.as({ networkId: other }, waitsOf)).toEqual(new Map())
  expect(await app.database.as({ networkId: app.networkId }, waitsOf)).toEqual(mine)
})

test('no member of staff writes a wait', async () => {
  const { networkId } = app
  const wait = { network_id: networkId, id: services[0]!, median_days: 1, people: 9 }
  await expect(
    app.database.as({ networkId, roles: ['administrator'] }, (db) =>
      db.insertInto('matching_waits').values(wait).execute(),
    ),
  ).rejects.toThrow(/permission denied/)
})
