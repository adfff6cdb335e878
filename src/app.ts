// The application: the only file that knows every feature. It mounts them in reading order.

import type { FastifyInstance } from 'fastify'
import path from 'node:path'
import type { Logger } from 'pino'
import { clientsRoutes } from '#clients/index.ts'
import { networksRoutes, rememberNetworks, type NetworkDirectory } from '#networks/index.ts'
import type { Config } from '#platform/config.ts'
import type { OpenDatabase } from '#platform/db/index.ts'
import { makeServer } from '#platform/http/server.ts'
import { mailJob } from '#platform/http/work.ts'
import { readCatalogues } from '#platform/i18n/index.ts'
import { makeBoss, sendWith, type JobData } from '#platform/jobs/queue.ts'
import { makeQueues, runOnce, startWorking, type Job } from '#platform/jobs/worker.ts'
import { mailTries, sendQueuedMail, type MailKind, type MailTools } from '#platform/mail/mail.ts'
import { outboxRoutes } from '#platform/mail/outbox.routes.ts'
import { readKeys, type Keys } from '#platform/secrets.ts'
import { makeRenderer } from '#platform/ui/render.ts'
import { findActorBySession, membersRoutes, signInRoutes, staffMails } from '#staff/index.ts'

export interface Application {
  readonly server: FastifyInstance
  readonly networks: NetworkDirectory
  readonly keys: Keys
  /** Takes up background work, until the application is closed. */
  work(): Promise<void>
  /** Runs a job at once and waits for it: for commands and tests. */
  runJob(name: string, data?: Record<string, string>): Promise<void>
  /** Finishes requests and jobs in flight. */
  close(): Promise<void>
}

export interface ApplicationParts {
  readonly config: Config
  readonly database: OpenDatabase
  readonly log: Logger
  readonly now?: () => Date
}

export async function makeApplication({
  config,
  database,
  log,
  now = () => new Date(),
}: ApplicationParts): Promise<Application> {
  const { kysely, pool } = database
  const keys = readKeys(config.dataFolder, config.secret)
  const catalogues = readCatalogues(import.meta.dirname)
  const networks = rememberNetworks(kysely, now)
  const boss = makeBoss(pool, { working: false })
  boss.on('error', () => undefined)
  const common = {
    kysely,
    networks,
    keys,
    catalogues,
    queue: sendWith(boss),
    now,
    sendsMail: config.smtpUrl !== undefined,
  }

  const mail: MailTools = { kysely, config, catalogues, keys, kinds: mailKinds, networkOf: networks.byId, now }
  const jobs: Job[] = [
    {
      name: mailJob,
      isLong: true,
      tries: mailTries,
      run: (data: JobData) => sendQueuedMail(mail, { networkId: data.networkId, mailId: String(data['mailId']) }),
    },
  ]

  const { app, routes } = await makeServer(
    {
      ...common,
      findActor: findActorBySession,
      render: makeRenderer(),
      cookies: { path: '/', httpOnly: true, sameSite: 'lax', secure: config.publicUrl.startsWith('https:') },
      uploadFolder: path.join(config.dataFolder, 'uploads'),
    },
    log,
  )
  signInRoutes(routes, { keys })
  membersRoutes(routes, { keys, locales: catalogues.locales })
  networksRoutes(routes)
  clientsRoutes(routes)
  outboxRoutes(routes, mail)

  await boss.start()
  await makeQueues(boss, jobs)
  let worker: ReturnType<typeof makeBoss> | undefined
  return {
    server: app,
    networks,
    keys,
    async work() {
      worker = makeBoss(pool, { working: true })
      worker.on('error', (error) => log.error({ kind: error.name }, 'jobs'))
      await worker.start()
      await startWorking(worker, jobs, { ...common, log })
    },
    async runJob(name, data) {
      const job = jobs.find((each) => each.name === name)
      if (!job) throw new Error(`There is no job ${name}.`)
      await runOnce(job, data ?? {}, common)
    },
    async close() {
      await app.close()
      await worker?.stop({ graceful: true, close: false, timeout: 20_000 })
      await boss.stop({ graceful: false, close: false })
    },
  }
}

const mailKinds: Readonly<Record<string, MailKind>> = { ...staffMails }
