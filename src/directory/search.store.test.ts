import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CalendarDay } from '#platform/dates.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { NetworkId, ServiceId } from '#platform/ids.ts'
import { addLocations, addOrganizations, addServices, type NewService } from './additions.store.ts'
import { ageRule, servicesForMatching } from './matching.store.ts'
import { addRequirement, changeRequirement, removeRequirement, requirementsOf } from './requirements.store.ts'
import { searchOrganizations, searchServices } from './search.store.ts'
import type { ServiceWish } from './search.ts'
import { findOrganization } from './organizations.store.ts'
import { findService, hoursOfService, placesOfService, setPlaces, setServiceType } from './services.store.ts'

const now = new Date('2026-03-04T09:00:00Z')
const today = '2026-03-04' as CalendarDay
const bern = { latitude: 46.948, longitude: 7.447 }
const thun = { latitude: 46.758, longitude: 7.628 }

let database: TestDatabase
let networkId: NetworkId
let ids: Record<'welding' | 'german' | 'law', ServiceId>

beforeAll(async () => {
  database = await testDatabase()
  networkId = await database.addNetwork()
  ids = await database.as({ networkId }, async (db) => {
    const [school, advice] = await addOrganizations(
      db,
      networkId,
      [
        {
          name: 'Trade School Bern',
          description: 'Teaches trades',
          email: 'office@trade.example',
          phone: '031 000 00 00',
        },
        { name: 'Legal Aid', description: 'Advice' },
      ],
      now,
    )
    const [inBern, inThun] = await addLocations(
      db,
      networkId,
      [
        {
          organizationId: school!,
          name: 'Workshop',
          position: bern,
          accessibility: ['step_free', 'lift'],
          address: { street: 'Main Street 1', city: 'Bern', region: 'BE', postalCode: '3000', country: 'CH' },
        },
        {
          organizationId: advice!,
          name: 'Office',
          position: thun,
          address: { street: 'Lake Road 2', city: 'Thun', region: 'BE', postalCode: '3600', country: 'CH' },
        },
      ],
      now,
    )
    const services: NewService[] = [
      {
        organizationId: school!,
        organizationName: 'Trade School Bern',
        name: 'Welding course',
        description: 'Twelve weeks of practice',
        serviceType: 'vocational_training',
        locationIds: [inBern!],
        languages: ['de'],
        places: { free: 3, nextStart: null },
        openings: [{ weekdays: [1, 3], opens: '08:00', closes: '12:00' }],
      },
      {
        organizationId: school!,
        organizationName: 'Trade School Bern',
        name: 'German for work',
        description: 'For people who weld, build and clean',
        serviceType: 'language_training',
        locationIds: [inBern!, inThun!],
        languages: ['de', 'ar'],
        email: 'german@trade.example',
        openings: [{ weekdays: [2], opens: '22:00', closes: '01:00' }],
      },
      {
        organizationId: advice!,
        organizationName: 'Legal Aid',
        name: 'Advice on work permits',
        description: 'Free',
        serviceType: null,
        locationIds: [inThun!],
      },
    ]
    const [welding, german, law] = await addServices(db, networkId, services, now)
    return { welding: welding!, german: german!, law: law! }
  })
})
afterAll(() => database.drop())

async function found(wish: ServiceWish): Promise<string[]> {
  const page = await database.as({ networkId }, (db) => searchServices(db, wish, { page: 1, size: 20, today }))
  expect(page.total).toBe(page.services.length)
  return page.services.map((service) => service.name)
}

describe('searching services', () => {
  test.each<[string, ServiceWish, string[]]>([
    ['all, by name', {}, ['Advice on work permits', 'German for work', 'Welding course']],
    [
      'a word of the name before the same word of a description',
      { words: 'weld' },
      ['Welding course', 'German for work'],
    ],
    ['words with typing errors', { words: 'welding corse' }, ['Welding course']],
    ['an organisation by half a word', { words: 'trade scho' }, ['German for work', 'Welding course']],
    ['words with typing errors in each', { words: 'trede scool weldign' }, ['Welding course']],
    ['nothing for words that are nowhere', { words: 'astronaut' }, []],
    [
      'signs that mean something to the database',
      { words: "weld' | & ! :* \\ %" },
      ['Welding course', 'German for work'],
    ],
    ['a type', { type: 'language_training' }, ['German for work']],
    ['those that nobody has classified', { type: 'unknown' }, ['Advice on work permits']],
    ['a language', { language: 'ar' }, ['German for work']],
    ['access at one of its places', { accessibility: ['lift', 'step_free'] }, ['German for work', 'Welding course']],
    ['places free', { hasPlaces: true }, ['Welding course']],
    ['within two kilometres', { near: { position: bern, kilometres: 2 } }, ['German for work', 'Welding course']],
    [
      'the nearest first',
      { near: { position: thun, kilometres: 60 } },
      ['Advice on work permits', 'German for work', 'Welding course'],
    ],
    ['near and accessible at the same place', { near: { position: thun, kilometres: 5 }, accessibility: ['lift'] }, []],
    ['open on Wednesday at nine', { openAt: { weekday: 3, time: '09:00' } }, ['Welding course']],
    ['not open at closing time', { openAt: { weekday: 3, time: '12:00' } }, []],
    ['open past midnight', { openAt: { weekday: 3, time: '00:30' } }, ['German for work']],
  ])('finds %s', async (_, wish, names) => {
    expect(await found(wish)).toEqual(names)
  })

  test('tells the distance and the towns', async () => {
    const near = { position: thun, kilometres: 60 }
    const { services } = await database.as({ networkId }, (db) =>
      searchServices(db, { near }, { page: 1, size: 1, today }),
    )
    expect(services[0]).toMatchObject({ cities: ['Thun'], kilometres: 0 })
  })

  test('gives page after page, with the number of all', async () => {
    const second = await database.as({ networkId }, (db) => searchServices(db, {}, { page: 2, size: 2, today }))
    expect(second).toMatchObject({ total: 3, services: [{ name: 'Welding course' }] })
  })

  test('never finds another network’s', async () => {
    const other = await database.addNetwork()
    const page = await database.as({ networkId: other }, (db) => searchServices(db, {}, { page: 1, size: 20, today }))
    expect(page).toEqual({ services: [], total: 0, isNearly: false })
  })

  test('organisations are found by name, typing errors forgiven', async () => {
    const names = await database.as({ networkId }, (db) => searchOrganizations(db, 'trede school', 5))
    expect(names.map((one) => one.name)).toEqual(['Trade School Bern'])
  })
})

describe('a service', () => {
  test('has its organisation’s address where it has none', async () => {
    const [welding, german] = await database.as({ networkId }, async (db) => [
      await findService(db, ids.welding),
      await findService(db, ids.german),
    ])
    expect([welding?.email, german?.email, welding?.phone]).toEqual([
      'office@trade.example',
      'german@trade.example',
      '031 000 00 00',
    ])
  })

  test('is told with its places and hours', async () => {
    const [places, hours] = await database.as({ networkId }, async (db) => [
      await placesOfService(db, ids.german),
      await hoursOfService(db, ids.german, today),
    ])
    expect(places.map((place) => place.name)).toEqual(['Office', 'Workshop'])
    expect(hours).toEqual([{ isOfPlace: false, weekdays: [2], opens: '22:00', closes: '01:00', weekOfMonth: null }])
  })

  test('keeps what is said of its places, by whom and when', async () => {
    await database.as({ networkId }, (db) =>
      setPlaces(db, ids.german, { free: 0, nextStart: '2026-05-01' as CalendarDay, asOf: now, by: 'staff' }),
    )
    const service = await database.as({ networkId }, (db) => findService(db, ids.german))
    expect(service).toMatchObject({ placesFree: 0, nextStart: '2026-05-01', placesAsOf: now, placesBy: 'staff' })
  })

  test('lets the bearer of a link say so for its own organisation, and nothing else', async () => {
    const service = await database.as({ networkId }, (db) => findService(db, ids.welding))
    const places = { free: 7, nextStart: null, asOf: now, by: 'partner' } as const
    const asLink = { networkId, role: 'link', organizationId: service!.organizationId } as const
    expect(await database.as(asLink, (db) => setPlaces(db, ids.welding, places))).toBe(true)
    expect(await database.as(asLink, (db) => setPlaces(db, ids.law, places))).toBe(false)
    await expect(database.as(asLink, (db) => setServiceType(db, ids.welding, null))).rejects.toThrow(
      /permission denied/,
    )
    expect((await database.as({ networkId }, (db) => findService(db, ids.law)))?.placesFree).toBeNull()
  })

  test('and its organisation are null where there is none of that id', async () => {
    const nothing = await database.as({ networkId }, async (db) => [
      await findService(db, networkId as string as ServiceId),
      await findOrganization(db, networkId as never),
    ])
    expect(nothing).toEqual([null, null])
  })
})

describe('what matching gets', () => {
  test('every service that takes people, with rules, places and hours', async () => {
    const saying = { note: null, by: null, now }
    const id = await database.as({ networkId }, (db) =>
      addRequirement(db, networkId, ids.welding, { ...saying, rule: { kind: 'age', from: 18 } }),
    )
    const other = await database.as({ networkId }, (db) =>
      addRequirement(db, networkId, ids.welding, { ...saying, rule: { kind: 'language', atLeast: 'A2' } }),
    )
    await database.as({ networkId }, (db) =>
      changeRequirement(db, other, { ...saying, rule: { kind: 'language', atLeast: 'B1' }, note: 'Flyer' }),
    )
    const all = await database.as({ networkId }, (db) => servicesForMatching(db, today))
    expect(all).toHaveLength(3)
    expect(all.find((service) => service.id === ids.welding)).toMatchObject({
      serviceType: 'vocational_training',
      rules: expect.arrayContaining([
        { kind: 'age', from: 18 },
        { kind: 'language', atLeast: 'B1' },
      ]) as unknown,
      places: [{ city: 'Bern', ...bern, accessibility: ['step_free', 'lift'], isOnline: false }],
      openings: [{ weekdays: [1, 3], opens: '08:00:00', closes: '12:00:00' }],
    })
    expect(await database.as({ networkId }, (db) => removeRequirement(db, id, { by: null, now }))).toBe(true)
    expect(await database.as({ networkId }, (db) => removeRequirement(db, id, { by: null, now }))).toBe(false)
    expect(await database.as({ networkId }, (db) => requirementsOf(db, ids.welding))).toMatchObject([
      { rule: { kind: 'language' }, note: 'Flyer' },
    ])
  })

  test('the ages that a directory states are a rule, unless they say everybody', () => {
    expect([ageRule(18, null), ageRule(null, 24), ageRule(0, 100), ageRule(null, null)]).toEqual([
      [{ kind: 'age', from: 18, to: undefined }],
      [{ kind: 'age', from: undefined, to: 24 }],
      [],
      [],
    ])
  })
})
