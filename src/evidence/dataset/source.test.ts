import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { columnAt, quoted } from './cell-sql.ts'
import { textsAt } from './chunk.run.ts'
import { openSource, UnreadableFile, type Source } from './source.run.ts'

let folder: string
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-source-'))
})
afterAll(() => fs.rmSync(folder, { recursive: true }))

function fileOf(content: string, name = 'table.csv'): string {
  const file = path.join(folder, name)
  fs.writeFileSync(file, content)
  return file
}

async function rowsOf(source: Source, expressions: readonly string[]): Promise<string[][]> {
  const rows: string[][] = []
  for await (const chunk of source.chunks(expressions)) {
    const columns = expressions.map((_, at) => textsAt(chunk, at))
    for (let i = 0; i < chunk.rowCount; i++) rows.push(columns.map((cells) => cells.getItem(i) ?? ''))
  }
  return rows
}

async function opened(file: string): Promise<Source> {
  const source = await openSource(file)
  if (!source.ok) throw new Error(source.problem.sentence)
  return source.value
}

test('whatever is well formed has the rows and cells that a strict parser finds, each on its line', async () => {
  const part = fc.constantFrom(
    ...['a', '1', ',', ',', ',', '\n', '\n', '"x"', '"y,\nz"', '""', ' ', 'é', '\0', '"q""q"', '\t', '# ', "'"],
  )
  const body = fc.array(part, { maxLength: 14 }).map((parts) => parts.join(''))
  const width = fc.integer({ min: 2, max: 3 })
  await fc.assert(
    fc.asyncProperty(width, body, fc.boolean(), async (columns, text, isWindows) => {
      const content = `${['c', 'd', 'e'].slice(0, columns).join(',')}\n${text}`
      const file = fileOf(isWindows ? content.replaceAll('\n', '\r\n') : content)
      const source = await openSource(file)
      if (!source.ok) return
      const places = Array.from({ length: columns }, (_, place) => columnAt(place))
      const rows = await rowsOf(source.value, places)
      source.value.close()
      // Bytes of nought are passed over at a line's end by one and counted by the other: whoever reads on refuses the file.
      if (text.includes('\0') && rows.length !== source.value.rows) return
      const oracle: string[][] = parse(fs.readFileSync(file), { relax_column_count: true, skip_empty_lines: true })
      const whole = oracle.slice(1).filter((row) => row.slice(columns).every((cell) => cell === ''))
      expect(rows).toEqual(whole.filter((row) => row.length >= columns).map((row) => row.slice(0, columns)))
      expect(source.value.rows).toBe(rows.length)
      const lines = fs.readFileSync(file, 'utf8').split(/\r?\n/)
      rows.forEach((row, i) => {
        const line = lines[source.value.placeOf(i) - 1]!
        expect(line.startsWith(row[0]!.split(/[\r\n"]/)[0]!) || line.startsWith('"')).toBe(true)
      })
    }),
    { numRuns: 120 },
  )
})

test('nothing but the file can be read, and nothing written or changed', async () => {
  const other = fileOf('secret', 'other.txt')
  const source = await opened(fileOf('a,b\n1,2\n'))
  const read = rowsOf(source, [`(SELECT content FROM read_text(${quoted(other)}))`])
  await expect(read).rejects.toThrow(UnreadableFile)
  await expect(rowsOf(source, [`(SELECT content FROM read_text('/etc/hostname'))`])).rejects.toThrow(UnreadableFile)
  expect(await rowsOf(source, [`current_setting('enable_external_access')::VARCHAR`])).toEqual([['false']])
  expect(await rowsOf(source, [`current_setting('lock_configuration')::VARCHAR`])).toEqual([['true']])
  source.close()
})

test('a name that looks like a pattern or a statement is one file, or is refused with a reason', async () => {
  const source = await opened(fileOf('a,b\n1,2\n', "it's; DROP.csv"))
  expect(await rowsOf(source, ['c1'])).toEqual([['2']])
  source.close()
  fileOf('a,b\n3,4\n', 'all.csv')
  expect(await openSource(fileOf('a,b\n1,2\n', '*.csv'))).toMatchObject({ ok: false, problem: { code: 'unreadable' } })
})

test('a line of more than two million bytes is refused, one a little shorter is read', async () => {
  const long = await openSource(fileOf(`a,b\n1,${'x'.repeat(2_600_000)}\n`))
  expect(long.ok ? '' : `${long.problem.code}: ${long.problem.sentence}`).toMatch(/^long_line: Line 2/)
  const source = await opened(fileOf(`a,b\n1,${'x'.repeat(1_900_000)}\n`))
  expect((await rowsOf(source, ['c1']))[0]![0]).toHaveLength(1_900_000)
  source.close()
})

test('reading stops where it is told to', async () => {
  const stop = new AbortController()
  const source = await openSource(fileOf('a,b\n1,2\n'), { signal: stop.signal })
  if (!source.ok) throw new Error(source.problem.sentence)
  stop.abort(new Error('enough'))
  await expect(rowsOf(source.value, ['c0'])).rejects.toThrow('enough')
  source.value.close()
})
