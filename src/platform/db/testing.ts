// Databases for tests: one server, one migrated template, and a fresh copy of it wherever a test asks.

import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { newId, type NetworkId } from '../ids.ts'
import { administrator, joinEmbedded } from './embedded.ts'
import { migrate, readMigrations } from './migrate.ts'
import { appRole } from './roles.ts'
import { inScope, type Db, type Scope } from './scope.ts'
import type { Database } from './schema.generated.ts'
import './open.ts'

/** A server for tests, with a migrated template. */
export interface TestServer {
  readonly templateConnection: pg.ClientConfig
  stop(): Promise<void>
}

/**
 * Joins (or starts) the server for tests: `TEST_DATABASE_URL` when set, else PostgreSQL in a folder of the temporary
 * directory that all test processes of this user share; it stops with the last of them.
 */
export async function startTestServer(): Promise<TestServer> {
  const { connection, stop } = await testServer()
  const template = templateName()
  await makeTemplate(connection, template)
  return { templateConnection: { ...connection, database: template }, stop }
}

export interface TestDatabase {
  readonly kysely: Kysely<Database>
  readonly pool: pg.Pool
  /** A login that may do everything: for looking at what row-level security hides. */
  readonly ownerConnection: pg.ClientConfig
  /** Runs as the scope says; staff of the network with both client roles unless told otherwise. */
  as<T>(scope: Partial<Scope> & { networkId: NetworkId }, work: (db: Db) => Promise<T>): Promise<T>
  /** Adds a network (`Test`, Europe/Zurich, English). */
  addNetwork(slug?: string): Promise<NetworkId>
  drop(): Promise<void>
}

/** A fresh copy of the migrated template; `drop` it when the test file ends. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = await startTestServer()
  const name = `test_${randomBytes(6).toString('hex')}`
  const template = String(server.templateConnection.database)
  await runAsAdministrator(server.templateConnection, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`)
  const ownerConnection = { ...server.templateConnection, database: name }
  const pool = new pg.Pool({ ...ownerConnection, max: 8, options: `-c role=${appRole}` })
  pool.on('error', () => undefined)
  const kysely = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  return {
    kysely,
    pool,
    ownerConnection,
    as: (scope, work) =>
      inScope(kysely, { role: 'staff', roles: ['adviser', 'manager'], actorId: newId(), ...scope }, work),
    async addNetwork(slug = `test-${randomBytes(3).toString('hex')}`) {
      const id = newId<'network'>()
      const client = new pg.Client(ownerConnection)
      await client.connect()
      await client.query(
        `INSERT INTO networks (id, slug, name, time_zone, locale, created_at) VALUES ($1, $2, 'Test', 'Europe/Zurich', 'en', $3)`,
        [id, slug, new Date()],
      )
      await client.end()
      return id
    },
    async drop() {
      await kysely.destroy()
      await runAsAdministrator(server.templateConnection, `DROP DATABASE ${name} WITH (FORCE)`)
      await server.stop()
    },
  }
}

async function testServer(): Promise<{ connection: pg.ClientConfig; stop: () => Promise<void> }> {
  const url = process.env['TEST_DATABASE_URL']
  if (url) return { connection: { ...partsOf(url), database: 'postgres' }, stop: async () => undefined }
  const folder = path.join(os.tmpdir(), `waypost-test-${process.getuid?.() ?? 0}`)
  const server = await joinEmbedded(folder, { isDurable: false })
  return {
    connection: { host: server.socketFolder, user: administrator, database: 'postgres' },
    stop: () => server.leave(),
  }
}

/** The template's name changes with the migrations: an old one is never used for new code. */
function templateName(): string {
  const hash = createHash('sha256')
  for (const { name, sql } of readMigrations()) hash.update(name).update(sql)
  for (const part of ['migrate.ts', 'roles.ts', '../jobs/queue.ts'])
    hash.update(fs.readFileSync(path.join(import.meta.dirname, part)))
  return `waypost_template_${hash.digest('hex').slice(0, 16)}`
}

async function makeTemplate(connection: pg.ClientConfig, name: string): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    // Test processes start together: one makes it, the others wait.
    await client.query(`SELECT pg_advisory_lock(hashtext('waypost template'))`)
    const found = await client.query(`SELECT 1 FROM pg_database WHERE datname = $1`, [name])
    if (found.rowCount === 1) return
    const draft = `${name}_draft`
    await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${draft}`)
    await migrate({ ...connection, database: draft })
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`)
  } finally {
    await client.end()
  }
}

/** A connection string names a database of its own: only its server counts here. */
function partsOf(url: string): pg.ClientConfig {
  const { hostname, port, username, password } = new URL(url)
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  }
}

async function runAsAdministrator(connection: pg.ClientConfig, statement: string): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
