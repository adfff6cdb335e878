import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { NetworkId } from '#platform/ids.ts'
import { inventEpisodes, type Invented } from './episodes.factory.ts'
import { estimateChances, findModelInUse, findModelVersion, importEpisodes, learn } from './index.ts'

let database: TestDatabase
let networkId: NetworkId
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-episodes-'))
const now = new Date('2026-03-04T09:00:00Z')

beforeAll(async () => {
  database = await testDatabase()
})

afterAll(async () => {
  await database.drop()
  fs.rmSync(folder, { recursive: true })
})

const mapping = {
  source: 'old system',
  id: 'case',
  facts: {
    age: 'age',
    sex: { column: 'sex', values: { f: 'female', m: 'male' } },
    born_abroad: { column: 'abroad', values: { 1: true, 0: false } },
    language_level: 'level',
    schooling: 'school',
    months_unemployed: 'months',
    children: 'children',
    residence_area: 'area',
    driving_licence: 'licence',
    needs: { column: 'needs', separator: '|' },
  },
  taken: { column: 'service', values: { none: 'none', lang: 'language_training', voc: 'vocational_training' } },
  working_at_365: 'working',
  earnings_at_365: 'pay',
  started_on: 'day',
  unknown: ['NA'],
}
const heads = [
  'case',
  'age',
  'sex',
  'abroad',
  'level',
  'school',
  'months',
  'children',
  'area',
  'licence',
  'needs',
  'service',
  'working',
  'pay',
  'day',
]

function lineOf({ facts, taken, working }: Invented, at: number): string {
  const yesNo = (value: unknown) => (value === undefined ? 'NA' : value === true ? '1' : '0')
  return [
    `c${at}`,
    ...[
      facts.age,
      facts.sex === 'female' ? 'f' : 'm',
      yesNo(facts.born_abroad),
      facts.language_level,
      facts.schooling,
    ].map(String),
    ...[facts.months_unemployed, facts.children, facts.residence_area, yesNo(facts.driving_licence)].map(String),
    (Array.isArray(facts.needs) ? facts.needs : []).join('|'),
    { none: 'none', language_training: 'lang', vocational_training: 'voc' }[taken] ?? '',
    ...[working === null ? '' : yesNo(working), '2100.50', '2024-05-06'],
  ].join(',')
}

function fileOf(lines: readonly string[], header = heads.join(',')): string {
  const file = path.join(folder, `${Math.random()}.csv`)
  fs.writeFileSync(file, [header, ...lines].join('\n'))
  return file
}

const importInto = (network: NetworkId, file: string, how: unknown = mapping) =>
  database.as({ networkId: network, role: 'job' }, (db) =>
    importEpisodes(db, { networkId: network, path: file, mapping: how, now }),
  )

const rowsOf = (network: NetworkId) =>
  database.as({ networkId: network, role: 'job' }, (db) =>
    db
      .selectFrom('evidence_episodes')
      .select(['source_key', 'facts', 'taken', 'earnings_at_365_cents', 'started_on'])
      .orderBy('source_key')
      .execute(),
  )

describe('importing episodes', () => {
  const episodes = inventEpisodes(1200, 31)

  test('keeps what a row says, and the same file twice changes nothing', async () => {
    networkId = await database.addNetwork()
    const file = fileOf(episodes.map(lineOf))
    const first = await importInto(networkId, file)
    expect(first.ok && first.value).toMatchObject({
      lines: 1200,
      added: 1200,
      changed: 0,
      unchanged: 0,
      refusedCount: 0,
    })
    const again = await importInto(networkId, file)
    expect(again.ok && again.value).toMatchObject({ added: 0, changed: 0, unchanged: 1200 })
    const [row] = await rowsOf(networkId)
    expect(row).toMatchObject({
      source_key: 'c0',
      taken: episodes[0]!.taken,
      earnings_at_365_cents: 210050,
      started_on: '2024-05-06',
    })
    expect(row!.facts).toEqual(episodes[0]!.facts)
  })

  test('a changed row with its old id is brought up to date', async () => {
    const file = fileOf([lineOf({ ...episodes[0]!, taken: 'none' }, 0)])
    const report = await importInto(networkId, file)
    expect(report.ok && report.value).toMatchObject({ added: 0, changed: 1 })
    expect((await rowsOf(networkId))[0]).toMatchObject({ taken: 'none' })
  })

  test('a row that says something unheard of is refused with its line and column, the others go in', async () => {
    const network = await database.addNetwork()
    const good = lineOf(episodes[1]!, 1)
    const bad = good.replace(/^c1,\d+/, 'c2,young')
    const unheard = good.replace(/^c1/, 'c3').replace(/,(none|lang|voc),/, ',stilts,')
    const report = await importInto(network, fileOf([bad, good, good, unheard]))
    expect(report.ok && report.value).toMatchObject({ added: 1, refusedCount: 3 })
    expect(report.ok && report.value.refused).toEqual([
      { line: 2, column: 'age', reason: 'young is no number' },
      { line: 4, column: 'case', reason: 'c1 comes twice' },
      { line: 5, column: 'service', reason: 'stilts has no meaning in the mapping' },
    ])
  })

  test('without an id, equal lines are so many people, and still nothing is taken in twice', async () => {
    const network = await database.addNetwork()
    const { id: _, ...nameless } = mapping
    const line = lineOf(episodes[2]!, 1)
    const report = await importInto(network, fileOf([line, line, line]), nameless)
    expect(report.ok && report.value.added).toBe(3)
    const again = await importInto(network, fileOf([line, line, line]), nameless)
    expect(again.ok && again.value.unchanged).toBe(3)
  })

  test('a file that cannot be read is refused whole before the first write', async () => {
    const network = await database.addNetwork()
    const good = lineOf(episodes[1]!, 1)
    const broken = fileOf([good])
    fs.appendFileSync(broken, Buffer.concat([Buffer.from('\nc9,'), Buffer.from([0xff, 0xfe])]))
    expect(await importInto(network, broken)).toEqual({
      ok: false,
      problem: expect.stringContaining('no UTF-8') as string,
    })
    const missing = fileOf([good], heads.map((head) => (head === 'service' ? 'srv' : head)).join(','))
    expect(await importInto(network, missing)).toEqual({ ok: false, problem: 'The file has no column service.' })
    const quoted = fileOf([good, 'c8,"4']) // never closed
    expect(await importInto(network, quoted)).toEqual({
      ok: false,
      problem: expect.stringContaining('cannot be read as CSV') as string,
    })
    expect(await importInto(network, fileOf([]))).toEqual({ ok: false, problem: 'The file holds no rows.' })
    expect(await rowsOf(network)).toEqual([])
  })

  test('a mapping that is wrong says where', async () => {
    const problems = [
      [{ ...mapping, facts: { shoe_size: 'age' } }, 'The mapping names a fact shoe_size that there is not.'],
      [
        { ...mapping, taken: { column: 'service', values: { x: 'stilts' } } },
        'The mapping names a service type stilts that there is not.',
      ],
      [{ ...mapping, taken: 4 }, /^The mapping is wrong at taken/],
    ] as const
    for (const [wrong, problem] of problems) {
      const report = await importInto(networkId, '/nowhere', wrong)
      expect(report.ok ? '' : report.problem).toMatch(problem)
    }
  })
})

describe('learning', () => {
  test('puts a model in use that estimates, and the next one takes its place', async () => {
    const order = { networkId, now, draws: 8 }
    const first = await database.as({ networkId, role: 'job' }, (db) => learn(db, order))
    expect(first.version).toBe(1)
    const second = await database.as({ networkId, role: 'job' }, (db) => learn(db, order))
    expect(second.version).toBe(2)
    expect(second.model.numbers).toEqual(first.model.numbers)
    await database.as({ networkId }, async (db) => {
      expect(await findModelVersion(db, first.id)).toMatchObject({ version: 1, isInUse: false, episodes: 1200 })
      expect(await findModelVersion(db, second.id)).toMatchObject({ version: 2, isInUse: true })
    })
  })

  test('gives the same estimates from the kept bytes as from the fit itself', async () => {
    const fitted = await database.as({ networkId, role: 'job' }, (db) =>
      learn(db, { networkId, now, draws: 8, seed: 4 }),
    )
    const kept = await database.as({ networkId }, (db) => findModelInUse(db))
    expect(kept?.id).toBe(fitted.id)
    const { facts } = inventEpisodes(1, 8)[0]!
    expect(estimateChances(kept!.model, facts)).toEqual(estimateChances(fitted.model, facts))
    expect(kept!.model.card).toEqual(fitted.model.card)
  })

  test('from nothing gives a model that estimates nothing', async () => {
    const empty = await database.addNetwork()
    const learned = await database.as({ networkId: empty, role: 'job' }, (db) => learn(db, { networkId: empty, now }))
    expect(learned.model.arms).toEqual([])
    const kept = await database.as({ networkId: empty }, (db) => findModelInUse(db))
    expect(estimateChances(kept!.model, {})).toEqual([])
  })

  test('of one network is nothing to another, and no one but advisers and managers reads a model', async () => {
    const other = await database.addNetwork()
    expect(await database.as({ networkId: other }, (db) => findModelInUse(db))).toBeNull()
    expect(await database.as({ networkId, roles: ['evaluator'] }, (db) => findModelInUse(db))).toBeNull()
    await expect(
      database.as({ networkId }, (db) => db.selectFrom('evidence_episodes').select('id').execute()),
    ).rejects.toThrow(/permission denied/)
  })
})
