// Rows on their way from the files, where they stand by table, to the database, where they go in by organisation: parted
// on disk by organisation, so that memory holds one part at a time however large the directory is.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TableName } from '../hsds.ts'
import type { Values } from './row.ts'

/** A row that was found right, with the number of its organisation; 0 for rows that hang on none. */
export interface KeptRow {
  readonly owner: number
  readonly table: TableName
  readonly values: Values
  readonly file: string
  readonly line: number
  /** Of attributes and metadata: the table of the row that they are about. */
  readonly about?: TableName | undefined
}

export interface Spill {
  add(row: KeptRow): void
  /** Ends the writing; then each part may be read. */
  finish(): Promise<void>
  readonly parts: number
  /** The rows of a part in the order in which they came. All rows of an organisation are in one part. */
  read(part: number): Promise<KeptRow[]>
  remove(): Promise<void>
}

// A part is read whole: about this much of the files, a few times as much in memory.
const bytesOfPart = 2 * 1024 ** 2
const mostParts = 512
// Of all parts together.
const bufferedBytes = 8 * 1024 ** 2

type Written = [owner: number, table: TableName, values: Values, file: string, line: number, about: TableName | null]

export async function openSpill(bytes: number): Promise<Spill> {
  const folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'waypost-import-'))
  const parts = Math.min(mostParts, Math.max(1, Math.ceil(bytes / bytesOfPart)))
  const buffers = Array.from({ length: parts }, (): string[] => [])
  const sizes = new Float64Array(parts)
  const fileOf = (part: number) => path.join(folder, String(part))

  function write(part: number): void {
    const lines = buffers[part]
    if (!lines || lines.length === 0) return
    // Synchronous: the rows come faster than they could be queued, and memory is what is to be kept small.
    fs.appendFileSync(fileOf(part), lines.join(''))
    lines.length = 0
    sizes[part] = 0
  }

  return {
    parts,
    add({ owner, table, values, file, line, about }) {
      const part = owner % parts
      const text = `${JSON.stringify([owner, table, values, file, line, about ?? null])}\n`
      buffers[part]?.push(text)
      sizes[part] = (sizes[part] ?? 0) + text.length
      if ((sizes[part] ?? 0) > bufferedBytes / parts) write(part)
    },
    async finish() {
      for (let part = 0; part < parts; part++) write(part)
    },
    async read(part) {
      const text = await fs.promises.readFile(fileOf(part), 'utf8').catch(missingAsEmpty)
      return text.split('\n').flatMap((line): KeptRow[] => {
        if (line === '') return []
        const [owner, table, values, file, at, about] = JSON.parse(line) as Written
        return [{ owner, table, values, file, line: at, ...(about !== null && { about }) }]
      })
    },
    remove: () => fs.promises.rm(folder, { recursive: true, force: true }),
  }
}

function missingAsEmpty(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return ''
  throw error
}
