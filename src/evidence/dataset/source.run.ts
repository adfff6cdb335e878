// A file as a table that DuckDB reads: shut off from everything but this file, in bounded memory, in the file's own order.

import fs from 'node:fs'
import path from 'node:path'
import { createGunzip } from 'node:zlib'
import { DuckDBInstance, type DuckDBDataChunk } from '@duckdb/node-api'
import { ok, refused, type Result } from '#platform/result.ts'
import { BrokenText, decodeText } from '#platform/utf8.ts'
import { columnAt, quoted } from './cell-sql.ts'
import { longestRecord, startStructure, type CsvStructure, type Separator, type WrongRecord } from './csv-structure.ts'
import { problem, type DatasetProblem } from './problem.ts'
import { faultOfNames, type SourceColumn, type SourceKind } from './roles.ts'

export interface SourceOptions {
  /** Between the cells of a CSV file; when left out, what its first line shows: a comma, else a semicolon, else a tab. */
  readonly separator?: Separator
  readonly threads?: number
  /** What DuckDB may use, beside the columns that are made. */
  readonly memoryMiB?: number
  /** Stops between two pieces of the file by throwing the signal's reason. */
  readonly signal?: AbortSignal
  /** The share of the bytes that were checked before the first value is read. */
  readonly onChecked?: (share: number) => void
}

/** An opened file. Rows are counted from 0 in the order of the file; wrong ones (of a CSV file) are not among them. */
export interface Source {
  readonly columns: readonly SourceColumn[]
  readonly rows: number
  readonly countedIn: 'line' | 'row'
  /** The line (CSV) or the row from 1 (Parquet) at which a row stands. */
  readonly placeOf: (row: number) => number
  readonly wrongCount: number
  readonly wrong: readonly WrongRecord[]
  /** Rows of these expressions over c0, c1, …, in the file's order. Throws UnreadableFile. */
  readonly chunks: (expressions: readonly string[], rest?: string) => AsyncGenerator<DuckDBDataChunk>
  readonly close: () => void
}

/** DuckDB cannot make sense of the file, or not in the memory it has. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
}

/** What a broken file is told as; everything else is thrown on. */
export function problemOf(error: unknown): DatasetProblem {
  if (error instanceof UnreadableFile) return problem('unreadable', `The file cannot be read: ${error.message}.`)
  throw error
}

/** Opens a .csv, .csv.gz or .parquet file. A CSV file is first read through once: text that is no UTF-8, broken quoting and
 *  lines of different ends are refused with their line. Whoever opened it closes it. */
export async function openSource(file: string, options: SourceOptions = {}): Promise<Result<Source, DatasetProblem>> {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (!stat) return refused(problem('missing_file', `There is no file ${file}.`))
  if (!stat.isFile()) return refused(problem('unreadable', `${file} is no file.`))
  if (stat.size === 0) return refused(problem('empty', 'The file is empty.'))
  // DuckDB would look for a pattern of names.
  const real = fs.realpathSync(file)
  if (/[*?[\]{}]/.test(real)) {
    return refused(problem('unreadable', `The path ${real} holds one of * ? [ ] { }; rename the file.`))
  }
  try {
    if (/\.csv(\.gz)?$/i.test(file)) return await openCsv(real, stat.size, options)
    if (/\.(parquet|pq)$/i.test(file)) return await openParquet(real, options)
  } catch (error) {
    return refused(problemOf(error))
  }
  return refused(problem('unknown_format', `${path.basename(file)} ends neither in .csv, .csv.gz nor in .parquet.`))
}

async function openCsv(
  file: string,
  size: number,
  { separator: declared, ...options }: SourceOptions,
): Promise<Result<Source, DatasetProblem>> {
  const separator = declared ?? (await separatorOf(file))
  const structure = await checkCsv(file, { size, separator, options })
  if (!structure.ok) return structure
  const { names, lineEnd, records, lineOf, wrong, wrongCount } = structure.value
  const columns = names.map((name): SourceColumn => ({ name, kind: 'text', type: 'text' }))
  const fault = faultOfNames(columns)
  if (fault) return refused(fault)
  const types = columns.map((_, place) => `'${columnAt(place)}': 'VARCHAR'`)
  const settings = [
    ...[`auto_detect = false`, `header = true`, `columns = {${types.join(', ')}}`, `delim = ${quoted(separator)}`],
    ...[`quote = '"'`, `escape = '"'`, `comment = ''`, `new_line = ${sqlLineEnd[lineEnd]}`],
    `compression = '${isPacked(file) ? 'gzip' : 'none'}'`,
    // The rows of another length, which the check has counted; the two counts are compared.
    `ignore_errors = true`,
    `max_line_size = ${2 * longestRecord}, buffer_size = ${8 * longestRecord}`,
    // One thread reads, so that the order and the ends of long cells are never a matter of where a thread began.
    `parallel = false`,
  ]
  const session = await openSession(file, options)
  return ok({
    columns,
    rows: records,
    countedIn: 'line',
    placeOf: lineOf,
    wrongCount,
    wrong,
    chunks: (expressions, rest = '') =>
      session.chunks(`SELECT ${expressions.join(', ')} FROM read_csv(${quoted(file)}, ${settings.join(', ')}) ${rest}`),
    close: session.close,
  })
}

const sqlLineEnd = { '\n': `'\\n'`, '\r\n': `'\\r\\n'`, '\r': `'\\r'` } as const

function isPacked(file: string): boolean {
  return /\.gz$/i.test(file)
}

async function checkCsv(
  file: string,
  { size, separator, options }: { size: number; separator: Separator; options: SourceOptions },
): Promise<Result<CsvStructure, DatasetProblem>> {
  const structure = startStructure(separator)
  const disk = fs.createReadStream(file, { highWaterMark: 1 << 18 })
  let isSound = true
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const piece of unpacked(disk, file)) {
      options.signal?.throwIfAborted()
      isSound = structure.read(piece)
      yield piece
      options.onChecked?.(disk.bytesRead / size)
    }
  }
  try {
    const text = decodeText(watched())
    while (isSound && !(await text.next()).done);
  } catch (error) {
    if (error instanceof BrokenText) {
      return refused(problem('not_text', `The file is no UTF-8 text, at line ${error.line}.`))
    }
    const code = codeOf(error)
    if (code === null) throw error
    return refused(problem('unreadable', `The file cannot be read (${code}).`))
  } finally {
    disk.destroy()
  }
  return structure.end()
}

/** Of the first line, quoted names aside. A file that cannot be read has a comma: whoever reads it on says what is wrong. */
async function separatorOf(file: string): Promise<Separator> {
  const disk = fs.createReadStream(file, { highWaterMark: 1 << 16 })
  try {
    for await (const piece of unpacked(disk, file)) {
      const [line = ''] = new TextDecoder().decode(piece).split(/[\r\n]/)
      const bare = line.replaceAll(/"[^"]*"/g, '')
      return ([',', ';', '\t'] as const).find((mark) => bare.includes(mark)) ?? ','
    }
  } catch (error) {
    if (codeOf(error) === null) throw error
  } finally {
    disk.destroy()
  }
  return ','
}

function unpacked(disk: fs.ReadStream, file: string): AsyncIterable<Uint8Array> {
  if (!isPacked(file)) return disk
  const unpack = createGunzip()
  disk.on('error', (error) => unpack.destroy(error))
  return disk.pipe(unpack)
}

/** What the disk or the packed file's end says; null when the fault is ours. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  return /^(Z_|EACCES|EIO|EPERM)/.test(error.code) ? error.code : null
}

async function openParquet(file: string, options: SourceOptions): Promise<Result<Source, DatasetProblem>> {
  const session = await openSession(file, options)
  try {
    const from = `read_parquet(${quoted(file)})`
    const columns = (await session.texts(`DESCRIBE SELECT * FROM ${from}`)).map(([name, type]): SourceColumn => ({
      name: name!,
      type: type!,
      kind: kindOf(type!),
    }))
    const [[rows]] = (await session.texts(`SELECT count(*)::VARCHAR FROM ${from}`)) as [[string]]
    const aliases = columns.map((_, place) => columnAt(place)).join(', ')
    return ok({
      columns,
      rows: Number(rows),
      countedIn: 'row',
      placeOf: (row) => row + 1,
      wrongCount: 0,
      wrong: [],
      chunks: (expressions, rest = '') =>
        session.chunks(`SELECT ${expressions.join(', ')} FROM ${from} AS file(${aliases}) ${rest}`),
      close: session.close,
    })
  } catch (error) {
    session.close()
    throw error
  }
}

function kindOf(type: string): SourceKind {
  if (type === 'VARCHAR') return 'text'
  if (type === 'BOOLEAN') return 'yes_no'
  return /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/.test(type) ? 'number' : 'other'
}

interface Session {
  readonly chunks: (sql: string) => AsyncGenerator<DuckDBDataChunk>
  readonly texts: (sql: string) => Promise<(string | null)[][]>
  readonly close: () => void
}

/** A database in memory that may read this one file, load nothing, write nothing, and change none of that. */
async function openSession(file: string, { threads = 2, memoryMiB = 512, signal }: SourceOptions): Promise<Session> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    preserve_insertion_order: 'true',
    threads: String(threads),
    memory_limit: `${memoryMiB}MiB`,
    temp_directory: '',
  })
  const connection = await instance.connect()
  await connection.run(`SET allowed_paths = [${quoted(file)}]`)
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
  return {
    async *chunks(sql) {
      const result = await asked(() => connection.stream(sql))
      for (;;) {
        signal?.throwIfAborted()
        const chunk = await asked(() => result.fetchChunk())
        if (!chunk || chunk.rowCount === 0) return
        yield chunk
      }
    },
    async texts(sql) {
      const rows = await asked(() => connection.runAndReadAll(sql))
      return rows.getRows().map((row) => row.map((cell) => (cell === null ? null : String(cell))))
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** A statement of ours that DuckDB does not understand is a bug; whatever else it says is about the file. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error) || /^(Parser|Catalog|Binder) Error/.test(error.message)) throw error
    const [said = ''] = error.message.replace(/^[\w ]* Error: /, '').split('\n')
    throw new UnreadableFile(said.replace(/[.:]$/, ''), { cause: error })
  }
}
