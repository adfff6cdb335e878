// `import episodes`: reads a CSV by its mapping and keeps what can be read; a file that cannot be read is refused whole.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { definitionOf, factCodes, isServiceType, type FactCode } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { NetworkId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { brokenLineOf } from '#platform/utf8.ts'
import { keepEpisodes, type Kept, type SourceRow } from './episodes.store.ts'
import { mappedColumns, readEpisode, readMapping, type Mapping, type RefusedRow, type Row } from './mapping.ts'

export interface EpisodesReport extends Kept {
  readonly source: string
  readonly lines: number
  readonly refusedCount: number
  /** The first thousand refused rows; the count has them all. */
  readonly refused: readonly RefusedRow[]
}

export interface EpisodesOrder {
  readonly networkId: NetworkId
  readonly path: string
  /** The mapping's JSON, unread. */
  readonly mapping: unknown
  readonly now: Date
  readonly onProgress?: (lines: number) => void
}

const batchSize = 500
const mostRefusalsShown = 1000

export const vocabulary = {
  definitionOf: (code: string) => (isFactCode(code) ? definitionOf(code) : null),
  isServiceType: (code: string) => isServiceType(code),
}

/** Imports into the given transaction. The problem is one sentence: a mapping that is wrong, text that is no UTF-8, a
 *  mapped column that the file has not, broken quoting. Reads in bounded memory, but for the hashes of repeated lines. */
export async function importEpisodes(db: Db, order: EpisodesOrder): Promise<Result<EpisodesReport, string>> {
  const mapping = readMapping(order.mapping, vocabulary)
  if (!mapping.ok) return mapping
  const unreadable = (await checkText(order.path)) ?? (await checkColumns(order.path, mapping.value))
  if (unreadable) return refused(unreadable)
  const tally = { added: 0, changed: 0, unchanged: 0, lines: 0, refusedCount: 0 }
  const refusals: RefusedRow[] = []
  const keyOf = sourceKeys(mapping.value)
  let batch: SourceRow[] = []
  const keep = async () => {
    const kept = await keepEpisodes(
      db,
      { networkId: order.networkId, source: mapping.value.source, now: order.now },
      batch,
    )
    tally.added += kept.added
    tally.changed += kept.changed
    tally.unchanged += kept.unchanged
    batch = []
    order.onProgress?.(tally.lines)
  }
  const refuse = (row: RefusedRow) => {
    tally.refusedCount++
    if (refusals.length < mostRefusalsShown) refusals.push(row)
  }
  for await (const { record, line } of rowsOf(order.path)) {
    tally.lines++
    const episode = readEpisode(record, mapping.value, vocabulary)
    const key = keyOf(record)
    if (!episode.ok) refuse({ line, ...episode.problem })
    else if (!key.ok) refuse({ line, ...key.problem })
    else batch.push({ ...key.value, episode: episode.value })
    if (batch.length === batchSize) await keep()
  }
  await keep()
  return ok({ source: mapping.value.source, ...tally, refused: refusals })
}

/** What identifies a row: its id, or else its line (and its turn among equal lines: two people may have the same
 *  answers). An id that comes twice is refused the second time. */
function sourceKeys(
  mapping: Mapping,
): (row: Row) => Result<Pick<SourceRow, 'sourceKey' | 'contentHash'>, Omit<RefusedRow, 'line'>> {
  const seen = new Map<string, number>()
  return (row) => {
    const contentHash = createHash('sha256')
      .update(JSON.stringify([mapping, mappedColumns(mapping).map((name) => row[name] ?? '')]))
      .digest('base64url')
    const { id } = mapping
    const name = id === undefined ? contentHash : (row[id] ?? '').trim()
    if (name === '') return refused({ column: id ?? '', reason: 'says no id' })
    const turn = (seen.get(name) ?? 0) + 1
    seen.set(name, turn)
    if (id === undefined) return ok({ sourceKey: `${name}/${turn}`, contentHash })
    return turn === 1 ? ok({ sourceKey: name, contentHash }) : refused({ column: id, reason: `${name} comes twice` })
  }
}

async function checkText(path: string): Promise<string | null> {
  const line = await brokenLineOf(path)
  return line === null ? null : `The file is no UTF-8 text, at line ${line}.`
}

/** One reading of the whole file before the first write: missing columns and broken quoting refuse it whole. */
async function checkColumns(path: string, mapping: Mapping): Promise<string | null> {
  const wanted = mappedColumns(mapping)
  let isFirst = true
  try {
    for await (const { record } of rowsOf(path)) {
      if (!isFirst) continue
      isFirst = false
      const missing = wanted.filter((name) => !Object.hasOwn(record, name))
      if (missing.length > 0) return `The file has no column ${missing.join(', ')}.`
    }
  } catch (error) {
    const { code, lines, message } = error as { code?: string; lines?: number; message?: string }
    if (!code?.startsWith('CSV_')) throw error
    return `The file cannot be read as CSV${lines ? ` at line ${lines}` : ''}: ${message ?? code}.`
  }
  return isFirst ? 'The file holds no rows.' : null
}

async function* rowsOf(path: string): AsyncGenerator<{ record: Row; line: number }> {
  const parser = createReadStream(path).pipe(
    parse({ columns: true, bom: true, info: true, skip_empty_lines: true, relax_column_count_less: true }),
  )
  for await (const { record, info } of parser as AsyncIterable<{ record: Row; info: { lines: number } }>) {
    yield { record, line: info.lines }
  }
}

function isFactCode(code: string): code is FactCode {
  return (factCodes as readonly string[]).includes(code)
}
