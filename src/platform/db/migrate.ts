// Brings a database to the schema of this code: numbered SQL files, forward only, one statement at a time.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { makeJobTables } from '../jobs/queue.ts'
import { makeRoles, ownerRole } from './roles.ts'

const folder = path.join(import.meta.dirname, '..', '..', '..', 'migrations')

/** The database was migrated by newer code, or a migration was edited after it had run. */
export class WrongSchema extends Error {
  override readonly name = 'WrongSchema'
}

export interface Migration {
  readonly name: string
  readonly sql: string
}

/** The migrations of this code, in order. Throws when a number is doubled. */
export function readMigrations(): Migration[] {
  const names = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  names.forEach((name, index) => {
    if (name.slice(0, 4) === names[index - 1]?.slice(0, 4)) throw new Error(`migrations/${name} has a number twice`)
  })
  return names.map((name) => ({ name, sql: fs.readFileSync(path.join(folder, name), 'utf8') }))
}

/**
 * Applies what is missing, each migration in one transaction as `waypost_owner`; two at once wait for each other.
 * `connection` must be a login that may become the owner. Returns the names applied.
 * Throws WrongSchema when the database is newer than the code, RolesMissing when roles cannot be made.
 */
export async function migrate(connection: pg.ClientConfig): Promise<string[]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    // One migration at a time in a database; the lock goes with the connection.
    await client.query(`SELECT pg_advisory_lock(hashtext('waypost migrate'))`)
    await makeRoles(client)
    await client.query(`SET ROLE ${ownerRole}`)
    await client.query(
      `CREATE TABLE IF NOT EXISTS schema_migrations (
         name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL)`,
    )
    const applied = await applyMissing(client, readMigrations())
    await makeJobTables(client)
    return applied
  } finally {
    await client.end()
  }
}

/** Whether this code's migrations are all there and none that it does not know. */
export async function isMigrated(client: pg.ClientBase): Promise<boolean> {
  const found = await client.query<{ there: boolean }>(`SELECT to_regclass('schema_migrations') IS NOT NULL AS there`)
  if (!found.rows[0]?.there) return false
  const rows = await client.query<{ name: string }>(`SELECT name FROM schema_migrations ORDER BY name`)
  const names = readMigrations().map((migration) => migration.name)
  refuseNewer(
    rows.rows.map((row) => row.name),
    names,
  )
  return rows.rows.length === names.length
}

/** The statements of a file: each ends with `;` at the end of a line. */
export function splitStatements(sql: string): string[] {
  return sql
    .split('\n')
    .filter((line) => !/^\s*--/.test(line))
    .join('\n')
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

async function applyMissing(client: pg.Client, migrations: readonly Migration[]): Promise<string[]> {
  const rows = await client.query<{ name: string; digest: string }>(`SELECT name, digest FROM schema_migrations`)
  const known = new Map(rows.rows.map((row) => [row.name, row.digest]))
  refuseNewer(
    [...known.keys()],
    migrations.map((migration) => migration.name),
  )
  const applied: string[] = []
  for (const migration of migrations) {
    const digest = createHash('sha256').update(migration.sql).digest('hex')
    const before = known.get(migration.name)
    if (before === undefined) {
      await applyOne(client, migration, digest)
      applied.push(migration.name)
    } else if (before !== digest) {
      throw new WrongSchema(`The migration ${migration.name} was changed after it had been applied to this database.`)
    }
  }
  return applied
}

async function applyOne(client: pg.Client, migration: Migration, digest: string): Promise<void> {
  await client.query('BEGIN')
  try {
    for (const statement of splitStatements(migration.sql)) await client.query(statement)
    await client.query(`INSERT INTO schema_migrations VALUES ($1, $2, $3)`, [migration.name, digest, new Date()])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw new Error(`migrations/${migration.name}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

function refuseNewer(applied: readonly string[], known: readonly string[]): void {
  const strange = applied.find((name) => !known.includes(name))
  if (strange)
    throw new WrongSchema(`The database is newer than this Waypost: it has ${strange}, which this code does not know.`)
}
