// Kysely's table types, read from a migrated database.

import pg from 'pg'

// JSON goes in as text: pg would write a list as a PostgreSQL array.
const json = 'ColumnType<unknown, string | null, string | null>'
const jsonOrDefault = 'ColumnType<unknown, string | null | undefined, string | null>'

/** PostgreSQL types as they are read, and as they are written where that is wider. */
const types: Readonly<Record<string, string>> = {
  uuid: 'string',
  text: 'string',
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  numeric: 'number',
  date: 'string',
  time: 'string',
  interval: 'string',
  bytea: 'Buffer',
  tsvector: 'string',
  timestamptz: 'Date',
  jsonb: json,
  _text: 'string[]',
  _uuid: 'string[]',
  _date: 'string[]',
  _int4: 'number[]',
  _float8: 'number[]',
}

interface ColumnRow {
  table_name: string
  column_name: string
  udt_name: string
  is_nullable: string
  has_default: boolean
  is_generated: boolean
}

/** The source text of `schema.generated.ts`. Throws for a column type that has no entry above. */
export async function describeSchema(connection: pg.ClientConfig): Promise<string> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const { rows } = await client.query<ColumnRow>(
      `SELECT c.table_name, c.column_name, c.udt_name, c.is_nullable,
              (c.column_default IS NOT NULL OR c.is_identity = 'YES') AS has_default,
              (c.is_generated = 'ALWAYS') AS is_generated
       FROM information_schema.columns c
       JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
       WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
       ORDER BY c.table_name, c.ordinal_position`,
    )
    return sourceOf(rows)
  } finally {
    await client.end()
  }
}

function sourceOf(rows: readonly ColumnRow[]): string {
  const tables = Map.groupBy(rows, (row) => row.table_name)
  const lines = [
    '// Made by `npm run schema` from a freshly migrated database. Do not edit.',
    '',
    `import type { ColumnType, Generated, GeneratedAlways } from 'kysely'`,
    '',
    'export interface Database {',
    ...[...tables.keys()].map((table) => `  ${table}: ${interfaceName(table)}`),
    '}',
  ]
  for (const [table, columns] of tables) {
    lines.push(
      '',
      `export interface ${interfaceName(table)} {`,
      ...columns.map((row) => `  ${row.column_name}: ${typeOf(row)}`),
      '}',
    )
  }
  return `${lines.join('\n')}\n`
}

function typeOf(row: ColumnRow): string {
  const base = types[row.udt_name]
  if (!base) throw new Error(`No type is known for ${row.table_name}.${row.column_name}, which is ${row.udt_name}.`)
  const type = row.is_nullable === 'YES' ? nullable(base) : base
  if (row.is_generated) return `GeneratedAlways<${type}>`
  if (type === json) return row.has_default ? jsonOrDefault : json
  return row.has_default ? `Generated<${type}>` : type
}

function nullable(type: string): string {
  return type === json ? type : `${type} | null`
}

function interfaceName(table: string): string {
  return table
    .split('_')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('')
    .concat('Table')
}
