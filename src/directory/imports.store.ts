// Imports that were asked for on the page: the file on its way, how far it has come, and what came of it.

import type { Db } from '#platform/db/index.ts'
import { newId, type Id, type NetworkId, type StaffId } from '#platform/ids.ts'
import { storable, type FileProblem, type ImportReport } from './import/row.ts'

export type ImportId = Id<'directory_import'>

export type ImportState = 'waiting' | 'reading' | 'writing' | 'done' | 'refused' | 'failed'

export interface DirectoryImport {
  readonly id: ImportId
  readonly fileName: string
  /** As the uploader named the directory; null: to be recognised. */
  readonly source: string | null
  readonly state: ImportState
  readonly linesRead: number
  readonly organizationsDone: number
  readonly organizationsTotal: number | null
  readonly outcome: ImportOutcome | null
  readonly createdAt: Date
  readonly finishedAt: Date | null
}

/** What came of it: a report, or why nothing went in. */
export interface ImportOutcome {
  readonly report?: ImportReport
  readonly problem?: FileProblem
}

const columns = [
  ...(['id', 'file_name', 'source', 'state', 'lines_read', 'organizations_done', 'organizations_total'] as const),
  ...(['report', 'created_at', 'finished_at'] as const),
]

export async function addImport(
  db: Db,
  networkId: NetworkId,
  asked: { readonly fileName: string; readonly source: string | null; readonly by: StaffId; readonly now: Date },
): Promise<ImportId> {
  const id = newId<'directory_import'>(asked.now.getTime())
  await db
    .insertInto('directory_imports')
    .values({
      ...{ network_id: networkId, id, file_name: asked.fileName, source: asked.source, state: 'waiting' },
      ...{ started_by: asked.by, created_at: asked.now },
    })
    .execute()
  return id
}

/** Adds the next piece of the file. */
export async function addPart(
  db: Db,
  networkId: NetworkId,
  importId: ImportId,
  part: { number: number; bytes: Buffer },
): Promise<void> {
  await db
    .insertInto('directory_import_parts')
    .values({ network_id: networkId, import_id: importId, part: part.number, bytes: part.bytes })
    .execute()
}

/** The piece of that number, or null after the last. */
export async function readPart(db: Db, importId: ImportId, number: number): Promise<Buffer | null> {
  const found = await db
    .selectFrom('directory_import_parts')
    .select('bytes')
    .where('import_id', '=', importId)
    .where('part', '=', number)
    .executeTakeFirst()
  return found?.bytes ?? null
}

export async function findImport(db: Db, id: ImportId): Promise<DirectoryImport | null> {
  const row = await db.selectFrom('directory_imports').select(columns).where('id', '=', id).executeTakeFirst()
  return row ? importIn(row) : null
}

/** The latest first. */
export async function latestImports(db: Db, limit: number): Promise<DirectoryImport[]> {
  const rows = await db
    .selectFrom('directory_imports')
    .select(columns)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(importIn)
}

export interface Progress {
  readonly state: ImportState
  readonly linesRead: number
  readonly organizationsDone: number
  readonly organizationsTotal: number | null
}

export async function noteProgress(db: Db, id: ImportId, progress: Progress): Promise<void> {
  await db
    .updateTable('directory_imports')
    .set({
      state: progress.state,
      lines_read: progress.linesRead,
      organizations_done: progress.organizationsDone,
      organizations_total: progress.organizationsTotal,
    })
    .where('id', '=', id)
    .execute()
}

/** Keeps what came of it and lets the file go. */
export async function finishImport(db: Db, id: ImportId, outcome: ImportOutcome, now: Date): Promise<void> {
  await db
    .updateTable('directory_imports')
    .set({
      ...{ state: outcome.report ? 'done' : 'refused', finished_at: now, report: jsonOf(outcome) },
      ...(outcome.report && { source: outcome.report.source, lines_read: outcome.report.lines }),
    })
    .where('id', '=', id)
    .execute()
  await db.deleteFrom('directory_import_parts').where('import_id', '=', id).execute()
}

/** Lets the files go that nothing came of: of imports begun before this moment. Gives how many pieces there were. */
export async function forgetUploads(db: Db, before: Date): Promise<number> {
  const done = await db
    .deleteFrom('directory_import_parts as part')
    .using('directory_imports as asked')
    .whereRef('asked.network_id', '=', 'part.network_id')
    .whereRef('asked.id', '=', 'part.import_id')
    .where('asked.created_at', '<', before)
    .executeTakeFirst()
  return Number(done.numDeletedRows)
}

function jsonOf(outcome: ImportOutcome): string {
  return JSON.stringify(outcome, (_, value: unknown) => (typeof value === 'string' ? storable(value) : value))
}

export async function markFailed(db: Db, id: ImportId): Promise<void> {
  await db.updateTable('directory_imports').set({ state: 'failed' }).where('id', '=', id).execute()
}

interface Row {
  readonly id: string
  readonly file_name: string
  readonly source: string | null
  readonly state: string
  readonly lines_read: number
  readonly organizations_done: number
  readonly organizations_total: number | null
  readonly report: unknown
  readonly created_at: Date
  readonly finished_at: Date | null
}

function importIn(row: Row): DirectoryImport {
  return {
    id: row.id as ImportId,
    fileName: row.file_name,
    source: row.source,
    state: row.state as ImportState,
    linesRead: row.lines_read,
    organizationsDone: row.organizations_done,
    organizationsTotal: row.organizations_total,
    outcome: row.report as ImportOutcome | null,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  }
}
