// The directory's version: one id a network, which whoever changes what matching reads renews in the same transaction.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import { newId } from '#platform/ids.ts'

/** Called by every store of this folder that writes services, their places, hours or rules (version.test.ts holds it). Who renews
 *  it second at the same moment waits for the first: whoever then sees the second sees the changes of both. */
export async function renewDirectoryVersion(db: Db): Promise<void> {
  await sql`
    INSERT INTO directory_versions (network_id, version)
    VALUES (nullif(current_setting('app.network_id', true), '')::uuid, ${newId()}::uuid)
    ON CONFLICT (network_id) DO UPDATE SET version = excluded.version`.execute(db)
}

/** Null before the first change. What is read after it in the same transaction is at least as new. */
export async function directoryVersion(db: Db): Promise<string | null> {
  const row = await db.selectFrom('directory_versions').select('version').executeTakeFirst()
  return row?.version ?? null
}
