// What an export reads: every row as it was imported, page by page.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import type { TableName } from '../hsds.ts'
import { isServiceType, type ServiceType } from '../service-type.ts'

/** One row of an HSDS table. */
export interface ExchangeRow {
  readonly table: TableName
  readonly values: Readonly<Record<string, string>>
}

interface Page {
  readonly id: string
  readonly hsds: unknown
  readonly kind: TableName
  readonly service_type: string | null
}

const pageSize = 500

/** All rows that the directory still has, those of taxonomies first. What has gone is left out. */
export async function* currentRows(db: Db): AsyncGenerator<ExchangeRow> {
  yield* rowsOf(db, 'directory_loose_rows', sql`kind`)
  yield* rowsOf(db, 'organizations', sql`'organization'`)
  yield* rowsOf(db, 'services', sql`'service'`)
  yield* rowsOf(db, 'locations', sql`'location'`)
  yield* rowsOf(db, 'service_at_locations', sql`'service_at_location'`)
}

async function* rowsOf(db: Db, table: string, kind: ReturnType<typeof sql>): AsyncGenerator<ExchangeRow> {
  const type = table === 'services' ? sql`service_type` : sql`NULL`
  for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await sql<Page>`
      SELECT id, hsds, ${kind} AS kind, ${type} AS service_type FROM ${sql.table(table)}
      WHERE gone_since IS NULL AND id > ${last}::uuid ORDER BY id LIMIT ${pageSize}`.execute(db)
    for (const page of rows) yield* rowsIn(page)
    const end = rows.at(-1)
    if (!end || rows.length < pageSize) return
    last = end.id
  }
}

function* rowsIn({ hsds, kind, service_type: type }: Page): Generator<ExchangeRow> {
  const kept = hsds as { row: Record<string, string>; children: Partial<Record<TableName, Record<string, string>[]>> }
  const own: { waypost_service_type?: ServiceType } = isServiceType(type) ? { waypost_service_type: type } : {}
  yield { table: kind, values: { ...kept.row, ...own } }
  for (const [table, children] of Object.entries(kept.children)) {
    for (const values of children) yield { table: table as TableName, values }
  }
}
