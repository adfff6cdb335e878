// `import occupations`: takes in a classification, whole or not at all; rows that cannot be read are left out by line.

import fs from 'node:fs'
import path from 'node:path'
import type { Db } from '#platform/db/index.ts'
import type { NetworkId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { beginWriting, endWriting, noCounts, type Counts } from '../occupations-import.store.ts'
import { sources, type Source, type SourceCode } from '../occupation.ts'
import type { Reading } from './batch.run.ts'
import { readEsco } from './esco.run.ts'
import { escoFile } from './esco.ts'
import { readOnet } from './onet.run.ts'
import { onetFile } from './onet.ts'
import { FileRefused, type FileProblem, type RefusedRow } from './row.ts'
import { fileAt, type TableFile } from './table.reader.ts'

export interface OccupationsReport {
  readonly source: Source
  readonly files: readonly { readonly name: string; readonly rows: number }[]
  /** Files of the folder that hold nothing that is read. */
  readonly notRead: readonly string[]
  /** Names and labels of occupations, counted once for each language; gone: occupations. */
  readonly occupations: Readonly<Counts>
  /** Names of skills, counted once for each language. */
  readonly skills: Readonly<Counts>
  /** Which skills occupations need. */
  readonly needs: Readonly<Counts>
  readonly refusedCount: number
  /** The first thousand; the count has them all. */
  readonly refused: readonly RefusedRow[]
}

export interface OccupationsOrder {
  /** Runs in one transaction as the job of the network; what throws leaves nothing behind. */
  readonly transact: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  readonly networkId: NetworkId
  /** Folders and files. */
  readonly paths: readonly string[]
  readonly now: Date
  readonly onProgress?: (file: string, rows: number) => void
}

const mostRefusalsShown = 1000

/** Takes in the files of one release, ESCO's or O*NET's. A file that cannot be read refuses all of them. */
export async function importOccupations(order: OccupationsOrder): Promise<Result<OccupationsReport, FileProblem>> {
  const listed = filesAt(order.paths)
  if (!listed.ok) return listed
  const { source, files, notRead } = listed.value
  try {
    return ok(await order.transact((db) => takeIn(db, order, { source, files, notRead })))
  } catch (error) {
    if (error instanceof FileRefused) return refused(error.problem)
    throw error
  }
}

interface Listed {
  readonly source: SourceCode
  readonly files: readonly TableFile[]
  readonly notRead: readonly string[]
}

async function takeIn(
  db: Db,
  { networkId, now, onProgress }: OccupationsOrder,
  { source, files, notRead }: Listed,
): Promise<OccupationsReport> {
  const writing = await beginWriting(db, { networkId, source, now })
  const report = { occupations: noCounts(), skills: noCounts(), needs: noCounts() }
  const rows = new Map<string, number>()
  const refusals: RefusedRow[] = []
  let refusedCount = 0
  const reading: Reading = {
    ...{ db, writing, report },
    refuse(row) {
      refusedCount++
      if (refusals.length < mostRefusalsShown) refusals.push(row)
    },
    read({ name }) {
      const count = (rows.get(name) ?? 0) + 1
      rows.set(name, count)
      if (count % 1000 === 0) onProgress?.(name, count)
    },
  }
  await (source === 'esco' ? readEsco(reading, files) : readOnet(reading, files))
  const isChanged = Object.values(report).some(({ added, changed, gone }) => added + changed + gone > 0)
  await endWriting(db, writing, isChanged)
  return {
    ...{ source: sources[source], notRead, refusedCount, refused: refusals, ...report },
    files: files.map(({ name }) => ({ name, rows: rows.get(name) ?? 0 })),
  }
}

/** The files at the paths that are read, of one layout. */
function filesAt(paths: readonly string[]): Result<Listed, FileProblem> {
  const found: { name: string; path: string }[] = []
  for (const each of paths) {
    try {
      const names = fs.statSync(each).isDirectory() ? fs.readdirSync(each).sort() : null
      if (names === null) found.push({ name: path.basename(each), path: each })
      else
        for (const name of names)
          if (fs.statSync(path.join(each, name)).isFile()) found.push({ name, path: path.join(each, name) })
    } catch {
      return refused({ file: path.basename(each), line: null, reason: 'unreadable', value: '' })
    }
  }
  const isEsco = found.some(({ name }) => escoFile(name) !== null)
  const isOnet = found.some(({ name }) => onetFile(name) !== null)
  const first = found[0]?.name ?? ''
  if (isEsco && isOnet) return refused({ file: first, line: null, reason: 'two_layouts', value: '' })
  if (!isEsco && !isOnet) return refused({ file: first, line: null, reason: 'nothing_known', value: '' })
  const isRead = ({ name }: { name: string }) => (isEsco ? escoFile(name) : onetFile(name)) !== null
  return ok({
    source: isEsco ? 'esco' : 'onet',
    files: found.filter(isRead).map(({ name, path: at }) => fileAt(name, at)),
    notRead: found.filter((file) => !isRead(file)).map(({ name }) => name),
  })
}
