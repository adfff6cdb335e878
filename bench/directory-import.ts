// Importing a directory against PostgreSQL's own COPY of the same rows: both into a fresh database on the same server.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { importDirectory } from '#directory/import/import.run.ts'
import { testDatabase } from '#platform/db/testing.ts'

export interface DirectoryImportFigures {
  readonly lines: number
  readonly importSeconds: number
  readonly copySeconds: number
  /** Rows a second of the import over rows a second of COPY: 1 would be as fast. */
  readonly ratio: number
  /** The same directory once more, when nothing has changed. */
  readonly againSeconds: number
  readonly againRatio: number
  /** The most memory that the process held while it imported, in megabytes, above what it held before. */
  readonly megabytes: number
}

/** Writes an HSDS package of about so many lines (20 an organisation), imports it twice, and copies its files. */
export async function measureDirectoryImport(lines = 200_000): Promise<DirectoryImportFigures> {
  const folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'waypost-bench-'))
  const database = await testDatabase()
  try {
    const written = writeDirectory(folder, Math.round(lines / linesOfOrganization))
    const networkId = await database.addNetwork()
    const order = {
      transact: <T>(work: Parameters<typeof database.as<T>>[1]) => database.as<T>({ networkId, role: 'job' }, work),
      network: { id: networkId, timeZone: 'UTC' },
      path: folder,
      source: 'bench',
      now: new Date('2026-03-04T09:00:00Z'),
    }
    const before = process.memoryUsage().rss
    let most = before
    const watching = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
    const importSeconds = await secondsOf(async () => {
      const result = await importDirectory(order)
      if (!result.ok || result.value.refused > 0) throw new Error('The generated directory was refused.')
    })
    const againSeconds = await secondsOf(() => importDirectory(order))
    clearInterval(watching)
    const copySeconds = await secondsOf(() => copyFiles(folder, database.ownerConnection))
    return {
      lines: written,
      importSeconds,
      copySeconds,
      ratio: copySeconds / importSeconds,
      againSeconds,
      againRatio: copySeconds / againSeconds,
      megabytes: (most - before) / 1024 ** 2,
    }
  } finally {
    await database.drop()
    await fs.promises.rm(folder, { recursive: true, force: true })
  }
}

const linesOfOrganization = 20

type Row = readonly string[]

/** 1 organisation, 3 services at 2 places, with addresses, phones, contacts, hours, languages, documents. */
function writeDirectory(folder: string, organizations: number): number {
  const headers: Record<string, string> = {
    organizations: 'id,name,description,email,website',
    services:
      'id,organization_id,name,description,status,email,fees_description,eligibility_description,minimum_age,assured_date',
    locations: 'id,organization_id,location_type,name,latitude,longitude',
    service_at_location: 'id,service_id,location_id',
    addresses: 'id,location_id,address_1,city,state_province,postal_code,country,address_type',
    contacts: 'id,service_id,name,email',
    phones: 'id,service_id,number,type',
    schedules: 'id,service_id,freq,byday,opens_at,closes_at',
    languages: 'id,service_id,name,code',
    required_documents: 'id,service_id,document',
  }
  const files = Object.fromEntries(
    Object.entries(headers).map(([name, header]) =>
      [name, fs.openSync(path.join(folder, `${name}.csv`), 'w')].concat(header),
    ),
  ) as Record<string, number>
  for (const [name, header] of Object.entries(headers)) fs.writeSync(files[name]!, `${header}\n`)
  let lines = 0
  const buffers: Record<string, string[]> = Object.fromEntries(Object.keys(headers).map((name) => [name, []]))
  const flush = () => {
    for (const [name, texts] of Object.entries(buffers)) {
      fs.writeSync(files[name]!, texts.join(''))
      texts.length = 0
    }
  }
  const add = (name: string, ...row: Row) => {
    lines++
    buffers[name]!.push(`${row.join(',')}\n`)
  }
  const description =
    'Helps people to find work that lasts with courses and advice and a place to practise every weekday'
  for (let o = 0; o < organizations; o++) {
    const id = (kind: number, n: number) =>
      `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(o * 10 + n).padStart(12, '0')}`
    add(
      'organizations',
      id(1, 0),
      `Organisation ${o}`,
      description,
      `office${o}@example.org`,
      `https://example.org/${o}`,
    )
    for (let l = 0; l < 2; l++) {
      add(
        'locations',
        id(2, l),
        id(1, 0),
        'physical',
        `Place ${o}-${l}`,
        String(46 + (o % 100) / 100),
        String(7 + (o % 77) / 100),
      )
      add('addresses', id(3, l), id(2, l), `${o} High Street`, 'Oldtown', 'BE', '3000', 'CH', 'physical')
    }
    for (let s = 0; s < 3; s++) {
      add(
        'services',
        id(4, s),
        id(1, 0),
        `Course ${s} of ${o}`,
        description,
        'active',
        `course${s}@example.org`,
        'Free for people without work',
        'Adults who live in the county',
        '18',
        '2026-01-31',
      )
      add('service_at_location', id(5, s), id(4, s), id(2, s % 2))
      if (s > 0) add('contacts', id(6, s), id(4, s), `Contact ${s}`, `contact${s}@example.org`)
      if (s > 0) add('phones', id(7, s), id(4, s), '+41 31 000 00 00', 'voice')
      add('schedules', id(8, s), id(4, s), 'WEEKLY', '"MO,WE,FR"', '09:00', '17:00')
      if (s === 0) add('languages', id(9, s), id(4, s), 'German', 'de')
      if (s === 0) add('required_documents', id(10, s), id(4, s), 'Identity card')
    }
    if (o % 500 === 0) flush()
  }
  flush()
  for (const file of Object.values(files)) fs.closeSync(file)
  return lines
}

/** Each file into an unlogged-by-nobody, plain table of text columns: the least that the database can do with these rows. */
async function copyFiles(folder: string, connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    for (const name of fs.readdirSync(folder)) {
      const file = path.join(folder, name)
      const header = fs.readFileSync(file, 'utf8').split('\n', 1)[0] ?? ''
      const table = `copied_${name.replace('.csv', '')}`
      await client.query(
        `CREATE TABLE ${table} (${header
          .split(',')
          .map((column) => `${column} text`)
          .join(', ')})`,
      )
      await client.query(`COPY ${table} FROM '${file}' WITH (FORMAT csv, HEADER)`)
    }
  } finally {
    await client.end()
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
