import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRecords } from './csv.reader.ts'
import { lineOfMember } from './json-lines.ts'
import { readDocuments } from './json.reader.ts'
import { rowsOfDocument } from './json-rows.ts'
import type { PackageFile } from './package.files.ts'
import { FileRefused } from './row.ts'

/** A file that comes in pieces of so many bytes. */
function fileOf(content: string | Buffer, pieces = 1 << 16, name = 'list.json'): PackageFile {
  const bytes = Buffer.from(content)
  return {
    name,
    bytes: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += pieces) yield bytes.subarray(at, at + pieces)
    },
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

async function refusalOf(items: AsyncIterable<unknown>) {
  const error: unknown = await all(items).catch((caught: unknown) => caught)
  return error instanceof FileRefused ? { reason: error.problem.reason, line: error.problem.line } : error
}

const nested = fc.jsonValue({ maxDepth: 4 })

describe('JSON documents', () => {
  test('a list gives its items, however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(nested),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(0, 1, 2),
        async (items, pieces, indent) => {
          const documents = await all(readDocuments(fileOf(JSON.stringify(items, null, indent), pieces)))
          expect(documents.map((document) => document.value)).toEqual(JSON.parse(JSON.stringify(items)))
        },
      ),
    )
  })

  test('a page of a list gives its contents, whatever stands around them', async () => {
    const page = {
      total_items: 2,
      note: '"contents": [',
      first: { contents: [9] },
      contents: [{ id: 'a' }, { id: 'b' }],
      after: [1],
    }
    const documents = await all(readDocuments(fileOf(JSON.stringify(page, null, 2), 7)))
    expect(documents.map((document) => document.value)).toEqual([{ id: 'a' }, { id: 'b' }])
    expect(documents.map((document) => document.line)).toEqual([10, 13])
  })

  test('one object is one document', async () => {
    const document = { id: 'a', services: [{ id: 'b' }] }
    expect((await all(readDocuments(fileOf(JSON.stringify(document), 3)))).map((one) => one.value)).toEqual([document])
  })

  test('what breaks off or has a fault is refused with its line', async () => {
    expect(await refusalOf(readDocuments(fileOf('[{"id": 1},\n{"id": ')))).toEqual({ reason: 'broken_json', line: 2 })
    expect(await refusalOf(readDocuments(fileOf('[{"id": 1},\n{"id": 2},\n{"id": }\n]')))).toEqual({
      reason: 'broken_json',
      line: 3,
    })
  })

  test('the line of a member is found inside lists, strings with brackets and escapes', () => {
    const text =
      '{\n "id": "a]}\\"",\n "services": [\n  { "id": "b" },\n  { "id": "c",\n    "phones": [ { "number":\n 1 } ] }\n ]\n}'
    expect(lineOfMember(text, '', 'id')).toBe(1)
    expect(lineOfMember(text, 'services.1', 'id')).toBe(4)
    expect(lineOfMember(text, 'services.1.phones.0', 'number')).toBe(6)
    expect(lineOfMember(text, 'services.1', 'absent')).toBe(4)
  })
})

describe('documents as rows', () => {
  test('nesting becomes reference, and what is told twice becomes one row with both', () => {
    const phone = { id: 'p', number: '1' }
    const service = {
      id: 's',
      status: 'active',
      phones: [phone],
      service_at_locations: [{ id: 'l', location: { id: 'x', location_type: 'physical', phones: [phone] } }],
    }
    const rows = rowsOfDocument({ id: 'o', name: 'O', services: [service] }, 'organization.json')
    expect(rows?.map(({ table, values }) => [table, values])).toEqual([
      ['organization', { id: 'o', name: 'O' }],
      ['service', { id: 's', status: 'active', organization_id: 'o' }],
      ['service_at_location', { id: 'l', service_id: 's', location_id: 'x' }],
      ['location', { id: 'x', location_type: 'physical' }],
      ['phone', { id: 'p', number: '1', service_id: 's', location_id: 'x' }],
    ])
  })

  test('two accounts that differ stay two, to be refused', () => {
    const service = {
      id: 's',
      status: 'active',
      phones: [
        { id: 'p', number: '1' },
        { id: 'p', number: '2' },
      ],
    }
    expect(rowsOfDocument(service, 'service.json')?.filter((row) => row.table === 'phone')).toHaveLength(2)
  })

  test('the tables of a package in one document are read as such', () => {
    const rows = rowsOfDocument(
      { organization: [{ id: 'o' }], service: [{ id: 's', organization_id: 'o' }] },
      'all.json',
    )
    expect(rows?.map((row) => row.table)).toEqual(['organization', 'service'])
  })

  test('anything else is no HSDS', () => {
    expect([
      rowsOfDocument({ weather: 'fine' }, 'x.json'),
      rowsOfDocument([1], 'x.json'),
      rowsOfDocument({ id: '1' }, 'x.json'),
    ]).toEqual([null, null, null])
  })
})

describe('CSV records', () => {
  test('keep the line on which they begin, over blank lines, line breaks in cells and both kinds of line ends', async () => {
    const text = '\ufeffid,Name\n1,x\n\n2,"a\r\nb\r\nc"\r\n3,z\n4,"é"\n'
    for (const pieces of [1, 2, 5, 1000]) {
      const records = await all(readRecords(fileOf(text, pieces, 'a.csv'), ['id', 'name']))
      expect(records.map(({ values, line }) => [values['id'], values['name'], line])).toEqual([
        ['1', 'x', 2],
        ['2', 'a\nb\nc', 4],
        ['3', 'z', 7],
        ['4', 'é', 8],
      ])
    }
  })

  test('broken UTF-8 is told with its line, wherever the pieces are cut', async () => {
    const bytes = Buffer.concat([Buffer.from('id\né\nb\n'), Buffer.from([0x63, 0xff]), Buffer.from('\nd\n')])
    for (const pieces of [1, 2, 3, 4, 5, 6, 7, 100]) {
      expect(await refusalOf(readRecords(fileOf(bytes, pieces, 'a.csv'), []))).toEqual({
        reason: 'broken_utf8',
        line: 4,
      })
    }
  })

  test('a character that breaks off at the end of the file is broken too', async () => {
    const bytes = Buffer.concat([Buffer.from('id\na\n'), Buffer.from([0xc3])])
    expect(await refusalOf(readRecords(fileOf(bytes, 3, 'a.csv'), []))).toEqual({ reason: 'broken_utf8', line: 3 })
  })
})
