// `import labour-market`: growth and typical earnings by occupation and area, from a CSV file.

import path from 'node:path'
import type { Db } from '#platform/db/index.ts'
import type { NetworkId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { removeMarket, writeMarket } from '../labour-market.store.ts'
import { noCounts, type Counts } from '../occupations-import.store.ts'
import { entriesOf, inBatches } from './batch.run.ts'
import { codeColumns, marketRow, type MarketDefaults, type MarketEntry } from './labour-market.ts'
import { FileRefused, type FileProblem, type RefusedRow } from './row.ts'
import { fileAt, readRows, type TableFile } from './table.reader.ts'

export interface MarketReport {
  readonly rows: number
  readonly counts: Readonly<Counts>
  readonly refusedCount: number
  /** The first thousand; the count has them all. */
  readonly refused: readonly RefusedRow[]
}

export interface MarketOrder {
  /** Runs in one transaction as the job of the network; what throws leaves nothing behind. */
  readonly transact: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  readonly networkId: NetworkId
  readonly path: string
  readonly defaults: MarketDefaults
  readonly now: Date
}

const mostRefusalsShown = 1000
const manner = { separator: ',', required: [] } as const

/** Takes a file in: what a source said of the file's areas before, and says no longer, is taken away. */
export async function importLabourMarket(order: MarketOrder): Promise<Result<MarketReport, FileProblem>> {
  const file = fileAt(path.basename(order.path), order.path)
  try {
    await checkColumns(file)
    return ok(await order.transact((db) => takeIn(db, order, file)))
  } catch (error) {
    if (error instanceof FileRefused) return refused(error.problem)
    throw error
  }
}

async function takeIn(db: Db, { networkId, now, defaults }: MarketOrder, file: TableFile): Promise<MarketReport> {
  const counts = noCounts()
  const refusals: RefusedRow[] = []
  let [rows, refusedCount] = [0, 0]
  const reading = {
    read: () => void rows++,
    refuse(row: RefusedRow) {
      refusedCount++
      if (refusals.length < mostRefusalsShown) refusals.push(row)
    },
  }
  const told = { sources: new Set<string>(), areas: new Set<string>(), keys: new Set<string>() }
  const batch = inBatches<MarketEntry>((entries) => writeMarket(db, { networkId, now }, entries, counts))
  for await (const { entry, refuse } of entriesOf(reading, file, manner, (values) => marketRow(values, defaults))) {
    const key = keyOf(entry)
    if (told.keys.has(key)) {
      refuse('comes_twice', entry.code)
      continue
    }
    told.keys.add(key)
    told.sources.add(entry.source)
    told.areas.add(entry.area)
    await batch.add(entry)
  }
  await batch.end()
  counts.gone = await removeMarket(db, told, keyOf)
  return { rows, counts, refusedCount, refused: refusals }
}

/** Without a column for the code the file is another one: better said once than in each row. */
async function checkColumns(file: TableFile): Promise<void> {
  let columns: readonly string[] = []
  for await (const { values } of readRows(file, manner)) {
    columns = Object.keys(values)
    break
  }
  if (!codeColumns.some((column) => columns.includes(column)))
    throw new FileRefused({ file: file.name, line: 1, reason: 'column_missing', value: 'code' })
}

function keyOf({ source, code, area }: Pick<MarketEntry, 'source' | 'code' | 'area'>): string {
  return JSON.stringify([source, code, area])
}
