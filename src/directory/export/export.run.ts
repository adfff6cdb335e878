// Writes the directory as an HSDS 3.0 data package: a folder of CSV files and their description.

import fs from 'node:fs'
import path from 'node:path'
import type { Db } from '#platform/db/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { tableNames, tables, type TableName } from '../hsds.ts'
import { csvLine } from '#platform/csv.ts'
import { columnsOf, descriptionOf } from './data-package.ts'
import { currentRows } from './export.store.ts'

export interface ExportReport {
  readonly path: string
  /** Rows by file. */
  readonly files: Readonly<Record<string, number>>
}

export type ExportProblem = 'not_empty' | 'not_writable'

/**
 * Writes all that is not gone, as it was imported, to a folder that is new or empty; what Waypost knows besides stands in
 * columns whose names begin with `waypost_`. Memory holds a page of rows and the ids. Refused when there is something at
 * the path already, or nothing can be written there; the folder appears only when it is whole.
 */
export async function exportDirectory(db: Db, folder: string): Promise<Result<ExportReport, ExportProblem>> {
  const target = path.resolve(folder)
  const entries = await fs.promises
    .readdir(target)
    .catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : null))
  if (entries === null || entries.length > 0) return refused('not_empty')
  const draft = `${target}.partial-${process.pid}`
  try {
    await fs.promises.mkdir(draft, { recursive: true })
    const files = await writeFiles(db, draft)
    await fs.promises.rm(target, { recursive: true, force: true })
    await fs.promises.rename(draft, target)
    return ok({ path: target, files })
  } catch (error) {
    if (isRefusedByTheSystem(error)) return refused('not_writable')
    throw error
  } finally {
    await fs.promises.rm(draft, { recursive: true, force: true })
  }
}

async function writeFiles(db: Db, folder: string): Promise<Record<string, number>> {
  const used = await columnsInUse(db)
  const present = tableNames.filter((table) => used.has(table) || table === 'organization' || table === 'service')
  const columns = new Map(present.map((table) => [table, columnsOf(table, used.get(table) ?? new Set())]))
  const sheets = new Map(present.map((table) => [table, openSheet(folder, table, columns.get(table) ?? [])]))
  try {
    for await (const { table, values } of currentRows(db)) sheets.get(table)?.add(values)
  } finally {
    for (const sheet of sheets.values()) sheet.close()
  }
  await fs.promises.writeFile(
    path.join(folder, 'datapackage.json'),
    `${JSON.stringify(descriptionOf(columns), null, 2)}\n`,
  )
  return Object.fromEntries([...sheets].map(([table, sheet]) => [`${tables[table].file}.csv`, sheet.rows()]))
}

/** A header comes before its rows, so the columns are gathered first. */
async function columnsInUse(db: Db): Promise<Map<TableName, Set<string>>> {
  const used = new Map<TableName, Set<string>>()
  for await (const { table, values } of currentRows(db)) {
    const columns = used.get(table) ?? new Set()
    for (const name of Object.keys(values)) columns.add(name)
    used.set(table, columns)
  }
  return used
}

interface Sheet {
  add(values: Readonly<Record<string, string>>): void
  rows(): number
  close(): void
}

const bufferedLines = 1000

function openSheet(folder: string, table: TableName, columns: readonly string[]): Sheet {
  const file = fs.openSync(path.join(folder, `${tables[table].file}.csv`), 'w')
  const lines = [csvLine(columns)]
  // One thing that came from two sources is written once.
  const written = new Set<string>()
  const flush = () => fs.writeSync(file, lines.splice(0).join(''))
  return {
    add(values) {
      const id = values['id'] ?? ''
      if (written.has(id)) return
      written.add(id)
      lines.push(csvLine(columns.map((column) => values[column] ?? '')))
      if (lines.length > bufferedLines) flush()
    },
    rows: () => written.size,
    close() {
      flush()
      fs.closeSync(file)
    },
  }
}

function isRefusedByTheSystem(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC', 'EEXIST'].includes(code)
}
