// Background work: pg-boss in the same database, so that a job is saved with the change that asks for it.

import { randomUUID } from 'node:crypto'
import { PgBoss, fromKysely, type SendOptions } from 'pg-boss'
import type pg from 'pg'
import type { Db } from '../db/scope.ts'

const schema = 'pgboss'

/** Data of a job: its network and ids. Nothing personal. */
export interface JobData {
  readonly networkId: string
  readonly [name: string]: string | number | boolean | null
}

/** Makes or updates pg-boss's tables as the owner and lets the acting roles enqueue. Part of migrating. */
export async function makeJobTables(client: pg.Client): Promise<void> {
  const boss = new PgBoss({
    schema,
    db: { executeSql: async (text, values) => await client.query(text, values) },
    supervise: false,
    schedule: false,
    migrate: true,
  })
  boss.on('error', () => undefined)
  await boss.start()
  await boss.stop({ graceful: false, close: false })
  await client.query(`
    GRANT USAGE ON SCHEMA ${schema} TO waypost_app, ${enqueuing};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO waypost_app;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO waypost_app;
    GRANT SELECT ON ${schema}.queue TO ${enqueuing};
    REVOKE SELECT ON ${schema}.job, ${schema}.job_common FROM ${enqueuing};
    GRANT SELECT (id), INSERT ON ${schema}.job, ${schema}.job_common TO ${enqueuing}`)
  for (const table of ['job', 'job_common']) await keepJobsApart(client, `${schema}.${table}`)
}

/** Who saves jobs with their changes. */
const enqueuing = ['door', 'staff', 'partner', 'link', 'client', 'job'].map((role) => `waypost_${role}`).join(', ')

// Whoever enqueues sees no other job than their own network's, and of it the id alone, which pg-boss reads back. The bearer of
// a link starts nothing but what a referral starts. The application itself runs them all.
async function keepJobsApart(client: pg.Client, table: string): Promise<void> {
  const own = `data ->> 'networkId' = nullif(current_setting('app.network_id', true), '')`
  const policies = {
    app_all: `TO waypost_app USING (true)`,
    own_seen: `FOR SELECT TO ${enqueuing} USING (${own})`,
    others_enqueue: `FOR INSERT TO ${enqueuing.replace('waypost_link, ', '')} WITH CHECK (${own})`,
    link_enqueues: `FOR INSERT TO waypost_link WITH CHECK (${own} AND (name = 'platform.mail' OR name LIKE 'referrals.%'))`,
  }
  await client.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`)
  for (const [name, rule] of Object.entries(policies)) {
    await client.query(`DROP POLICY IF EXISTS ${name} ON ${table}`)
    await client.query(`CREATE POLICY ${name} ON ${table} ${rule}`)
  }
}

/** Where work is put; the transaction carries it. */
export interface JobQueue {
  /** Saves a job with the transaction. `startAfter` delays it; `key` keeps it single while one of that key waits. */
  send(db: Db, name: string, data: JobData, options?: { startAfter?: Date; key?: string }): Promise<void>
}

export function sendWith(boss: PgBoss): JobQueue {
  return {
    async send(db, name, data, { startAfter, key } = {}) {
      const options: SendOptions = { db: fromKysely(db) }
      if (startAfter) options.startAfter = startAfter
      // The queues hold one waiting job a key: a job without one gets a key of its own.
      options.singletonKey = key ?? randomUUID()
      await boss.send(name, data, options)
    },
  }
}

/** A pg-boss on the application's own pool. `working: false` only enqueues: no maintenance, no schedules. */
export function makeBoss(pool: pg.Pool, { working }: { working: boolean }): PgBoss {
  return new PgBoss({
    schema,
    db: { executeSql: async (text, values) => await pool.query(text, values) },
    migrate: false,
    createSchema: false,
    supervise: working,
    schedule: working,
  })
}
