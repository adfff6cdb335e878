// Runs background work: each job of a network in one transaction as `waypost_job`.

import type { Job as BossJob, PgBoss } from 'pg-boss'
import type { Kysely } from 'kysely'
import { inScope, type Database } from '../db/index.ts'
import type { Network, Work } from '../http/scene.ts'
import { workIn, type WorkTools } from '../http/work.ts'
import { describeError, type Log } from '../log.ts'
import type { JobData } from './queue.ts'

/** Work that is one transaction in one network. A scheduled one runs once for every network. */
export interface TransactionJob {
  readonly name: string
  /** Five fields of cron, in UTC. */
  readonly schedule?: string
  run(work: Work, data: JobData): Promise<void>
}

/** Work that opens its own transactions: it talks to the outside, or takes long. */
export interface LongJob {
  readonly name: string
  readonly isLong: true
  /** Tries before it counts as failed; pauses between them grow. */
  readonly tries?: number
  /** How many run beside each other; one, when left out. */
  readonly atOnce?: number
  run(data: JobData): Promise<void>
}

export type Job = TransactionJob | LongJob

export interface WorkerTools extends WorkTools {
  readonly kysely: Kysely<Database>
  readonly networks: { all(): Promise<readonly Network[]>; byId(id: string): Promise<Network | null> }
  readonly log: Log
}

/** Makes the queues that are missing: a job can be saved before any worker runs. */
export async function makeQueues(boss: PgBoss, jobs: readonly Job[]): Promise<void> {
  const known = new Set((await boss.getQueues()).map((queue) => queue.name))
  for (const job of jobs) {
    if (known.has(job.name)) continue
    const tries = 'isLong' in job ? (job.tries ?? 3) : 3
    await boss.createQueue(job.name, {
      // One waiting job a key.
      policy: 'short',
      retryLimit: tries - 1,
      retryBackoff: true,
      retryDelay: 5,
      expireInSeconds: 3600,
    })
  }
}

/** Takes up the work. Jobs that were left by a killed process are taken up again by pg-boss. */
export async function startWorking(boss: PgBoss, jobs: readonly Job[], tools: WorkerTools): Promise<void> {
  for (const job of jobs) {
    const localConcurrency = 'isLong' in job ? (job.atOnce ?? 1) : 1
    await boss.work<JobData>(job.name, { pollingIntervalSeconds: 1, localConcurrency }, async ([taken]) => {
      if (taken) await runJob(job, taken, tools)
    })
    if ('schedule' in job && job.schedule) await boss.schedule(job.name, job.schedule, {}, { tz: 'UTC' })
  }
}

async function runJob(job: Job, taken: BossJob<JobData>, tools: WorkerTools): Promise<void> {
  const started = Date.now()
  try {
    await runOnce(job, taken.data ?? {}, tools)
    tools.log.info({ job: job.name, ms: Date.now() - started }, 'job')
  } catch (error) {
    tools.log.error({ job: job.name, error: describeError(error) }, 'job failed')
    // pg-boss keeps what was thrown: the database's words may quote a row.
    throw new Error(error instanceof Error ? error.name : 'failed', { cause: undefined })
  }
}

/** One run, as the worker makes it: for one network when the data name it, else for all. */
export async function runOnce(job: Job, data: Partial<JobData>, tools: Omit<WorkerTools, 'log'>): Promise<void> {
  if ('isLong' in job) return job.run(data as JobData)
  const { networkId } = data
  const network = networkId === undefined ? null : await tools.networks.byId(networkId)
  const networks = networkId === undefined ? await tools.networks.all() : network ? [network] : []
  for (const each of networks) {
    await inScope(tools.kysely, { role: 'job', networkId: each.id }, (db) =>
      job.run(
        workIn(db, each, () => ({ kind: 'job', id: null }), tools),
        { ...data, networkId: each.id },
      ),
    )
  }
}
