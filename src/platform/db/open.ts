// Opens the database that the settings name: the embedded one, or a server of one's own.

import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Config } from '../config.ts'
import { administrator, joinEmbedded, NoDatabase } from './embedded.ts'
import { migrate, isMigrated } from './migrate.ts'
import { appRole } from './roles.ts'
import type { Database } from './schema.generated.ts'

// Days stay text (a day has no zone), and counts are numbers: they stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number)

export interface OpenDatabase {
  /** The pool of `waypost_app`: every use of it goes through `inScope`. */
  readonly kysely: Kysely<Database>
  readonly pool: pg.Pool
  /** A login that may migrate and make networks; used by commands, never by requests. */
  readonly ownerConnection: pg.ClientConfig
  readonly isEmbedded: boolean
  close(): Promise<void>
}

const databaseName = 'waypost'

/**
 * Opens and, when asked, migrates. Throws NoDatabase (one sentence) when the server cannot be reached or the database is
 * not migrated, WrongSchema when it is newer than this code, RolesMissing when an administrator must make the roles.
 */
export async function openDatabase(
  config: Pick<Config, 'dataFolder' | 'databaseUrl'>,
  { migrating = false, connections = 12 } = {},
): Promise<OpenDatabase> {
  if (config.databaseUrl) {
    const connection = { connectionString: config.databaseUrl }
    return prepare(connection, { migrating, connections, isEmbedded: false, leave: async () => undefined })
  }
  const server = await joinEmbedded(config.dataFolder)
  try {
    const connection = { host: server.socketFolder, user: administrator, database: databaseName }
    await makeDatabase({ ...connection, database: 'postgres' })
    return await prepare(connection, { migrating, connections, isEmbedded: true, leave: () => server.leave() })
  } catch (error) {
    await server.leave()
    throw error
  }
}

interface Manner {
  readonly migrating: boolean
  readonly connections: number
  readonly isEmbedded: boolean
  readonly leave: () => Promise<void>
}

async function prepare(connection: pg.ClientConfig, manner: Manner): Promise<OpenDatabase> {
  try {
    if (manner.migrating) await migrate(connection)
    await refuseUnmigrated(connection)
    const pool = openPool(connection, manner)
    const kysely = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
    let closed = false
    return {
      kysely,
      pool,
      ownerConnection: connection,
      isEmbedded: manner.isEmbedded,
      async close() {
        if (closed) return
        closed = true
        await kysely.destroy()
        await manner.leave()
      },
    }
  } catch (error) {
    throw unreachable(error) ?? error
  }
}

/** Looks with the login itself: before the first migration there is no other role yet. */
async function refuseUnmigrated(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    if (await isMigrated(client)) return
  } finally {
    await client.end()
  }
  throw new NoDatabase('The database has not been migrated to this Waypost. Run ./waypost migrate.')
}

/** Each connection gives up the login's own rights as it opens: what no scope allows, the application cannot do. */
function openPool(connection: pg.ClientConfig, { connections, isEmbedded }: Manner): pg.Pool {
  const login = isEmbedded ? { ...connection, user: appRole } : connection
  const pool = new pg.Pool({ ...login, max: connections, application_name: 'waypost', options: `-c role=${appRole}` })
  // A connection that breaks while idle is replaced by the next one; whoever needs it then sees the outage.
  pool.on('error', () => undefined)
  return pool
}

async function makeDatabase(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const found = await client.query(`SELECT 1 FROM pg_database WHERE datname = $1`, [databaseName])
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`)
  } catch (error) {
    // 42P04 and 23505: another process made it in the meantime.
    if (!['42P04', '23505'].includes(String((error as { code?: string }).code))) throw error
  } finally {
    await client.end()
  }
}

/** What pg says of a server that is not there, as one sentence that names no secret. */
function unreachable(error: unknown): NoDatabase | null {
  const code = String((error as { code?: string }).code)
  const sentences: Record<string, string> = {
    ECONNREFUSED: 'nothing answers at that address',
    ENOTFOUND: 'there is no host of that name',
    EAI_AGAIN: 'there is no host of that name',
    ETIMEDOUT: 'the host does not answer',
    EHOSTUNREACH: 'the host cannot be reached',
    '28P01': 'the server refuses that user or password',
    '28000': 'the server refuses that user',
    '3D000': 'the server has no database of that name',
  }
  const sentence = sentences[code]
  return sentence ? new NoDatabase(`The database of DATABASE_URL cannot be used: ${sentence}.`) : null
}
