import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertDisclosure } from '#clients/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { newId, type SiteId } from '#platform/ids.ts'
import { actOn, eventId } from '../referrals.acts.ts'
import { insertInformal } from '../informal/informal.store.ts'
import type { Happening } from '../event.ts'
import { aWorld, sendOne, workFor, type World } from '../world.testing.ts'
import { countReferralFigures } from './figures.jobs.ts'
import { figuresOf, lastCount, valuesWithFigures, type FigureWish, type KeptFigure } from './figures.store.ts'

let database: TestDatabase
let world: World
const counted = new Date('2026-03-31T20:00:00Z')
const on = (text: string) => new Date(`${text}T09:00:00Z`)

beforeAll(async () => {
  database = await testDatabase()
  world = await aWorld(database)
  await database.as({ networkId: world.networkId, role: 'job' }, async (db) => {
    const hand = { networkId: world.networkId, staffId: world.adviser.id, now: on('2026-03-02') }
    await insertDisclosure(db, hand, world.client, { kind: 'sex', value: 'female' })
    // Twelve referrals in March: seven accepted after two working days, five not answered yet.
    for (let n = 0; n < 12; n++) {
      const { file } = await sendOne(world, workFor(world, db, on('2026-03-02')))
      if (n >= 7) continue
      const happens = async (day: string, happening: Happening) => {
        const actor = { kind: 'partner', id: world.partner.id, name: world.partner.name } as const
        const at = on(day)
        const done = await actOn(workFor(world, db, at), file.id, {
          ...happening,
          id: eventId(at),
          actor,
          channel: 'link',
        })
        expect(done.ok).toBe(true)
        return done.ok ? done.value.referral.ledHere.id : null
      }
      if (n === 0) {
        // Declined by mistake, undone, and then accepted: only the acceptance counts.
        const corrects = await happens('2026-03-03', { kind: 'declined', by: 'partner', reason: 'no_places' })
        await happens('2026-03-03', { kind: 'corrected', corrects: corrects! })
      }
      await happens('2026-03-04', { kind: 'accepted', appointment: null })
      await happens('2026-03-20', { kind: 'attended', on: '2026-03-11' as never })
    }
    const by = {
      networkId: world.networkId,
      staffId: world.adviser.id,
      now: on('2026-03-05'),
      today: '2026-03-05' as never,
    }
    for (let n = 0; n < 6; n++)
      await insertInformal(db, by, world.client, {
        ...{ id: newId(), organizationId: world.partner.id, serviceId: null, serviceType: null, name: 'Bakery School' },
        ...{ words: null, followUpOn: null },
      })
    await countReferralFigures(workFor(world, db, counted))
  })
})
afterAll(() => database.drop())

const everyone: FigureWish = { over: 'months', breakdown: 'everyone', value: null }
const read = (
  wish: FigureWish,
  who: Partial<Parameters<TestDatabase['as']>[0]> = { role: 'figures', roles: ['evaluator'] },
): Promise<readonly KeptFigure[]> => database.as({ networkId: world.networkId, ...who }, (db) => figuresOf(db, wish))
const cell = (figures: readonly KeptFigure[], measure: string, category: string, month: string | null = '2026-03') =>
  figures.find((one) => one.measure === measure && one.category === category && one.month === month)

describe('counting', () => {
  test('by month sent, with what was corrected left out, and beside it what was only told about', async () => {
    const figures = await read(everyone)
    expect(cell(figures, 'answer', 'answered')).toMatchObject({ numerator: 7, denominator: 12 })
    expect(cell(figures, 'answer', 'open')).toMatchObject({ numerator: 5, denominator: 12 })
    expect(cell(figures, 'within_5', 'yes')).toMatchObject({ numerator: 7, denominator: 12 })
    expect(cell(figures, 'decision', 'accepted')).toMatchObject({ numerator: 7, denominator: 7 })
    expect(cell(figures, 'partner_reasons', 'total')).toBeUndefined()
    expect(cell(figures, 'informal', 'total')).toMatchObject({ numerator: 6 })
    expect(cell(figures, 'answer', 'total', null)).toMatchObject({ numerator: 12 })
  })

  test('attended on the day that was told, not when it was recorded', async () => {
    const figures = await read(everyone)
    expect(cell(figures, 'time_accepted', 'time')).toMatchObject({ median: 5 })
    expect(cell(figures, 'time_sent', 'time')).toMatchObject({ median: 2, ninetieth: null })
  })

  test('by one thing at a time, people of whom it is not known included', async () => {
    const sexes = await read({ over: 'values', breakdown: 'sex', month: null })
    expect(cell(sexes, 'answer', 'answered', null)).toMatchObject({ value: 'female', numerator: 7 })
    const partners = await read({ over: 'values', breakdown: 'partner', month: null })
    expect(cell(partners, 'answer', 'total', null)).toMatchObject({ name: 'Bakery School', numerator: 12 })
    expect(cell(partners, 'informal', 'total', null)).toMatchObject({ name: 'Bakery School', numerator: 6 })
  })

  test('anew: nothing of the earlier count is left, and it says when', async () => {
    const again = new Date('2026-04-01T20:00:00Z')
    await database.as({ networkId: world.networkId, role: 'job' }, (db) =>
      countReferralFigures(workFor(world, db, again)),
    )
    const figures = await read(everyone)
    expect(figures.filter((one) => one.measure === 'answer' && one.category === 'total')).toHaveLength(2)
    const last = await database.as({ networkId: world.networkId, role: 'figures' }, (db) => lastCount(db))
    expect(last).toMatchObject({ countedAt: again, firstMonth: '2025-04', lastMonth: '2026-04', minimum: 5 })
  })

  test('small counts are hidden as they are written', async () => {
    await database.as({ networkId: world.networkId, role: 'job' }, (db) =>
      countReferralFigures(workFor(world, db, counted), 8),
    )
    const figures = await read(everyone)
    expect(cell(figures, 'answer', 'answered')).toMatchObject({ numerator: null })
    expect(cell(figures, 'decision', 'total')).toMatchObject({ numerator: null, denominator: null })
    expect(cell(figures, 'time_under_way', 'hidden')).toMatchObject({ median: null })
    const small = await database.as({ networkId: world.networkId, role: 'job' }, (db) =>
      db.selectFrom('figure_referrals').select('id').where('numerator', '>', 0).where('numerator', '<', 8).execute(),
    )
    expect(small).toEqual([])
    await database.as({ networkId: world.networkId, role: 'job' }, (db) =>
      countReferralFigures(workFor(world, db, counted)),
    )
  })
})

describe('who reads', () => {
  const sites: FigureWish = { over: 'values', breakdown: 'site', month: null }

  test('a manager reads the sites that they manage, and what names no site', async () => {
    const manager = (siteIds: readonly SiteId[]) => ({ role: 'figures', roles: ['manager'], siteIds }) as const
    expect(await read(sites, manager([world.siteId]))).not.toEqual([])
    expect(await read(sites, manager([newId<'site'>()]))).toEqual([])
    expect(await read(sites, manager([]))).toEqual([])
    expect(await read(everyone, manager([]))).not.toEqual([])
  })

  test('staff read how partners answer, and nothing else of it', async () => {
    const values = await database.as({ networkId: world.networkId }, (db) => valuesWithFigures(db))
    expect(values).toEqual([{ breakdown: 'partner', value: world.partner.id, name: 'Bakery School' }])
    expect(await read(everyone, { role: 'staff' })).toEqual([])
    expect(await read(sites, { role: 'staff' })).toEqual([])
  })

  test('a partner reads its own figures, links and clients none, and another network nothing', async () => {
    const partners: FigureWish = { over: 'values', breakdown: 'partner', month: null }
    expect(await read(partners, { role: 'partner', organizationId: world.partner.id })).not.toEqual([])
    expect(await read(partners, { role: 'partner', organizationId: world.otherPartner.id })).toEqual([])
    for (const role of ['link', 'client', 'door'] as const)
      await expect(read(partners, { role })).rejects.toThrow(/permission denied/)
    expect(
      await read(partners, { role: 'figures', roles: ['evaluator'], networkId: await database.addNetwork() }),
    ).toEqual([])
  })

  test('whoever reads figures reads no referral and no client', async () => {
    for (const table of ['referrals', 'referral_events', 'informal_referrals', 'clients'] as const)
      await expect(
        database.as({ networkId: world.networkId, role: 'figures', roles: ['evaluator'] }, (db) =>
          db.selectFrom(table).select('id').execute(),
        ),
      ).rejects.toThrow(/permission denied/)
  })
})
