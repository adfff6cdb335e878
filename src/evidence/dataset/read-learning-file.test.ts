import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLearningFile, type LearningFile } from './read-learning-file.run.ts'
import type { Roles } from './roles.ts'

let folder: string
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-dataset-'))
})
afterAll(() => fs.rmSync(folder, { recursive: true }))

let files = 0
function fileOf(content: string | Uint8Array, ending = 'csv'): string {
  const file = path.join(folder, `${++files}.${ending}`)
  fs.writeFileSync(file, content)
  return file
}

const roles: Roles = { treatment: 'service', control: 'none', outcome: 'works' }

async function read(content: string, more: Partial<Roles> = {}): Promise<LearningFile> {
  const result = await readLearningFile(fileOf(content), { ...roles, ...more })
  if (!result.ok) throw new Error(result.problem.sentence)
  return result.value
}

async function refusal(content: string | Uint8Array, more: Partial<Roles> = {}): Promise<string> {
  const result = await readLearningFile(fileOf(content), { ...roles, ...more })
  return result.ok ? 'read' : `${result.problem.code}: ${result.problem.sentence}`
}

const small = 'age,region,service,works\n30,north,none,1\n41,south,course,0\n,north,course,\n52,,none,0\n'

describe('what a cell means', () => {
  test('a feature whose known cells are all numbers is a number, any other a category, and the rows keep their order', async () => {
    const { table } = await read(small)
    expect(table.features).toEqual([
      { name: 'age', kind: 'number', levels: [], isProtected: false, values: Float64Array.of(30, 41, NaN, 52) },
      {
        name: 'region',
        kind: 'category',
        levels: ['north', 'south'],
        isProtected: false,
        values: Float64Array.of(0, 1, 0, NaN),
      },
    ])
    expect(table.arms).toEqual(['none', 'course'])
    expect([...table.arm]).toEqual([0, 1, 1, 0])
    expect(table.outcome).toEqual({ name: 'works', kind: 'yes_no', values: Float64Array.of(1, 0, NaN, 0) })
  })

  test('empty, NA, NaN and null are not known, whatever stands around them', async () => {
    const { table } = await read('a,b,service,works\n 1 ,x,none,1\nNA,NA,t,1\n NaN,null,t,NA\nnull, ,t,0\n,"",none,0\n')
    expect(table.features.map(({ kind, levels }) => [kind, levels])).toEqual([
      ['number', []],
      ['category', ['x']],
    ])
    expect([...table.features[0]!.values]).toEqual([1, NaN, NaN, NaN, NaN])
    expect([...table.features[1]!.values]).toEqual([0, NaN, NaN, NaN, NaN])
  })

  test('one cell that is no number makes a category, and the report says which', async () => {
    const { table, report } = await read('age,service,works\n30,none,1\n4O,t,0\n1_000,t,0\n')
    expect(table.features[0]).toMatchObject({ kind: 'category', levels: ['1_000', '30', '4O'] })
    expect(report.notes).toContain(
      '“age” is read as a category: 2 of its 3 known cells are no numbers, such as “1_000”.',
    )
  })

  test('numbers that are names, ordered levels and protected facts are as declared', async () => {
    const { table } = await read('office,school,sex,service,works\n10,high,f,none,1\n9,low,m,t,0\n10,,f,t,0\n', {
      ...{ categorical: ['office'], ordered: { school: ['low', 'middle', 'high'] }, protected: ['sex'] },
    })
    expect(table.features).toMatchObject([
      { kind: 'category', levels: ['9', '10'], values: Float64Array.of(1, 0, 1), isProtected: false },
      { kind: 'ordered', levels: ['low', 'middle', 'high'], values: Float64Array.of(2, 0, NaN) },
      { kind: 'category', isProtected: true },
    ])
  })

  test('of more than 254 levels the rarest are counted together, and the report says so', async () => {
    const rows = Array.from(
      { length: 600 },
      (_, i) => `town${i < 300 ? i % 100 : i},${i % 2 ? 't' : 'none'},${i % 3 ? 1 : 0}`,
    )
    const { table, report } = await read(`town,service,works\n${rows.join('\n')}\n`)
    const [town] = table.features
    expect(town!.levels).toHaveLength(255)
    expect(town!.levels.at(-1)).toBe('other levels')
    expect(town!.levels.slice(0, 254)).toEqual([...town!.levels.slice(0, 254)].sort())
    expect(report.features[0]).toMatchObject({ distinct: 400, otherRows: 146 })
    expect([...town!.values].filter((place) => place === 254)).toHaveLength(146)
  })

  test('text that looks like a formula or a statement is text', async () => {
    const { table } = await read(`"x'); DROP TABLE t; --",service,works\n"=1+1",none,1\n@SUM(A1),t,0\n`)
    expect(table.features[0]).toMatchObject({ name: `x'); DROP TABLE t; --`, levels: ['=1+1', '@SUM(A1)'] })
  })

  test('weights, clusters and chances come along; who has no cluster is one of their own', async () => {
    const { table } = await read(
      'age,service,works,w,site,p_none,p_t\n1,none,3.5,1,B,0.25,0.75\n2,t,4,0.5,,0.5,0.5\n3,t,5,0,A,0.1,0.9\n4,none,1,2,B,0.5,0.5001\n',
      { weights: 'w', cluster: 'site', knownPropensity: 'p_*' },
    )
    expect(table.outcome.kind).toBe('number')
    expect([...table.weight!]).toEqual([1, 0.5, 0, 2])
    expect(table.cluster).toEqual({ name: 'site', places: Int32Array.of(0, 1, 2, 0), count: 3 })
    expect([...table.knownPropensity!.subarray(0, 3)]).toEqual([0.25, 0.5, 0.1])
    expect(table.knownPropensity![3]! + table.knownPropensity![7]!).toBeCloseTo(1, 14)
    expect(table.features.map(({ name }) => name)).toEqual(['age'])
  })
})

describe('an outcome in words', () => {
  const of = (...works: readonly string[]) =>
    ['age,service,works', ...works.map((said, i) => `${i},${i % 2 ? 't' : 'none'},${said}`), ''].join('\n')

  test('yes and no, true and false, in any case, are one and nought; empty is not known', async () => {
    const { table } = await read(of('yes', 'No', 'TRUE', 'false', '1', ''))
    expect(table.outcome.kind).toBe('yes_no')
    expect([...table.outcome.values]).toEqual([1, 0, 1, 0, 1, NaN])
  })

  test('beside other numbers they are refused: nobody can say what they are worth', async () => {
    const result = await readLearningFile(fileOf(of('yes', '250.5', 'no', '0')), roles)
    expect(result.ok ? '' : result.problem.sentence).toContain('“works” says yes or no in some rows')
  })
})

test('a chance of nought says who could not get a service, and is kept', async () => {
  const { table, report } = await read('age,service,works,p_none,p_t\n1,none,1,1,0\n2,t,0,.5,.5\n', {
    knownPropensity: 'p_*',
  })
  expect(report.refusals.count).toBe(0)
  expect([...table.knownPropensity!]).toEqual([1, 0.5, 0, 0.5])
  expect(report.notes.join()).toContain('“t” could not be had by 1 row')
})

test('what its owner should change is named: decimals with a comma, dates, words for not known, numbers of rows', async () => {
  const lines = Array.from({ length: 30 }, (_, i) => {
    return `${100 + i};p${i};${i % 7},5;2025-01-0${1 + (i % 9)};${i === 3 ? 'unknown' : i % 5};${i % 2 ? 't' : 'none'};${i % 3 ? 1 : 0}`
  })
  const { report } = await read(['row;name;age;began;months;service;works', ...lines, ''].join('\n'))
  const notes = report.notes.join('\n')
  expect(notes).toContain('“age” writes decimals with a comma (“0,5”)')
  expect(notes).toContain('“began” holds dates (“2025-01-01”)')
  expect(notes).toContain('such as “unknown”. Leave such cells empty if it is a number.')
  expect(notes).toContain('“row” is different in every row')
  expect(notes).toContain('“name” is different in every row')
  expect(notes).not.toContain('“months” is different')
})

describe('rows that are refused', () => {
  test('each is left out and told with its line, its column and the reason', async () => {
    const { table, report } = await read(
      [
        'age,school,note,service,works,w,p_none,p_t',
        '1,low,"two\nlines",none,1,1,.5,.5',
        '2,low,x,,1,1,.5,.5',
        '3,low,x,t,maybe,1,.5,.5',
        '4,low,x,t,inf,1,.5,.5',
        '',
        '5,low,x,t,1,-1,.5,.5',
        '6,low,x,t,1,,.5,.5',
        '7,low,x,t,1,much,.5,.5',
        '8,low,x,t,1,1,1,0',
        '9,low,x,t,1,1,.5,.4',
        'inf,low,x,t,1,1,.5,.5',
        '11,tall,x,t,1,1,.5,.5',
        '12,low,x',
        '13,low,x,t,1,1,.5,.5,9',
        '14,low,x,t,0,1,.5,.5',
      ].join('\n'),
      { weights: 'w', knownPropensity: 'p_*', ordered: { school: ['low', 'high'] } },
    )
    expect(report.refusals.shown).toEqual([
      { place: 4, column: 'service', reason: 'is empty' },
      { place: 5, column: 'works', reason: '“maybe” is no number, nor yes or no' },
      { place: 6, column: 'works', reason: 'is infinite' },
      { place: 8, column: 'w', reason: '-1 is below zero' },
      { place: 9, column: 'w', reason: 'is empty' },
      { place: 10, column: 'w', reason: '“much” is no number' },
      { place: 11, column: 'p_t', reason: 'is 0, and this row took it' },
      { place: 12, column: 'p_none', reason: 'the chances of the arms sum to 0.9, not to 1' },
      { place: 13, column: 'age', reason: 'is infinite' },
      { place: 14, column: 'school', reason: '“tall” is none of its levels' },
      { place: 15, column: '', reason: 'has 3 cells where the header has 8' },
      { place: 16, column: '', reason: 'has 9 cells where the header has 8' },
    ])
    expect(report.refusals.count).toBe(12)
    expect([...table.features[0]!.values]).toEqual([1, 14])
    expect(table.rows).toBe(2)
  })

  test('all are counted and the first thousand shown', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => (i % 2 ? `${i},t,x` : `${i},none,1`))
    const { report } = await read(`age,service,works\n${rows.join('\n')}\n1,t,0\n`)
    expect(report.refusals.count).toBe(1500)
    expect(report.refusals.shown).toHaveLength(1000)
    expect(report.refusals.shown.at(-1)?.place).toBe(2001)
  })
})

describe('files that are refused', () => {
  const many = Array.from({ length: 65 }, (_, i) => `1,s${i},1`).join('\n')
  test.each<[string, string | Uint8Array, Partial<Roles>, RegExp]>([
    ['nothing in it', '', {}, /^empty/],
    ['no rows', 'age,service,works\n', {}, /^no_row: The file holds no rows/],
    ['no header', '\n1,2\n', {}, /^no_header/],
    ['a column without a name', 'age,,service,works\n1,2,none,1\n', {}, /^no_name: Column 2/],
    ['the same name twice', 'age,age,service,works\n1,2,none,1\n', {}, /^same_name: .*“age”/],
    ['broken quoting', 'age,service,works\n1,none,"1\n', {}, /^broken_quoting: .*line 2/],
    ['lines of different ends', 'age,service,works\r\n1,none,1\n', {}, /^line_ends: Line 2/],
    ['no UTF-8', Uint8Array.of(...Buffer.from('age,service,works\n1,none,1\n'), 0xe9, 0x0a), {}, /^not_text: .*line 3/],
    ['no such treatment', small, { treatment: 'arm' }, /^missing_column: .*“arm”; it has “age”, “region”/],
    ['no such category', small, { categorical: ['x'] }, /^missing_column: .*“x”/],
    ['one column for two things', small, { cluster: 'works' }, /^roles: “works” is named for two things/],
    ['a protected outcome', small, { protected: ['works'] }, /^roles: .*“works”/],
    ['a pattern without a star', small, { knownPropensity: 'p' }, /^roles: .*one star/],
    ['a pattern that fits nothing', small, { knownPropensity: 'p_*' }, /^missing_column: .*“p_\*”/],
    ['a control that nobody had', small, { control: 'nothing' }, /^control: .*“course”, “none”/],
    ['one arm', 'age,service,works\n1,none,1\n', {}, /^arms: /],
    ['65 arms', `age,service,works\n${many}\n`, { control: 's0' }, /^arms: .*65 values/],
    ['no feature', 'service,works\nnone,1\nt,0\n', {}, /^no_feature/],
    ['an outcome that nobody knows', 'age,service,works\n1,none,\n2,t,NA\n', {}, /^no_outcome/],
    ['only weights of zero', 'age,service,works,w\n1,none,1,0\n2,t,1,0\n', { weights: 'w' }, /^no_weight/],
    [
      'only wrong rows',
      'age,service,works\n1,none,a\n2,t,b\n',
      {},
      /^no_row: Every row was refused; the first, at line 2: “works” “a” is no number/,
    ],
    ['an arm of wrong rows', 'age,service,works\n1,none,1\n2,t,b\n', {}, /^arms: All rows of “t” were refused/],
    [
      'no chance for an arm',
      'age,service,works,p_none\n1,none,1,.5\n2,t,1,.5\n',
      { knownPropensity: 'p_*' },
      /^missing_column: .*“t”/,
    ],
  ])('%s', async (_, content, more, sentence) => {
    expect(await refusal(content, more)).toMatch(sentence)
  })

  test('a file that is not there, is a folder, or ends otherwise', async () => {
    const codes = await Promise.all(
      [path.join(folder, 'none.csv'), folder, fileOf('a', 'xlsx')].map(async (file) => {
        const result = await readLearningFile(file, roles)
        return result.ok ? null : result.problem.code
      }),
    )
    expect(codes).toEqual(['missing_file', 'unreadable', 'unknown_format'])
  })

  test('a packed file that is cut off, and a Parquet file that is none', async () => {
    const cut = fileOf(gzipSync(small.repeat(50)).subarray(0, 60), 'csv.gz')
    const codes = await Promise.all(
      [cut, fileOf('age,service', 'csv.gz'), fileOf('age,service,works\n1,none,1\n', 'parquet')].map(async (file) => {
        const result = await readLearningFile(file, roles)
        return result.ok ? null : result.problem.code
      }),
    )
    expect(codes).toEqual(['unreadable', 'unreadable', 'unreadable'])
  })

  test('an outcome that never varies is read, and the report says so', async () => {
    const { report } = await read('age,service,works\n1,none,1\n2,t,1\n')
    expect(report.notes[0]).toMatch(/same for everybody/)
  })
})

describe('whatever bytes come', () => {
  test('random bytes are read or refused, and never thrown at', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fc.constantFrom('service', 'works', 'none', ',', '\n', '\r\n', '"', '1', '\ufeff', '\0', 'é', ' '))
        .map((parts) => Buffer.from(parts.join(''))),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        const result = await readLearningFile(fileOf(content), roles)
        expect(result.ok || /^.+[.]$/s.test(result.problem.sentence)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('any table that is written as CSV comes back cell by cell, in its order', async () => {
    const label = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).map((text) => `x${text}x`)
    const row = fc.record({
      number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      label: fc.option(label),
    })
    const table = fc.array(row, { minLength: 2, maxLength: 12 })
    const end = fc.constantFrom('\n', '\r\n')
    await fc.assert(
      fc.asyncProperty(table, end, async (rows, lineEnd) => {
        const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
        const lines = rows.map((one, i) =>
          [one.number, cell(one.label ?? ''), i % 2 ? 't' : 'none', i % 3 ? 1 : 0].join(','),
        )
        const { table: learned } = await read(['number,label,service,works', ...lines, ''].join(lineEnd))
        expect([...learned.features[0]!.values]).toEqual(rows.map(({ number }) => number))
        const { levels, values } = learned.features[1]!
        const back = Array.from(values, (place) => (Number.isNaN(place) ? null : levels[place]))
        if (rows.some((one) => one.label !== null)) expect(back).toEqual(rows.map((one) => one.label))
      }),
      { numRuns: 60 },
    )
  })
})

describe('other forms', () => {
  test('a packed file, one with semicolons and one with tabs say the same', async () => {
    const plain = await read(small)
    const packed = await readLearningFile(fileOf(gzipSync(small), 'csv.gz'), roles)
    const semicolons = await readLearningFile(fileOf(small.replaceAll(',', ';')), roles)
    const tabs = await readLearningFile(fileOf(gzipSync(small.replaceAll(',', '\t')), 'csv.gz'), roles)
    expect(packed).toEqual({ ok: true, value: plain })
    expect(semicolons).toEqual({ ok: true, value: plain })
    expect(tabs).toEqual({ ok: true, value: plain })
  })

  test('a Parquet file keeps its types: digits in text are names, and rows are counted from one', async () => {
    const file = path.join(folder, 'typed.parquet')
    await write(
      file,
      `SELECT * FROM (VALUES (30, '7', true, 'none', 1.5::DECIMAL(4,2)), (NULL, '8', false, 't', 2), (3, NULL, NULL, NULL, 3))
       AS t(age, office, licence, service, works)`,
    )
    const result = await readLearningFile(file, roles)
    expect(result).toMatchObject({
      ok: true,
      value: {
        table: {
          features: [
            { name: 'age', kind: 'number', values: Float64Array.of(30, NaN) },
            { name: 'office', kind: 'category', levels: ['7', '8'] },
            { name: 'licence', kind: 'number', values: Float64Array.of(1, 0) },
          ],
          outcome: { kind: 'number', values: Float64Array.of(1.5, 2) },
        },
        report: { refusals: { shown: [{ place: 3, column: 'service', reason: 'is empty' }] }, countedIn: 'row' },
      },
    })
  })

  test('a Parquet column of dates or lists refuses the file by its name', async () => {
    const file = path.join(folder, 'dates.parquet')
    await write(file, `SELECT 'none' AS service, 1 AS works, DATE '2026-01-01' AS day`)
    const result = await readLearningFile(file, roles)
    expect(result).toMatchObject({ ok: false, problem: { code: 'column_type' } })
  })

  test('300,000 rows of Parquet come in their order', async () => {
    const file = path.join(folder, 'long.parquet')
    await write(
      file,
      `SELECT i AS place, (i * 7919 % 13)::VARCHAR AS kind, CASE WHEN i % 2 = 0 THEN 'none' ELSE 't' END AS service, i % 3 = 0 AS works
       FROM range(300000) r(i)`,
    )
    const result = await readLearningFile(file, roles, { threads: 2 })
    if (!result.ok) throw new Error(result.problem.sentence)
    const { values } = result.value.table.features[0]!
    expect(values.length).toBe(300_000)
    expect(values.every((value, i) => value === i)).toBe(true)
  })
})

async function write(file: string, select: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
}
