// Wage records from a file: read whole before the first write, each refused line with its reason, the same file twice is one.

import fs from 'node:fs'
import { parse } from 'csv-parse'
import { consentsOf, idsOfFile, searchClients, type Client } from '#clients/index.ts'
import type { Work } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { brokenLineOf } from '#platform/utf8.ts'
import { marksOfClient, newStatementId, settleClient } from './outcomes.acts.ts'
import { insertStatement, statementByKey } from './outcomes.store.ts'
import {
  columnsOf,
  monthlyPay,
  readWageRow,
  type WageMapping,
  type WageRecord,
  type WageRowProblem,
} from './wage-record.ts'

/** The file as a whole is refused: nothing was written. */
export type WageFileProblem =
  | { readonly code: 'cannot_be_read' | 'not_utf8' | 'no_header' }
  | { readonly code: 'column_missing'; readonly column: string }
  | { readonly code: 'broken_csv'; readonly line: number }

interface RefusedLine {
  readonly line: number
  readonly problem: WageRowProblem | { readonly code: 'unknown_client' | 'consent_withdrawn' }
}

export interface WageReport {
  readonly lines: number
  readonly added: number
  /** Records whose pay differs from what an earlier file said: that statement is put right. */
  readonly changed: number
  readonly unchanged: number
  readonly refused: readonly RefusedLine[]
}

interface Summed extends WageRecord {
  readonly lines: readonly number[]
}

/** Brings in a file of wage records, in the caller's transaction. Several rows of one person and period are added up. */
export async function importWageRecords(
  work: Work,
  file: string,
  mapping: WageMapping,
): Promise<Result<WageReport, WageFileProblem>> {
  const encoding = await checkEncoding(file)
  if (!encoding.ok) return encoding
  const read = await readRecords(file, mapping)
  if (!read.ok) return read
  const { records, lines } = read.value
  const refusals: RefusedLine[] = [...read.value.refused]
  const counts = { added: 0, changed: 0, unchanged: 0 }
  for (const [reference, ofClient] of Map.groupBy(records, (record) => record.clientReference)) {
    const client = (await searchClients(work.db, reference, 2)).find((found) => found.reference === reference)
    const problem = client ? await whyRefused(work, client) : 'unknown_client'
    if (!client || problem !== null) {
      for (const line of ofClient.flatMap((record) => record.lines))
        refusals.push({ line, problem: { code: problem ?? 'unknown_client' } })
      continue
    }
    for (const record of ofClient) counts[await keepRecord(work, client, record)]++
    await settleClient(work, await idsOfFile(work.db, client.id))
  }
  return ok({ lines, ...counts, refused: refusals.toSorted((a, b) => a.line - b.line) })
}

async function keepRecord(work: Work, client: Client, record: Summed): Promise<'added' | 'changed' | 'unchanged'> {
  const sourceKey = `wage ${record.from} ${record.to}`
  const kind = record.payCents > 0 ? 'working' : 'no_pay'
  const monthlyEarningsCents = record.payCents > 0 ? record.monthlyEarningsCents : null
  const known = await statementByKey(work.db, await idsOfFile(work.db, client.id), sourceKey)
  if (known?.kind === kind && known.monthlyEarningsCents === monthlyEarningsCents) return 'unchanged'
  const statement = {
    ...({
      id: newStatementId(work.now),
      kind,
      since: record.from,
      asOf: record.to,
      monthlyEarningsCents,
      sourceKey,
    } as const),
    ...({ source: 'wage_record', channel: 'file', recordedBy: null, corrects: known?.id ?? null } as const),
  }
  await insertStatement(work.db, marksOfClient(work, client), statement, work.now)
  return known ? 'changed' : 'added'
}

/** Somebody who withdrew consent to have their pay looked up is left out, though the authority sent it. */
async function whyRefused(work: Work, client: Client): Promise<'consent_withdrawn' | null> {
  const consents = (await consentsOf(work.db, client.id, work.today)).filter(
    ({ purpose }) => purpose === 'wage_records',
  )
  const holds = consents.some(({ state }) => state === 'holds')
  return consents.some(({ state }) => state === 'withdrawn') && !holds ? 'consent_withdrawn' : null
}

/** Broken text is refused before anything is written. */
async function checkEncoding(file: string): Promise<Result<null, WageFileProblem>> {
  try {
    return (await brokenLineOf(file)) === null ? ok(null) : refused({ code: 'not_utf8' })
  } catch {
    return refused({ code: 'cannot_be_read' })
  }
}

async function readRecords(
  file: string,
  mapping: WageMapping,
): Promise<Result<{ records: readonly Summed[]; lines: number; refused: readonly RefusedLine[] }, WageFileProblem>> {
  const byPeriod = new Map<string, Summed>()
  const refusals: RefusedLine[] = []
  const wanted = columnsOf(mapping)
  let header: readonly string[] | null = null
  let lines = 0
  const parser = fs.createReadStream(file).pipe(
    parse({
      bom: true,
      delimiter: mapping.delimiter ?? ',',
      skip_empty_lines: true,
      info: true,
      relax_column_count: true,
    }),
  )
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
      if (header === null) {
        header = record.map((name) => name.trim())
        const missing = wanted.find((column) => !header?.includes(column))
        if (missing !== undefined) return refused({ code: 'column_missing', column: missing })
        continue
      }
      lines++
      const row = Object.fromEntries(header.map((name, index) => [name, record[index] ?? '']))
      const read = readWageRow(row, mapping)
      if (read.ok) addUp(byPeriod, read.value, info.lines)
      else refusals.push({ line: info.lines, problem: read.problem })
    }
  } catch (error) {
    const line = error instanceof Error && 'lines' in error ? Number(error.lines) : lines + 1
    return refused({ code: 'broken_csv', line })
  }
  return header === null
    ? refused({ code: 'no_header' })
    : ok({ records: [...byPeriod.values()], lines, refused: refusals })
}

/** Two employers in one period are one pay. */
function addUp(byPeriod: Map<string, Summed>, record: WageRecord, line: number): void {
  const key = `${record.clientReference} ${record.from} ${record.to}`
  const known = byPeriod.get(key)
  const payCents = record.payCents + (known?.payCents ?? 0)
  const lines = [...(known?.lines ?? []), line]
  byPeriod.set(key, { ...record, payCents, monthlyEarningsCents: monthlyPay(payCents, record), lines })
}
