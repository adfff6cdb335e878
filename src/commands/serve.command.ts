// `serve` and `worker`: the running application.

import { once } from 'node:events'
import net from 'node:net'
import pg from 'pg'
import { makeApplication, type Application } from '#app.ts'
import { openDatabase, NoDatabase, type OpenDatabase } from '#platform/db/index.ts'
import type { Config } from '#platform/config.ts'
import { makeLog } from '#platform/log.ts'
import type { Command } from './command.ts'
import { approvingDemo, demoGreeting, learnDemoModel, prepareDemo } from './demo.command.ts'
import { engineOnDemand } from './engine-on-demand.ts'

export const serveCommand: Command = {
  usage: '[--no-jobs] [--no-demo-model]',
  positionals: [],
  options: {
    'no-jobs': { type: 'boolean', about: 'leaves the background work to a worker' },
    'no-demo-model': { type: 'boolean', about: 'the demonstration does not learn a model in the background' },
  },
  async run({ config, flag, progress }) {
    const database = await openDatabase(config, { migrating: true })
    try {
      const lock = await beTheOnlyServer(database)
      try {
        // Said before a first start fills the demonstration: that takes half a minute.
        await refuseBusyPort(config)
        if (database.isEmbedded) await prepareDemo(config, database, progress)
        await runUntilStopped(config, database, async (application) => {
          await application.server.listen({ port: config.port, host: config.host })
          if (!flag('no-jobs')) await application.work()
          if (!flag('no-demo-model')) await learnDemoModel(database, application)
          progress(await greeting(config, database, application))
        })
      } finally {
        await lock?.end()
      }
    } finally {
      await database.close()
    }
    return { exit: 0, document: { stopped: true }, lines: [] }
  },
}

export const workerCommand: Command = {
  usage: '',
  positionals: [],
  options: {},
  async run({ config, progress }) {
    const database = await openDatabase(config)
    try {
      await runUntilStopped(config, database, async (application) => {
        await application.work()
        progress('Working in the background. Stop with Ctrl-C.')
      })
    } finally {
      await database.close()
    }
    return { exit: 0, document: { stopped: true }, lines: [] }
  },
}

/** Whatever happens, the application is closed: what it has open would keep the process alive. */
async function runUntilStopped(
  config: Config,
  database: OpenDatabase,
  begin: (application: Application) => Promise<void>,
): Promise<void> {
  const leaving = new AbortController()
  const application = await makeApplication({
    ...{ config, database, log: makeLog(config.logLevel) },
    ...{ engine: engineOnDemand(leaving.signal), onFitted: approvingDemo(database) },
  })
  try {
    await begin(application)
    await untilStopped()
  } finally {
    leaving.abort()
    await application.close()
  }
}

/** Throws what listening there would throw. */
async function refuseBusyPort({ port, host }: Config): Promise<void> {
  const probe = net.createServer().listen(port, host)
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}

/** One `serve` on a data folder: two would answer with different settings. The lock goes with its connection. */
async function beTheOnlyServer(database: OpenDatabase): Promise<pg.Client | null> {
  if (!database.isEmbedded) return null
  const client = new pg.Client(database.ownerConnection)
  client.on('error', () => undefined)
  await client.connect()
  const lock = await client.query<{ mine: boolean }>(`SELECT pg_try_advisory_lock(hashtext('waypost serve')) AS mine`)
  if (lock.rows[0]?.mine) return client
  await client.end()
  throw new NoDatabase(
    'Waypost is already running on this data folder. Stop it first, or choose another with WAYPOST_DATA.',
  )
}

async function greeting(config: Config, database: OpenDatabase, application: Application): Promise<string> {
  const networks = await application.networks.all()
  const demo = await demoGreeting(config, database, application)
  const lines = [`Waypost is ready at ${config.publicUrl}`]
  if (networks.length === 0) lines.push('There is no network yet. Make one with ./waypost network create.')
  return [...lines, ...demo].join('\n')
}

/** Until somebody stops it: a signal, or the end of the process that started it. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
    process.once('disconnect', () => resolve())
  })
}
