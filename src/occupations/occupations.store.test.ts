import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { Db } from '#platform/db/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import type { NetworkId } from '#platform/ids.ts'
import { importLabourMarket } from './import/labour-market.run.ts'
import { importOccupations, type OccupationsReport } from './import/import-occupations.run.ts'
import { aFolder, escoFiles, onetFiles } from './occupation.factory.ts'
import { searchOccupations } from './occupation-search.store.ts'
import { labourMarketOf, relatedOccupations, skillsOfOccupation, sourcesNamed } from './occupations.store.ts'
import { installShippedOccupations, shipped } from './shipped.store.ts'

const now = new Date('2026-03-02T09:00:00Z')
let database: TestDatabase
let networkId: NetworkId
beforeAll(async () => {
  database = await testDatabase()
  networkId = await database.addNetwork()
  await inJob(networkId)((db) => installShippedOccupations(db, networkId, now))
})
afterAll(() => database.drop())

const inJob =
  (network: NetworkId) =>
  <T>(work: (db: Db) => Promise<T>) =>
    database.as({ networkId: network, role: 'job' }, work)

const take = (network: NetworkId, files: Readonly<Record<string, string>>) =>
  importOccupations({ transact: inJob(network), networkId: network, paths: [aFolder(files)], now })

async function taken(network: NetworkId, files: Readonly<Record<string, string>>): Promise<OccupationsReport> {
  const done = await take(network, files)
  if (!done.ok) throw new Error(JSON.stringify(done.problem))
  return done.value
}

const found = async (text: string, network = networkId, wished: readonly string[] = ['en']) =>
  database.as({ networkId: network }, (db) => searchOccupations(db, text, { wished }))
const names = async (text: string, network = networkId, wished: readonly string[] = ['en']) =>
  (await found(text, network, wished)).occupations.map(({ name }) => name)

describe('without any import', () => {
  test('the list that comes with Waypost is there, each occupation with five to ten skills', async () => {
    for (const one of shipped.occupations) {
      const skills = [...one.essential, ...one.optional]
      expect([one.code, skills.length >= 5 && skills.length <= 10]).toEqual([one.code, true])
      expect(new Set(skills).size).toBe(skills.length)
    }
    const [cook] = (await found('cook')).occupations
    const skills = await database.as({ networkId }, (db) => skillsOfOccupation(db, cook!.id, ['en']))
    expect(skills[0]?.relation).toBe('essential')
    expect(skills.at(-1)?.relation).toBe('optional')
    expect(skills.map(({ name }) => name)).toContain('keep to food hygiene rules')
  })

  test('installing it again changes nothing', async () => {
    const count = () =>
      inJob(networkId)(async (db) => [
        await db.selectFrom('occupations').selectAll().execute(),
        await db.selectFrom('occupation_skills').selectAll().execute(),
        await db.selectFrom('occupation_sources').selectAll().execute(),
      ])
    const before = await count()
    await inJob(networkId)((db) => installShippedOccupations(db, networkId, new Date('2027-01-01T00:00:00Z')))
    expect(await count()).toEqual(before)
  })

  test('occupations with shared skills are near one another, and those held are left out', async () => {
    const [carer] = (await found('care worker')).occupations
    const related = await database.as({ networkId }, async (db) => {
      const skills = await skillsOfOccupation(db, carer!.id, ['en'])
      const wish = { without: [carer!.id], wished: ['en'] }
      return relatedOccupations(
        db,
        skills.map(({ id }) => id),
        wish,
      )
    })
    expect(related.map(({ name }) => name)).toContain('nursing assistant')
    expect(related.map(({ id }) => id)).not.toContain(carer!.id)
    expect(related.every(({ shared, needed }) => shared >= 2 && shared <= needed)).toBe(true)
  })
})

describe('a typed occupation finds its entry', () => {
  test.each([
    ['its name', 'Plumber', 'plumber'],
    ['another label', 'call center', 'call centre agent'],
    ['the beginnings of words, in any order', 'driv deliv', 'delivery driver'],
    ['a letter too many', 'electriccian', 'electrician'],
    ['a letter missing', 'recepionist', 'receptionist'],
    ['two letters swapped', 'plubmer', 'plumber'],
    ['two letters swapped at the beginning', 'ewlder', 'welder'],
    ['what somebody did', 'cleaned offices', 'cleaner'],
    ['a sentence', 'I was a hairdresser in a hotel', 'hairdresser'],
    ['a slip and a word too many', 'elctrician in building', 'electrician'],
    ['signs that mean something to the database', "'; nurse % \\ | &", 'nurse'],
  ])('by %s', async (_, typed, name) => {
    expect((await names(typed))[0]).toBe(name)
  })

  test('whole names go before longer labels with the word in it', async () => {
    expect((await names('cook'))[0]).toBe('cook')
  })

  test('where few names have all words, those with one word less come after them', async () => {
    const all = await names('building electrician labourer')
    expect(all.length).toBeGreaterThan(1)
    expect((await names('building caretaker'))[0]).toBe('caretaker')
    expect(await names('building caretaker')).toContain('construction labourer')
  })

  test('says when the words were only nearly found', async () => {
    expect((await found('welder')).isNearly).toBe(false)
    expect((await found('wedler')).isNearly).toBe(true)
  })

  test.each(['', '   ', '!!', 'xqzzkwv', '\0', '漢'])('finds nothing for %j, and never fails', async (typed) => {
    expect(await names(typed)).toEqual([])
  })
})

describe('an ESCO release', () => {
  let esco: NetworkId
  let report: OccupationsReport
  beforeAll(async () => {
    esco = await database.addNetwork()
    await inJob(esco)((db) => installShippedOccupations(db, esco, now))
    report = await taken(esco, escoFiles)
  })

  test('goes in with all its languages; what is not in force is left out; other files are named', () => {
    expect(report).toMatchObject({
      refusedCount: 0,
      notRead: ['skillsHierarchy_en.csv'],
      occupations: { added: 7, changed: 0, unchanged: 0, gone: 0 },
      skills: { added: 6 },
      needs: { added: 7 },
    })
  })

  test('the same again changes nothing', async () => {
    const again = await taken(esco, escoFiles)
    for (const counts of [again.occupations, again.skills, again.needs])
      expect(counts).toMatchObject({ added: 0, changed: 0, gone: 0 })
    expect(again.needs.unchanged).toBe(7)
  })

  test('is found in any of its languages, and shown in the reader’s', async () => {
    expect(await names('Kochin', esco)).toEqual(['cook'])
    expect((await found('krankenschwester', esco)).occupations[0]).toMatchObject({
      name: 'nurse responsible for general care',
      foundAs: { label: 'Krankenschwester', language: 'de' },
    })
    expect(await names('chef', esco, ['de-CH'])).toContain('Koch/Köchin')
    expect(await names('lamplighter', esco)).toEqual([])
  })

  test('takes the place of the list that comes with Waypost, since it says what skills are needed', async () => {
    expect(await names('plumber', esco)).toEqual([])
    expect(sourcesNamed((await found('cook', esco)).occupations)).toMatchObject([
      { source: 'esco', licence: 'CC BY 4.0' },
    ])
  })

  test('skills have their kind and the language that is there', async () => {
    const [cook] = (await found('cook', esco)).occupations
    const skills = await database.as({ networkId: esco }, (db) => skillsOfOccupation(db, cook!.id, ['de']))
    expect(skills.map(({ name, kind, relation }) => [name, kind, relation])).toEqual([
      ['cook meals', 'skill', 'essential'],
      ['Lebensmittelhygiene', 'knowledge', 'essential'],
      ['English', 'language', 'optional'],
    ])
  })

  test('what a newer release changes is changed, and what it leaves out is gone', async () => {
    const network = await database.addNetwork()
    await taken(network, escoFiles)
    const newer = {
      'occupations_en.csv': escoFiles['occupations_en.csv']!.replace('Bakers make bread.', 'Bakers bake.').replace(
        /^.*electrician.*\n/m,
        '',
      ),
      'occupationSkillRelations_en.csv': escoFiles['occupationSkillRelations_en.csv']!.replace(
        /^.*wires\n/m,
        '',
      ).replace('cook,optional', 'cook,essential'),
    }
    const { occupations, needs } = await taken(network, newer)
    expect(occupations).toMatchObject({ changed: 1, unchanged: 2, gone: 1 })
    expect(needs).toMatchObject({ changed: 1, gone: 1, unchanged: 5 })
    expect(await names('electrician', network)).toEqual([])
    await taken(network, escoFiles)
    expect(await names('electrician', network)).toEqual(['electrician'])
  })

  test('is written by imports alone: staff read, and the roles outside have no way to it', async () => {
    const write = (db: Db) => db.updateTable('occupations').set({ isco: '1' }).execute()
    await expect(database.as({ networkId: esco, roles: ['administrator'] }, write)).rejects.toThrow(/permission denied/)
    for (const role of ['partner', 'link', 'client', 'figures', 'door'] as const)
      await expect(
        database.as({ networkId: esco, role }, (db) => searchOccupations(db, 'cook', { wished: ['en'] })),
      ).rejects.toThrow(/permission denied/)
  })

  test('another network sees nothing of it', async () => {
    const other = await database.addNetwork()
    expect(await names('cook', other)).toEqual([])
  })
})

describe('an O*NET release', () => {
  test('goes in with its titles; skills count by their importance', async () => {
    const network = await database.addNetwork()
    const report = await taken(network, onetFiles)
    expect(report).toMatchObject({ refusedCount: 0, occupations: { added: 2 }, needs: { added: 3 } })
    const [nurse] = (await found('staff nurse', network)).occupations
    expect(nurse).toMatchObject({ name: 'Registered Nurses', soc: '29-1141', source: 'onet' })
    const skills = await database.as({ networkId: network }, (db) => skillsOfOccupation(db, nurse!.id, ['en']))
    expect(skills.map(({ name, relation }) => [name, relation])).toEqual([
      ['Active Listening', 'essential'],
      ['Mathematics', 'optional'],
    ])
    const again = await taken(network, onetFiles)
    expect([again.occupations.unchanged, again.needs.unchanged, again.needs.added]).toEqual([2, 3, 0])
  })
})

describe('what is wrong', () => {
  test('in a row is refused by its line, and the rest goes in', async () => {
    const network = await database.addNetwork()
    const files = {
      'occupations_en.csv':
        'conceptUri,preferredLabel\nhttp://x/1,baker\n,nobody\nhttp://x/2,\nhttp://x/1,baker again\nhttp://x/3,a,b\nhttp://x/4,ni\0ne\n',
      'occupationSkillRelations_en.csv':
        'occupationUri,relationType,skillUri\nhttp://x/1,essential,http://s/1\nhttp://x/9,essential,http://s/1\nhttp://x/1,vital,http://s/1\n',
    }
    const report = await taken(network, files)
    expect(report.refused.map(({ file, line, reason }) => [file.slice(0, 12), line, reason])).toEqual([
      ['occupations_', 3, 'no_code'],
      ['occupations_', 4, 'no_name'],
      ['occupations_', 5, 'comes_twice'],
      ['occupations_', 6, 'wrong_number_of_columns'],
      ['occupations_', 7, 'unreadable_character'],
      ['occupationSk', 2, 'no_such_skill'],
      ['occupationSk', 3, 'no_such_occupation'],
      ['occupationSk', 4, 'unknown_relation'],
    ])
    expect(await names('baker', network)).toEqual(['baker'])
  })

  test.each([
    ['a column missing', { 'occupations_en.csv': 'uri,name\n1,baker\n' }, 'column_missing'],
    ['an empty file', { 'occupations_en.csv': '' }, 'column_missing'],
    ['nothing known in the folder', { 'notes.txt': 'x' }, 'nothing_known'],
    ['two releases mixed', { ...escoFiles, ...onetFiles }, 'two_layouts'],
    [
      'a quote that never closes in the second file',
      { ...escoFiles, 'skills_en.csv': 'conceptUri,preferredLabel\n1,"x\n' },
      'broken_table',
    ],
  ])('as a whole (%s) keeps everything as it was', async (_, files, reason) => {
    const network = await database.addNetwork()
    const done = await take(network, files)
    expect(done).toMatchObject({ ok: false, problem: { reason } })
    expect(await inJob(network)((db) => db.selectFrom('occupation_sources').selectAll().execute())).toEqual([])
  })

  test('bytes that are no UTF-8 refuse the files, with the line', async () => {
    const network = await database.addNetwork()
    const folder = aFolder({})
    const bytes = Buffer.concat([
      Buffer.from('conceptUri,preferredLabel\n1,ba'),
      Buffer.from([0xff]),
      Buffer.from('\n'),
    ])
    fs.writeFileSync(path.join(folder, 'occupations_en.csv'), bytes)
    const done = await importOccupations({ transact: inJob(network), networkId: network, paths: [folder], now })
    expect(done).toMatchObject({ ok: false, problem: { reason: 'no_utf8', line: 2 } })
  })
})

describe('a labour-market file', () => {
  const header = 'code,area,growth_percent,growth_years,earnings,earnings_per,currency,in_demand,source,as_of\n'
  const takeMarket = (network: NetworkId, text: string, defaults = {}) =>
    importLabourMarket({
      ...{ transact: inJob(network), networkId: network, path: `${aFolder({ 'm.csv': text })}/m.csv`, now },
      defaults: { source: null, asOf: null, isInDemand: false, ...defaults },
    })

  test('tells of an occupation by ISCO, its groups, SOC or ESCO, of the area first', async () => {
    const network = await database.addNetwork()
    await inJob(network)((db) => installShippedOccupations(db, network, now))
    const text = `${header}512,,2,10,11.5,hour,GBP,,Office,2025\n35-2014,North,-3.5,5,,,,yes,Office,2025-06-30\n7126,,4,10,,,,,Office,2025\n`
    const done = await takeMarket(network, text)
    expect(done).toMatchObject({ ok: true, value: { counts: { added: 3 }, refusedCount: 0 } })
    const [cook] = (await found('cook', network)).occupations
    const of = (area: string | null) => database.as({ networkId: network }, (db) => labourMarketOf(db, [cook!], area))
    expect((await of(null)).get(cook!.id)).toEqual({
      ...{ source: 'Office', asOf: '2025-01-01', area: '', isInDemand: null },
      growth: { percent: 2, years: 10 },
      earnings: { cents: 1150, per: 'hour', currency: 'GBP' },
    })
    expect((await of('North')).get(cook!.id)).toMatchObject({ area: 'North', isInDemand: true, earnings: null })
    expect(await takeMarket(network, text)).toMatchObject({
      value: { counts: { added: 0, changed: 0, unchanged: 3, gone: 0 } },
    })
    expect(await takeMarket(network, `${header}7126,,5,10,,,,,Office,2026\n`)).toMatchObject({
      value: { counts: { changed: 1, gone: 1 } },
    })
  })

  test('refuses rows by line that would be read as something else', async () => {
    const rows = ['cook,,1,5,,,,,O,2025', '5120,,1,,,,,,O,2025', '5120,,,,100,month,,,O,2025', '5120,,x,5,,,,,O,2025']
    const done = await takeMarket(
      networkId,
      `${header}${[...rows, '5120,,1,5,,,,,O,soon', '5120,,1,5,,,,,,2025'].join('\n')}\n`,
    )
    expect(done.ok && done.value.refused.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'unknown_code'],
      [3, 'incomplete'],
      [4, 'incomplete'],
      [5, 'not_a_number'],
      [6, 'not_a_day'],
      [7, 'incomplete'],
    ])
    expect(await takeMarket(networkId, 'name,growth\na,1\n')).toMatchObject({ problem: { reason: 'column_missing' } })
  })

  const real = path.join(
    import.meta.dirname,
    '..',
    '..',
    '..',
    'shared',
    'data',
    'nj-training-outcomes',
    'in_demand_socs.csv',
  )
  test.skipIf(!fs.existsSync(real))('New Jersey’s list of occupations in demand is read as it is', async () => {
    const network = await database.addNetwork()
    await inJob(network)((db) => installShippedOccupations(db, network, now))
    const done = await importLabourMarket({
      ...{ transact: inJob(network), networkId: network, path: real, now },
      defaults: { source: 'New Jersey', asOf: '2024-01-01' as CalendarDay, isInDemand: true },
    })
    expect(done).toMatchObject({ ok: true, value: { refusedCount: 0 } })
    const [nurse] = (await found('registered nurse', network)).occupations
    const market = await database.as({ networkId: network }, (db) => labourMarketOf(db, [nurse!], null))
    expect(market.get(nurse!.id)).toMatchObject({ isInDemand: true, source: 'New Jersey' })
  })
})
