// What studies elsewhere found of service types: imported whole, read with what is offered.

import { renewDirectoryVersion } from '#directory/index.ts'
import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId } from '#platform/ids.ts'
import type { Finding } from './evidence-step.ts'

/** All of the network, by type, the newest first. */
export async function findingsOf(db: Db): Promise<readonly Finding[]> {
  const rows = await db
    .selectFrom('matching_findings')
    .select(['service_type as type', 'gain', 'low', 'high', 'source', 'year', 'population'])
    .orderBy('service_type')
    .orderBy('year', (order) => order.desc().nullsLast())
    .orderBy('source')
    .execute()
  return rows
}

/** Puts these in place of what was there. Runs as the job. */
export async function replaceFindings(
  db: Db,
  networkId: NetworkId,
  findings: readonly Finding[],
  now: Date,
): Promise<void> {
  await db.deleteFrom('matching_findings').execute()
  const rows = findings.map(({ type, ...finding }) => ({
    ...{ network_id: networkId, id: newId(now.getTime()), service_type: type, imported_at: now },
    ...finding,
  }))
  if (rows.length > 0) await db.insertInto('matching_findings').values(rows).execute()
  // Findings are remembered with what is offered.
  await renewDirectoryVersion(db)
}
