// What was imported, as it is kept beside the columns.

import type { TableName } from './hsds.ts'

export type KeptRow = Readonly<Record<string, string>>
export type KeptChildren = Readonly<Partial<Record<TableName, readonly KeptRow[]>>>

/** The `hsds` column of a thing. Only imports write it, always in this shape. */
export function readKept(hsds: unknown): { readonly row: KeptRow; readonly children: KeptChildren } {
  return hsds as { row: KeptRow; children: KeptChildren }
}
