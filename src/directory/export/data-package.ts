// An HSDS data package: the cells of its files, and the description that goes with them.

import { hasColumn, tables, type Column, type TableName } from '../hsds.ts'

/** The columns of a file: those of HSDS first, then what the directories had besides. */
export function columnsOf(table: TableName, used: ReadonlySet<string>): string[] {
  const standard = tables[table].columns.map((column) => column.name)
  return [...standard, ...[...used].filter((name) => !hasColumn(table, name)).sort()]
}

/** The `datapackage.json` of these files (Frictionless tabular data package). */
export function descriptionOf(files: ReadonlyMap<TableName, readonly string[]>): object {
  return {
    name: 'human_services_data',
    title: 'Human services directory in the Human Services Data Specification 3.0',
    profile: 'tabular-data-package',
    homepage: 'https://docs.openreferral.org',
    resources: [...files].map(([table, columns]) => resourceOf(table, columns, files)),
  }
}

function resourceOf(table: TableName, columns: readonly string[], files: ReadonlyMap<TableName, readonly string[]>) {
  const keys = tables[table].columns.filter((column) => column.refersTo !== undefined && files.has(column.refersTo))
  return {
    name: table,
    path: `${tables[table].file}.csv`,
    profile: 'tabular-data-resource',
    format: 'csv',
    mediatype: 'text/csv',
    encoding: 'utf-8',
    schema: {
      primaryKey: 'id',
      fields: columns.map((name) => fieldOf(name, tables[table].columns)),
      ...(keys.length > 0 && {
        foreignKeys: keys.map((column) => ({
          fields: column.name,
          reference: { resource: column.refersTo, fields: 'id' },
        })),
      }),
    },
  }
}

function fieldOf(name: string, columns: readonly Column[]): object {
  const column = columns.find((known) => known.name === name)
  if (!column) return { name, type: 'string', constraints: { required: false } }
  const isText = column.type === 'text' || column.type === 'email' || column.type === 'uri'
  return {
    name,
    type: isText ? 'string' : column.type,
    ...(column.type === 'email' && { format: 'email' }),
    ...(column.type === 'uri' && { format: 'uri' }),
    constraints: { required: column.isRequired, ...(column.values && { enum: column.values }) },
  }
}
