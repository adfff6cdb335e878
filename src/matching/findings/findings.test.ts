import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkRequirement, directoryVersion } from '#directory/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { NetworkId } from '#platform/ids.ts'
import { compileCatalogue } from '../catalogue.ts'
import { anEstimate, aPerson, aService, measures } from '../matching.factory.ts'
import type { Finding } from '../evidence-step.ts'
import { findingsOf } from '../findings.store.ts'
import { recommend } from '../recommend.ts'
import { importFindings } from './import-findings.run.ts'

let database: TestDatabase
let networkId: NetworkId
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-findings-'))
const file = path.join(folder, 'findings.csv')
const now = new Date('2026-11-24T10:00:00Z')

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  networkId = await database.addNetwork()
})
afterAll(async () => {
  fs.rmSync(folder, { recursive: true })
  await database.drop()
})

const head = 'service_type,gain,low,high,source,year,population'
const course = 'vocational_training,0.067,0.02,0.11,"A, study",2018,adults out of work'
const advice = 'job_search_support,0.02,-0.01,.05,Another study,,'

function take(...lines: readonly string[]) {
  fs.writeFileSync(file, lines.join('\n'))
  return database.as({ networkId, role: 'job' }, (db) => importFindings(db, { networkId, path: file, now }))
}

async function refusalsOf(...lines: readonly string[]) {
  const done = await take(...lines)
  if (done.ok || done.problem.reason !== 'rows_refused') throw new Error('The rows were not refused.')
  return done.problem.refused
}

const kept = () => database.as({ networkId }, findingsOf)
const version = () => database.as({ networkId }, directoryVersion)

describe('a file of findings', () => {
  test('takes the place of all that were there', async () => {
    expect(await take(head, course, advice)).toMatchObject({ ok: true, value: { rows: 2, added: 2, gone: 0 } })
    expect(await kept()).toEqual([
      {
        ...{ type: 'job_search_support', gain: 0.02, low: -0.01, high: 0.05 },
        ...{ source: 'Another study', year: null, population: null },
      },
      {
        ...{ type: 'vocational_training', gain: 0.067, low: 0.02, high: 0.11 },
        ...{ source: 'A, study', year: 2018, population: 'adults out of work' },
      },
    ])
    expect(await take(head, course.replace('0.067', '0.07'))).toMatchObject({ value: { changed: 1, gone: 1 } })
    expect((await kept()).map(({ gain }) => gain)).toEqual([0.07])
  })

  test('again changes nothing, and what is offered is not read anew for it', async () => {
    await take(head, course, advice)
    const before = await version()
    expect(await take(head, advice, course)).toMatchObject({ value: { added: 0, unchanged: 2, gone: 0 } })
    expect(await version()).toBe(before)
    await take(head, advice)
    expect(await version()).not.toBe(before)
  })

  test('with a header alone takes every finding away', async () => {
    await take(head, course)
    expect(await take(head)).toMatchObject({ value: { rows: 0, gone: 1 } })
    expect(await kept()).toEqual([])
  })

  test('may order its columns otherwise, leave out the last two, and end its lines as Windows does', async () => {
    expect(await take('\ufeffsource,high,low,gain,Service_Type\r', 'S,0.2,0,0.1,mentoring\r', '')).toMatchObject({
      value: { added: 1 },
    })
    expect(await kept()).toMatchObject([{ type: 'mentoring', gain: 0.1, year: null, population: null }])
  })

  test('is another network’s own', async () => {
    await take(head, course)
    const other = await database.addNetwork()
    expect(await database.as({ networkId: other }, findingsOf)).toEqual([])
  })
})

describe('a row that cannot be read', () => {
  test('refuses the whole file, with every such row, its line and its reason', async () => {
    await take(head, advice)
    const refused = await refusalsOf(
      head,
      course,
      'welding,0.1,0,0.2,S,2018,',
      '',
      'mentoring,6.7,2,11,S,2018,',
      'mentoring,"0,1",0,0.2,S,2018,',
      'mentoring,0.3,0,0.2,S,2018,',
      'mentoring,0.1,0,0.2,,2018,',
      'mentoring,0.1,0,0.2,S,18,',
      'mentoring,0.1,0,0.2,S,2027,',
      'mentoring,0.1,0,0.2,"S',
      'in two lines",2018,',
      'mentoring,0.1,0,0.2,S',
      `mentoring,0.1,0,0.2,${'S'.repeat(501)},2018,`,
      course,
    )
    expect(refused.map(({ line, reason, column }) => [line, reason, column])).toEqual([
      [3, 'unknown_type', 'service_type'],
      [5, 'not_a_share', 'gain'],
      [6, 'not_a_share', 'gain'],
      [7, 'not_between', 'gain'],
      [8, 'no_source', 'source'],
      [9, 'not_a_year', 'year'],
      [10, 'not_a_year', 'year'],
      [13, 'wrong_number_of_columns', null],
      [14, 'too_long', 'source'],
      [15, 'comes_twice', null],
    ])
    expect(await kept()).toHaveLength(1)
  })

  test('two studies of one type stand side by side when they tell of other people', async () => {
    expect(await take(head, course, course.replace('adults', 'young people'))).toMatchObject({ value: { added: 2 } })
  })
})

describe('a file that is another one', () => {
  test('is refused whole, with what is wrong', async () => {
    await take(head, course)
    expect(await take('service_type,gain,low,high', 'mentoring,0.1,0,0.2')).toMatchObject({
      problem: { reason: 'column_missing', line: 1, value: 'source' },
    })
    expect(await take('service_type,gain_per_100,gain,low,high,source')).toMatchObject({
      problem: { reason: 'column_unknown', value: 'gain_per_100' },
    })
    expect(await take(`${head},year`)).toMatchObject({ problem: { reason: 'column_unknown', value: 'year' } })
    expect(await take('')).toMatchObject({ problem: { reason: 'column_missing', value: 'service_type' } })
    expect(await take(head, 'mentoring,"0.1')).toMatchObject({ problem: { reason: 'broken_table' } })
    expect(await kept()).toHaveLength(1)
  })

  test('is refused when it is no text, no file or far too large', async () => {
    const read = (at: string) =>
      database.as({ networkId, role: 'job' }, (db) => importFindings(db, { networkId, path: at, now }))
    fs.writeFileSync(file, Buffer.concat([Buffer.from(`${head}\nmentoring,`), Buffer.from([0xff, 0xfe])]))
    expect(await read(file)).toMatchObject({ problem: { reason: 'no_utf8', line: 2 } })
    expect(await read(folder)).toMatchObject({ problem: { reason: 'unreadable' } })
    expect(await read(path.join(folder, 'none.csv'))).toMatchObject({ problem: { reason: 'unreadable' } })
    fs.truncateSync(file, 5_000_000)
    expect(await read(file)).toMatchObject({ problem: { reason: 'too_large' } })
  })
})

test('a finding is shown where nothing is known here, and changes no order, tier or chance', () => {
  const types = ['vocational_training', 'mentoring', 'wage_subsidy', 'legal_advice'] as const
  const catalogue = compileCatalogue(types.map((serviceType) => aService({ serviceType })))
  const estimates = [anEstimate('vocational_training', 0.1), anEstimate('wage_subsidy', -0.3)]
  const rank = (findings: readonly Finding[]) =>
    recommend({
      ...{ person: aPerson(), catalogue, estimates, unsupported: [], isByModel: true, providers: [], findings },
      ...{ differences: [], order: { by: 'lottery', seed: 3 }, checkRequirement, ...measures },
    }).services
  const found = (type: string): Finding => {
    return { type, gain: 0.9, low: 0.8, high: 1, source: 'A study', year: 2018, population: null }
  }
  const without = rank([])
  const given = rank(types.map(found))
  expect(given.map(({ id, tier, chance }) => [id, tier, chance])).toEqual(
    without.map(({ id, tier, chance }) => [id, tier, chance]),
  )
  expect(
    Object.fromEntries(given.map(({ type, evidence }) => [type, [evidence.gain, evidence.studies.length]])),
  ).toEqual({
    vocational_training: [0.1, 0],
    wage_subsidy: [-0.3, 0],
    mentoring: [null, 1],
    legal_advice: [null, 1],
  })
})
