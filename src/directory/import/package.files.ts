// What is to be imported, as a list of files: a folder, a zip, or a single JSON file.

import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import yauzl from 'yauzl'
import { FileRefused } from './row.ts'

export interface PackageFile {
  /** Without folders: `services.csv`. */
  readonly name: string
  readonly bytes: number
  /** Opens it anew each time. */
  readonly open: () => AsyncIterable<Uint8Array>
}

export interface DirectoryPackage {
  /** Of the folder or file, without its ending: what a new source is called. */
  readonly name: string
  readonly files: readonly PackageFile[]
  close(): void
}

// A zip of a few megabytes can hold terabytes of blanks.
const mostBytes = 4 * 1024 ** 3
const isRead = /\.(csv|json)$/i

/** Lists the files. Throws FileRefused when there is nothing at the path, the zip is broken, or it holds too much. */
export async function openPackage(where: string): Promise<DirectoryPackage> {
  const name = path.basename(path.resolve(where)).replace(/\.(zip|json|csv)$/i, '')
  const found = await fs.promises.stat(where).catch(() => null)
  if (!found) throw refusal(where, 'not_found')
  const opened = found.isDirectory() ? await openFolder(where) : await openFile(where, found.size)
  const total = opened.files.reduce((sum, file) => sum + file.bytes, 0)
  if (total > mostBytes) {
    opened.close()
    throw refusal(where, 'too_large')
  }
  return { name, ...opened }
}

type Opened = Omit<DirectoryPackage, 'name'>

async function openFolder(folder: string): Promise<Opened> {
  const entries = await fs.promises.readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile() && isRead.test(entry.name)).map((entry) => entry.name)
  const files = names.sort().map((name) => plainFile(path.join(folder, name)))
  return { files, close: () => undefined }
}

async function openFile(where: string, size: number): Promise<Opened> {
  const handle = await fs.promises.open(where)
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0).finally(() => handle.close())
  // PK\3\4, or PK\5\6 of an empty archive.
  if (buffer.readUInt16BE(0) === 0x504b) return openZip(where)
  if (size === 0 || !isRead.test(where)) throw refusal(where, 'not_a_directory_of_services')
  return { files: [plainFile(where)], close: () => undefined }
}

function plainFile(where: string): PackageFile {
  return {
    name: path.basename(where),
    bytes: fs.statSync(where).size,
    open: () => fs.createReadStream(where, { highWaterMark: 256 * 1024 }),
  }
}

const openArchive = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)

async function openZip(where: string): Promise<Opened> {
  try {
    const zip = await openArchive(where, { lazyEntries: true, autoClose: false })
    const entries = await listEntries(zip)
    const files = entries.map((entry) => ({
      name: path.posix.basename(entry.fileName),
      bytes: entry.uncompressedSize,
      open: () => entryBytes(zip, entry),
    }))
    return { files, close: () => zip.close() }
  } catch (error) {
    throw new FileRefused({ file: path.basename(where), line: null, reason: 'not_a_zip', value: messageOf(error) })
  }
}

function listEntries(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = []
    zip.on('entry', (entry: yauzl.Entry) => {
      // macOS adds a shadow of each file in a folder of its own.
      if (isRead.test(entry.fileName) && !/(^|\/)(__MACOSX\/|\._)/.test(entry.fileName)) entries.push(entry)
      zip.readEntry()
    })
    zip.on('end', () => resolve(entries.sort((a, b) => (a.fileName < b.fileName ? -1 : 1))))
    zip.on('error', reject)
    zip.readEntry()
  })
}

async function* entryBytes(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Uint8Array> {
  try {
    const stream = await promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip))(entry)
    for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  } catch (error) {
    if (error instanceof FileRefused) throw error
    throw new FileRefused({ file: entry.fileName, line: null, reason: 'not_a_zip', value: messageOf(error) })
  }
}

function refusal(where: string, reason: 'not_found' | 'too_large' | 'not_a_directory_of_services'): FileRefused {
  return new FileRefused({ file: path.basename(where), line: null, reason, value: '' })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
